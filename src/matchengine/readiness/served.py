"""The most requesters who can be served at once, and where too many share too few places."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matchengine.batch import BoolArray, FloatArray, IntArray

__all__ = ["Bottleneck", "Served", "serve"]

_EDGES = 64
"""Eligible candidates of each requester that the first try looks at."""


class Bottleneck(NamedTuple):
    """Requesters and candidates (positions) who have each other alone, with fewer places than requesters."""

    requesters: IntArray
    candidates: IntArray
    places: int


class Served(NamedTuple):
    """How many can be served at once, and the part that lacks most places; None where nobody goes without."""

    total: int
    bottleneck: Bottleneck | None


def serve(eligible: NDArray[np.uint8], capacities: FloatArray) -> Served:
    """Serve as many as possible: a maximum flow from requesters over eligible pairs to places.

    The flow runs over a few pairs of each requester. A search for a better one over all pairs then either proves that
    there is none or adds the pairs it goes through, so the result is exact and memory stays small.

    Parameters
    ----------
    eligible : uint8 array (R, ceil(C / 8))
        Packed bits, one for each eligible pair.
    capacities : float array (C,)
        Most requesters of each candidate; infinite for no limit.
    """
    free_for_all = np.packbits(np.isinf(capacities))
    easily = (eligible & free_for_all).any(axis=1)
    contested = np.flatnonzero(~easily & eligible.any(axis=1))
    limits = np.where(np.isinf(capacities), 0, capacities).astype(np.int64)
    bits = eligible[contested] & np.packbits(limits > 0)
    edges = _first_edges(bits, len(limits))
    while True:
        given_to = _flow(edges, len(contested), limits)
        asking, giving, more = _better(bits, given_to, limits)
        if not len(more[0]):
            break
        edges = np.unique(np.concatenate([edges, np.stack(more, axis=1)]), axis=0)
    total = int(np.count_nonzero(easily)) + int(np.count_nonzero(given_to >= 0))
    return Served(total, _worst_part(bits, given_to < 0, asking, giving, limits, contested))


def _unpacked(bits: NDArray[np.uint8], candidates: int) -> BoolArray:
    return np.unpackbits(bits, axis=-1, count=candidates).astype(np.bool_)


def _first_edges(bits: NDArray[np.uint8], candidates: int) -> IntArray:
    """Up to 64 eligible pairs of each requester, starting elsewhere for each, shape (E, 2)."""
    parts = [np.zeros((0, 2), np.int64)]
    for requester, row in enumerate(bits):
        found = np.flatnonzero(_unpacked(row, candidates))
        if len(found) > _EDGES:
            found = np.roll(found, -(requester * _EDGES) % len(found))[:_EDGES]
        parts.append(np.stack([np.full(len(found), requester), found], axis=1))
    return np.concatenate(parts)


def _flow(edges: IntArray, requesters: int, limits: IntArray) -> IntArray:
    """The candidate whose place each requester gets in a maximum flow, shape (R,); -1 for none."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import maximum_flow

    given_to = np.full(requesters, -1, np.int64)
    if not len(edges):
        return given_to
    source, sink, first = 0, 1, 2 + requesters
    tails = np.concatenate([np.zeros(requesters, np.int64), 2 + edges[:, 0], first + np.arange(len(limits))])
    heads = np.concatenate([2 + np.arange(requesters), first + edges[:, 1], np.full(len(limits), sink)])
    widths = np.concatenate([np.ones(requesters + len(edges), np.int64), np.minimum(limits, requesters)])
    size = first + len(limits)
    graph = csr_array((widths.astype(np.int32), (tails, heads)), shape=(size, size))
    flow = maximum_flow(graph, source, sink).flow.tocoo()
    used = (flow.data > 0) & (flow.row >= 2) & (flow.row < first) & (flow.col >= first)
    given_to[flow.row[used] - 2] = flow.col[used] - first
    return given_to


def _better(
    bits: NDArray[np.uint8], given_to: IntArray, limits: IntArray
) -> tuple[BoolArray, BoolArray, tuple[IntArray, IntArray]]:
    """Look from those without a place for a free one over all eligible pairs.

    Returns which requesters (R,) and candidates (C,) the search reached, and, where it reached a free place, the pairs
    it went through: every reached candidate with one requester who reached it.
    """
    candidates = len(limits)
    used = np.bincount(given_to[given_to >= 0], minlength=candidates)
    asking, giving = given_to < 0, np.zeros(candidates, np.bool_)
    through = np.full(candidates, -1, np.int64)
    front = np.flatnonzero(asking)
    while len(front):
        for start in range(0, len(front), 256):
            part = front[start : start + 256]
            reach = _unpacked(bits[part], candidates) & ~giving
            new = np.flatnonzero(reach.any(axis=0))
            through[new] = part[reach[:, new].argmax(axis=0)]
            giving[new] = True
        holders = (given_to >= 0) & giving[given_to] & ~asking
        asking |= holders
        front = np.flatnonzero(holders)
    found_room = bool((giving & (used < limits)).any())
    pairs = np.flatnonzero(giving & found_room)
    return asking, giving, (through[pairs], pairs)


def _worst_part(
    bits: NDArray[np.uint8],
    without: BoolArray,
    asking: BoolArray,
    giving: BoolArray,
    limits: IntArray,
    contested: IntArray,
) -> Bottleneck | None:
    """Of the parts that the search reached and that share nobody, the one in which most go without."""
    packed = np.packbits(giving)
    left = asking.copy()
    parts: list[tuple[int, int, int, Bottleneck]] = []
    while (without & left).any():
        first = int(np.flatnonzero(without & left)[0])
        reach = bits[first] & packed
        inside = np.zeros(len(left), np.bool_)
        while True:
            joined = left & ((bits & reach).any(axis=1))
            if (joined == inside).all():
                break
            inside = joined
            reach = np.bitwise_or.reduce(bits[inside], axis=0) & packed
        inside[first] = True
        left &= ~inside
        candidates = np.flatnonzero(_unpacked(reach, len(limits)))
        places = int(limits[candidates].sum())
        short = int(np.count_nonzero(inside)) - places
        found = Bottleneck(contested[inside], candidates, places)
        if len(candidates):
            parts.append((-short, len(candidates), first, found))
    return min(parts)[-1] if parts else None
