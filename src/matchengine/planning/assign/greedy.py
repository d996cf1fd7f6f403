"""The best pair first, then the best of what is left: a baseline (domain.md E)."""

from __future__ import annotations

import numpy as np

from matchengine.assignment import Assignment, AssignmentProblem
from matchengine.components import assigner
from matchengine.planning.assign.fill import fill

__all__ = ["greedy"]


@assigner(
    "greedy",
    title="The best pair first",
    guarantee="No promise: it is there to compare with.",
    baseline=True,
)
def greedy(problem: AssignmentProblem) -> Assignment:
    """Choose pairs from the best joint value down while both have a place left; the lottery decides between equals.

    Parameters
    ----------
    problem : AssignmentProblem
        Without lower bounds.

    Raises
    ------
    DataError
        Where somebody is promised a fewest number of pairs.
    """
    who, whom = problem.requester_lottery[problem.requester], problem.candidate_lottery[problem.candidate]
    chosen = fill(problem, np.lexsort((whom, who, -problem.joint)), "greedy")
    return Assignment(chosen, float(problem.joint[chosen].sum()))
