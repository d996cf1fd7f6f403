"""The assigner `max_weight_ortools`: the same choice as `max_weight`, by OR-tools' minimum-cost flow."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from matchengine.assignment import Assignment, AssignmentProblem
from matchengine.batch import IntArray
from matchengine.components import ComponentSpec, assigner, specs_in
from matchengine.errors import MissingExtraError, PluginError
from matchengine.hookspecs import hookimpl
from matchengine.i18n import _
from matchengine.planning.assign.max_weight import max_weight
from matchengine.planning.assign.ties import drawn

try:
    from ortools.graph.python import min_cost_flow
except ImportError as error:
    raise MissingExtraError("flow", _("the assigner 'max_weight_ortools'")) from error

__all__ = ["max_weight_ortools"]

UNIT = 10_000_000_000
"""The flow counts in whole numbers, so many for a score of 1: the lottery's draw still counts."""


@assigner(
    "max_weight_ortools",
    title="Greatest sum of scores, for very large programmes",
    guarantee="No other assignment within the places has a greater sum; some people may be left out for it.",
)
def max_weight_ortools(problem: AssignmentProblem) -> Assignment:
    """Choose the pairs with the greatest sum of joint values by a minimum-cost flow; the lottery decides ties.

    Lower bounds, must pairs, exclusions and quotas go to `max_weight`, which chooses the same pairs more slowly.

    Raises
    ------
    InfeasibleError
        Where nothing meets every demand.
    PluginError
        Where OR-tools ends without an answer.
    """
    if not problem.simple or not len(problem):
        return max_weight(problem)
    chosen = np.flatnonzero(_flows(problem))
    total = float(problem.joint[chosen].sum())
    return Assignment(chosen, total, total)


def _flows(problem: AssignmentProblem) -> IntArray:
    """Return 1 for each pair that is chosen, else 0, int64 (A,)."""
    requesters, pairs = problem.requesters, len(problem)
    sink = requesters + problem.candidates
    most = np.minimum(problem.requester_most, np.bincount(problem.requester, minlength=requesters))
    cost = -np.round(UNIT * (problem.joint + drawn(problem))).astype(np.int64)
    flow = min_cost_flow.SimpleMinCostFlow()
    arcs = flow.add_arcs_with_capacity_and_unit_cost(
        np.concatenate([problem.requester, np.arange(sink)]).astype(np.int32),
        np.concatenate([requesters + problem.candidate, np.full(sink, sink)]).astype(np.int32),
        np.concatenate([np.ones(pairs, np.int64), most, problem.candidate_most]),
        np.concatenate([cost, np.zeros(sink, np.int64)]),
    )
    supply = np.concatenate([most, np.zeros(problem.candidates, np.int64), [-int(most.sum())]])
    flow.set_nodes_supplies(np.arange(sink + 1, dtype=np.int32), supply)
    status = flow.solve()
    if status != flow.OPTIMAL:
        raise PluginError(
            _("assigner 'max_weight_ortools': OR-tools ended with status {status}; use max_weight", status=status.name)
        )
    found: IntArray = flow.flows(arcs[:pairs])
    return found


@hookimpl
def matchengine_components() -> Iterable[ComponentSpec]:
    """Offer the assigner `max_weight_ortools`."""
    return list(specs_in(max_weight_ortools))
