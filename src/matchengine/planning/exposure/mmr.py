"""Maximal marginal relevance: a list whose items differ (domain.md G4; Carbonell and Goldstein 1998)."""

from __future__ import annotations

import numpy as np

from matchengine.batch import FloatArray, IntArray

__all__ = ["diverse"]


def diverse(relevance: FloatArray, likeness: FloatArray, k: int, *, weight: float = 0.75) -> IntArray:
    """Return the positions of at most k items, picked one by one by `argmax μ·S(c) − (1 − μ)·max sim(c, picked)`.

    Parameters
    ----------
    relevance : float array (n,)
        S of each item, best first. Ties go to the earlier item.
    likeness : float array (n, n)
        In [0, 1]; NaN counts as 0: what nobody knows to be alike is not.
    weight : float
        μ in [0, 1]. With 1, or k = 1, the first k items are returned as they stand.
    """
    items = len(relevance)
    k = min(k, items)
    if weight >= 1 or k <= 1:
        return np.arange(k)
    alike = np.nan_to_num(likeness)
    nearest, left = np.zeros(items), np.ones(items, np.bool_)
    picked: list[int] = []
    for _place in range(k):
        gain = weight * relevance - (1 - weight) * nearest
        best = int(np.argmax(np.where(left, gain, -np.inf)))
        picked.append(best)
        left[best] = False
        nearest = np.maximum(nearest, alike[best])
    return np.array(picked, np.int64)
