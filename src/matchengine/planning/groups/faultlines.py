"""How strongly a group splits in two along its features (domain.md F1: Fau, Thatcher, Jehn & Zanutto 2003)."""

from __future__ import annotations

from functools import cache

import numpy as np

from matchengine.batch import FloatArray

__all__ = ["ENUMERATED", "strengths"]

ENUMERATED = 8
"""Up to this size every split of a group is looked at (127 at most)."""


@cache
def _splits(size: int) -> tuple[FloatArray, FloatArray]:
    """All ways to split so many people in two: float (H, size) members of one side, float (H,) 1/a + 1/(size − a)."""
    number = np.arange(1, 2 ** (size - 1))
    sides = ((number[:, None] >> np.arange(size)) & 1).astype(np.float64)
    one = sides.sum(axis=1)
    return sides, 1 / one + 1 / (size - one)


def strengths(features: FloatArray) -> FloatArray:
    """Largest share of the variance that a split in two explains, of several groups of one size.

    Up to 8 members all splits are tried. In larger groups the split is a heuristic: members in the order of the first
    principal axis and of each feature, cut at each place; the truth is at least what is found.

    Parameters
    ----------
    features : float array (B, m, K)
        NaN counts as the mean of the group, so that what is unknown splits nobody.

    Returns
    -------
    float array (B,)
        In [0, 1]; 0 where nothing varies or fewer than two are there.
    """
    count, size, kinds = features.shape
    if size < 2 or not kinds or not count:
        return np.zeros(count)
    known = ~np.isnan(features)
    filled = np.where(known, features, 0.0)
    mean = filled.sum(axis=1) / np.maximum(known.sum(axis=1), 1)
    centred = np.where(known, features - mean[:, None, :], 0.0)
    total = (centred**2).sum(axis=(1, 2))
    found = _all_splits(centred) if size <= ENUMERATED else _cuts(centred)
    share = np.divide(found, total, out=np.zeros(count), where=total > 1e-12)
    clipped: FloatArray = np.clip(share, 0, 1)
    return clipped


def _all_splits(centred: FloatArray) -> FloatArray:
    count, size, kinds = centred.shape
    sides, weight = _splits(size)
    sums = (sides @ centred.transpose(1, 0, 2).reshape(size, -1)).reshape(len(sides), count, kinds)
    found: FloatArray = (np.einsum("hbk,hbk->hb", sums, sums) * weight[:, None]).max(axis=0)
    return found


def _cuts(centred: FloatArray) -> FloatArray:
    count, size, kinds = centred.shape
    axis = np.linalg.svd(centred, full_matrices=False)[2][:, :1, :].transpose(0, 2, 1)
    place = np.arange(1, size)
    weight = 1 / place + 1 / (size - place)
    best = np.zeros(count)
    for scores in (np.matmul(centred, axis)[:, :, 0], *(centred[:, :, kind] for kind in range(kinds))):
        order = np.argsort(np.round(scores, 9), axis=1, kind="stable")
        sums = np.take_along_axis(centred, order[:, :, None], axis=1).cumsum(axis=1)[:, :-1]
        best = np.maximum(best, ((sums**2).sum(axis=2) * weight).max(axis=1))
    return best
