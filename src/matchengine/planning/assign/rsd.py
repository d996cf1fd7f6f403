"""Random serial dictatorship: by lot, one requester after another chooses (domain.md E)."""

from __future__ import annotations

from typing import Annotated

import numpy as np
from pydantic import Field

from matchengine.assignment import Assignment, AssignmentProblem
from matchengine.components import assigner
from matchengine.planning.assign.fill import fill
from matchengine.planning.assign.preferences import TIE_WIDTH, preferences_of

__all__ = ["rsd"]


@assigner(
    "rsd",
    title="By lot, one after the other",
    guarantee="Every requester has the same chances in the draw and gains nothing by stating another order than their "
    "own. What candidates prefer does not count.",
)
def rsd(problem: AssignmentProblem, *, tie_width: Annotated[float, Field(ge=0, le=0.05)] = TIE_WIDTH) -> Assignment:
    """Let requesters choose in the order of their lottery numbers, each the best candidates with a place left.

    Whoever may have several chooses them all in one turn. Pairs that have to be chosen take their places first;
    exclusions and the upper limits of quotas are kept.

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
    order = np.lexsort((place, problem.requester_lottery[problem.requester]))
    return Assignment(fill(problem, order, "rsd"))
