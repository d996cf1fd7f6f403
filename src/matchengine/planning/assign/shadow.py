"""What one more seat would be worth: solve again with it (domain.md E, shadow prices; I2)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from matchengine.assignment import Assignment, AssignmentProblem
from matchengine.batch import FloatArray, IntArray

__all__ = ["Rise", "Welfare", "full", "one_more_seat", "welfare_of"]

Solve = Callable[[AssignmentProblem], Assignment]


@dataclass(frozen=True)
class Welfare:
    """What an assignment reaches: requesters with at least one candidate, and the sum of what its pairs are worth."""

    matched: int
    total: float


@dataclass(frozen=True)
class Rise:
    """How much more is reached: requesters matched and the sum; `chosen` are those who took the seats."""

    matched: int
    total: float
    chosen: IntArray


def welfare_of(problem: AssignmentProblem, assignment: Assignment, worth: FloatArray) -> Welfare:
    """Return what an assignment reaches; `worth` float (A,) may be another value of each pair than the method's."""
    served = len(np.unique(problem.requester[assignment.chosen]))
    return Welfare(served, float(worth[assignment.chosen].sum()))


def full(problem: AssignmentProblem, assignment: Assignment) -> IntArray:
    """Return candidates without a free seat left whom somebody more could have, ascending.

    Any other seat is worth nothing: one more can only help where the present ones are taken.
    """
    _asking, load = problem.loads(assignment.chosen)
    wanted = np.bincount(problem.candidate, minlength=problem.candidates)
    found: IntArray = np.flatnonzero((load >= problem.candidate_most) & (wanted > load))
    return found


def one_more_seat(
    problem: AssignmentProblem,
    worth: FloatArray,
    candidates: Sequence[int] | IntArray,
    solve: Solve,
    *,
    seats: int = 1,
) -> list[Rise]:
    """Return what `seats` more with each of some candidates would bring, in their order.

    The rise of the count is never negative for a method that serves as many as possible. A candidate whom the problem
    gives no seat at all stands for somebody who is not there yet.

    Parameters
    ----------
    worth : float array (A,)
        What each pair counts in the rise.
    solve : callable
        Solves a problem by the method in question.
    """
    before = welfare_of(problem, solve(problem), worth)
    rises = []
    for candidate in np.asarray(candidates, np.int64).tolist():
        most = problem.candidate_most.copy()
        most[candidate] += seats
        found = solve(replace(problem, candidate_most=most))
        after = welfare_of(problem, found, worth)
        taken = found.chosen[problem.candidate[found.chosen] == candidate]
        rises.append(Rise(after.matched - before.matched, after.total - before.total, problem.requester[taken]))
    return rises
