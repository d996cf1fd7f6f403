"""How easy a first visit is made (domain.md C5, entry)."""

from __future__ import annotations

import numpy as np

from matchengine.batch import FloatArray

__all__ = ["UNTOLD", "entry", "smallness"]

_SMALL, _LARGE = 6.0, 25.0
_WEIGHTS = (0.20, 0.20, 0.20, 0.15, 0.10, 0.10, 0.05)
UNTOLD = 0.5
"""Ease of a first visit about which nobody said anything: halfway, so that silence neither wins nor loses."""


def smallness(size: FloatArray) -> FloatArray:
    """1 up to six people, falling evenly to 0 at 25; float array of the shape of `size`, NaN where it is unknown."""
    small: FloatArray = np.clip((_LARGE - size) / (_LARGE - _SMALL), 0, 1)
    return small


def entry(
    size: FloatArray,
    beginner_friendly: FloatArray,
    named_contact: FloatArray,
    regular: FloatArray,
    accompanied: FloatArray,
    try_once: FloatArray,
    activity_first: FloatArray,
) -> FloatArray:
    """Weighted mean of what makes a first visit easy, over what is known; float (P,), NaN where nothing is.

    Parameters
    ----------
    size : float array (P,)
        Members now.
    beginner_friendly, named_contact, regular, accompanied, try_once, activity_first : float arrays (P,)
        0 no to 1 yes; NaN unknown.

    Notes
    -----
    Weights: small size .20, newcomers welcome .20, a named contact .20, regular and predictable .15, somebody comes
    along or meets newcomers .10, one may come once to try .10, doing before talking .05. Up in every one of them.
    """
    features = (smallness(size), beginner_friendly, named_contact, regular, accompanied, try_once, activity_first)
    total, known = np.zeros(len(size)), np.zeros(len(size))
    for feature, weight in zip(features, _WEIGHTS, strict=True):
        unknown = np.isnan(feature)
        total += weight * np.where(unknown, 0, feature)
        known += weight * ~unknown
    return total / np.where(known > 0, known, np.nan)
