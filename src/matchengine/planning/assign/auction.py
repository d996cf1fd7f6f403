"""Prices of places, nearly right and quickly: an auction of seats among all requesters at once (Bertsekas 1988).

Whoever has no seat bids for the best place at the present prices, as much as they can give before their second best is
better; a candidate keeps the highest bids. Steps grow finer, and each finer auction starts a little below the prices
before it, so that few places stay free at a price they are not worth. The prices only tell which pairs are worth
looking at, see `flow`.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matchengine.batch import FloatArray, IntArray

__all__ = ["STEPS", "auction_prices"]

STEPS = (0.1, 0.03, 0.01, 0.003, 0.001)
_WORK = 200
"""So many bids for each requester are the most that one auction takes; then its prices are good enough."""
F32 = NDArray[np.float32]


def auction_prices(places: IntArray, table: IntArray, values: F32) -> FloatArray:
    """Return a price for each candidate, float64 (C,), 0 or more.

    Parameters
    ----------
    places : int64 array (C,)
    table : int64 array (N, k)
        Candidates that each bidder may get; C stands for none.
    values : float32 array (N, k)
        What each is worth to the bidder; 0 or less is never bid for.
    """
    price = np.zeros(len(places) + 1, np.float32)
    last = 0.0
    for step in STEPS:
        price[:-1] = np.maximum(price[:-1] - np.float32(2 * last), 0)
        _auction(places, table, values, price, np.float32(step))
        last = step
    return price[:-1].astype(np.float64)


def _auction(places: IntArray, table: IntArray, values: F32, price: F32, step: np.float32) -> None:
    """Let everybody bid until all have a seat or want none; `price` rises in place."""
    seats = int(places.max())
    bids = np.where(np.arange(seats) >= seats - places[:, None], price[:-1, None], np.float32(np.inf))
    holder = np.full(bids.shape, -1, np.int64)
    active: IntArray = np.arange(len(table))
    work = _WORK * len(table)
    while len(active) and work > 0:
        work -= len(active)
        active, wanted, bid = _offers(active, table, values, price, step)
        if not len(active):
            return
        order = np.lexsort((-bid, wanted))
        active, wanted, bid = active[order], wanted[order], bid[order]
        new = np.concatenate([[True], wanted[1:] != wanted[:-1]])
        first, group = np.flatnonzero(new), np.cumsum(new) - 1
        rank = np.arange(len(wanted)) - first[group]
        asked, width = wanted[first], min(int(rank.max()) + 1, seats)
        kept = rank < width
        offered = np.full((len(asked), seats + width), -np.inf, np.float32)
        who = np.full(offered.shape, -1, np.int64)
        offered[:, :seats], who[:, :seats] = bids[asked], holder[asked]
        offered[group[kept], seats + rank[kept]] = bid[kept]
        who[group[kept], seats + rank[kept]] = active[kept]
        best = np.argsort(-offered, axis=1)
        offered, who = np.take_along_axis(offered, best, 1), np.take_along_axis(who, best, 1)
        bids[asked], holder[asked], price[asked] = offered[:, :seats], who[:, :seats], offered[:, seats - 1]
        outbid = who[:, seats:]
        active = np.concatenate([active[~kept], outbid[outbid >= 0]])


def _offers(
    active: IntArray, table: IntArray, values: F32, price: F32, step: np.float32
) -> tuple[IntArray, IntArray, F32]:
    """Return who still wants a seat, whose, and what they bid."""
    gain = values[active] - price[table[active]]
    best = gain.argmax(axis=1)
    row = np.arange(len(active))
    first = gain[row, best]
    gain[row, best] = -1
    second = np.maximum(gain.max(axis=1), 0)
    wants = first > 0
    wanted = table[active, best]
    bid = price[wanted] + (first - second + step)
    return active[wants], wanted[wants], bid[wants]
