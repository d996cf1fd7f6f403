"""Bounds on how often anybody is shown: everybody with free places at least so often, nobody beyond their room.

A list is repaired with as few changes as the bounds allow, by a network flow over all lists at once, so that a bound
is missed only where no lists could keep it; who is concerned is named.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from matchengine.batch import BoolArray, FloatArray, IntArray
from matchengine.planning.exposure.market import Market
from matchengine.planning.flows import at_least, chosen_pairs, even

__all__ = ["Bounded", "bounded"]

_KEPT = 4.0
"""What a pair that stands in a list already is worth beyond its place in the order."""


class Bounded(NamedTuple):
    """Lists within bounds, and whom the bounds cannot be kept for.

    Attributes
    ----------
    chosen : int64 array (N,)
        Positions of the pairs that are shown, ascending.
    seldom : int64 array
        Candidates who are shown less often than `least`, because too few requesters are eligible or have room.
    short : int64 array
        Requesters whose list is shorter than it could be, because `most` forbids more.
    """

    chosen: IntArray
    seldom: IntArray
    short: IntArray


def bounded(
    market: Market, key: FloatArray, chosen: IntArray, k: int, *, least: int = 1, most: float | None = None
) -> Bounded:
    """Repair lists so that they keep the bounds.

    Parameters
    ----------
    key : float64 array (A,)
        The order of each list: the larger, the rather shown.
    chosen : int64 array (N,)
        Positions of the pairs that are shown so far, at most k of each requester.
    least : int
        How often every candidate of the market is shown, where enough requesters are eligible for them.
    most : float or None
        How often at most, for each free place; at least one showing in all. This bound is always kept: lists get
        shorter instead, the longest first. None for no bound.
    """
    reachable = np.bincount(market.candidate, minlength=market.candidates)
    asked = np.minimum(np.where(reachable > 0, least, 0), reachable)
    room = reachable if most is None else np.minimum(np.maximum(most * market.places, 1).astype(np.int64), reachable)
    length = np.minimum(np.bincount(market.requester, minlength=market.requesters), k)
    shown = np.bincount(market.candidate[chosen], minlength=market.candidates)
    if (shown < asked).any() or (shown > room).any():
        chosen = _repaired(market, key, chosen, (length, asked, room), most is None)
    shown = np.bincount(market.candidate[chosen], minlength=market.candidates)
    given = np.bincount(market.requester[chosen], minlength=market.requesters)
    wished = np.where(market.places > 0, least, 0)
    return Bounded(np.sort(chosen), np.flatnonzero(shown < wished), np.flatnonzero(given < length))


def _repaired(
    market: Market, key: FloatArray, chosen: IntArray, limits: tuple[IntArray, IntArray, IntArray], part: bool
) -> IntArray:
    """Solve over part of the pairs where that may do, else over all of them."""
    asked = limits[1]
    listed = np.zeros(len(market), np.bool_)
    listed[chosen] = True
    if part:
        shown = np.bincount(market.candidate[chosen], minlength=market.candidates)
        among = listed | (shown <= asked)[market.candidate]
        found = _solved(market, key, listed, limits, np.flatnonzero(among))
        if not (np.bincount(market.candidate[found], minlength=market.candidates) < asked).any():
            return found
    return _solved(market, key, listed, limits, np.arange(len(market)))


def _solved(
    market: Market, key: FloatArray, listed: BoolArray, limits: tuple[IntArray, IntArray, IntArray], among: IntArray
) -> IntArray:
    length, asked, room = limits
    worth = np.clip(key[among], -1, 1) + _KEPT * listed[among]
    pairs = market.requester[among], market.candidate[among]
    found: IntArray = among[chosen_pairs(pairs, worth, (even(length), at_least(asked, room)))]
    return found
