"""Availability on real dates: recurring slots become bit patterns of 15-minute slots over 28 days (domain.md C9).

Patterns are in UTC, so people in different zones are compared by the same instants and daylight saving is right
on every date. Equal patterns are stored once.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from dateutil.rrule import rrulestr
from numpy.typing import NDArray

from matchengine.batch import IntArray
from matchengine.errors import DataError
from matchengine.i18n import _
from matchengine.pool.arrays import Growable
from matchengine.records import Availability

__all__ = ["DAYS", "MINIMUM_STRETCH", "Calendar", "common_minutes", "expand"]

DAYS = 28
SLOT_MINUTES = 15
MINIMUM_STRETCH = 45
"""Shortest usable meeting in minutes."""
_SLOTS = DAYS * 24 * 60 // SLOT_MINUTES
_MEMO = 2048

Slot = tuple[str, int, str, str | None]
Patterns = NDArray[np.uint64]


def expand(slots: Sequence[Slot], first_day: date) -> Patterns:
    """Return the slots of the 28 days from `first_day` (UTC midnight) as bits, shape (42,).

    A 15-minute slot counts when it is wholly inside; times that a zone skips or repeats follow PEP 495.

    Raises
    ------
    DataError
        When a recurrence rule cannot be read.
    """
    free = np.zeros(_SLOTS, np.uint8)
    origin = datetime(first_day.year, first_day.month, first_day.day, tzinfo=UTC)
    early = origin.replace(tzinfo=None) - timedelta(days=2)
    late = early + timedelta(days=DAYS + 4)
    for start_text, duration, zone_name, rule in slots:
        start = datetime.fromisoformat(start_text)
        zone = ZoneInfo(zone_name)
        for begin in _occurrences(start, rule, early, late):
            minute = (begin.replace(tzinfo=zone).astimezone(UTC) - origin) / timedelta(minutes=1)
            first = int(-(-minute // SLOT_MINUTES))
            last = int((minute + duration) // SLOT_MINUTES)
            free[max(first, 0) : max(last, 0)] = 1
    return np.packbits(free, bitorder="little").view(np.uint64)


def _occurrences(start: datetime, rule: str | None, early: datetime, late: datetime) -> list[datetime]:
    if rule is None:
        return [start]
    try:
        recurrence = rrulestr(rule.replace("Z", ""), dtstart=_nearer(start, rule, early))
        return list(recurrence.between(early, late, inc=True))
    except (ValueError, TypeError, KeyError) as error:
        raise DataError(
            _(
                "availability: a recurrence rule cannot be read ({error}); expected RFC 5545, such as "
                "'FREQ=WEEKLY;BYDAY=TU'",
                error=type(error).__name__,
            )
        ) from None


def _nearer(start: datetime, rule: str, early: datetime) -> datetime:
    """Move an old start forward by whole periods, so that a rule of 1990 costs no more than one of today."""
    simple = rule.startswith("FREQ=WEEKLY") and not any(part in rule for part in ("COUNT", "INTERVAL", "SETPOS"))
    weeks = (early - start).days // 7 - 1
    return start + timedelta(weeks=weeks) if simple and weeks > 0 else start


def _week_masks() -> Patterns:
    weeks = np.repeat(np.arange(4), _SLOTS // 4)
    return np.stack([np.packbits((weeks == w).astype(np.uint8), bitorder="little").view(np.uint64) for w in range(4)])


_WEEKS = _week_masks()


def common_minutes(left: Patterns, right: Patterns, minimum_stretch: int = MINIMUM_STRETCH) -> NDArray[np.float32]:
    """Median weekly minutes in stretches of at least `minimum_stretch` that both are free, shape (n,).

    Parameters
    ----------
    left, right : uint64 arrays (n, 42) or (42,)
        Bit patterns; broadcast against each other.
    """
    both = np.atleast_2d(left & right)
    length = -(-minimum_stretch // SLOT_MINUTES)
    runs = both
    for _step in range(length - 1):
        runs = both & _earlier(runs)
    usable = runs.copy()
    for _step in range(length - 1):
        runs = _later(runs)
        usable |= runs
    counts = [np.bitwise_count(usable & week).sum(axis=-1, dtype=np.int32) for week in _WEEKS]
    weekly: NDArray[np.int32] = np.stack(counts, axis=-1)
    weekly.sort(axis=-1)
    median: NDArray[np.float32] = ((weekly[..., 1] + weekly[..., 2]) * (SLOT_MINUTES / 2)).astype(np.float32)
    return median


def _earlier(bits: Patterns) -> Patterns:
    """Bit s of the result is bit s + 1 of `bits`."""
    out = bits >> np.uint64(1)
    out[..., :-1] |= bits[..., 1:] << np.uint64(63)
    return out


def _later(bits: Patterns) -> Patterns:
    """Bit s of the result is bit s - 1 of `bits`."""
    out = bits << np.uint64(1)
    out[..., 1:] |= bits[..., :-1] >> np.uint64(63)
    return out


class Calendar:
    """Distinct availability patterns of everybody; number 0 means that nothing is known.

    Parameters
    ----------
    first_day : date
        First of the 28 days, in UTC.
    """

    def __init__(self, first_day: date, slots: Sequence[tuple[Slot, ...]] = ((),)) -> None:
        self.first_day = first_day
        self.slots: list[tuple[Slot, ...]] = list(slots)
        self._numbers = {key: number for number, key in enumerate(self.slots)}
        self._bits: dict[Slot, Patterns] = {}
        self._rows = Growable(np.stack([self._expanded(key) for key in self.slots]))
        self._memo: dict[int, NDArray[np.float32]] = {}

    def number(self, availability: Sequence[Availability]) -> int:
        """Return the number of a pattern, adding it when it is new."""
        if not availability:
            return 0
        key = tuple((a.start.isoformat(), a.duration_minutes, a.time_zone, a.rrule) for a in availability)
        found = self._numbers.get(key)
        if found is None:
            self._rows.extend(self._expanded(key)[None])
            found = self._numbers[key] = len(self.slots)
            self.slots.append(key)
            self._memo.clear()
        return found

    def _expanded(self, slots: tuple[Slot, ...]) -> Patterns:
        """Bits of several slots together; each slot is worked out once, for people share them."""
        bits = expand((), self.first_day)
        for slot in slots:
            if slot not in self._bits:
                self._bits[slot] = expand((slot,), self.first_day)
            bits |= self._bits[slot]
        return bits

    @property
    def patterns(self) -> Patterns:
        """Bit patterns of all distinct availabilities, shape (D, 42)."""
        return self._rows.data

    def minutes(self, one: int, others: IntArray) -> NDArray[np.float32]:
        """Common weekly minutes of pattern `one` with each of `others`, shape (n,); NaN where unknown."""
        row = self._memo.get(one)
        if row is None:
            if len(self._memo) >= _MEMO:
                self._memo.clear()
            row = self._with_all(self.patterns[one])
            row[0 if one else slice(None)] = np.nan
            self._memo[one] = row
        return row[others]

    def _with_all(self, own: Patterns) -> NDArray[np.float32]:
        """Common weekly minutes of one pattern with every pattern; only those that overlap at all are looked into."""
        patterns, used = self.patterns, np.flatnonzero(own)
        row = np.zeros(len(patterns), np.float32)
        meets = np.flatnonzero((patterns[:, used] & own[used]).any(axis=1))
        row[meets] = common_minutes(own, patterns[meets])
        return row

    def to_json(self) -> str:
        """Return the distinct slots as JSON, from which another first day can be expanded."""
        return json.dumps(self.slots)

    @classmethod
    def from_json(cls, text: str, first_day: date) -> Calendar:
        """Undo `to_json`, expanding from `first_day`."""
        return cls(first_day, [tuple((s, d, z, r) for s, d, z, r in key) for key in json.loads(text)])
