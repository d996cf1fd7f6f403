"""Calibrated lists: the mix of a list follows the mix of a person's goals (domain.md G4; Steck 2018)."""

from __future__ import annotations

import numpy as np

from matchengine.batch import FloatArray, IntArray

__all__ = ["calibrated", "divergence"]

_SMOOTHING = 0.01
"""Share of the wished mix in q̃, so that a kind that the list lacks costs much and not without end."""


def divergence(wished: FloatArray, mix: FloatArray) -> FloatArray:
    """KL(p ‖ q̃) of a wished mix (G,) from mixes (..., G), with q̃ = .99 q + .01 p; 0 where both are the same.

    A mix of nothing (all zeros) stands for an empty list.
    """
    smoothed = (1 - _SMOOTHING) * mix + _SMOOTHING * wished
    asked = wished > 0
    found: FloatArray = (wished[asked] * np.log(wished[asked] / smoothed[..., asked])).sum(axis=-1)
    return found


def calibrated(
    relevance: FloatArray, mixes: FloatArray, wished: FloatArray, k: int, *, weight: float = 0.75
) -> IntArray:
    """Return the positions of at most k items, picked greedily to minimise `μ·loss + (1 − μ)·KL(p ‖ q̃)`.

    domain.md writes the weights the other way round and demands that μ = 1 returns the plain ranking, which only
    holds if μ weighs relevance, as it does in `diverse`; so it does here. The loss is the relevance that the list
    lacks, Σ(1 − S) / k; q is the mean of the mixes of its items.

    Parameters
    ----------
    relevance : float array (n,)
        S of each item, best first. Ties go to the earlier item.
    mixes : float array (n, G)
        Which kinds each item speaks to, a row adding up to 1; a row of zeros where nothing is known.
    wished : float array (G,)
        p, adding up to 1. All zeros where nobody knows: then the plain ranking is returned.
    weight : float
        μ in [0, 1]. With 1, or k = 1, the first k items are returned as they stand.
    """
    k = min(k, len(relevance))
    if weight >= 1 or k <= 1 or not wished.any():
        return np.arange(k)
    left = np.ones(len(relevance), np.bool_)
    held = np.zeros(mixes.shape[1])
    picked: list[int] = []
    for place in range(1, k + 1):
        cost = weight * (1 - relevance) / k + (1 - weight) * divergence(wished, (held + mixes) / place)
        best = int(np.argmin(np.where(left, cost, np.inf)))
        picked.append(best)
        left[best] = False
        held = held + mixes[best]
    return np.array(picked, np.int64)
