"""How long matches last, how often people meet, and what it takes of mentors (domain.md H9)."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import replace
from datetime import timedelta

import numpy as np

from matchengine.i18n import _
from matchengine.learning.kpi.cells import figure
from matchengine.learning.kpi.estimates import Estimate, mean_of, nothing, rate_of, share_of
from matchengine.learning.kpi.inputs import MONTH, PERIOD_DAYS, Tie, Window, whole_days
from matchengine.learning.kpi.survival import Z95, Survival, kaplan_meier, log_log_interval, restricted_mean
from matchengine.records.kpi import KpiMeasure, KpiTable

__all__ = ["EARLY_MONTHS", "burden", "continuity", "rhythm"]

EARLY_MONTHS = 3
"""A match that ends before is an early end, which can harm (Grossman & Rhodes 2002)."""


def continuity(window: Window) -> KpiTable:
    """Return the share of matches that go on after 3, 6, 9 … months, early ends, and the restricted mean."""
    watched = [(tie.days(window.today), tie.status == "ended") for tie in window.ties]
    timed = [(long, over) for long, over in watched if long is not None]
    missing = len(watched) - len(timed)
    days = np.array([long for long, _over in timed], np.float64)
    ended = np.array([over for _long, over in timed], bool)
    mentors = len({tie.mentor for tie in window.ties if tie.days(window.today) is not None})
    curve = kaplan_meier(days, ended)
    last = window.planned_months
    months = [*range(3, last + 1, 3), *([last] if last % 3 else [])]
    rows = []
    early = _at(curve, whole_days(EARLY_MONTHS), (days, mentors), window.min_cell)
    gone = replace(early, value=1 - early.value, low=1 - early.high, high=1 - early.low)
    words = _("ended in the first {n} months", n=EARLY_MONTHS)
    rows.append(_shown("continuity.early_end", words, gone, window, missing))
    for month in months:
        found = _at(curve, whole_days(month), (days, mentors), window.min_cell)
        label = _("go on, or were completed, after {n} months", n=month)
        rows.append(_shown(f"continuity.{month}_months", label, found, window, missing))
    mean, variance = restricted_mean(curve, whole_days(last)) if len(days) else (math.nan, math.nan)
    width = Z95 * math.sqrt(variance) if not math.isnan(variance) else math.nan
    top = float(last)
    low, high = max(0.0, (mean - width) / MONTH), min(top, (mean + width) / MONTH)
    whole = Estimate(mean / MONTH, low, high, len(days), mentors)
    label = _("months of the first {n} that a match lasts", n=last)
    rows.append(figure("continuity.mean_months", label, "months", whole, window.min_cell, missing))
    return KpiTable(
        key="continuity",
        title=_("How long matches last"),
        counts=_("matches"),
        rows=tuple(rows),
        notes=(
            _("A match that goes on, or was completed, counts as watched until then and not as ended."),
            _("Intervals are Greenwood's and take matches for independent; those of one mentor may end together."),
        ),
    )


def _at(curve: Survival, time: float, watched: tuple[np.ndarray, int], least: int) -> Estimate:
    """The curve at a time; its n is how many are known then, so that few hide it."""
    days, mentors = watched
    if not len(days):
        return nothing()
    value, variance = curve.at(time)
    low, high = log_log_interval(value, variance)
    ended_before = int(curve.events[curve.times <= time].sum())
    known = int((days >= time).sum()) + ended_before
    if value in (0.0, 1.0):
        edge = share_of([value == 1.0] * known)
        low, high = edge.low, edge.high
    return Estimate(value, low, high, known if 0 < known < least else len(days), mentors)


def _shown(key: str, label: str, found: Estimate, window: Window, missing: int) -> KpiMeasure:
    return figure(key, label, "share", found, window.min_cell, missing)


def rhythm(window: Window) -> KpiTable:
    """Return meetings held over meetings planned by the cadence of each match, and over what is known."""
    held, planned, mentors = [], [], []
    unlogged = uncadenced = 0
    for pair, ties in sorted(window.pairs.items()):
        for tie in ties:
            until = tie.until(window.today)
            if tie.started is None or until is None or tie.cadence is None:
                uncadenced += 1
                continue
            due = int(((until - tie.started).days + 1) // PERIOD_DAYS[tie.cadence.every])
            if not due:
                continue
            days = [m.on for m in window.met.get(frozenset(pair), ()) if tie.started <= m.on <= until]
            if not days:
                unlogged += 1
                continue
            held.append(len(days))
            planned.append(due)
            mentors.append(pair[1])
    missing, least = unlogged + uncadenced, window.min_cell
    each = [n / due for n, due in zip(held, planned, strict=True)]
    return KpiTable(
        key="rhythm",
        title=_("How often people meet"),
        counts=_("matches"),
        rows=(
            figure(
                "rhythm.held",
                _("meetings held for each one planned"),
                "ratio",
                rate_of(held, planned, mentors),
                least,
                missing,
            ),
            figure(
                "rhythm.on_track",
                _("matches with at least four of five planned meetings"),
                "share",
                share_of([ratio >= 0.8 for ratio in each], mentors),
                least,
                missing,
            ),
        ),
        notes=(
            _("Missing are matches without a rhythm, a first or last day, or any meeting in the log."),
            _("An empty log may mean that nobody met, or that nobody wrote it down: it is not counted as no meeting."),
        ),
    )


def burden(window: Window) -> KpiTable:
    """Return what mentoring takes of mentors: hours in a month, and how many mentees at a time.

    A meeting counts with its minutes, else with those of the rhythm that the two agreed; a mentor with a meeting of
    neither is missing.
    """
    hours: dict[str, float] = defaultdict(float)
    months: dict[str, float] = defaultdict(float)
    unknown: set[str] = set()
    for pair, ties in sorted(window.pairs.items()):
        for tie in ties:
            until = tie.until(window.today)
            if tie.started is None or until is None:
                unknown.add(tie.mentor)
                continue
            log = [m for m in window.met.get(frozenset(pair), ()) if tie.started <= m.on <= until]
            spent = [_minutes(m, tie) for m in log]
            if not log or None in spent:
                unknown.add(tie.mentor)
                continue
            hours[tie.mentor] += sum(each or 0.0 for each in spent) / 60
            months[tie.mentor] += ((until - tie.started) + timedelta(days=1)).days / MONTH
    known = sorted(set(hours) - unknown)
    at_a_time: dict[str, int] = defaultdict(int)
    for tie in window.ties:
        at_a_time[tie.mentor] += not tie.closed
    capacity = {p.id: p.capacity["mentor"] for p in window.records.people if p.capacity.get("mentor")}
    busy = sorted(mentor for mentor, n in at_a_time.items() if n)
    full = [at_a_time[mentor] >= capacity[mentor] for mentor in busy if mentor in capacity]
    least = window.min_cell
    return KpiTable(
        key="burden",
        title=_("What it takes of mentors"),
        counts=_("mentors"),
        rows=(
            figure(
                "burden.hours",
                _("hours with one mentee in a month"),
                "per_month",
                rate_of([hours[m] for m in known], [months[m] for m in known]),
                least,
                len({tie.mentor for tie in window.ties}) - len(known),
            ),
            figure("burden.mentees", _("mentees at a time"), "mean", mean_of([at_a_time[m] for m in busy]), least, 0),
            figure(
                "burden.full",
                _("mentors with no free place left"),
                "share",
                share_of(full),
                least,
                len(busy) - len(full),
            ),
        ),
        notes=(_("Hours are those of logged meetings alone; preparing and writing are not in them."),),
    )


def _minutes(meeting: object, tie: Tie) -> float | None:
    logged = getattr(meeting, "minutes", None)
    if logged is not None:
        return float(logged)
    return float(tie.cadence.minutes) if tie.cadence is not None else None
