"""What one more seat would be worth: solve again with it (domain.md E, shadow prices; I2)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from matchengine.assignment import Assignment, AssignmentProblem
from matchengine.batch import IntArray
from matchengine.planning.assign.max_weight import max_weight

__all__ = ["Rise", "full", "one_more_seat"]

Solve = Callable[[AssignmentProblem], Assignment]


@dataclass(frozen=True)
class Rise:
    """What more seats bring.

    Attributes
    ----------
    served : int
        More requesters with at least one candidate, by the method in question.
    best : float
        Rise of the greatest sum of `joint` that any assignment can have; never negative. A method that puts the weakest
        pair first may reach a smaller sum with more seats, so its own sum would not tell what they are worth.
    chosen : int array
        Requesters who took the seats, by the method in question.
    """

    served: int
    best: float
    chosen: IntArray


def full(problem: AssignmentProblem, assignment: Assignment) -> IntArray:
    """Return candidates without a free seat left whom somebody more could have, ascending.

    Any other seat is worth nothing: one more can only help where the present ones are taken.
    """
    _asking, load = problem.loads(assignment.chosen)
    wanted = np.bincount(problem.candidate, minlength=problem.candidates)
    found: IntArray = np.flatnonzero((load >= problem.candidate_most) & (wanted > load))
    return found


def one_more_seat(
    problem: AssignmentProblem, candidates: Sequence[int] | IntArray, solve: Solve, *, seats: int = 1
) -> list[Rise]:
    """Return what `seats` more with each of some candidates would bring, in their order.

    A candidate whom the problem gives no seat at all stands for somebody who is not there yet.

    Parameters
    ----------
    solve : callable
        Solves a problem by the method in question; the rise of those served is never negative for one that serves as
        many as possible.
    """
    served, best = _served(problem, solve(problem)), max_weight(problem, gap=0).objective
    rises = []
    for candidate in np.asarray(candidates, np.int64).tolist():
        most = problem.candidate_most.copy()
        most[candidate] += seats
        wider = replace(problem, candidate_most=most)
        found = solve(wider)
        taken = found.chosen[problem.candidate[found.chosen] == candidate]
        rise = max(max_weight(wider, gap=0).objective - best, 0.0)
        rises.append(Rise(_served(wider, found) - served, rise, problem.requester[taken]))
    return rises


def _served(problem: AssignmentProblem, assignment: Assignment) -> int:
    return len(np.unique(problem.requester[assignment.chosen]))
