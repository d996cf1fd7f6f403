"""Randomisation test of paired differences by flipping signs, and two tests shown beside it (evaluation.md 3.5)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from matchengine.batch import FloatArray
from matchengine.errors import DataError
from matchengine.i18n import _
from matchengine.inference.checks import numbers
from matchengine.inference.resampling import generator, random_signs

__all__ = ["Robustness", "SignFlip", "robustness", "sign_flip"]

_EXACT = 14
"""With up to so many sums that are not zero every pattern of signs is tried: 2**14 of them."""
_SLACK = 1e-12


@dataclass(frozen=True)
class SignFlip:
    """A sign-flip test.

    Attributes
    ----------
    p_value : float
        Two-sided, in (0, 1].
    exact : bool
        Whether every pattern of signs was tried.
    patterns : int
        How many were tried.
    smallest : float
        The smallest p-value that so many sums could give at all; above the level, no difference however large is
        significant.
    """

    p_value: float
    exact: bool
    patterns: int
    smallest: float


@dataclass(frozen=True)
class Robustness:
    """p-values of a paired t test and of Wilcoxon's signed-rank test (zeros after Pratt, normal
    approximation where there are ties); NaN where one cannot be had.

    They are shown beside the declared test and never chosen after the results are seen.
    """

    t: float
    wilcoxon: float


def sign_flip(sums: FloatArray, draws: int = 10_000, seed: int = 0) -> SignFlip:
    """Test whether differences are centred at zero, by giving each a random sign.

    Parameters
    ----------
    sums : float64 array (G,)
        The difference of each unit or, where units come in clusters, the sum of the differences of each cluster; no
        NaN. Zeros carry no sign and are left out, which changes no p-value.
    draws : int
        Random patterns B, where there are too many to try them all.
    seed : int
        Of the patterns.

    Returns
    -------
    SignFlip
        p = (b + 1) / (B + 1), with b the patterns at least as far from zero as the data (Phipson and Smyth 2010); with
        up to 14 sums all 2**G patterns are tried and p is exact. The same for any order of the sums.

    Raises
    ------
    DataError
        For NaN, or fewer than one draw.
    """
    given = numbers(_("cluster sums"), sums)
    if np.isnan(given).any():
        raise DataError(_("cluster sums: found unknown values; leave units without a value out before summing"))
    if draws < 1:
        raise DataError(_("a randomisation test needs at least 1 draw; got {n}", n=draws))
    given = np.sort(given[given != 0])
    count = len(given)
    if count == 0:
        return SignFlip(1.0, True, 1, 1.0)
    reach = abs(float(given.sum())) - _SLACK * float(np.abs(given).sum())
    if count <= _EXACT:
        patterns = np.arange(1 << (count - 1))
        signs = 1.0 - 2.0 * ((patterns[:, None] >> np.arange(count)) & 1)
        reached = int(np.count_nonzero(np.abs(signs @ given) >= reach))
        return SignFlip(reached / len(patterns), True, 2 * len(patterns), 2.0 ** (1 - count))
    rng = generator(seed, "sign_flip")
    far = sum(int(np.count_nonzero(np.abs(signs @ given) >= reach)) for signs in random_signs(count, draws, rng))
    return SignFlip((far + 1) / (draws + 1), False, draws, 1 / (draws + 1))


def robustness(differences: FloatArray) -> Robustness:
    """Return the paired t and Wilcoxon p-values of differences (of units, or of cluster means).

    Parameters
    ----------
    differences : float64 array (N,)
        No NaN.

    Returns
    -------
    Robustness
        NaN for fewer than two differences; 1 for both where every difference is zero; no t where all are equal.
    """
    from scipy import stats

    given = numbers(_("differences"), differences)
    if len(given) < 2:
        return Robustness(float("nan"), float("nan"))
    if not given.any():
        return Robustness(1.0, 1.0)
    varies = np.ptp(given) > _SLACK * np.abs(given).max()
    student = float(stats.ttest_1samp(given, 0.0).pvalue) if varies else float("nan")
    sizes = np.abs(given)
    distinct = sizes.all() and len(np.unique(sizes)) == len(sizes)
    method = "auto" if distinct else "approx"  # with ties SciPy would try every pattern, far slower than all the rest
    return Robustness(student, float(stats.wilcoxon(given, zero_method="pratt", method=method).pvalue))
