"""How far a gathering's supports take a person's barriers away (domain.md C5)."""

from __future__ import annotations

import numpy as np

from matchengine.batch import FloatArray

__all__ = ["BLOCKING", "CAUTIOUS", "reach", "supports_at_hand"]

BLOCKING = 1.0
"""Strength of a barrier that the person cannot come over without support."""
CAUTIOUS = 0.2
"""Support to expect where nobody said anything and nothing better is known (domain.md C5)."""


def supports_at_hand(barriers: FloatArray, supports: FloatArray, usual: FloatArray) -> FloatArray:
    """Return the support to reckon with for each barrier, in [0, 1] and never NaN.

    What is stated counts. Where nothing is, the usual support of the kind of gathering does, and towards a blocking
    barrier at most .2: what nobody said must never look as if it were there.

    Parameters
    ----------
    barriers : float array (..., K)
        0 none to 1 blocking; NaN unstated.
    supports, usual : float arrays (..., K)
        0 to 1; NaN unknown. An unknown usual support is .2.
    """
    expected = np.where(np.isnan(usual), CAUTIOUS, usual)
    expected = np.where(barriers >= BLOCKING, np.minimum(expected, CAUTIOUS), expected)
    return np.where(np.isnan(supports), expected, supports)


def reach(barriers: FloatArray, supports: FloatArray) -> FloatArray:
    """Product over all barriers of 1 - b (1 - s), float (...) in [0, 1]; a barrier that is NaN is none.

    Up in every support, down in every barrier; 0 where a blocking barrier (1) meets no support at all (0).

    Parameters
    ----------
    barriers : float array (..., K)
    supports : float array (..., K)
        Without NaN (`supports_at_hand`).
    """
    left = np.nan_to_num(barriers) * (1 - supports)
    product: FloatArray = np.multiply.reduce(1 - left, axis=-1)
    return product
