"""Any pair that is possible, by lot: a baseline (domain.md E)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matchengine.assignment import Assignment, AssignmentProblem
from matchengine.components import assigner
from matchengine.planning.assign.fill import fill

__all__ = ["random_order"]


@assigner(
    "random",
    title="By chance",
    guarantee="No promise: it is there to compare with.",
    baseline=True,
)
def random_order(problem: AssignmentProblem) -> Assignment:
    """Choose pairs in an order drawn by lot while both have a place left, whatever they are worth.

    The order follows from the lottery numbers of both people of a pair, so it does not depend on how people are listed.

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
    drawn = _mixed(_mixed(who) + whom)
    return Assignment(fill(problem, np.lexsort((whom, who, drawn)), "random"))


def _mixed(numbers: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Scramble 64-bit numbers one to one (the finaliser of SplitMix64; Steele, Lea & Flood 2014)."""
    mixed = numbers + np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    found: NDArray[np.uint64] = mixed ^ (mixed >> np.uint64(31))
    return found
