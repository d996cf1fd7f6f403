"""The rule that nobody is sent where they cannot come in (domain.md C5)."""

from __future__ import annotations

import numpy as np

from matchengine.batch import BoolArray, FloatArray, Ruled
from matchengine.components import constraint
from matchengine.scorers.reach import BLOCKING

__all__ = ["reachable"]


@constraint(
    "reachable",
    reason="something that the person cannot come without is not there",
    confirm="confirm before going: ask whether everything is there that the person cannot come without",
    remedy="arranging what is missing",
    told_to=("requester", "coordinator"),
)
def reachable(requester_barriers: FloatArray, candidate_supports: FloatArray) -> Ruled:
    """No barrier that blocks the person meets a gathering that is known to do nothing about it.

    Parameters
    ----------
    requester_barriers : float array (P, 14)
        1 blocks; a row of NaN where none are stated, which counts as none.
    candidate_supports : float array (P, 14)
        0 to 1. Where nobody said anything the pair passes with something to confirm: unknown never counts as met.
    """
    blocked = requester_barriers >= BLOCKING
    shut: BoolArray = np.logical_or.reduce(blocked & (candidate_supports <= 0), axis=1)
    unsure: BoolArray = np.logical_or.reduce(blocked & np.isnan(candidate_supports), axis=1)
    return Ruled(~shut, shut | ~unsure)
