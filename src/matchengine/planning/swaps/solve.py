"""Plan swaps: exact where the pool is small, by prices and neighbourhoods where it is large (domain.md D2)."""

from __future__ import annotations

import numpy as np

from matchengine.assignment import InfeasibleError
from matchengine.batch import IntArray
from matchengine.errors import DataError, did_you_mean
from matchengine.i18n import _
from matchengine.planning.swaps.blocking import stability_rows
from matchengine.planning.swaps.canonical import Part, by_lottery
from matchengine.planning.swaps.cover import cover
from matchengine.planning.swaps.enumerate import Exchanges, cycles_and_chains
from matchengine.planning.swaps.exact import Row, pack
from matchengine.planning.swaps.limits import Clock, Work
from matchengine.planning.swaps.objectives import OBJECTIVES, Objective, values_of
from matchengine.planning.swaps.problem import Exchange, SwapGraph, SwapPlan
from matchengine.planning.swaps.search import Found, best, fits_exactly, leximin

__all__ = ["plan_swaps"]


def plan_swaps(
    graph: SwapGraph,
    *,
    objective: Objective = "max_weight",
    longest_cycle: int | None = 3,
    longest_chain: int = 3,
    decline: float = 0.10,
    forbid_blocking: bool = False,
    work: Work | None = None,
    seconds: float | None = None,
) -> SwapPlan:
    """Choose exchanges that share no vertex (domain.md D2).

    The plan depends on the lottery numbers, not on the order of vertices and arcs. For `max_weight` value and bound are
    weights; for the other objectives they count the people who take another place.

    Parameters
    ----------
    objective : str
        See `objectives`.
    longest_cycle : int or None
        Members of the longest cycle, below 2 for none. None for cycles and chains of any length: then `decline` has to
        be 0 and the objective `max_weight`, and the plan is exact.
    longest_chain : int
        Arcs of the longest chain, 0 for none.
    decline : float
        q, in [0, 1): how likely each member is to decline.
    forbid_blocking : bool
        Only plans without a blocking cycle; for pools that are solved exactly.
    work : Work or None
        Limits as counts of steps.
    seconds : float or None
        A clock besides; if it strikes, `finished` is False.

    Raises
    ------
    DataError
        For a setting out of range, a pool with too many exchanges, or `forbid_blocking` where that cannot be solved.
    InfeasibleError
        When every plan has a blocking cycle.
    """
    work = work or Work()
    _check(objective, longest_cycle, decline, forbid_blocking)
    clock = Clock(seconds)
    part = by_lottery(graph)
    if longest_cycle is None:
        return _any_length(part)
    found = cycles_and_chains(part.graph, longest_cycle, longest_chain, decline, work.exchanges)
    if forbid_blocking:
        made = _stable(part.graph, found, objective, work, clock)
    else:
        made = best(found, values_of(part.graph, found, objective), part.graph.vertices, work, clock)
        if objective == "leximin_gain":
            if fits_exactly(found, work):
                made = leximin(part.graph, found, made, (), work, clock)
            else:
                made.proven = not len(found)
    return _plan(part, found, made, objective, not clock.struck)


def _check(objective: str, longest_cycle: int | None, decline: float, forbid_blocking: bool) -> None:
    if objective not in OBJECTIVES:
        raise DataError(
            _("no objective {name!r} for swaps; {hint}", name=objective, hint=did_you_mean(objective, OBJECTIVES))
        )
    if not 0 <= decline < 1:
        raise DataError(_("decline is {value}, expected at least 0 and below 1", value=decline))
    if longest_cycle is None and (decline > 0 or objective != "max_weight" or forbid_blocking):
        raise DataError(
            _("cycles of any length need decline = 0, objective max_weight and no forbid_blocking; limit the length")
        )


def _any_length(part: Part) -> SwapPlan:
    exchanges = _ordered([_turned(exchange) for exchange in cover(part.graph)])
    value = sum(exchange.weight for exchange in exchanges)
    return SwapPlan(tuple(part.back(exchange) for exchange in exchanges), "max_weight", value, value, proven=True)


def _turned(exchange: Exchange) -> Exchange:
    """Begin a cycle with its member of lowest label."""
    if exchange.chain:
        return exchange
    turn = -int(np.argmin(exchange.members))
    return Exchange(np.roll(exchange.members, turn), np.roll(exchange.arcs, turn), False, exchange.weight)


def _ordered(exchanges: list[Exchange]) -> list[Exchange]:
    return sorted(exchanges, key=lambda exchange: (-exchange.weight, exchange.members.tolist()))


def _plan(part: Part, found: Exchanges, made: Found, objective: Objective, finished: bool) -> SwapPlan:
    value, bound = float(found.weight[made.chosen].sum()), made.bound
    if objective != "max_weight":
        value = float(found.people[made.chosen].sum())
        bound = max(float(np.floor(bound + 1e-6)), value)
    exchanges = _ordered([found.one(row) for row in made.chosen.tolist()])
    back = tuple(part.back(exchange) for exchange in exchanges)
    return SwapPlan(back, objective, value, max(bound, value), made.proven, finished, dict(made.steps))


def _stable(graph: SwapGraph, found: Exchanges, objective: Objective, work: Work, clock: Clock) -> Found:
    """Solve with demands that keep cycles from blocking, added as cycles turn out to block."""
    if not fits_exactly(found, work):
        raise DataError(_("the pool is too large to forbid blocking cycles; they can be listed instead"))
    cycles = np.flatnonzero(~found.chain)
    if objective == "leximin_gain":
        rows = tuple(stability_rows(graph, found, cycles))
        start = Found(np.zeros(0, np.int64), float(graph.vertices), False, {"exchanges": len(found)})
        return (
            _possible(leximin(graph, found, start, rows, work, clock), clock)
            if rows
            else best(found, found.weight, graph.vertices, work, clock)
        )
    values, demands, nodes = values_of(graph, found, objective), list[Row](), 0
    while True:
        step = pack(found.members, values, graph.vertices, demands, max(work.nodes - nodes, 1), clock.left)
        clock.over()
        nodes += step.nodes
        steps = {"exchanges": len(found), "nodes": nodes, "demands": len(demands)}
        made = _possible(Found(np.zeros(0, np.int64), -np.inf, True), clock) if step.impossible else None
        if made is None and step.chosen is None:
            raise DataError(_("no plan without blocking cycles was found within the limits; list them instead"))
        chosen = np.sort(step.chosen) if step.chosen is not None else np.zeros(0, np.int64)
        blocking = _blocking(graph, found, cycles, chosen)
        if not len(blocking):
            return Found(chosen, step.bound, step.proven, steps)
        if nodes >= work.nodes or clock.struck:
            raise DataError(_("no plan without blocking cycles was found within the limits; list them instead"))
        demands += stability_rows(graph, found, blocking)


def _possible(made: Found, clock: Clock) -> Found:
    if np.isneginf(made.bound):
        raise InfeasibleError(_("every plan of swaps has a blocking cycle; allow them, or allow longer cycles"))
    return made


def _blocking(graph: SwapGraph, found: Exchanges, cycles: IntArray, chosen: IntArray) -> IntArray:
    """Which of the cycles block a choice."""
    gain = np.append(graph.gain, np.inf)
    now = np.zeros(graph.vertices + 1)
    arcs = found.arcs[chosen]
    now[graph.source[arcs[arcs >= 0]]] = graph.gain[arcs[arcs >= 0]]
    now[-1] = -np.inf
    better = gain[found.arcs[cycles]] > now[found.members[cycles]]
    blocking: IntArray = cycles[better.all(axis=1)]
    return blocking
