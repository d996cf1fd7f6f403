"""What one more seat or one more candidate would be worth: solve again with it (domain.md E, shadow prices; I2)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from matchengine.assignment import Assignment, AssignmentProblem
from matchengine.batch import FloatArray, IntArray

__all__ = ["Rise", "Welfare", "full", "one_more_candidate", "one_more_seat", "welfare_of"]

Solve = Callable[[AssignmentProblem], Assignment]
_NEW = np.uint64(0xFFFFFFFFFFFFFFFF)


@dataclass(frozen=True)
class Welfare:
    """What an assignment reaches: requesters with at least one candidate, and the sum of `joint`."""

    matched: int
    total: float


@dataclass(frozen=True)
class Rise:
    """How much more is reached: requesters matched and the sum; `chosen` are those who took what is new."""

    matched: int
    total: float
    chosen: IntArray


def welfare_of(problem: AssignmentProblem, assignment: Assignment) -> Welfare:
    """Return how many requesters an assignment serves, and the sum of what its pairs are worth."""
    served = len(np.unique(problem.requester[assignment.chosen]))
    return Welfare(served, float(problem.joint[assignment.chosen].sum()))


def full(problem: AssignmentProblem, assignment: Assignment) -> IntArray:
    """Return candidates without a free seat left for whom somebody more could be chosen, ascending.

    Any other seat is worth nothing: a further one can only help where the present ones are taken and some requester
    would take it.
    """
    _asking, load = problem.loads(assignment.chosen)
    wanted = np.bincount(problem.candidate, minlength=problem.candidates)
    found: IntArray = np.flatnonzero((load >= problem.candidate_most) & (wanted > load))
    return found


def one_more_seat(
    problem: AssignmentProblem, before: Welfare, candidates: Sequence[int] | IntArray, solve: Solve
) -> list[Rise]:
    """Return what one more seat with each of some candidates would bring, in their order.

    Parameters
    ----------
    before : Welfare
        Of the solution of the problem as it is, by the same method.
    solve : callable
        Solves a problem; the rise of the count is never negative for a method that serves as many as possible.
    """
    rises = []
    for candidate in np.asarray(candidates, np.int64).tolist():
        most = problem.candidate_most.copy()
        most[candidate] += 1
        wider = replace(problem, candidate_most=most)
        rises.append(_rise(wider, before, solve(wider), candidate))
    return rises


def one_more_candidate(
    problem: AssignmentProblem,
    before: Welfare,
    requesters: IntArray,
    values: tuple[FloatArray, FloatArray, FloatArray],
    places: int,
    solve: Solve,
) -> Rise:
    """Return what a further candidate would bring.

    Parameters
    ----------
    requesters : int array (K,)
        Who could be assigned to the new candidate, ascending.
    values : three float arrays (K,)
        `joint`, `requester_value` and `candidate_value` of these pairs.
    places : int
        Seats of the new candidate.
    """
    new = problem.candidates
    merged = _with_pairs(problem, np.asarray(requesters, np.int32), values, new)
    wider = replace(
        merged,
        candidates=new + 1,
        candidate_least=np.append(problem.candidate_least, 0),
        candidate_most=np.append(problem.candidate_most, places),
        candidate_lottery=np.append(problem.candidate_lottery, _NEW),
    )
    return _rise(wider, before, solve(wider), new)


def _with_pairs(
    problem: AssignmentProblem, requesters: IntArray, values: tuple[FloatArray, FloatArray, FloatArray], new: int
) -> AssignmentProblem:
    """The problem with pairs of one further candidate, every pair at its place in the order."""
    requester = np.concatenate([problem.requester, requesters])
    candidate = np.concatenate([problem.candidate, np.full(len(requesters), new, np.int32)])
    order = np.lexsort((candidate, requester))
    place = np.empty(len(order), np.int64)
    place[order] = np.arange(len(order))
    joint, ours, theirs = (
        np.concatenate([old, more])[order]
        for old, more in zip((problem.joint, problem.requester_value, problem.candidate_value), values, strict=True)
    )
    return replace(
        problem,
        requester=requester[order],
        candidate=candidate[order],
        joint=joint,
        requester_value=ours,
        candidate_value=theirs,
        must=np.concatenate([problem.must, np.zeros(len(requesters), np.bool_)])[order],
        exclusive=place[problem.exclusive],
        quotas=tuple(replace(quota, pairs=np.sort(place[quota.pairs])) for quota in problem.quotas),
    )


def _rise(problem: AssignmentProblem, before: Welfare, found: Assignment, candidate: int) -> Rise:
    after = welfare_of(problem, found)
    taken = found.chosen[problem.candidate[found.chosen] == candidate]
    return Rise(after.matched - before.matched, after.total - before.total, problem.requester[taken])
