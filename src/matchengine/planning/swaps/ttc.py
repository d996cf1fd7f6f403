"""Top trading cycles, for people who rank places themselves (domain.md D3).

Shapley and Scarf 1974; Roth and Postlewaite 1977: the unique core allocation. Roth 1982: nobody gains by a false
ranking. Cycles have no limit of length, and mentors have a say only by what is acceptable.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from matchengine.batch import IntArray
from matchengine.errors import DataError
from matchengine.i18n import _
from matchengine.planning.swaps.problem import SwapGraph

__all__ = ["ranked_by_gain", "top_trading_cycles"]


def top_trading_cycles(rankings: Sequence[IntArray], lottery: NDArray[np.uint64]) -> list[IntArray]:
    """Return the cycles in which people trade places, each member takes the place of the next.

    Everybody owns their place and points at the best place that is still there; whoever stands on a cycle trades and
    leaves. Whoever wants nothing that is left keeps their own.

    Parameters
    ----------
    rankings : sequence of int arrays
        For each vertex the acceptable places, the best first; its own, if named, ends the list.
    lottery : uint64 array (V,)
        Orders the cycles and what each begins with; the trades do not depend on it.

    Raises
    ------
    DataError
        When a ranking names a place twice or one that does not exist.
    """
    count = len(rankings)
    lists = [_checked(np.asarray(ranking, np.int64), vertex, count) for vertex, ranking in enumerate(rankings)]
    at = [0] * count
    there = [True] * count
    cycles: list[list[int]] = []
    for begin in np.argsort(lottery, kind="stable").tolist():
        path: list[int] = []
        place: dict[int, int] = {}
        vertex = begin
        while there[begin]:
            if vertex in place:
                cycle = path[place[vertex] :]
                del path[place[vertex] :]
                for member in cycle:
                    there[member] = False
                    del place[member]
                cycles.append(cycle)
                vertex = path.pop() if path else begin
                place.pop(vertex, None)
                continue
            place[vertex] = len(path)
            path.append(vertex)
            while not there[lists[vertex][at[vertex]]]:
                at[vertex] += 1
            vertex = lists[vertex][at[vertex]]
    return _in_order([cycle for cycle in cycles if len(cycle) > 1], lottery)


def _checked(ranking: IntArray, vertex: int, count: int) -> list[int]:
    """The ranking up to the own place, which always stands last."""
    if len(ranking) and (ranking.min() < 0 or ranking.max() >= count):
        raise DataError(_("ranking {n} names a place that does not exist; there are {count}", n=vertex, count=count))
    if len(np.unique(ranking)) < len(ranking):
        raise DataError(_("ranking {n} names a place twice; name each once", n=vertex))
    wanted: list[int] = ranking.tolist()
    return [*(wanted[: wanted.index(vertex)] if vertex in wanted else wanted), vertex]


def _in_order(cycles: list[list[int]], lottery: NDArray[np.uint64]) -> list[IntArray]:
    out = []
    for cycle in cycles:
        line = np.array(cycle, np.int64)
        out.append(np.roll(line, -int(np.argmin(lottery[line]))))
    return sorted(out, key=lambda line: int(lottery[line[0]]))


def ranked_by_gain(graph: SwapGraph) -> list[IntArray]:
    """Return a ranking for each vertex out of the gains: the highest first, equal ones by the lottery of the place."""
    order = np.lexsort((graph.lottery[graph.target], -graph.gain, graph.source))
    start = np.searchsorted(graph.source[order], np.arange(graph.vertices + 1)).tolist()
    return [graph.target[order[start[v] : start[v + 1]]].astype(np.int64) for v in range(graph.vertices)]
