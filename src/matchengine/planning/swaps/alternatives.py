"""What a coordinator asks about an exchange: who gains least, how likely it comes about, what else there is (D4)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from matchengine.planning.swaps.canonical import by_lottery
from matchengine.planning.swaps.enumerate import cycles_and_chains
from matchengine.planning.swaps.problem import Exchange, SwapGraph, SwapPlan

__all__ = ["Outlook", "completion", "next_best", "outlooks", "weakest"]


@dataclass(frozen=True)
class Outlook:
    """About one exchange of a plan.

    Attributes
    ----------
    weakest : int
        The member who gains least; equal ones by lottery.
    weakest_gain : float
    completion : float
        (1 - q)^arcs: how likely it is that nobody declines.
    next_best : mapping of int to Exchange or None
        For each member the heaviest other cycle or chain with them, whoever else it would take out of the plan.
    """

    exchange: Exchange
    weakest: int
    weakest_gain: float
    completion: float
    next_best: Mapping[int, Exchange | None]


def weakest(graph: SwapGraph, exchange: Exchange) -> int:
    """Return the member who gains least, equal ones by lottery; a starter gains nothing and does not count."""
    takers, gain = graph.source[exchange.arcs], graph.gain[exchange.arcs]
    return int(takers[np.lexsort((graph.lottery[takers], gain))[0]])


def completion(exchange: Exchange, decline: float = 0.1) -> float:
    """Return (1 - q)^arcs, how likely it is that nobody declines."""
    return float((1.0 - decline) ** len(exchange.arcs))


def next_best(
    graph: SwapGraph, plan: SwapPlan, longest_cycle: int = 3, longest_chain: int = 3, decline: float = 0.1
) -> dict[int, Exchange]:
    """Return for each vertex the heaviest cycle or chain with it that is not in the plan; equal ones by lottery.

    Vertices without any are left out. Works for those whom the plan leaves out, too.
    """
    part = by_lottery(graph)
    found = cycles_and_chains(part.graph, longest_cycle, longest_chain, decline)
    label = np.empty(graph.vertices, np.int64)
    label[part.vertices] = np.arange(graph.vertices)
    taken = {tuple(label[exchange.members].tolist()) for exchange in plan.exchanges}
    order = np.lexsort((*found.members.T[::-1], -found.weight))
    lines = found.members[order]
    fresh = np.ones(len(order), np.bool_)
    planned = np.zeros(graph.vertices + 1, np.bool_)
    for members in taken:
        planned[list(members)] = True
    for place in np.flatnonzero((planned[lines] | (lines < 0)).all(axis=1)).tolist():
        fresh[place] = tuple(int(v) for v in lines[place] if v >= 0) not in taken
    chosen = np.flatnonzero(fresh)
    first = np.full(graph.vertices + 1, len(order))
    np.minimum.at(first, lines[chosen], np.broadcast_to(chosen[:, None], lines[chosen].shape))
    return {
        int(part.vertices[vertex]): part.back(found.one(int(order[place])))
        for vertex, place in enumerate(first[:-1].tolist())
        if place < len(order)
    }


def outlooks(
    graph: SwapGraph, plan: SwapPlan, longest_cycle: int = 3, longest_chain: int = 3, decline: float = 0.1
) -> list[Outlook]:
    """Return what there is to say about each exchange of a plan, in its order."""
    others = next_best(graph, plan, longest_cycle, longest_chain, decline)
    out = []
    for exchange in plan.exchanges:
        least = weakest(graph, exchange)
        gain = float(graph.gain[exchange.arcs[graph.source[exchange.arcs] == least]][0])
        options = {int(member): others.get(int(member)) for member in exchange.members}
        out.append(Outlook(exchange, least, gain, completion(exchange, decline), options))
    return out
