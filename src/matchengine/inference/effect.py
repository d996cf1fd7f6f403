"""How large a difference is, in three readings, each with its interval (domain.md H10)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from matchengine.batch import FloatArray, IntArray
from matchengine.i18n import _
from matchengine.inference.checks import codes, numbers, share
from matchengine.inference.clusters import cluster_spread, cluster_sums

__all__ = ["Effect", "Effects", "effects"]

_FEWEST = 5


@dataclass(frozen=True)
class Effect:
    """One measure of size; NaN where it cannot be told."""

    estimate: float
    low: float
    high: float


@dataclass(frozen=True)
class Effects:
    """A mean difference, the same in standard deviations of the differences, and how often left is above right.

    Attributes
    ----------
    mean : Effect
        Mean difference.
    standardised : Effect
        d_z, the mean difference over the standard deviation of the differences; interval by the jackknife.
    superiority : Effect
        Share of units with a positive difference, ties counted half; in [0, 1], interval after Wilson.
    gained, lost, tied : int
        Units with a positive, a negative and no difference.
    """

    mean: Effect
    standardised: Effect
    superiority: Effect
    gained: int
    lost: int
    tied: int


def effects(difference: Any, cluster: Any = None, alpha: float = 0.05) -> Effects:
    """Return the size of paired differences, left minus right.

    Parameters
    ----------
    difference : array (N,)
        NaN where a unit has none; these are left out.
    cluster : array (N,), optional
        Label of each unit's cluster; units of unknown cluster count as one.
    alpha : float
        One minus the level of the intervals.

    Returns
    -------
    Effects
        Intervals NaN with fewer than 5 units, or clusters where these are given, as in `compare`. Those of the mean
        are t intervals here; the verdict is made from those of `compare`.
    """
    share(_("alpha"), alpha)
    given = numbers(_("differences"), difference)
    known = ~np.isnan(given)
    group = np.arange(len(given)) if cluster is None else codes(_("clusters"), cluster, len(given))
    values, group = given[known], group[known]
    gained, lost = int((values > 0).sum()), int((values < 0).sum())
    won = np.where(values > 0, 1.0, np.where(values < 0, 0.0, 0.5))
    return Effects(
        _mean(values, group, alpha), _standardised(values, group, alpha), _superiority(won, group, alpha),
        gained, lost, len(values) - gained - lost,
    )  # fmt: skip


def _mean(values: FloatArray, group: IntArray, alpha: float) -> Effect:
    if not len(values):
        return Effect(math.nan, math.nan, math.nan)
    sums = cluster_sums(values, group)
    if sums.count < _FEWEST:
        return Effect(sums.mean, math.nan, math.nan)
    return Effect(sums.mean, *cluster_spread(sums).interval(alpha))


def _standardised(values: FloatArray, group: IntArray, alpha: float) -> Effect:
    """d_z, with the spread of what it would be without each cluster in turn."""
    from scipy.special import stdtrit

    if len(values) < 2 or np.ptp(values) <= 1e-12 * np.abs(values).max():
        same = 0.0 if len(values) and not values.any() else math.nan
        return Effect(same, same, same)
    sums = cluster_sums(values, group)
    units, total, square = sums.units, float(sums.total.sum()), float(sums.square.sum())

    def ratio(units: Any, total: Any, square: Any) -> Any:
        with np.errstate(divide="ignore", invalid="ignore"):
            return (total / units) / np.sqrt((square - total**2 / units) / (units - 1))

    estimate = float(ratio(units, total, square))
    if sums.count < _FEWEST:
        return Effect(estimate, math.nan, math.nan)
    without = ratio(units - sums.size, total - sums.total, square - sums.square)
    if not np.isfinite(without).all():
        return Effect(estimate, math.nan, math.nan)
    count = sums.count
    error = math.sqrt((count - 1) / count * float(((without - without.mean()) ** 2).sum()))
    half = float(stdtrit(count - 1, 1 - alpha / 2)) * error
    return Effect(estimate, estimate - half, estimate + half)


def _superiority(won: FloatArray, group: IntArray, alpha: float) -> Effect:
    """A share with its interval after Wilson, on as many independent units as its clustered spread amounts to."""
    from scipy.special import stdtrit

    if not len(won):
        return Effect(math.nan, math.nan, math.nan)
    sums = cluster_sums(won, group)
    estimate, count = sums.mean, sums.count
    if count < _FEWEST:
        return Effect(estimate, math.nan, math.nan)
    spread = cluster_spread(sums)
    chance = estimate * (1 - estimate)
    worth = float(count)
    if chance > 0 and spread.standard_error > 0:
        worth = min(sums.units, max(float(count), chance / spread.standard_error**2))
    reach = float(stdtrit(spread.degrees, 1 - alpha / 2)) ** 2
    centre = (estimate + reach / (2 * worth)) / (1 + reach / worth)
    half = math.sqrt(reach * (chance / worth + reach / (4 * worth**2))) / (1 + reach / worth)
    return Effect(estimate, max(0.0, centre - half), min(1.0, centre + half))
