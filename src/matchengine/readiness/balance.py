"""Demand against supply by language, field and time of the week."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from matchengine.batch import BoolArray, IntArray
from matchengine.pool.calendar import DAYS, SLOT_MINUTES, Calendar
from matchengine.pool.tables import Table
from matchengine.readiness.market import Market
from matchengine.readiness.words import PARTS, WEEKDAYS, field_label, language_label, slot_label
from matchengine.records import Balance
from matchengine.records.vocabulary import LANGUAGE_LEVELS

__all__ = ["balances", "fields", "languages", "only_language", "slots"]

_FLOOR = "B1"
_ENOUGH_SLOTS = 3
_ENOUGH_WEEKS = 2
_HOURS_OF_A_PART = 24 // len(PARTS)
_PIECE = 512


def balances(
    market: Market, keys: Sequence[str], labels: Iterable[str], demand: BoolArray, supply: BoolArray
) -> tuple[Balance, ...]:
    """Return one balance for each of K things that anybody looks for or gives, largest gap first.

    Parameters
    ----------
    demand, supply : bool arrays (R, K), (C, K)
        Who looks for it and who gives it.
    """
    looking, giving = demand.sum(axis=0).tolist(), supply.sum(axis=0).tolist()
    made = [
        Balance(
            key=key,
            label=label,
            demand=looking[n],
            supply=giving[n],
            places=market.stated(np.flatnonzero(supply[:, n])) if giving[n] else None,
        )
        for n, (key, label) in enumerate(zip(keys, labels, strict=True))
        if looking[n] or giving[n]
    ]
    return tuple(sorted(made, key=_by_gap))


def _by_gap(balance: Balance) -> tuple[int, int, str]:
    room = balance.supply if balance.places is None else balance.places
    return room - balance.demand, -balance.demand, balance.key


def languages(market: Market) -> tuple[Balance, ...]:
    """Balance by language, at the level that the kind's language rule asks for (B1 without one)."""
    demand, supply = _spoken(market)
    tags = _names(market, "languages")[: demand.shape[1]]
    return balances(market, tags, map(language_label, tags), demand, supply)


def only_language(market: Market) -> dict[str, int]:
    """Count by language, most first, people who look and speak no other well enough, while nobody gives in it."""
    demand, supply = _spoken(market)
    alone = demand & (demand.sum(axis=1) == 1)[:, None] & ~supply.any(axis=0)
    counts = dict(zip(_names(market, "languages"), alone.sum(axis=0).tolist(), strict=False))
    return {tag: n for tag, n in sorted(counts.items(), key=lambda item: (-item[1], item[0])) if n}


def _spoken(market: Market) -> tuple[BoolArray, BoolArray]:
    """Who speaks which language well enough on either side, shapes (R, L) and (C, L)."""
    settings = [c.settings for c in market.kind.constraints if c.spec.name == "language_floor"]
    floor = LANGUAGE_LEVELS.index(settings[0]["floor"] if settings else _FLOOR) + 1
    looking = market.requester_table.column("languages")[market.requesters]
    giving = market.candidate_table.column("languages")[market.candidates]
    width = max(looking.shape[1], giving.shape[1], len(_names(market, "languages")))
    return _wide(looking >= floor, width), _wide(giving >= floor, width)


def _wide(array: BoolArray, width: int) -> BoolArray:
    out = np.zeros((len(array), width), np.bool_)
    out[:, : array.shape[1]] = array
    return out


def _names(market: Market, vocabulary: str) -> list[str]:
    """Words of an open vocabulary by number."""
    return sorted(codes := market.pool.shared.codes[vocabulary], key=codes.__getitem__)


def fields(market: Market) -> tuple[Balance, ...]:
    """Balance by field of work; empty where one side has no such field."""
    if not all("fields" in table.names for table in (market.requester_table, market.candidate_table)):
        return ()
    codes = _names(market, "fields")
    demand = _flags(market.requester_table, market.requesters, len(codes))
    supply = _flags(market.candidate_table, market.candidates, len(codes))
    return balances(market, codes, map(field_label, codes), demand, supply)


def _flags(table: Table, rows: IntArray, count: int) -> BoolArray:
    masks = np.ascontiguousarray(table.column("fields")[rows])
    bits = np.unpackbits(masks.view(np.uint8), axis=1, bitorder="little")
    return _wide(bits[:, :count].astype(np.bool_), count)


def slots(market: Market) -> tuple[Balance, ...]:
    """Balance by weekday and part of the day in the programme's time zone.

    Somebody counts where they are free for 45 minutes in at least two of the four weeks.
    """
    free = _free(market.pool.shared.calendar, ZoneInfo(market.config.programme.time_zone))
    demand = free[market.requester_table.column("availability")[market.requesters]]
    supply = free[market.candidate_table.column("availability")[market.candidates]]
    numbers = [(day, part) for day in range(len(WEEKDAYS)) for part in range(len(PARTS))]
    keys = [f"{WEEKDAYS[day]}-{PARTS[part]}" for day, part in numbers]
    return balances(market, keys, [slot_label(*number) for number in numbers], demand, supply)


def _free(calendar: Calendar, zone: ZoneInfo) -> BoolArray:
    """Which parts of the week each availability pattern covers, shape (D, 28); number 0 means nobody knows."""
    part_of, week_part = _parts(calendar, zone)
    enough = np.zeros((len(calendar.patterns), len(WEEKDAYS) * len(PARTS)), np.bool_)
    order = np.argsort(part_of, kind="stable")
    starts = np.searchsorted(part_of[order], np.arange(len(week_part)))
    of_week = np.eye(enough.shape[1], dtype=np.float32)[week_part]
    for first in range(0, len(enough), _PIECE):
        bits = np.ascontiguousarray(calendar.patterns[first : first + _PIECE]).view(np.uint8)
        free = np.unpackbits(bits, axis=1, bitorder="little")[:, order]
        usable = np.add.reduceat(free, starts, axis=1, dtype=np.int32) >= _ENOUGH_SLOTS
        enough[first : first + _PIECE] = usable.astype(np.float32) @ of_week >= _ENOUGH_WEEKS
    return enough


def _parts(calendar: Calendar, zone: ZoneInfo) -> tuple[IntArray, NDArray[np.intp]]:
    """For each 15-minute slot the part of a day it lies in, and for each of those its place in the week."""
    origin = datetime.combine(calendar.first_day, datetime.min.time(), UTC)
    local = [
        (origin + timedelta(minutes=SLOT_MINUTES * n)).astimezone(zone) for n in range(DAYS * 24 * 60 // SLOT_MINUTES)
    ]
    numbers = np.array([t.toordinal() * len(PARTS) + t.hour // _HOURS_OF_A_PART for t in local])
    distinct, part_of = np.unique(numbers, return_inverse=True)
    weekday = (distinct // len(PARTS) - 1) % 7  # day 1 of the calendar was a Monday
    return part_of, weekday * len(PARTS) + distinct % len(PARTS)
