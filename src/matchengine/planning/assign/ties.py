"""Which of several equally good assignments is chosen: every pair draws a number out of both lottery numbers."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matchengine.assignment import AssignmentProblem
from matchengine.batch import FloatArray

__all__ = ["TIE", "drawn", "pair_lottery"]

TIE = 1e-8
"""What a lucky draw adds to the value of a pair at most: less than any difference that means something."""
_ODD, _FIRST, _SECOND = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)


def pair_lottery(problem: AssignmentProblem) -> NDArray[np.uint64]:
    """Return the number that each pair draws, uint64 (A,), the smaller the luckier.

    It mixes the lottery numbers of both sides (splitmix64, Steele, Lea and Flood 2014), so it depends on nobody else
    and on no position.
    """
    ours = _mixed(problem.requester_lottery)[problem.requester]
    return _mixed(ours + _mixed(problem.candidate_lottery ^ _ODD)[problem.candidate])


def drawn(problem: AssignmentProblem) -> FloatArray:
    """Return what the lottery adds to the value of each pair, float64 (A,) in (0, TIE]."""
    share = (pair_lottery(problem) >> np.uint64(11)).astype(np.float64) / 2.0**53
    found: FloatArray = TIE * (1.0 - share)
    return found


def _mixed(numbers: NDArray[np.uint64]) -> NDArray[np.uint64]:
    with np.errstate(over="ignore"):
        mixed = numbers.astype(np.uint64) + _ODD
        mixed = (mixed ^ (mixed >> np.uint64(30))) * _FIRST
        mixed = (mixed ^ (mixed >> np.uint64(27))) * _SECOND
    found: NDArray[np.uint64] = mixed ^ (mixed >> np.uint64(31))
    return found
