"""Strict orders of preference of both sides, out of what pairs are worth to them (domain.md E)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matchengine.assignment import AssignmentProblem
from matchengine.batch import FloatArray, IntArray

__all__ = ["TIE_WIDTH", "Preferences", "preferences_of"]

TIE_WIDTH = 0.02
_STEPS = 1_000
"""Values are rounded to three decimals before anybody ranks, so that noise does not decide."""


@dataclass(frozen=True)
class Preferences:
    """The pairs of each person from best to worst, without ties.

    Attributes
    ----------
    requester_order, candidate_order : int64 array (A,)
        Positions of pairs, those of one person together, persons ascending, the best pair of each first.
    requester_starts, candidate_starts : int64 array (R + 1,) or (C + 1,)
        Where the pairs of each person begin and end in that order.
    """

    requester_order: IntArray
    requester_starts: IntArray
    candidate_order: IntArray
    candidate_starts: IntArray

    @property
    def requester_place(self) -> IntArray:
        """Place of each pair in the order of its requester, int64 (A,), 0 the best."""
        return _places(self.requester_order, self.requester_starts)

    @property
    def candidate_place(self) -> IntArray:
        """Place of each pair in the order of its candidate, int64 (A,), 0 the best."""
        return _places(self.candidate_order, self.candidate_starts)


def preferences_of(problem: AssignmentProblem, tie_width: float = TIE_WIDTH) -> Preferences:
    """Rank the pairs of every person on either side.

    Values are rounded to three decimals. Then the pairs of a person fall into bands: the best one and all those nearer
    to it than `tie_width` are the first band, the best of the rest begins the next one, and so on. So two pairs of one
    band never differ by `tie_width` or more, being alike is transitive, and a chain of small steps does not make a
    great difference vanish. Two pairs on either side of an edge may be nearer than `tie_width`; the better one is
    preferred there. Within a band the lottery decides: one order of all candidates for every requester, one order of
    all requesters for every candidate (single tie-breaking).

    Parameters
    ----------
    problem : AssignmentProblem
    tie_width : float
        0 or more; with 0 only values that are equal after rounding are alike.
    """
    who, whom = problem.requester.astype(np.int64), problem.candidate.astype(np.int64)
    requester_order = _order(who, problem.requester_value, _ranks(problem.candidate_lottery)[whom], tie_width)
    candidate_order = _order(whom, problem.candidate_value, _ranks(problem.requester_lottery)[who], tie_width)
    counts = np.bincount(problem.candidate, minlength=problem.candidates)
    return Preferences(requester_order, problem.starts, candidate_order, np.concatenate([[0], np.cumsum(counts)]))


def _order(person: IntArray, value: FloatArray, lot: IntArray, tie_width: float) -> IntArray:
    """Sort pairs by person, band and lot; `lot` is a rank, so that one number tells all and one sort is enough."""
    if not len(person):
        return np.zeros(0, np.int64)
    whole, width = np.rint(value * _STEPS).astype(np.int64), max(round(tie_width * _STEPS), 1)
    key = person * 2 * (int(np.abs(whole).max()) + width + 1) - whole  # ascending: persons, then falling values
    order = np.argsort(key)
    band = np.empty(len(order), np.int64)
    band[order] = _bands(person[order], key[order], width)
    found: IntArray = np.argsort(band * (int(lot.max()) + 1) + lot)
    return found


def _bands(person: IntArray, key: IntArray, width: int) -> IntArray:
    """Number the bands of pairs that stand by person, then from best to worst; numbers go through all persons."""
    following = np.searchsorted(key, key + width)  # where the next band would begin
    begins = np.zeros(len(person), np.bool_)
    at = np.flatnonzero(np.diff(person, prepend=-1))
    while len(at):
        begins[at] = True
        after = following[at]
        inside = after < len(person)
        at = after[inside][person[after[inside]] == person[at[inside]]]
    found: IntArray = np.cumsum(begins)
    return found


def _ranks(lottery: NDArray[np.uint64]) -> IntArray:
    """Place of each number, int64, 0 the smallest."""
    ranks = np.empty(len(lottery), np.int64)
    ranks[np.argsort(lottery)] = np.arange(len(lottery))
    return ranks


def _places(order: IntArray, starts: IntArray) -> IntArray:
    places = np.empty(len(order), np.int64)
    places[order] = np.arange(len(order)) - np.repeat(starts[:-1], np.diff(starts))
    return places
