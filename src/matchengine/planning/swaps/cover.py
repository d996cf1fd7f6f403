"""Exchanges of any length: an assignment of people to places (domain.md D2; Abraham, Blum and Sandholm 2007)."""

from __future__ import annotations

import numpy as np

from matchengine.batch import IntArray
from matchengine.planning.swaps.problem import Exchange, SwapGraph

__all__ = ["cover"]


def cover(graph: SwapGraph) -> list[Exchange]:
    """Return the exchanges of highest Σ priority·gain, without a limit of length and without discount.

    Everybody but the starters gets one place, perhaps their own; the places of starters may stay free. What is
    assigned falls apart into cycles and into chains that end with a starter. Exact, in polynomial time.
    """
    from scipy import sparse
    from scipy.sparse.csgraph import min_weight_full_bipartite_matching

    takers = np.flatnonzero(~graph.starter)
    if not len(graph) or not len(takers):
        return []
    label = np.full(graph.vertices, -1)
    label[takers] = np.arange(len(takers))
    worth = graph.priority[graph.source] * graph.gain
    row = np.concatenate((label[graph.source], np.arange(len(takers))))
    column = np.concatenate((graph.target, takers))
    value = np.concatenate((1.0 + worth, np.ones(len(takers))))
    places = sparse.csr_array((value, (row, column)), shape=(len(takers), graph.vertices))
    rows, columns = min_weight_full_bipartite_matching(places, maximize=True)
    follows = np.full(graph.vertices, -1, np.int64)
    follows[takers[rows]] = columns
    follows[follows == np.arange(graph.vertices)] = -1
    return _apart(graph, follows)


def _apart(graph: SwapGraph, follows: IntArray) -> list[Exchange]:
    """Cut the assignment into cycles and chains; `follows` int64 (V,) is -1 for whoever takes no place."""
    keys = graph.source.astype(np.int64) * graph.vertices + graph.target
    taken = np.zeros(graph.vertices, np.bool_)
    taken[follows[follows >= 0]] = True
    seen = np.zeros(graph.vertices, np.bool_)
    out = []
    heads = np.flatnonzero((follows >= 0) & ~taken).tolist()
    for first in [*heads, *np.flatnonzero(follows >= 0).tolist()]:
        if seen[first]:
            continue
        members = []
        vertex = first
        while vertex >= 0 and not seen[vertex]:
            seen[vertex] = True
            members.append(vertex)
            vertex = int(follows[vertex])
        line = np.array(members, np.int64)
        chain = vertex < 0
        ends = line[1:] if chain else np.roll(line, -1)
        arcs = np.searchsorted(keys, line[: len(ends)] * graph.vertices + ends)
        weight = float((graph.priority[graph.source[arcs]] * graph.gain[arcs]).sum())
        out.append(Exchange(line, arcs, chain, weight))
    return out
