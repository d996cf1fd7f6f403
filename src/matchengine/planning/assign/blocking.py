"""Who would rather be paired with each other than keep what they got, counted apart from solvers (domain.md H3)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from matchengine.assignment import AssignmentProblem
from matchengine.batch import BoolArray, FloatArray, IntArray

__all__ = ["TOLERANCE", "Blocking", "blocking_pairs"]

TOLERANCE = 1e-6
"""Values nearer than this are equal (domain.md E)."""


@dataclass(frozen=True)
class Blocking:
    """The blocking pairs of an assignment.

    `pairs` int64 (K,) are their positions, ascending; `possible` is how many acceptable pairs were not chosen.
    """

    pairs: IntArray
    possible: int

    @property
    def count(self) -> int:
        """How many pairs block."""
        return len(self.pairs)

    @property
    def rate(self) -> float:
        """Share of the acceptable pairs not chosen that block; 0 where every pair was chosen."""
        return self.count / self.possible if self.possible else 0.0


def blocking_pairs(
    problem: AssignmentProblem,
    chosen: IntArray,
    *,
    epsilon: float = 0.0,
    requester_rank: IntArray | None = None,
    candidate_rank: IntArray | None = None,
) -> Blocking:
    """Find the pairs not chosen in which both would gain more than `epsilon`.

    Somebody with a free place gains from any acceptable pair, however little it is worth. Somebody without one gains
    what the pair is worth beyond the worst pair that they could give up; a pair that has to be chosen cannot be given
    up. Where a limit that a candidate set for themselves is reached (a personal quota), one of the pairs that it counts
    is given up.

    Parameters
    ----------
    problem : AssignmentProblem
    chosen : int64 array (K,)
        Positions of the chosen pairs.
    epsilon : float
        0 or more, in units of value, or of rank where ranks are given.
    requester_rank, candidate_rank : int64 array (A,), optional
        Rank of each pair with its requester or candidate, smaller is better; instead of the values.
    """
    taken = np.zeros(len(problem), np.bool_)
    taken[chosen] = True
    mine = problem.requester_value if requester_rank is None else -requester_rank.astype(np.float64)
    theirs = problem.candidate_value if candidate_rank is None else -candidate_rank.astype(np.float64)
    leaves = taken & ~problem.must
    least = epsilon + TOLERANCE
    gains = mine - _worst(problem.requester, mine, taken, leaves, problem.requester_most) > least
    gains &= theirs - _worst(problem.candidate, theirs, taken, leaves, problem.candidate_most) > least
    for quota in problem.quotas:
        held = quota.pairs[taken[quota.pairs]]
        if quota.personal and quota.most is not None and len(held) >= quota.most:
            own = len(np.unique(problem.candidate[quota.pairs])) == 1  # else a candidate in some, a requester in others
            worst = theirs[held[leaves[held]]].min(initial=np.inf) if own else np.inf
            gains[quota.pairs] &= theirs[quota.pairs] - worst > least
    return Blocking(np.flatnonzero(gains & ~taken), int((~taken).sum()))


def _worst(person: IntArray, value: FloatArray, taken: BoolArray, leaves: BoolArray, most: IntArray) -> FloatArray:
    """What the person of each pair would give up for it: −∞ for a free place, ∞ where nothing can be given up."""
    worst = np.full(len(most), np.inf)
    np.minimum.at(worst, person[leaves], value[leaves])
    worst[np.bincount(person[taken], minlength=len(most)) < most] = -np.inf
    found: FloatArray = worst[person]
    return found
