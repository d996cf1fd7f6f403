"""Deciding for everybody at once, as arrays: what has to be decided, and what was decided (domain.md E)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from matchengine.batch import BoolArray, FloatArray, IntArray
from matchengine.errors import DataError

__all__ = ["Assignment", "AssignmentProblem", "Demand", "DemandKind", "InfeasibleError", "Quota"]

DemandKind = Literal[
    "requester_most", "candidate_most", "exclusive", "quota_most", "quota_least", "candidate_least", "requester_least",
    "must",
]  # fmt: skip


@dataclass(frozen=True)
class Demand:
    """One demand of a problem.

    `position` is that of the requester, the candidate, the row of `exclusive`, the quota or, for `must`, the pair.
    """

    kind: DemandKind
    position: int


class InfeasibleError(DataError):
    """No assignment meets every demand of a problem at once.

    `demands` are some that contradict each other, where they were looked for: without any one of them the others could
    be met.
    """

    def __init__(self, message: str, problems: Sequence[str] = (), demands: Sequence[Demand] = ()) -> None:
        super().__init__(message, problems)
        self.demands = tuple(demands)


@dataclass(frozen=True)
class Quota:
    """So many of some pairs are chosen: at least `least`, at most `most` (None for no limit).

    `pairs` int64 (K,) are positions of pairs. A capacity that a person has in two roles together is a quota over the
    pairs of both roles; "at least one returner for each mentor" is one quota for each mentor. A `personal` one is a
    limit that a person set for themselves: no lower bound, never given up, and told to nobody.
    """

    name: str
    pairs: IntArray
    least: int = 0
    most: int | None = None
    personal: bool = False


@dataclass(frozen=True)
class AssignmentProblem:
    """Whom one may assign to whom, what each pair is worth, and how many each may have.

    Only the A pairs listed may be chosen: a forbidden pair is not in the list. Requesters and candidates are positions
    0 to R − 1 and 0 to C − 1, and may be the same people.

    Attributes
    ----------
    requesters, candidates : int
        R and C.
    requester, candidate : int32 array (A,)
        Both sides of each pair, ordered by requester, then candidate; no pair twice.
    joint : float64 array (A,)
        What the pair is worth, in [0, 1]; never NaN.
    requester_value, candidate_value : float64 array (A,)
        What it is worth to either side, in [0, 1].
    requester_least, requester_most, candidate_least, candidate_most : int64 array (R,) or (C,)
        Fewest and most pairs of each.
    must : bool array (A,)
        Pairs that have to be chosen.
    exclusive : int64 array (K, 2)
        Positions of two pairs of which at most one may be chosen: A mentors B and B mentors A.
    quotas : tuple of Quota
    requester_lottery, candidate_lottery : uint64 array (R,) or (C,)
        Seeded draws, all different, that break ties: the smaller number comes first. Never the position.
    arrival : int64 array (R,)
        Order in which requesters came, for the baseline `first_come`.
    """

    requesters: int
    candidates: int
    requester: IntArray
    candidate: IntArray
    joint: FloatArray
    requester_value: FloatArray
    candidate_value: FloatArray
    requester_least: IntArray
    requester_most: IntArray
    candidate_least: IntArray
    candidate_most: IntArray
    must: BoolArray
    requester_lottery: NDArray[np.uint64]
    candidate_lottery: NDArray[np.uint64]
    arrival: IntArray
    exclusive: IntArray = field(default_factory=lambda: np.zeros((0, 2), np.int64))
    quotas: tuple[Quota, ...] = ()

    def __len__(self) -> int:
        return len(self.requester)

    @property
    def simple(self) -> bool:
        """Whether places on both sides are all there is: no lower bound, must, exclusion or quota."""
        least = bool(self.requester_least.any() or self.candidate_least.any() or self.must.any())
        return not least and not self.quotas and not len(self.exclusive)

    @cached_property
    def starts(self) -> IntArray:
        """Where the pairs of each requester begin and end, int64 (R + 1,)."""
        found: IntArray = np.searchsorted(self.requester, np.arange(self.requesters + 1))
        return found

    def loads(self, chosen: IntArray) -> tuple[IntArray, IntArray]:
        """How many of some pairs each requester and each candidate has, int64 (R,) and (C,)."""
        asking = np.bincount(self.requester[chosen], minlength=self.requesters)
        return asking, np.bincount(self.candidate[chosen], minlength=self.candidates)


@dataclass(frozen=True)
class Assignment:
    """What an assigner chose.

    Attributes
    ----------
    chosen : int64 array (K,)
        Positions of the chosen pairs, ascending.
    objective, bound : float
        Value reached of what the method maximises and the proven upper bound; NaN for a rule without an objective.
    finished : bool
        False when a clock stopped the search: then the same run may choose otherwise.
    """

    chosen: IntArray
    objective: float = float("nan")
    bound: float = float("nan")
    finished: bool = True

    @property
    def gap(self) -> float:
        """How far the objective may be below the best possible, as a share of the bound; 0 where it is proven best."""
        if np.isnan(self.bound) or self.bound <= 0:
            return 0.0
        return max(float((self.bound - self.objective) / self.bound), 0.0)
