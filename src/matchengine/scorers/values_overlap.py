"""Values that two people both chose (domain.md C1, deep-level similarity)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matchengine.batch import FloatArray, Scored
from matchengine.components import Plural, scorer

__all__ = ["values_overlap"]


@scorer(
    "values_overlap",
    block="relate",
    title="values",
    says={"both": Plural("you both chose one of the values", "you both chose {shared:.0f} of the values", by="shared")},
    says_to={
        "candidate": {
            "both": Plural("you both chose one of the values", "you both chose {shared:.0f} of the values", by="shared")
        },
        "coordinator": {
            "both": Plural("both chose one of the values", "both chose {shared:.0f} of the values", by="shared")
        },
    },
    symmetric=True,
)
def values_overlap(requester_values: NDArray[np.uint64], candidate_values: NDArray[np.uint64]) -> Scored:
    """Shared values over the shorter of both lists: |A ∩ B| / min(|A|, |B|).

    Parameters
    ----------
    requester_values, candidate_values : uint64 arrays (P, W)
        Bit masks over the programme's card list; no bit set means unknown.

    Returns
    -------
    Scored
        value (P,) in [0, 1]; NaN where either named no value. Symmetric. Evidence: the number of shared values.
    """
    shorter = np.minimum(_count(requester_values), _count(candidate_values))
    shared = _count(requester_values & candidate_values)
    known = shorter > 0
    value = shared / np.where(known, shorter, np.nan)
    return Scored(value, known.astype(np.float64), shared=np.where(shared > 0, shared, np.nan))


def _count(masks: NDArray[np.uint64]) -> FloatArray:
    """Number of bits of each row of (P, W), float64 (P,)."""
    count: FloatArray = np.bitwise_count(masks).sum(axis=1, dtype=np.float64)
    return count
