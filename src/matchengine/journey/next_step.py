"""The one step to take next towards a group: which could be taken, and the best of them in words (domain.md C8)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

from matchengine.journey.visit import Visit
from matchengine.journey.wording import rehearsal, step_text
from matchengine.planning.accompaniment import TOP_RUNG
from matchengine.planning.dates import Occurrence
from matchengine.planning.steps import Option, best_option, within_reach
from matchengine.records.journey import Accompaniment, Step, StepKind

__all__ = ["next_step"]

_HELP: dict[Accompaniment, float] = {"together": 1.0, "arrive_together": 0.75, "alone_with_contact": 0.25, "alone": 0.0}
"""Rungs that company makes up for; an assumption."""
_NEEDS: dict[StepKind, float] = {
    "ask": 0.3, "message": 0.3, "meet": 0.5, "preview": 0.4, "attend": 0.9, "contribute": 1.0, "suggest": 1.0
}  # fmt: skip
"""How far each step goes towards being part of a group, 0 to 1; an assumption."""
_NEED_OF_ONE_MORE_VISIT = 0.6
_SETTLED, _AT_HOME = 3, 5
"""Visits after which somebody may contribute, and may suggest something."""
_WITH_CONTACT: frozenset[StepKind] = frozenset({"message", "meet"})
_AT_THE_GATHERING: frozenset[StepKind] = frozenset({"attend", "meet", "contribute", "suggest"})


def next_step(visit: Visit, when: Occurrence | None, day: date, done: Collection[StepKind], visits: int) -> Step:
    """Return exactly one step: when, where, with whom, in if-then form.

    Parameters
    ----------
    when : Occurrence or None
        The meeting of the group that is in view; None where none is known.
    day : date
        Steps that need no meeting are for the day after.
    done : collection of str
        Kinds of small steps that need not be taken again.
    visits : int
        Visits to the group by then.
    """
    options = _options(visit, when, done, visits)
    if not any(within_reach(option, visit.rung) for option in options):
        options.append(Option("ask", _NEEDS["ask"], 0.0))
    best = best_option(options, visit.rung)
    company = visit.company
    at = when.start if when is not None and best.kind in _AT_THE_GATHERING else None
    on = at.date() if at is not None else day + timedelta(days=1)
    who = visit.contact if best.kind in _WITH_CONTACT else None
    if best.kind == "attend":
        who = _goes_with(visit, company)
    where = visit.where if best.kind in ("attend", "preview") else None
    return Step(
        kind=best.kind,
        text=step_text(best.kind, company, on if at is None else at, visit.card.title, who, where),
        on=on,
        at=at,
        where=where,
        with_whom=who,
        difficulty=best.difficulty,
        help=best.help,
        accompaniment=company if best.kind == "attend" else None,
        prompts=rehearsal(best.kind),
    )


def _goes_with(visit: Visit, company: Accompaniment) -> str | None:
    """Whom a visit at a level of company needs."""
    if company == "alone":
        return None
    return visit.contact if company == "alone_with_contact" else visit.companion


def _options(visit: Visit, when: Occurrence | None, done: Collection[StepKind], visits: int) -> list[Option]:
    """Steps that could be taken, each with its need, difficulty and help; first of equals first.

    A visit is possible where its time is known and whoever its level of company asks for is there.
    """
    level, company = visit.level, visit.company
    possible: dict[StepKind, float] = {}
    if visit.contact is not None and "message" not in done:
        possible["message"] = 0.0
    if when is None or visit.contact is None or not visit.card.how_it_works:
        possible |= {} if "ask" in done else {"ask": 0.0}
    if visit.contact is not None and when is not None and "meet" not in done:
        possible["meet"] = 0.5
    if visit.where is not None and "in_person" in visit.card.modes and "preview" not in done:
        possible["preview"] = 1.0
    if when is not None and (company == "alone" or _goes_with(visit, company) is not None):
        possible["attend"] = float(level)
    if when is not None and visits >= _SETTLED and "contribute" not in done:
        possible["contribute"] = min(level + 0.5, TOP_RUNG)
    if when is not None and visits >= _AT_HOME and "suggest" not in done:
        possible["suggest"] = min(level + 1.0, TOP_RUNG)
    needs = _NEEDS | ({"attend": _NEED_OF_ONE_MORE_VISIT} if visits >= _SETTLED else {})
    helps: dict[StepKind, float] = {"attend": _HELP[company]}
    return [
        Option(kind, needs[kind], difficulty, helps.get(kind, 0.0), kind == "attend" and company != "alone")
        for kind, difficulty in possible.items()
    ]
