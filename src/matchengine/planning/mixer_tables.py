"""Tables in one pool: rounds without repeats, who sits where, for people who may not all meet ("social golfer")."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from matchengine.batch import BoolArray, FloatArray, IntArray

__all__ = ["seated", "template"]

_LEAST_STARTS, _PLACES = 3, 3_000
"""A plan or round that is not without fault at once is started anew until so many people were placed in all."""
_EPSILON = 1e-9


class _Aims(NamedTuple):
    """The demands on a schedule: seats of a table, tables of a round, people at tables in a round."""

    seats: int
    tables: int
    seated: int


def seated(worth: FloatArray, rounds: int, seats: int, tables: int | None, seed: int) -> IntArray:
    """Return the table of each person in each round, int64 (rounds, N), −1 for none; N in an order of no meaning.

    Two ways are tried and the better is kept: less uneven, then more people
    at tables, then more meetings, then more worth. One
    takes a plan without repeats and gives its places to people; the other fills one round after another.
    """
    number = len(worth)
    needed = -(-number // seats)
    held = needed if tables is None else min(tables, needed)
    aims = _Aims(seats, held, min(number, held * seats))
    may = ~np.isnan(worth) & ~np.eye(number, dtype=np.bool_)
    gain = np.where(may, np.nan_to_num(worth), 0)
    penalty = 1 + np.abs(gain).max(initial=0) * (rounds * seats + 1)
    found = [_round_by_round(gain, may, rounds, aims, penalty, seed)]
    for more in range(3 if tables is None else 1):  # a few tables more may be what a known plan needs
        plan = template(number, rounds, aims.seats, aims.tables + more)
        if plan is not None:
            found.append(_cleared(_placed(plan, np.where(may, gain, -penalty), seed), may))
            break
    return max(found, key=lambda tables: _quality(tables, gain))


def template(number: int, rounds: int, seats: int, tables: int) -> IntArray | None:
    """Return a plan in which no two of so many places share a table twice, int64 (rounds, N); None where none is known.

    For two seats the round robin of the circle method. For more, place (i, x) of `seats` rows and T columns sits in
    round a at table x + a·i mod T: two places of different rows then meet in exactly one round, if no number below
    `seats` shares a factor with T.
    """
    if tables * seats < number:
        return None
    if seats == 2:
        even = number + number % 2
        return _circle(even, rounds)[:, :number] if rounds <= even - 1 else None
    prime = all(tables % factor for factor in range(2, seats))
    if not prime or rounds > tables or tables < 2:
        return None
    row, column = np.divmod(np.arange(number), tables)
    plan: IntArray = (column + np.arange(rounds)[:, None] * row) % tables
    return plan


def _circle(even: int, rounds: int) -> IntArray:
    """Round robin of an even number of people: one stays, the others move on by one each round."""
    out = np.empty((rounds, even), np.int64)
    half = even // 2
    for turn in range(rounds):
        ring = np.concatenate([[0], 1 + (np.arange(even - 1) + turn) % (even - 1)])
        out[turn, ring[:half]] = np.arange(half)
        out[turn, ring[half:]] = np.arange(half)[::-1]
    return out


def _together(tables: IntArray) -> FloatArray:
    """How often each two places share a table, float64 (N, N), 0 on the diagonal; `tables` (rounds, N)."""
    met = np.zeros((tables.shape[1],) * 2)
    for of_round in tables:
        met += (of_round[:, None] == of_round[None]) & (of_round >= 0)[:, None]
    np.fill_diagonal(met, 0)
    return met


def _placed(plan: IntArray, gain: FloatArray, seed: int) -> IntArray:
    """Give the places of a plan to people: the best of several seeded starts, the first if nothing is wrong with it."""
    met, everybody = _together(plan), np.ones(gain.shape, np.bool_)
    random = np.random.default_rng(seed)
    place: IntArray = np.arange(len(gain))
    best, reached = place, -np.inf
    for _start in range(max(_LEAST_STARTS, _PLACES // max(len(gain), 1) // 4)):
        place = _ascend(met, gain, place, everybody)
        near = met[np.ix_(place, place)]
        if (value := float((near * gain).sum())) > reached:
            best, reached = place, value
        if not near[gain < 0].any():
            break
        place = random.permutation(len(gain))
    return plan[:, best]


def _ascend(met: FloatArray, gain: FloatArray, place: IntArray, may_swap: BoolArray) -> IntArray:
    """Swap two people's places for as long as a swap raises `Σ met[place] · gain`, the best swap first."""
    place = place.copy()
    near = met[np.ix_(place, place)]
    product = near @ gain
    least = _EPSILON * (1 + np.abs(gain).max(initial=0))
    for _step in range(4 * len(place)):
        own = np.diagonal(product)
        raised = product + product.T - own[:, None] - own[None] + 2 * near * gain
        raised[~may_swap] = 0
        one, other = divmod(int(np.argmax(raised)), len(place))
        if raised[one, other] <= least:
            break
        product += np.outer(near[:, other] - near[:, one], gain[one] - gain[other])
        pair, turned = [one, other], [other, one]
        near[pair] = near[turned]
        near[:, pair] = near[:, turned]
        product[pair] = near[pair] @ gain
        place[pair] = place[turned]
    return place


def _round_by_round(gain: FloatArray, may: BoolArray, rounds: int, aims: _Aims, penalty: float, seed: int) -> IntArray:
    """Fill rounds one after another; who sat least often comes first, and who met may not meet again."""
    number = len(gain)
    left = may.copy()
    sat = np.zeros(number, np.int64)
    random = np.random.default_rng(seed)
    out = np.full((rounds, number), -1)
    for turn in range(rounds):
        net = np.where(left, gain, -penalty)
        np.fill_diagonal(net, 0)
        out[turn] = _one_round(net, left, sat, aims, random)
        sat += out[turn] >= 0
        left &= _together(out[turn][None]) == 0
    return out


def _one_round(net: FloatArray, left: BoolArray, sat: IntArray, aims: _Aims, random: np.random.Generator) -> IntArray:
    """The best of several seeded starts; the first start without a fault is enough."""
    number = len(net)
    options = left.sum(axis=1)
    came = np.lexsort((np.arange(number), options == 0, sat))
    base = np.full(number, -1)
    base[: aims.seated] = np.arange(aims.seated) % aims.tables
    may_swap = sat[:, None] == sat[None]  # whoever sat more often may not take a seat from somebody who sat less
    best, reached = base, (-1, -np.inf)
    for start in range(max(_LEAST_STARTS, _PLACES // max(number, 1))):
        drawn = random.permutation(aims.seated) if start else np.arange(aims.seated)
        place: IntArray = np.empty(number, np.int64)
        place[came] = np.concatenate([drawn, np.arange(aims.seated, number)])
        both = (place < aims.seated)[:, None] & (place < aims.seated)[None]
        place = _ascend(_together(base[None]), net, place, both | may_swap)
        tables = _cleared(base[place][None], left, sat)[0]
        value = int((tables >= 0).sum()), float((_together(tables[None]) * net).sum())
        if value > reached:
            best, reached = tables, value
        if value[0] == aims.seated:
            break
    return best


def _cleared(tables: IntArray, may: BoolArray, before: IntArray | int = 0) -> IntArray:
    """Take people from tables until nobody sits with somebody they may not meet, or alone.

    The most in the way goes first; among equals, whoever sits in most rounds, `before` included.
    """
    out = tables.copy()
    left = may.copy()
    for of_round in out:
        sat = (out >= 0).sum(axis=0) + before
        while True:
            at_one = (of_round[:, None] == of_round[None]) & (of_round >= 0)[:, None]
            np.fill_diagonal(at_one, False)
            wrong = (at_one & ~left).sum(axis=1)
            if not wrong.any():
                break
            of_round[int(np.lexsort((np.arange(len(wrong)), -sat, -wrong))[0])] = -1
        of_round[~at_one.any(axis=1)] = -1
        left &= ~at_one
    return out


def _quality(tables: IntArray, gain: FloatArray) -> tuple[int, int, int, float]:
    sat = (tables >= 0).sum(axis=0)
    met = _together(tables)
    uneven = max(int(np.ptp(sat)) - 1, 0) if len(sat) else 0
    return -uneven, int(sat.sum()), int(met.sum()), float((met * gain).sum())
