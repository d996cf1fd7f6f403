"""First come, first served: a baseline (domain.md E)."""

from __future__ import annotations

from typing import Annotated

import numpy as np
from pydantic import Field

from matchengine.assignment import Assignment, AssignmentProblem
from matchengine.components import assigner
from matchengine.planning.assign.fill import fill
from matchengine.planning.assign.preferences import TIE_WIDTH, preferences_of

__all__ = ["first_come"]


@assigner(
    "first_come",
    title="First come, first served",
    guarantee="No promise: it is there to compare with.",
    baseline=True,
)
def first_come(
    problem: AssignmentProblem, *, tie_width: Annotated[float, Field(ge=0, le=0.05)] = TIE_WIDTH
) -> Assignment:
    """Let requesters choose in the order of their arrival, each the best candidates with a place left.

    Those who came at the same time choose in the order of their lottery numbers.

    Parameters
    ----------
    problem : AssignmentProblem
        Without lower bounds.
    tie_width : float
        See `preferences_of`.

    Raises
    ------
    DataError
        Where somebody is promised a fewest number of pairs.
    """
    place = preferences_of(problem, tie_width).requester_place
    who = problem.requester
    order = np.lexsort((place, problem.requester_lottery[who], problem.arrival[who]))
    return Assignment(fill(problem, order, "first_come"))
