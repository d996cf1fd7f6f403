"""The assignment with the greatest sum of scores (domain.md E, mode `max_weight`)."""

from __future__ import annotations

import numpy as np

from matchengine.assignment import Assignment, AssignmentProblem
from matchengine.batch import BoolArray, IntArray
from matchengine.components import assigner
from matchengine.planning.assign.conflict import infeasible
from matchengine.planning.assign.flow import Network, heaviest, network_of
from matchengine.planning.assign.program import NODES, solve
from matchengine.planning.assign.ties import drawn

__all__ = ["EXACT_UP_TO", "GAP", "flows", "max_weight", "meets_lower_bounds", "placed", "weighed"]

EXACT_UP_TO = 250_000
"""Up to so many pairs a flow is always solved exactly."""
GAP = 0.0005


@assigner(
    "max_weight",
    title="Greatest sum of scores",
    guarantee="No other assignment has a greater sum of scores, or none beyond the gap told; some may be left out.",
)
def max_weight(problem: AssignmentProblem, *, gap: float = GAP, nodes: int = NODES) -> Assignment:
    """Choose the pairs with the greatest sum of joint values; of several such choices the lottery takes one.

    A problem of places alone is a flow. Lower bounds are looked at only where the flow does not meet them by itself:
    then, and for quotas and exclusions, the whole programme is solved.

    Parameters
    ----------
    gap : float
        Share of the greatest sum that may be missing where there are more than `EXACT_UP_TO` pairs and places alone
        decide; how much may be missing is told. Fewer pairs are always solved exactly.
    nodes : int
        Nodes of branch and bound after which the best choice so far is taken, its gap told.

    Raises
    ------
    InfeasibleError
        Where nothing meets every demand, with demands that contradict each other.
    """
    value = problem.joint + drawn(problem)
    if flows(problem):
        network, at, within = placed(problem, gap)
        flow = heaviest(network, value[at], within)
        chosen = np.sort(np.concatenate([np.flatnonzero(problem.must), at[flow.chosen]]))
        if meets_lower_bounds(problem, chosen):
            return weighed(problem, chosen, flow.short)
    found = solve(problem, value, nodes=nodes)
    if found is None:
        raise infeasible(problem)
    return weighed(problem, found.chosen, found.bound - float(value[found.chosen].sum()))


def placed(problem: AssignmentProblem, gap: float, allowed: BoolArray | None = None) -> tuple[Network, IntArray, float]:
    """Return the flow of a problem, the positions of its pairs, and how far below the greatest sum it may end.

    That is nothing for up to `EXACT_UP_TO` pairs and for a full matrix; beyond, people stand in the lottery's order.
    """
    network, at = network_of(problem, allowed)
    if len(at) <= EXACT_UP_TO or network.dense or gap <= 0:
        return network, at, 0.0
    best = np.zeros(problem.requesters)
    np.maximum.at(best, problem.requester[at], problem.joint[at])
    return *network_of(problem, allowed, by_lot=True), gap * min(float(best.sum()), float(network.places.sum()))


def flows(problem: AssignmentProblem) -> bool:
    """Tell whether places decide, lower bounds apart: no quota, no exclusion, and must pairs that have their places."""
    asking, asked = problem.loads(np.flatnonzero(problem.must))
    placed = bool((asking <= problem.requester_most).all() and (asked <= problem.candidate_most).all())
    return placed and not problem.quotas and not len(problem.exclusive)


def meets_lower_bounds(problem: AssignmentProblem, chosen: IntArray) -> bool:
    """Tell whether everybody has as many pairs as they have to have."""
    asking, asked = problem.loads(chosen)
    return bool((asking >= problem.requester_least).all() and (asked >= problem.candidate_least).all())


def weighed(problem: AssignmentProblem, chosen: IntArray, short: float = 0.0) -> Assignment:
    """Return a result with its sum of joint values, and a bound that lies `short` above it at most."""
    total = float(problem.joint[chosen].sum())
    return Assignment(chosen.astype(np.int64), total, total + (short if short > 1e-6 else 0.0))
