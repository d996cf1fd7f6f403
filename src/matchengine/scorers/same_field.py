"""Fields of work that two people share (domain.md B2, fields)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matchengine.batch import FloatArray, Scored
from matchengine.components import scorer

__all__ = ["same_field"]


@scorer(
    "same_field",
    block="need",
    title="fields of work",
    says={"both": "you have a field of work in common{shared?}"},
    says_to={
        "candidate": {"both": "you have a field of work in common{shared?}"},
        "coordinator": {"both": "both have a field of work in common{shared?}"},
    },
    symmetric=True,
)
def same_field(requester_fields: NDArray[np.uint64], candidate_fields: NDArray[np.uint64]) -> Scored:
    """Shared fields of work over the shorter of both lists: |A ∩ B| / min(|A|, |B|).

    Parameters
    ----------
    requester_fields, candidate_fields : uint64 arrays (P, W)
        Bit masks over the codes of occupations, sectors and education that the programme uses; no bit set means
        unknown.

    Returns
    -------
    Scored
        value (P,) in [0, 1]; NaN where either told no field. Symmetric.
    """
    shorter = np.minimum(_count(requester_fields), _count(candidate_fields))
    shared = _count(requester_fields & candidate_fields)
    known = shorter > 0
    value = shared / np.where(known, shorter, np.nan)
    return Scored(value, known.astype(np.float64), shared=np.where(shared > 0, shared, np.nan))


def _count(masks: NDArray[np.uint64]) -> FloatArray:
    """Number of bits of each row of (P, W), float64 (P,)."""
    count: FloatArray = np.bitwise_count(masks).sum(axis=1, dtype=np.float64)
    return count
