"""Blocking cycles: everybody in them would gain strictly more than in a plan (domain.md D3)."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from matchengine.batch import FloatArray, IntArray
from matchengine.planning.swaps.canonical import part_of
from matchengine.planning.swaps.enumerate import Exchanges, cycles_and_chains
from matchengine.planning.swaps.exact import Row
from matchengine.planning.swaps.problem import Exchange, SwapGraph

__all__ = ["blocking_cycles", "gains_of", "stability_rows"]


def gains_of(graph: SwapGraph, exchanges: Iterable[Exchange]) -> FloatArray:
    """Return what each vertex gains in a plan, float64 (V,): 0 for whoever keeps their place, and for a starter."""
    out = np.zeros(graph.vertices)
    for exchange in exchanges:
        out[graph.source[exchange.arcs]] = graph.gain[exchange.arcs]
    return out


def blocking_cycles(
    graph: SwapGraph, exchanges: Iterable[Exchange], longest_cycle: int = 3, decline: float = 0.1
) -> list[Exchange]:
    """Return every cycle of at most `longest_cycle` members in which each would gain strictly more than in the plan.

    Looks at the graph and the plan alone, whoever made it: keeps the arcs that would be better for whose they are, and
    lists the cycles of what is left. Heaviest first, ties by lottery. Chains are not reported: a starter gains nothing.
    """
    order = np.argsort(graph.lottery, kind="stable")
    better = graph.gain > gains_of(graph, exchanges)[graph.source]
    part = part_of(graph, order, better)
    found = cycles_and_chains(part.graph, longest_cycle, 0, decline)
    rows = np.lexsort((*found.members.T[::-1], -found.weight))
    return [part.back(found.one(row)) for row in rows.tolist()]


def stability_rows(graph: SwapGraph, found: Exchanges, cycles: IntArray) -> list[Row]:
    """Return the demands that keep some cycles from blocking (Klimentova et al. 2020).

    A cycle does not block if some member gains at least as much in the plan: of all exchanges that have a member of the
    cycle whose gain there is at least as high, the cycle itself among them, one is chosen.
    """
    gain = np.append(graph.gain, np.nan)[found.arcs]
    row, column = np.nonzero(found.arcs >= 0)
    vertex, worth = found.members[row, column], gain[row, column]
    order = np.lexsort((-worth, vertex))
    start = np.searchsorted(vertex[order], np.arange(graph.vertices + 1))
    out = []
    for cycle in cycles.tolist():
        enough: list[IntArray] = []
        for member, need in zip(found.members[cycle].tolist(), gain[cycle].tolist(), strict=True):
            if member >= 0:
                mine = order[start[member] : start[member + 1]]
                enough.append(row[mine[worth[mine] >= need]])
        exchanges = np.unique(np.concatenate(enough))
        out.append(Row(exchanges, np.ones(len(exchanges)), 1.0))
    return out
