"""The solver of exchanges as a round of swaps asks it: one place for what `planning.swaps` offers."""

from __future__ import annotations

import numpy as np

from matchengine.batch import IntArray
from matchengine.plan_config import SwapsConfig
from matchengine.planning.swaps.alternatives import next_best
from matchengine.planning.swaps.blocking import blocking_cycles
from matchengine.planning.swaps.enumerate import TooManyError
from matchengine.planning.swaps.problem import Exchange, SwapGraph, SwapPlan
from matchengine.planning.swaps.solve import plan_swaps
from matchengine.planning.swaps.ttc import top_trading_cycles

__all__ = ["alternatives_of", "blocking", "solve", "trade"]


def solve(graph: SwapGraph, config: SwapsConfig) -> SwapPlan:
    """Choose exchanges as a round asks for them."""
    if config.objective == "ttc":
        raise AssertionError  # rankings are traded, see `trade`
    return plan_swaps(
        graph,
        objective=config.objective,
        longest_cycle=config.longest_cycle,
        longest_chain=config.longest_chain,
        decline=config.decline,
        forbid_blocking=config.forbid_blocking,
        seconds=config.time_limit,
    )


def alternatives_of(graph: SwapGraph, plan: SwapPlan, config: SwapsConfig) -> tuple[Exchange | None, ...]:
    """Return for every slot the next best exchange with it; none where the pool is too large to look at all of them."""
    try:
        found = next_best(graph, plan, config.longest_cycle, config.longest_chain, config.decline)
    except TooManyError:
        found = {}
    return tuple(found.get(vertex) for vertex in range(graph.vertices))


def blocking(graph: SwapGraph, plan: SwapPlan, config: SwapsConfig) -> tuple[Exchange, ...] | None:
    """Return the blocking cycles of a plan; None where the pool is too large to look at all cycles."""
    try:
        return tuple(blocking_cycles(graph, plan.exchanges, config.longest_cycle, config.decline))
    except TooManyError:
        return None


def trade(graph: SwapGraph, rank: IntArray, decline: float) -> SwapPlan:
    """Trade places by top trading cycles over the mentees' rankings; the value counts people, and has no bound.

    Places of one mentor are alike to whoever ranks them: the lottery orders them. Starters own nothing that anybody
    could take in return, so they take no part (domain.md D3).
    """
    order = np.lexsort((graph.lottery[graph.target], rank, graph.source))
    order = order[~graph.starter[graph.target[order]]]
    start = np.searchsorted(graph.source[order], np.arange(graph.vertices + 1)).tolist()
    wanted = [graph.target[order[start[v] : start[v + 1]]].astype(np.int64) for v in range(graph.vertices)]
    arc = {(int(graph.source[n]), int(graph.target[n])): int(n) for n in order}
    exchanges = []
    for cycle in top_trading_cycles(wanted, graph.lottery):
        if len(cycle) < 2:
            continue
        arcs = np.array([arc[int(a), int(b)] for a, b in zip(cycle, np.roll(cycle, -1), strict=True)], np.int64)
        weight = float((graph.priority[graph.source[arcs]] * graph.gain[arcs]).sum() * (1 - decline) ** len(arcs))
        exchanges.append(Exchange(np.asarray(cycle, np.int64), arcs, False, weight))
    people = float(sum(len(each.members) for each in exchanges))
    return SwapPlan(tuple(exchanges), "ttc", people, float("nan"), proven=False)
