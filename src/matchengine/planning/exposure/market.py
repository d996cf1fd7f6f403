"""Who may be shown to whom, as sparse pairs with scores, and how much room each candidate has."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from matchengine.batch import FloatArray, IntArray
from matchengine.errors import DataError
from matchengine.i18n import _

__all__ = ["Market"]


@dataclass(frozen=True)
class Market:
    """A pairs between R requesters and C candidates; whoever has no free place is in no pair.

    Sums run in the order of the pairs, so whoever needs the same numbers for the same people gives them in an order
    that does not depend on how the data were loaded.

    Attributes
    ----------
    requester, candidate : int array (A,)
        Both sides of each pair, ordered by requester; no pair twice.
    score : float64 array (A,)
        Usually in [0, 1]; never NaN.
    places : float64 array (C,)
        Free places; above 0 for every candidate of a pair.
    mass : float64 array (R,) or None
        How much each requester asks for, above 0 for everybody in a pair; 1 where none is given.

    Raises
    ------
    DataError
        Where a pair holds a candidate without free places, a score is unknown, or pairs are out of order.
    """

    requesters: int
    candidates: int
    requester: IntArray
    candidate: IntArray
    score: FloatArray
    places: FloatArray
    mass: FloatArray | None = None

    def __post_init__(self) -> None:
        full = int((~(self.places[self.candidate] > 0)).sum())
        if full:
            raise DataError(_("{n} pairs hold a candidate without free places; leave these pairs out", n=full))
        if np.isnan(self.score).any() or (np.diff(self.requester) < 0).any():
            raise DataError(_("pairs need a known score and the order of their requesters"))

    def __len__(self) -> int:
        return len(self.requester)

    @cached_property
    def starts(self) -> IntArray:
        """First pair of each requester that has any, int64 (R',)."""
        return np.flatnonzero(np.diff(self.requester, prepend=-1))

    @cached_property
    def run(self) -> IntArray:
        """Which of those requesters a pair belongs to, 0 to R' − 1, int64 (A,)."""
        counts = np.diff(np.append(self.starts, len(self)))
        return np.repeat(np.arange(len(counts)), counts)

    @cached_property
    def asked(self) -> FloatArray:
        """How much each requester asks for, float64 (R,)."""
        return np.ones(self.requesters) if self.mass is None else self.mass

    @cached_property
    def reached(self) -> IntArray:
        """Candidates of at least one pair, ascending."""
        found: IntArray = np.unique(self.candidate)
        return found
