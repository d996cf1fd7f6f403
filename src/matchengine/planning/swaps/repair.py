"""After somebody declined: only their exchange is planned anew (domain.md D4)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import numpy as np

from matchengine.planning.swaps.canonical import part_of
from matchengine.planning.swaps.problem import Exchange, SwapGraph, SwapPlan
from matchengine.planning.swaps.solve import plan_swaps

__all__ = ["Repair", "resolve"]


@dataclass(frozen=True)
class Repair:
    """A plan after declines: what stayed, what fell apart, what is new; `plan` holds what stayed and what is new.

    Value and bound of the plan hold for plans that keep what stayed.
    """

    plan: SwapPlan
    kept: tuple[Exchange, ...]
    dissolved: tuple[Exchange, ...]
    added: tuple[Exchange, ...]


def resolve(
    graph: SwapGraph,
    plan: SwapPlan,
    *,
    declined_vertices: Collection[int] = (),
    declined_arcs: Collection[int] = (),
    **settings: Any,
) -> Repair:
    """Plan anew for whoever a decline leaves without an exchange; exchanges without a decline stay as they are.

    Parameters
    ----------
    graph : SwapGraph
        The graph of the plan. It stays the graph of the new plan: positions of arcs keep their meaning.
    declined_vertices : collection of int
        Relationships that swap no more, or starters that take nobody.
    declined_arcs : collection of int
        Positions of arcs that were declined; their people may swap otherwise.
    **settings
        As in `plan_swaps`; the objective is that of the plan unless another is given.
    """
    allowed = np.ones(len(graph), np.bool_)
    allowed[np.array(sorted(declined_arcs), np.int64)] = False
    out = np.zeros(graph.vertices, np.bool_)
    out[np.array(sorted(declined_vertices), np.int64)] = True
    fine = [bool(allowed[e.arcs].all() and not out[e.members].any()) for e in plan.exchanges]
    kept = tuple(exchange for exchange, stays in zip(plan.exchanges, fine, strict=True) if stays)
    dissolved = tuple(exchange for exchange, stays in zip(plan.exchanges, fine, strict=True) if not stays)
    for exchange in kept:
        out[exchange.members] = True
    part = part_of(graph, np.flatnonzero(~out), allowed)
    new = plan_swaps(part.graph, **{"objective": plan.objective, **settings})
    added = tuple(part.back(exchange) for exchange in new.exchanges)
    if new.objective == "max_weight":
        before = sum(exchange.weight for exchange in kept)
    else:
        before = float(sum(len(exchange.arcs) for exchange in kept))
    order = sorted((*kept, *added), key=lambda e: (-e.weight, graph.lottery[e.members].tolist()))
    made = SwapPlan(
        tuple(order), new.objective, before + new.value, before + new.bound, new.proven, new.finished, new.steps
    )
    return Repair(made, kept, dissolved, added)
