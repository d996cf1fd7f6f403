"""All short cycles and chains of a graph, by joins of arrays (domain.md D2)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from matchengine.batch import BoolArray, FloatArray, IntArray
from matchengine.errors import DataError
from matchengine.i18n import _
from matchengine.planning.swaps.problem import Exchange, SwapGraph

__all__ = ["Exchanges", "TooManyError", "cycles_and_chains"]

_STEP = 1_000_000
"""Paths that are extended at a time: bounds the memory of a join."""


class TooManyError(DataError):
    """A pool has more cycles and chains than one can look at."""


@dataclass(frozen=True)
class Exchanges:
    """C possible cycles and chains, one a row.

    Attributes
    ----------
    members : int32 array (C, W)
        Vertices in order, each takes the place of the next; -1 after the last.
    arcs : int32 array (C, W)
        Positions of the arcs used; -1 after the last. A chain has one arc fewer than members.
    weight : float64 array (C,)
        Σ priority·gain · (1 - q)^arcs.
    """

    members: IntArray
    arcs: IntArray
    weight: FloatArray

    def __len__(self) -> int:
        return len(self.weight)

    @cached_property
    def people(self) -> IntArray:
        """How many take a place in each, int64 (C,): the arcs."""
        found: IntArray = (self.arcs >= 0).sum(axis=1)
        return found

    @cached_property
    def chain(self) -> BoolArray:
        """Which are chains, bool (C,)."""
        found: BoolArray = (self.members >= 0).sum(axis=1) > self.people
        return found

    def take(self, rows: IntArray) -> Exchanges:
        """Return some of them, in the order given."""
        return Exchanges(self.members[rows], self.arcs[rows], self.weight[rows])

    def one(self, row: int) -> Exchange:
        """Return one as an exchange."""
        members, arcs = (line[line >= 0].astype(np.int64) for line in (self.members[row], self.arcs[row]))
        return Exchange(members, arcs, len(members) > len(arcs), float(self.weight[row]))


@dataclass(frozen=True)
class _Neighbours:
    """Arcs of each vertex, outward or inward: vertex v has those at `arcs[start[v]:start[v + 1]]`."""

    start: IntArray
    arcs: IntArray
    ends: IntArray


def _neighbours(graph: SwapGraph, inward: bool) -> _Neighbours:
    near, far = (graph.target, graph.source) if inward else (graph.source, graph.target)
    arcs = np.lexsort((far, near)).astype(np.int32)
    start = np.searchsorted(near[arcs], np.arange(graph.vertices + 1))
    return _Neighbours(start, arcs, far[arcs])


def _grown(paths: IntArray, last: int, around: _Neighbours) -> Iterator[tuple[IntArray, IntArray, IntArray]]:
    """Extend paths by each arc of their vertex in column `last`: rows of `paths`, arcs, vertices; piece by piece."""
    tips = paths[:, last]
    counts = around.start[tips + 1] - around.start[tips]
    total = np.cumsum(counts)
    cuts = np.searchsorted(total, np.arange(_STEP, (total[-1] if len(total) else 0) + _STEP, _STEP))
    begin = 0
    for cut in cuts.tolist():
        end = min(cut + 1, len(paths))
        if end <= begin:
            continue
        rows = np.repeat(np.arange(begin, end), counts[begin:end])
        offset = np.arange(len(rows)) - np.repeat(np.cumsum(counts[begin:end]) - counts[begin:end], counts[begin:end])
        at = around.start[tips[rows]] + offset
        yield rows, around.arcs[at], around.ends[at]
        begin = end


def _longer(
    paths: IntArray, used: IntArray, around: _Neighbours, above_first: bool, most: int
) -> tuple[IntArray, IntArray]:
    """Paths that are one arc longer and visit nobody twice; with `above_first` only over higher labels."""
    found_paths = [np.zeros((0, paths.shape[1] + 1), np.int32)]
    found_used = [np.zeros((0, used.shape[1] + 1), np.int32)]
    count = 0
    for rows, arcs, ends in _grown(paths, paths.shape[1] - 1, around):
        before = paths[rows]
        keep = (before != ends[:, None]).all(axis=1)
        if above_first:
            keep &= ends > before[:, 0]
        found_paths.append(np.column_stack((before[keep], ends[keep])))
        found_used.append(np.column_stack((used[rows[keep]], arcs[keep])))
        count = _within(count + len(found_paths[-1]), most)
    return np.concatenate(found_paths), np.concatenate(found_used)


def _within(count: int, most: int) -> int:
    if count > most:
        raise TooManyError(
            _(
                "the pool has more than {most} cycles and chains, or paths on the way to them; allow shorter ones, or "
                "ask for a higher least gain",
                most=most,
            )
        )
    return count


def _closed(graph: SwapGraph, paths: IntArray, used: IntArray) -> tuple[IntArray, IntArray]:
    """Keep the paths whose last vertex has an arc to the first, with that arc added."""
    keys = graph.source.astype(np.int64) * graph.vertices + graph.target
    wanted = paths[:, -1].astype(np.int64) * graph.vertices + paths[:, 0]
    at = np.minimum(np.searchsorted(keys, wanted), max(len(keys) - 1, 0))
    there = keys[at] == wanted if len(keys) else np.zeros(len(wanted), np.bool_)
    return paths[there], np.column_stack((used[there], at[there])).astype(np.int32)


def cycles_and_chains(
    graph: SwapGraph, longest_cycle: int = 3, longest_chain: int = 3, decline: float = 0.1, most: int = 4_000_000
) -> Exchanges:
    """Return every cycle of 2 to `longest_cycle` members and every chain of 1 to `longest_chain` arcs (domain.md D2).

    A cycle starts with its member of lowest label, so that it is found once. Shorter ones come first.

    Parameters
    ----------
    longest_cycle, longest_chain : int
        Below 2 and below 1 there are none.
    decline : float
        q, in [0, 1): how likely each member is to decline.
    most : int
        How many exchanges, and paths on the way to them, are looked at.

    Raises
    ------
    TooManyError
        Where there are more.
    """
    width = max(longest_cycle, longest_chain + 1, 2)
    paths: IntArray = np.column_stack((graph.source, graph.target)).astype(np.int32)
    used: IntArray = np.arange(len(graph), dtype=np.int32)[:, None]
    found: list[tuple[IntArray, IntArray]] = []
    around = _neighbours(graph, inward=False)
    rising: IntArray
    along: IntArray
    rising, along = paths[graph.target > graph.source], used[graph.target > graph.source]
    for length in range(2, longest_cycle + 1):
        if length > 2:
            rising, along = _longer(rising, along, around, True, most)
        found.append(_closed(graph, rising, along))
    into = graph.starter[graph.target] if len(graph) else np.zeros(0, np.bool_)
    backward, along = paths[into][:, ::-1], used[into]
    around = _neighbours(graph, inward=True)
    for length in range(1, longest_chain + 1):
        if length > 1:
            backward, along = _longer(backward, along, around, False, most)
        found.append((backward[:, ::-1], along[:, ::-1]))
    _within(sum(len(members) for members, _arcs in found), most)
    members = np.concatenate([np.zeros((0, width), np.int32), *(_padded(part, width) for part, _ in found)])
    arcs = np.concatenate([np.zeros((0, width), np.int32), *(_padded(part, width) for _, part in found)])
    return Exchanges(members, arcs, weights(graph, arcs, decline))


def _padded(rows: IntArray, width: int) -> IntArray:
    out = np.full((len(rows), width), -1, np.int32)
    out[:, : rows.shape[1]] = rows
    return out


def weights(graph: SwapGraph, arcs: IntArray, decline: float) -> FloatArray:
    """Return Σ priority·gain · (1 - q)^arcs of each row of arcs (domain.md D2, GN11)."""
    worth = np.append(graph.priority[graph.source] * graph.gain, 0.0)
    out: FloatArray = worth[arcs].sum(axis=1) * (1.0 - decline) ** (arcs >= 0).sum(axis=1)
    return out
