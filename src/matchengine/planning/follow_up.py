"""After a join: does it help? Asked once after the second visit, with an alternative if not (domain.md S4-15)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Literal

from matchengine.i18n import _
from matchengine.records import Relationship
from matchengine.records.journey import HelpCheck

__all__ = ["VISITS_BEFORE_CHECK", "Outcome", "help_check", "help_checks", "outcome"]

VISITS_BEFORE_CHECK = 2
_UNKNOWN_DATES = timedelta(days=28)
"""When to ask where nobody knows when the group meets."""
Outcome = Literal["go_on", "offer_alternative", "ask_again"]


def help_check(person_id: str, group_id: str, joined: date, visits: Sequence[date] = ()) -> HelpCheck:
    """Return the check of one join: the day after the second visit, or four weeks after it where no dates are known.

    Parameters
    ----------
    visits : sequence of date
        Days on which the group meets from the join on, in any order.
    """
    days = sorted(day for day in visits if day >= joined)
    told = len(days) >= VISITS_BEFORE_CHECK
    return HelpCheck(
        person_id=person_id,
        group_id=group_id,
        due=days[VISITS_BEFORE_CHECK - 1] + timedelta(days=1) if told else joined + _UNKNOWN_DATES,
        question=_("You have been there twice. Did this help?"),
        alternative=_("If it does not help, say so; no reason is needed. Something else will be offered."),
    )


def help_checks(ties: Sequence[Relationship], today: date) -> tuple[HelpCheck, ...]:
    """Return one check for each active membership, in the order of the ties; one without a start began today."""
    joins = [tie for tie in ties if tie.kind == "membership" and tie.status == "active"]
    return tuple(help_check(tie.person_id, tie.other_id, tie.started or today) for tie in joins)


def outcome(*, helped: bool | None) -> Outcome:
    """Return what follows an answer; None, no answer, is never taken for a yes or a no."""
    if helped is None:
        return "ask_again"
    return "go_on" if helped else "offer_alternative"
