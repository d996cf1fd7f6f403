"""Keeping a rhythm: meetings that were due and did not happen, and when two people could meet next (S2-16)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import count as numbers

import numpy as np
from dateutil.relativedelta import relativedelta

from matchengine.pool.calendar import SLOT_MINUTES, Patterns
from matchengine.records.vocabulary import CadenceEvery

__all__ = ["DRIFT_AFTER", "common_starts", "is_drifting", "missed_meetings", "next_check_ins"]

DRIFT_AFTER = 2
"""Missed meetings from which somebody should be told."""
_PERIODS = {
    "weekly": relativedelta(weeks=1),
    "biweekly": relativedelta(weeks=2),
    "monthly": relativedelta(months=1),
}


def _due(every: CadenceEvery, last: date, period: int) -> date:
    return last + period * _PERIODS[every]


def missed_meetings(every: CadenceEvery, last_met: date, today: date) -> int:
    """Return how many meetings were due since the last one and have passed; one due today is not missed."""
    return next(n for n in numbers() if _due(every, last_met, n + 1) >= today)


def is_drifting(every: CadenceEvery, last_met: date, today: date) -> bool:
    """Whether two or more meetings in a row were missed."""
    return missed_meetings(every, last_met, today) >= DRIFT_AFTER


def common_starts(one: Patterns, other: Patterns, first_day: date, minutes: int) -> list[datetime]:
    """Return when stretches begin in which both are free, in UTC, earliest first.

    Parameters
    ----------
    one, other : uint64 arrays (42,)
        Free quarters of an hour over the 28 days from `first_day` (`matchengine.pool.calendar`).
    minutes : int
        Shortest stretch.
    """
    both = np.unpackbits((one & other).view(np.uint8), bitorder="little").astype(np.int8)
    edges = np.diff(np.concatenate([[0], both, [0]]).astype(np.int8))
    starts, ends = np.flatnonzero(edges == 1), np.flatnonzero(edges == -1)
    long_enough = starts[(ends - starts) * SLOT_MINUTES >= minutes]
    midnight = datetime(first_day.year, first_day.month, first_day.day, tzinfo=UTC)
    return [midnight + timedelta(minutes=SLOT_MINUTES * int(slot)) for slot in long_enough]


def next_check_ins(
    starts: Sequence[datetime], every: CadenceEvery, last_met: date | None, today: date, most: int = 3
) -> list[datetime]:
    """Return at most one start for each period from today on: the first when the next meeting is due or later.

    Parameters
    ----------
    starts : sequence of datetime
        When both could begin, earliest first; those before today are left out.
    last_met : date or None
        None where they have not met yet: then the first is due at once.
    """
    due = today if last_met is None else max(_due(every, last_met, 1), today)
    found: list[datetime] = []
    for start in starts:
        if len(found) < most and start.date() >= due:
            found.append(start)
            due = start.date() + _PERIODS[every]
    return found
