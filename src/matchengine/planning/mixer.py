"""Rounds of short meetings in which no two people meet twice (domain.md I9), between two sides or in one pool.

Between two sides the pairs of all rounds together are chosen first, by a network flow that no other choice beats; a
graph of two sides whose people meet at most r others can always be dealt out to r rounds (König 1916). Tables in one
pool start from a plan without repeats, where one is known, and people swap places in it for as long as that helps.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matchengine.batch import BoolArray, FloatArray, IntArray
from matchengine.errors import DataError
from matchengine.i18n import _
from matchengine.planning.flows import chosen_pairs, even
from matchengine.planning.mixer_rounds import dealt
from matchengine.planning.mixer_tables import seated

__all__ = ["Faults", "faults", "optimistic", "pool_rounds", "two_sided_rounds"]

OPTIMISM = 0.15
"""What complete ignorance adds to a score: a short meeting is the cheapest way to learn about a pair."""


class Faults(NamedTuple):
    """What is wrong with a schedule, found without knowing how it was made; all empty or 0 for a good one.

    Attributes
    ----------
    twice, forbidden : int array (N, 2)
        Pairs that meet more than once, and pairs that meet although they may not.
    double : int
        Seats of somebody who sits twice in one round.
    spread : int
        Most less fewest rounds in which anybody of a side sits with somebody.
    """

    twice: IntArray
    forbidden: IntArray
    double: int
    spread: int


def optimistic(score: FloatArray, confidence: FloatArray, bonus: float = OPTIMISM) -> FloatArray:
    """Return `S + bonus · (1 − confidence)`: what is little known about is worth a look."""
    found: FloatArray = score + bonus * (1 - confidence)
    return found


def two_sided_rounds(
    worth: FloatArray, rounds: int, lottery: tuple[NDArray[np.uint64], NDArray[np.uint64]], tables: int | None = None
) -> IntArray:
    """Return whom each of the left side meets in each round, int64 (rounds, L), −1 for a round without a meeting.

    Everybody gets the same number of meetings or one less than others of their side, as far as the pairs that may meet
    allow it; among all schedules that are as full and as even, the sum of worth is the largest.

    Parameters
    ----------
    worth : float64 array (L, R)
        What it is worth that they meet; NaN forbids it.
    lottery : two uint64 arrays (L,) and (R,)
        Orders people where nothing else does, so that no order of loading decides.
    tables : int or None
        Meetings at the same time, at most.

    Raises
    ------
    DataError
        When there are fewer than one round or table.
    """
    _check(rounds, tables)
    order = np.argsort(lottery[0]), np.argsort(lottery[1])
    ordered = worth[np.ix_(*order)]
    left, right = np.nonzero(~np.isnan(ordered))
    most = np.full(len(worth), rounds), np.full(worth.shape[1], rounds)
    room = None if tables is None else rounds * tables
    chosen = chosen_pairs((left, right), ordered[left, right], (even(most[0]), even(most[1])), room)
    left, right = left[chosen], right[chosen]
    when = dealt(left, right, rounds, tables)
    out = np.full((rounds, len(worth)), -1)
    out[when, order[0][left]] = order[1][right]
    return out


def pool_rounds(
    worth: FloatArray,
    rounds: int,
    lottery: NDArray[np.uint64],
    *,
    seats: int = 2,
    tables: int | None = None,
    seed: int = 0,
) -> IntArray:
    """Return at which table each person of one pool sits in each round, int64 (rounds, N), −1 for a round without.

    Parameters
    ----------
    worth : float64 array (N, N)
        Symmetric; NaN forbids that two sit at one table, the diagonal is not read.
    lottery : uint64 array (N,)
    seats : int
        Seats of a table, at least 2. Tables of a round differ by one person at most, where nobody is forbidden.
    tables : int or None
        Tables at most; None for as many as everybody needs.

    Raises
    ------
    DataError
        When there are fewer than one round or table, or fewer than two seats.
    """
    _check(rounds, tables)
    if seats < 2:
        raise DataError(_("a table has {n} seats, expected at least 2", n=seats))
    order = np.argsort(lottery)
    found = seated(worth[np.ix_(order, order)], rounds, seats, tables, seed)
    out = np.full(found.shape, -1)
    out[:, order] = found
    return out


def faults(tables: IntArray, may: BoolArray, sides: Sequence[IntArray] = ()) -> Faults:
    """Check a schedule from nothing but who sits where.

    Parameters
    ----------
    tables : int array (rounds, N)
        Table of each person in each round, −1 for none.
    may : bool array (N, N)
        Who may meet.
    sides : sequence of int arrays
        People of each side, for `spread`; everybody is one side where none are given.
    """
    met = np.zeros(may.shape, np.int64)
    for of_round in tables:
        met += (of_round[:, None] == of_round[None]) & (of_round >= 0)[:, None]
    double = int((np.diagonal(met) > len(tables)).sum())
    rounds_met = np.zeros(len(may), np.int64)
    for of_round in tables:
        counts = np.bincount(of_round[of_round >= 0], minlength=1)
        rounds_met += (of_round >= 0) & (counts[np.maximum(of_round, 0)] > 1)
    met = np.triu(met, 1)
    groups = sides or (np.arange(len(may)),)
    spread = max((int(np.ptp(rounds_met[of_side])) for of_side in groups if len(of_side)), default=0)
    return Faults(np.argwhere(met > 1), np.argwhere((met > 0) & ~may), double, spread)


def _check(rounds: int, tables: int | None) -> None:
    if rounds < 1:
        raise DataError(_("{n} rounds, expected at least 1", n=rounds))
    if tables is not None and tables < 1:
        raise DataError(_("{n} tables, expected at least 1", n=tables))
