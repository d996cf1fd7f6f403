"""Decide again with the least disruption: most people served, then most pairs kept, then what the method wants."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from matchengine.assignment import Assignment, AssignmentProblem, Quota
from matchengine.batch import BoolArray, FloatArray, IntArray
from matchengine.planning.assign.conflict import infeasible
from matchengine.planning.assign.flow import fullest
from matchengine.planning.assign.leximin import served
from matchengine.planning.assign.max_weight import GAP, flows, meets_lower_bounds, placed, weighed
from matchengine.planning.assign.program import NODES, solve
from matchengine.planning.assign.ties import drawn

__all__ = ["least_disruption"]


def least_disruption(
    problem: AssignmentProblem,
    before: IntArray,
    *,
    method: Callable[[AssignmentProblem], Assignment] | None = None,
    nodes: int = NODES,
) -> Assignment:
    """Return an assignment that serves most requesters, then keeps most of the pairs there were.

    Which pairs are kept, where there is a choice, is decided by the sum of joint values; `method` then decides the rest
    and moves none of them.

    Parameters
    ----------
    before : int64 array (K,)
        Positions of the pairs that were chosen and may still be.
    method : assigner, optional
        For those whose pair was not kept; the greatest sum where none is given, and where the method would serve fewer.

    Raises
    ------
    InfeasibleError
        Where nothing meets every demand.
    """
    kept = np.zeros(len(problem), np.bool_)
    kept[before] = True
    first = _kept_most(problem, kept, problem.joint + drawn(problem), nodes)
    if method is None:
        return first
    stay = problem.must.copy()
    stay[first.chosen[kept[first.chosen]]] = True
    rest = method(replace(problem, must=stay))
    return rest if _people(problem, rest) >= _people(problem, first) else first


def _kept_most(problem: AssignmentProblem, kept: BoolArray, value: FloatArray, nodes: int) -> Assignment:
    if flows(problem) and problem.requester_most.max(initial=0) <= 1:
        network, at, within = placed(problem, GAP)
        flow = fullest(network, value[at], kept[at], within)
        chosen = np.sort(np.concatenate([np.flatnonzero(problem.must), at[flow.chosen]]))
        if meets_lower_bounds(problem, chosen):
            return weighed(problem, chosen, flow.short)
    count = served(problem, None, nodes)
    if count is None:
        raise infeasible(problem)
    most = solve(problem, kept.astype(np.float64), matched=count, nodes=nodes)
    if most is None:
        raise infeasible(problem)
    quota = Quota("", np.flatnonzero(kept), least=int(kept[most.chosen].sum()))
    found = solve(replace(problem, quotas=(*problem.quotas, quota)), value, matched=count, nodes=nodes)
    if found is None:
        raise infeasible(problem)
    return weighed(problem, found.chosen, found.bound - float(value[found.chosen].sum()))


def _people(problem: AssignmentProblem, result: Assignment) -> int:
    return int((problem.loads(result.chosen)[0] > 0).sum())
