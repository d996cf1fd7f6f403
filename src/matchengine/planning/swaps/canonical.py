"""Part of a graph under other labels: the order of the lottery, or only the vertices that are free (domain.md D4)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from matchengine.batch import BoolArray, IntArray
from matchengine.planning.swaps.problem import Exchange, SwapGraph

__all__ = ["Part", "by_lottery", "part_of"]


@dataclass(frozen=True)
class Part:
    """A graph made of some vertices and arcs of another, and where they stand there.

    Attributes
    ----------
    graph : SwapGraph
    vertices, arcs : int64 arrays
        Position in the other graph of each vertex and each arc of this one.
    """

    graph: SwapGraph
    vertices: IntArray
    arcs: IntArray

    def back(self, exchange: Exchange) -> Exchange:
        """Return the same exchange with the positions of the other graph."""
        members, arcs = self.vertices[exchange.members], self.arcs[exchange.arcs]
        return Exchange(members, arcs, exchange.chain, exchange.weight)


def part_of(graph: SwapGraph, vertices: IntArray, arcs: BoolArray | None = None) -> Part:
    """Return the graph of some vertices, labelled in the order given, and of the arcs among them.

    Parameters
    ----------
    vertices : int array (K,)
        Different vertices; the first becomes vertex 0.
    arcs : bool array (E,) or None
        Arcs that may stay; None for all.
    """
    label = np.full(graph.vertices, -1, np.int64)
    label[vertices] = np.arange(len(vertices))
    source, target = label[graph.source], label[graph.target]
    keep = (source >= 0) & (target >= 0)
    if arcs is not None:
        keep &= arcs
    kept = np.flatnonzero(keep)
    kept = kept[np.lexsort((target[kept], source[kept]))]
    made = SwapGraph(
        vertices=len(vertices),
        source=source[kept].astype(np.int32),
        target=target[kept].astype(np.int32),
        gain=np.asarray(graph.gain, np.float64)[kept],
        starter=graph.starter[vertices],
        priority=np.asarray(graph.priority, np.float64)[vertices],
        lottery=graph.lottery[vertices],
    )
    return Part(made, np.asarray(vertices, np.int64), kept)


def by_lottery(graph: SwapGraph, arcs: BoolArray | None = None) -> Part:
    """Return the graph with its vertices in the order of their lottery numbers.

    Whatever is computed on it depends on the lottery alone, not on the order in which people stand in the data.
    """
    return part_of(graph, np.argsort(graph.lottery, kind="stable"), arcs)
