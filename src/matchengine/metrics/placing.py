"""What metrics of an assignment share: measured once, by the functions that the engine itself reports with."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from matchengine.assignment import AssignmentProblem
from matchengine.batch import BoolArray, FloatArray, IntArray
from matchengine.comparison import Case, Placed
from matchengine.errors import DataError
from matchengine.metrics.shared import once
from matchengine.planning.assign.measures import (
    Measures,
    best_ranks,
    envy,
    greatest_of,
    least_of,
    measure_assignment,
)

__all__ = ["Standing", "asks", "measures_of", "placed_of", "standing_of"]


@dataclass(frozen=True)
class Standing:
    """How each requester stands in an assignment.

    Attributes
    ----------
    envied : float64 array (N,)
        The most that they envy somebody for, 0 for whoever envies nobody.
    justified : bool array (N,)
        Whether a candidate, too, would prefer them to who is there.
    rank : float64 array (N,)
        Rank of their best pair among all that they could have had, 1 the first choice; NaN without any.
    regret : float64 array (N,)
        What their best possible pair is worth to them, less what they got.
    """

    envied: FloatArray
    justified: BoolArray
    rank: FloatArray
    regret: FloatArray


def placed_of(case: Case) -> Placed:
    """The assignment of a case; DataError where it has none."""
    if case.placed is None:
        raise DataError("the case has no assignment (placed)")
    return case.placed


def asks(problem: AssignmentProblem, value: FloatArray) -> FloatArray:
    """NaN for requesters who ask for nobody, float64 (N,)."""
    found: FloatArray = np.where(problem.requester_most > 0, value, np.nan)
    return found


def measures_of(case: Case, epsilon: float = 0.05) -> Measures:
    """Every figure of domain.md H3, worked out once."""
    placed = placed_of(case)
    return once(
        placed, ("measures", epsilon), lambda: measure_assignment(placed.problem, placed.chosen, epsilon=epsilon)
    )


def standing_of(case: Case) -> Standing:
    """How each requester stands, worked out once by the parts of `measure_assignment`."""
    placed = placed_of(case)
    return once(placed, "standing", lambda: _standing(placed.problem, placed.chosen))


def _standing(problem: AssignmentProblem, chosen: IntArray) -> Standing:
    has = least_of(problem.requester[chosen], problem.requester_value[chosen], problem.requesters)
    envied, justified = envy(problem, chosen, has)
    rank = best_ranks(problem, chosen).astype(np.float64)
    rank[problem.loads(chosen)[0] == 0] = np.nan
    best = greatest_of(problem, problem.requester_value, (problem.candidate_most > 0)[problem.candidate])
    return Standing(envied, justified, rank, np.maximum(best - has, 0.0))
