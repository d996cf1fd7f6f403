"""p-values of a family, corrected for being many: Holm for what was declared, Benjamini–Hochberg for exploring."""

from __future__ import annotations

from typing import Any

import numpy as np

from matchengine.batch import FloatArray
from matchengine.errors import DataError
from matchengine.i18n import _
from matchengine.inference.checks import numbers

__all__ = ["benjamini_hochberg", "holm"]


def holm(p_values: Any) -> FloatArray:
    """Return p-values adjusted after Holm (1979): rejecting those up to α errs in a family with chance α at most.

    Parameters
    ----------
    p_values : array (K,)
        In [0, 1]; NaN where a comparison has none, which then is no member of the family.

    Returns
    -------
    float64 array (K,)
        Adjusted p-values in [0, 1]; NaN where there was none.
    """
    given, members, order = _ordered(p_values)
    raised = (len(order) - np.arange(len(order))) * given[members][order]
    return _placed(np.maximum.accumulate(raised), len(given), members[order])


def benjamini_hochberg(p_values: Any) -> FloatArray:
    """Return q-values after Benjamini and Hochberg (1995): of those at most q, a share of q is expected to be chance.

    Parameters
    ----------
    p_values : array (K,)
        In [0, 1]; NaN where a comparison has none.

    Returns
    -------
    float64 array (K,)
        q-values in [0, 1]; NaN where there was none.
    """
    given, members, order = _ordered(p_values)
    raised = given[members][order] * len(order) / np.arange(1, len(order) + 1)
    return _placed(np.minimum.accumulate(raised[::-1])[::-1], len(given), members[order])


def _ordered(p_values: Any) -> tuple[FloatArray, np.ndarray, np.ndarray]:
    given = numbers(_("p-values"), p_values)
    if ((given < 0) | (given > 1)).any():
        raise DataError(_("p-values: expected numbers from 0 to 1"))
    members = np.flatnonzero(~np.isnan(given))
    return given, members, np.argsort(given[members], kind="stable")


def _placed(adjusted: FloatArray, size: int, where: np.ndarray) -> FloatArray:
    found = np.full(size, np.nan)
    found[where] = np.minimum(1.0, adjusted)
    return found
