"""How attention is spread over candidates: exposure, Gini, coverage, load (domain.md G5, H2)."""

from __future__ import annotations

import numpy as np

from matchengine.batch import FloatArray, IntArray

__all__ = ["coverage", "effective_coverage", "exposure", "gini", "load_ratio", "over_capacity", "worth"]


def exposure(candidate: IntArray, rank: IntArray, candidates: int) -> FloatArray:
    """Return `E_j = Σ v(rank)`, v(r) = 1 / log2(1 + r), of each candidate over all items of all lists, float64 (C,).

    Parameters
    ----------
    candidate, rank : int array (N,)
        Who is shown, and at which place of a list, from 1.
    """
    found: FloatArray = np.bincount(candidate, worth(rank), candidates).astype(np.float64)
    return found


def worth(rank: IntArray) -> FloatArray:
    """Return v(r) = 1 / log2(1 + r) of places of a list, from 1."""
    found: FloatArray = 1 / np.log2(1 + np.asarray(rank, np.float64))
    return found


def gini(values: FloatArray) -> float:
    """Return `Σ(2r − n − 1) x_(r) / (n Σ x)`: 0 where all are equal or there is nothing, near 1 where one has all.

    Raises
    ------
    ValueError
        When a value is negative or NaN: the measure has no meaning there.
    """
    ordered = np.sort(np.asarray(values, np.float64))
    if not (ordered >= 0).all():
        raise ValueError("gini: values must be at least 0 and known")
    number, whole = len(ordered), ordered.sum()
    if not number or not whole:
        return 0.0
    weights = 2 * np.arange(1, number + 1) - number - 1
    return float(max((weights * ordered).sum() / (number * whole), 0.0))


def coverage(shown: FloatArray) -> float:
    """Return the share of candidates who are shown at all; NaN where there are none."""
    return float((shown > 0).mean()) if len(shown) else float("nan")


def effective_coverage(shown: FloatArray) -> float:
    """Return exp(H) / m: 1 where exposure is spread evenly, 1 / m where one of m has all; 0 where nobody is shown."""
    whole = shown.sum()
    if not whole:
        return 0.0
    share = shown[shown > 0] / whole
    return float(np.exp(-(share * np.log(share)).sum()) / len(shown))


def load_ratio(load: FloatArray | IntArray) -> float:
    """Return the largest load over the mean load; 0 where there is no load."""
    return float(load.max() / load.mean()) if len(load) and load.any() else 0.0


def over_capacity(candidate: IntArray, places: FloatArray) -> int:
    """Count the items that show somebody without free places as free; 0 for every list that this package makes."""
    return int((places[candidate] <= 0).sum())
