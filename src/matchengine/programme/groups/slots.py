"""When groups could meet: times of the week at which somebody is free as often and as long as needed (domain.md F2)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple, get_args
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from matchengine.batch import BoolArray, IntArray
from matchengine.pool.calendar import DAYS, SLOT_MINUTES, Calendar
from matchengine.records.vocabulary import CadenceEvery, Mode

__all__ = ["Meeting", "Times", "times_of", "worth_a_thought"]

_STEP = 30
"""Meetings begin on the full or the half hour of the programme's time zone."""
_MODES: tuple[str, ...] = get_args(Mode)
_APART: dict[CadenceEvery, int] = {"weekly": 1, "biweekly": 2, "monthly": 4}
_PIECE = 512


class Meeting(NamedTuple):
    """A recurring meeting: `weekday` 0 for Monday, `minute` of the day and `first` in the programme's time zone."""

    mode: Mode
    weekday: int
    minute: int
    first: datetime


@dataclass(frozen=True)
class Times:
    """S recurring meetings and who can come to each, bool (D, S) by number of availability pattern; row 0 is False."""

    meetings: tuple[Meeting, ...]
    free: BoolArray

    def of(self, patterns: IntArray, modes: NDArray[np.uint32]) -> BoolArray:
        """Who can come to which meeting, bool (N, S).

        Parameters
        ----------
        patterns : int array (N,)
            Numbers of availability patterns, 0 for unknown: such a person can come to nothing.
        modes : uint32 array (N,)
            Ways of meeting as bits; who stated none may be asked, and can come in any way.
        """
        wanted = np.array([1 << _MODES.index(meeting.mode) for meeting in self.meetings], np.uint32)
        suits = (modes[:, None] & wanted) != 0
        both: BoolArray = self.free[patterns] & (suits | (modes == 0)[:, None])
        return both


def times_of(calendar: Calendar, zone: ZoneInfo, minutes: int, every: CadenceEvery, modes: Sequence[Mode]) -> Times:
    """Work out all meetings of a length and cadence, on the real dates of the 28 days.

    A meeting has the same wall-clock time of the programme's zone each time, so that it moves in UTC where summer time
    begins or ends; a person is free for it when they are at every one of its dates within the 28 days. Of a meeting
    every second week there are two, of a monthly one four, by the week in which they begin.
    """
    places, kept = [], []
    for weekday, minute, dates in _recurring(calendar.first_day, zone, -(-minutes // SLOT_MINUTES)):
        for week in range(_APART[every]):
            chosen = dates[week :: _APART[every]]
            if chosen:
                places.append([place for place, _begin in chosen])
                kept.append((week, weekday, minute, chosen[0][1]))
    free = _free(calendar, places, -(-minutes // SLOT_MINUTES))
    order = sorted(range(len(kept)), key=lambda n: kept[n][:3])
    meetings = [Meeting(mode, *kept[n][1:]) for mode in modes for n in order]
    return Times(tuple(meetings), np.tile(free[:, order], (1, len(modes))))


def _recurring(first_day: date, zone: ZoneInfo, length: int) -> Iterator[tuple[int, int, list[tuple[int, datetime]]]]:
    """Yield weekday, minute and dates of every weekly time: the quarter of an hour it begins at, and the moment."""
    origin = datetime(first_day.year, first_day.month, first_day.day, tzinfo=UTC)
    last = DAYS * 24 * 60 // SLOT_MINUTES - length
    days = [first_day + timedelta(days=offset) for offset in range(-1, DAYS + 1)]
    for weekday in range(7):
        for minute in range(0, 24 * 60, _STEP):
            dates = []
            for day in days:
                if day.weekday() == weekday:
                    begin = datetime(day.year, day.month, day.day, minute // 60, minute % 60, tzinfo=zone)
                    place = (begin.astimezone(UTC) - origin) // timedelta(minutes=SLOT_MINUTES)
                    if 0 <= place <= last:
                        dates.append((place, begin))
            yield weekday, minute, dates


def _free(calendar: Calendar, places: Sequence[Sequence[int]], length: int) -> BoolArray:
    """Which availability patterns cover a stretch at all of some places, bool (D, S)."""
    patterns = calendar.patterns
    out = np.zeros((len(patterns), len(places)), np.bool_)
    most = max((len(of) for of in places), default=0)
    index = np.array([[*of, *[of[0]] * (most - len(of))] for of in places], np.int64).reshape(len(places), most)
    for first in range(0, len(patterns), _PIECE):
        bits = np.ascontiguousarray(patterns[first : first + _PIECE]).view(np.uint8)
        summed = np.zeros((len(bits), DAYS * 24 * 60 // SLOT_MINUTES + 1), np.int16)
        np.cumsum(np.unpackbits(bits, axis=1, bitorder="little"), axis=1, out=summed[:, 1:])
        whole = summed[:, length:] - summed[:, :-length] == length
        out[first : first + _PIECE] = whole[:, index].all(axis=2) if most else False
    out[0] = False
    return out


def worth_a_thought(people: BoolArray, leaders: BoolArray, least: int) -> IntArray:
    """Meetings (or languages) to choose from, ascending: `least` people or more can come, and no other one suits more.

    Left out is whatever suits nobody whom another one does not suit too: whoever could meet then can meet at the other.
    Of those that suit exactly the same people the first is kept. With leaders, who lead one group at a time, a choice
    of times is worth something in itself: then only such doubles are left out.

    Parameters
    ----------
    people, leaders : bool arrays (N, S), (F, S)
    """
    enough = np.flatnonzero(people.sum(axis=0) >= least)
    if not len(enough):
        return enough
    both = np.concatenate([people[:, enough], leaders[:, enough]])
    _distinct, earliest = np.unique(np.ascontiguousarray(np.packbits(both, axis=0).T), axis=0, return_index=True)
    kept: IntArray = np.sort(earliest)
    if not len(leaders):
        sets = both[:, kept].astype(np.float32)
        within = sets.T @ (1 - sets) < 0.5  # (s, t): everybody of s can come to t
        np.fill_diagonal(within, False)
        kept = kept[~within.any(axis=1)]
    return enough[kept]
