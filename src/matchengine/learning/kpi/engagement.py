"""Taking part in groups and events, steps towards a gap in one's network, and how far people come (S2-11, H9)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import date, timedelta

from matchengine.i18n import _
from matchengine.learning.kpi.cells import Counted, counted, figure
from matchengine.learning.kpi.estimates import Estimate, nothing, rate_of, share_of
from matchengine.learning.kpi.inputs import MONTH, PERIOD_DAYS, Tie, Window
from matchengine.records.kpi import KpiMeasure, KpiTable

__all__ = ["STEP_DAYS", "WINDOW_MONTHS", "engagement", "entered", "funnel", "network_steps"]

WINDOW_MONTHS = 12
"""Months up to today that are counted."""
RETURN_DAYS = 90
"""Days after a first visit within which a second one counts as a return."""
STEP_DAYS = 7
_LATE = 2
"""Periods of a rhythm without a meeting after which two are not counted as still meeting."""


def engagement(window: Window) -> KpiTable:
    """Return visits, distinct gatherings, joins and contributions for each person and month, and return visits.

    One visit a person, gathering and day. People count from the first day on which anything of theirs is dated, or the
    beginning of the last 12 months; who has no dated record is missing.
    """
    first = _window_start(window)
    visits = _visits(window)
    began = entered(window)
    everybody = sorted({person.id for person in window.records.people} | set(began))
    known = [person for person in everybody if person in began]
    months = [((window.today - max(first, began[person])).days + 1) / MONTH for person in known]
    missing, least = len(everybody) - len(known), window.min_cell
    recent = {who: {(g, on) for g, on in own if on >= first} for who, own in visits.items()}
    joins, done = _joins(window, first), _contributions(window, first)
    kept = (bool(visits), bool(visits), _keeps_joins(window), bool(window.records.contributions))
    amounts = (
        ("visits", _("visits to groups and events, for each person and month"), {p: len(v) for p, v in recent.items()}),
        (
            "groups",
            _("different groups and events visited, for each person and month"),
            {p: len({g for g, _on in v}) for p, v in recent.items()},
        ),
        ("joins", _("groups joined, for each person and month"), joins),
        ("contributions", _("contributions to others, for each person and month"), done),
    )
    rows: list[KpiMeasure] = [
        figure(
            f"engagement.{key}",
            label,
            "per_month",
            _positive(rate_of([found.get(person, 0) for person in known], months)) if is_kept else nothing(),
            least,
            missing,
        )
        for (key, label, found), is_kept in zip(amounts, kept, strict=True)
    ]
    took_part = [bool(recent.get(person)) for person in known] if visits else []
    label = _("people who came to anything at least once")
    rows.insert(0, figure("engagement.took_part", label, "share", share_of(took_part), least, missing))
    rows.append(_returns(window, visits))
    return KpiTable(
        key="engagement",
        title=_("Taking part"),
        counts=_("people"),
        rows=tuple(rows),
        notes=(
            _("Counted are people and visits of the last {n} months, one a person, group and day.", n=WINDOW_MONTHS),
            _("Only what was written down is known; groups that list nobody are not in it."),
        ),
    )


def _window_start(window: Window) -> date:
    return window.today - timedelta(days=round(WINDOW_MONTHS * MONTH))


def _visits(window: Window) -> dict[str, set[tuple[str, date]]]:
    found: dict[str, set[tuple[str, date]]] = defaultdict(set)
    for meeting in window.records.meetings:
        came = meeting.kind in ("attend", "contribute", "meet") and meeting.on <= window.today
        if came and meeting.other_id in window.records.gatherings:
            found[meeting.person_id].add((meeting.other_id, meeting.on))
    return found


def entered(window: Window) -> dict[str, date]:
    """Return the first day on which anything of each person is dated, up to today."""
    found: dict[str, date] = {}
    dated = [(person, day) for person, day in window.steps("registered").items()]
    for tie in window.ties:
        if tie.started is not None:
            dated += [(tie.mentee, tie.started), (tie.mentor, tie.started)]
    dated += [(person, min(on for _g, on in own)) for person, own in _visits(window).items()]
    dated += [(each.person_id, each.on) for each in window.records.contributions]
    for person, day in dated:
        if day <= window.today:
            found[person] = min(day, found.get(person, day))
    return found


def _joins(window: Window, first: date) -> dict[str, int]:
    joined: dict[str, set[str]] = defaultdict(set)
    for tie in window.records.relationships:
        joins = tie.kind == "membership" and tie.status != "proposed"
        if joins and tie.started is not None and first <= tie.started <= window.today:
            joined[tie.person_id].add(tie.other_id)
    return {person: len(groups) for person, groups in joined.items()}


def _keeps_joins(window: Window) -> bool:
    return any(tie.kind == "membership" and tie.started is not None for tie in window.records.relationships)


def _contributions(window: Window, first: date) -> dict[str, int]:
    found: dict[str, int] = defaultdict(int)
    for each in window.records.contributions:
        found[each.person_id] += first <= each.on <= window.today
    return found


def _returns(window: Window, visits: dict[str, set[tuple[str, date]]]) -> KpiMeasure:
    """The share of first visits to a gathering that were followed by a second one, of people, within 90 days."""
    came_back, people, recent = [], [], 0
    for person, own in sorted(visits.items()):
        days: dict[str, list[date]] = defaultdict(list)
        for group, on in own:
            days[group].append(on)
        for dates in sorted(sorted(each) for each in days.values()):
            if (window.today - dates[0]).days < RETURN_DAYS:
                recent += 1
                continue
            came_back.append(len(dates) > 1 and (dates[1] - dates[0]).days <= RETURN_DAYS)
            people.append(person)
    found = share_of(came_back, people)
    if 0 < len(set(people)) < window.min_cell:
        found = replace(found, n=min(found.n, window.min_cell - 1))
    label = _("first visits followed by a second one within {n} days", n=RETURN_DAYS)
    return figure("engagement.return", label, "share", found, window.min_cell, recent)


def network_steps(window: Window) -> KpiTable:
    """Return the share of planned steps towards a gap in one's network that were done within 7 days."""
    due = [step for step in window.records.planned_steps if step.planned_on + timedelta(days=STEP_DAYS) <= window.today]
    done = [step.done_on is not None and (step.done_on - step.planned_on).days <= STEP_DAYS for step in due]
    people = [step.person_id for step in due]
    found = share_of(done, people)
    if 0 < len(set(people)) < window.min_cell:
        found = replace(found, n=min(found.n, window.min_cell - 1))
    label = _("steps planned and done within {n} days", n=STEP_DAYS)
    row = figure("network.step_done", label, "share", found, window.min_cell, 0)
    return KpiTable(
        key="network",
        title=_("Steps into a wider network"),
        counts=_("planned steps"),
        rows=(row,),
        notes=(_("A step of which nobody told that it was done counts as not done within the time."),),
    )


def funnel(window: Window) -> KpiTable:
    """Return how many people came how far: invited, registered, matched, met, still meeting or completed, completed.

    Each number is told only if it, and what was lost since the last number that is told, is nobody or enough people.
    """
    sets = _funnel_sets(window)
    rows: list[KpiMeasure] = []
    last = None
    for key, label, people in sets:
        if people is None:
            rows.append(KpiMeasure(key=f"funnel.{key}", label=label, unit="count"))
            continue
        number = len(people)
        lost = 0 if last is None else last - number
        row = counted(f"funnel.{key}", label, number, window.min_cell)
        if 0 < lost < window.min_cell:
            more = {"behind": number, "people": number}
            row = Counted(key=row.key, label=label, unit="count", hidden=True, **more)
        if not row.hidden:
            last = number
        rows.append(row)
    return KpiTable(
        key="funnel",
        title=_("How far people come"),
        counts=_("people"),
        rows=tuple(rows),
        notes=(
            _("Both mentees and mentors. Empty where the programme keeps no record of the step."),
            _("Having met means that a meeting is in the log, or that the match was completed."),
        ),
    )


def _funnel_sets(window: Window) -> list[tuple[str, str, set[str] | None]]:
    both = [({tie.mentee, tie.mentor}, tie) for tie in window.ties]
    matched = {person for two, _tie in both for person in two}
    registered = matched | {person.id for person in window.records.people} | set(window.steps("registered"))
    invited = registered | set(window.steps("invited"))
    completed = {person for two, tie in both if tie.status == "completed" for person in two}
    logged = bool(window.met)
    met = completed | {person for two, _tie in both if window.met.get(frozenset(two)) for person in two}
    still = completed | {person for two, tie in both if not tie.closed and _recent(window, tie) for person in two}
    return [
        ("invited", _("invited"), invited if window.steps("invited") else None),
        ("registered", _("registered"), registered),
        ("matched", _("matched"), matched),
        ("met", _("met"), met if logged else None),
        ("still_meeting", _("still meeting, or completed"), still if logged else None),
        ("completed", _("completed"), completed),
    ]


def _recent(window: Window, tie: Tie) -> bool:
    days = window.met.get(frozenset((tie.mentee, tie.mentor)), [])
    period = PERIOD_DAYS[tie.cadence.every] if tie.cadence is not None else MONTH
    return bool(days) and (window.today - days[-1].on).days <= _LATE * period


def _positive(found: Estimate) -> Estimate:
    """A rate is never below zero, nor is its interval."""
    return replace(found, low=max(0.0, found.low)) if found.low == found.low else found
