"""Steps in work and education after mentoring began: cumulative incidence among competing events (S2-10, S2-29).

A mentee is watched from the first day of their first tie: while a tie goes on, after it only if they agreed to be
asked, and never after they left. Leaving is the competing event: who left can not be said to have reached anything
later.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from matchengine.i18n import N_, _, ngettext
from matchengine.learning.kpi.cells import Counted, figure
from matchengine.learning.kpi.estimates import Estimate, share_of
from matchengine.learning.kpi.inputs import Window, whole_days
from matchengine.learning.kpi.survival import aalen_johansen, log_log_interval
from matchengine.records.kpi import KpiMeasure, KpiTable
from matchengine.records.outcomes import OutcomeEvent

__all__ = ["EVENTS", "HORIZONS", "careers", "first_events"]

HORIZONS = (6, 12, 24)
"""Months after the start."""
EVENTS: Mapping[str, str] = {
    "any": N_("any of these steps"),
    "job": N_("a job"),
    "internship": N_("an internship"),
    "promotion": N_("a promotion"),
    "enrolment": N_("a place in school or training"),
    "business_start": N_("a business of their own"),
}
_EVENT, _LEFT = 1, 2


def careers(window: Window) -> KpiTable:
    """Return the share of mentees who had a step of each kind within 6, 12 and 24 months, with everybody counted."""
    rows: list[KpiMeasure] = []
    for kind, words in EVENTS.items():
        days, causes = first_events(window, kind) if window.records.outcomes else (np.zeros(0), np.zeros(0, np.int64))
        missing = len(window.mentees) - len(days)
        rows += [_row(window, kind, _(words), (days, causes, missing), months) for months in HORIZONS]
    return KpiTable(
        key="careers",
        title=_("Steps in work and education"),
        counts=_("mentees"),
        rows=tuple(row for row in rows if row.value is not None or row.hidden or row.key.startswith("careers.any.")),
        notes=(
            _("Of all mentees with a first and a last day; those watched for less time count for that time only."),
            _("Only steps that people told the programme are known. Who is not asked after the end is lost from view."),
            _("Who left before a step is counted as having left, not as somebody who would have reached it."),
        ),
    )


def first_events(window: Window, kind: str) -> tuple[np.ndarray, np.ndarray]:
    """Return days watched and what happened then (0 nothing, 1 the first step of a kind, 2 left), by id of mentee.

    A step before the first day, or after the day on which the watching stopped, is not counted.
    """
    by_person: dict[str, list[OutcomeEvent]] = {}
    for event in window.records.outcomes:
        if kind in ("any", event.kind):
            by_person.setdefault(event.person_id, []).append(event)
    days, causes = [], []
    for person, clock in sorted(window.clocks.items()):
        if clock.until is None or clock.until < clock.start:
            continue
        own = [e.on for e in by_person.get(person, ()) if clock.start <= e.on <= clock.until]
        last = min(own) if own else clock.until
        days.append((last - clock.start).days)
        causes.append(_EVENT if own else _LEFT if clock.left else 0)
    return np.array(days, np.float64), np.array(causes, np.int64)


def _row(window: Window, kind: str, words: str, found: tuple[np.ndarray, np.ndarray, int], months: int) -> KpiMeasure:
    days, causes, missing = found
    horizon = whole_days(months)
    value, variance = aalen_johansen(days, causes, _EVENT).at(horizon) if len(days) else (math.nan, math.nan)
    low, high = log_log_interval(value, variance)
    known = int(((days >= horizon) | (causes != 0)).sum())
    if value in (0.0, 1.0):
        edge = share_of([value == 1.0] * known)
        low, high = edge.low, edge.high
    label = _("had {what}", what=words)
    key = f"careers.{kind}.{months}_months"
    mentors = len({window.clocks[person].mentor for person in window.mentees & set(window.clocks)})
    when = ngettext("within {n} month", "within {n} months", months)
    if 0 < known < window.min_cell or 0 < len(days) < window.min_cell:
        more = {"behind": len(days), "people": mentors}
        return Counted(key=key, label=label, unit="share", hidden=True, wave=when, **more)
    estimate = Estimate(value, low, high, len(days), min(mentors, len(days)))
    return figure(key, label, "share", estimate, window.min_cell, missing, wave=when)
