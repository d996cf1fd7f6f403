"""The test of the tests: where nothing differs, how many comparisons are found significant (evaluation.md 3.6)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from matchengine.errors import DataError
from matchengine.i18n import _
from matchengine.inference.checks import numbers, share

__all__ = ["NullCheck", "check_nulls"]


@dataclass(frozen=True)
class NullCheck:
    """How many of so many nulls were significant, and how many chance allows.

    Attributes
    ----------
    significant, total : int
        Nulls found significant, and nulls tested.
    most : int
        The most that chance allows.
    share, low, high : float
        Share of significant ones, and its exact interval (Clopper and Pearson 1934); NaN without any null.
    passed : bool
        Whether there were no more than chance allows. With no null tested nothing is wrong, and nothing is shown.
    """

    significant: int
    total: int
    most: int
    share: float
    low: float
    high: float
    passed: bool


def check_nulls(p_values: Any, alpha: float = 0.05, confidence: float = 0.99) -> NullCheck:
    """Compare the number of significant nulls with what a test of level alpha would give by chance.

    Parameters
    ----------
    p_values : array (K,)
        p-values of comparisons where nothing differs (permuted labels, a world without effect); independent of one
        another. NaN is left out.
    alpha : float
        Level of the test.
    confidence : float
        With this chance or more a sound test passes.

    Returns
    -------
    NullCheck
        `most` is the smallest number that a binomial count of chance alpha exceeds with chance 1 − confidence at most.

    Raises
    ------
    DataError
        For p-values outside [0, 1], or alpha or confidence out of range.
    """
    from scipy import stats

    share(_("alpha"), alpha)
    share(_("confidence level"), confidence)
    given = numbers(_("p-values"), p_values)
    given = given[~np.isnan(given)]
    if ((given < 0) | (given > 1)).any():
        raise DataError(_("p-values: expected numbers from 0 to 1"))
    total, significant = len(given), int(np.count_nonzero(given <= alpha))
    if not total:
        return NullCheck(0, 0, 0, float("nan"), float("nan"), float("nan"), True)
    most = int(stats.binom.ppf(confidence, total, alpha))
    exact = stats.binomtest(significant, total).proportion_ci(confidence, "exact")
    return NullCheck(
        significant, total, most, significant / total, float(exact.low), float(exact.high), significant <= most
    )
