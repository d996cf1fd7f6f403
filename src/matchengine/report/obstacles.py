"""The section on who is hard to serve and why: rules, people without anybody, thin profiles."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from matchengine.i18n import _, ngettext
from matchengine.records import Change, Readiness, Run, Stuck
from matchengine.report.parts import Names, Section, Table
from matchengine.report.shapes import count

__all__ = ["change_texts", "obstacle_section", "stuck_people"]

PERSONAL = "personal_boundary"
"""Stands for all personal rules together; no setting has that name."""


def stuck_people(run: Run | None, readiness: Readiness | None) -> dict[str, Stuck]:
    """Return who has nobody, by id: requesters of a run without any suggestion, else those of the check."""
    told = [*(run.unserved if run else ()), *(readiness.stuck if readiness else ())]
    return {one.person_id: one for one in reversed(told)}


def obstacle_section(run: Run | None, readiness: Readiness | None, names: Names) -> Section | None:
    """Return the rules in the way, the people without anybody and the thin profiles; None where there are none."""
    found = stuck_people(run, readiness)
    order = dict.fromkeys([*(s.person_id for s in (run.unserved if run else ())), *sorted(found)])
    tables = [
        *_rules(readiness),
        *_stuck([found[person_id] for person_id in order], names),
        *_thin(readiness, names),
    ]
    return Section("obstacles", _("Who is hard to serve, and why"), tuple(tables)) if tables else None


def change_texts(changes: Iterable[Change], *, of_rule: bool = False) -> tuple[str, ...]:
    """Return what would help, with the number it frees where the sentence does not tell it.

    Parameters
    ----------
    of_rule : bool
        Whether the number counts people whom a rule leaves with nobody, or candidates whom one person would get.
    """
    return tuple(_change_text(change, of_rule) for change in changes)


def _change_text(change: Change, of_rule: bool) -> str:
    number = change.frees
    if number is None or re.search(rf"(?<!\d){number}(?!\d)", change.text):
        return change.text
    if of_rule:
        return ngettext("{change} (helps {n} person)", "{change} (helps {n} people)", number, change=change.text)
    return ngettext("{change} (opens {n} candidate)", "{change} (opens {n} candidates)", number, change=change.text)


def _rules(readiness: Readiness | None) -> Iterable[Table]:
    if readiness is None or not readiness.rules:
        return
    header = (
        _("rule"),
        _("pairs it forbids"),
        _("pairs it alone forbids"),
        _("people left with nobody"),
        _("what would help"),
        _("name in the settings"),
    )
    rows = tuple(
        (
            rule.reason or rule.rule,
            count(rule.pairs),
            count(rule.alone),
            count(rule.starved),
            change_texts(rule.changes, of_rule=True),
            "" if rule.rule == PERSONAL else rule.rule,
        )
        for rule in readiness.rules
    )
    lead = _(
        "A pair can be forbidden by several rules. People left with nobody would have somebody without that one rule."
    )
    yield Table(_("Rules and what they forbid"), header, rows, frozenset({1, 2, 3}), _("Rules"), lead)


def _stuck(people: Sequence[Stuck], names: Names) -> Iterable[Table]:
    if not people:
        return
    header = (_("person"), _("what is in the way"), _("smallest change that would help"))
    rows = tuple(
        (names.who(one.person_id), tuple(o.text or o.rule for o in one.why), change_texts(one.changes))
        for one in people
    )
    yield Table(_("People without anybody, and what would help"), header, rows, heading=_("People without anybody"))


def _thin(readiness: Readiness | None, names: Names) -> Iterable[Table]:
    if readiness is None or not readiness.thin:
        return
    header = (_("person"), _("role"), _("what is missing"))
    rows = tuple((names.who(one.person_id), ", ".join(one.roles), ", ".join(one.missing)) for one in readiness.thin)
    lead = _("About these people little is known. A short talk or a second form helps more than any setting.")
    yield Table(_("People about whom little is known"), header, rows, heading=_("Thin profiles"), lead=lead)
