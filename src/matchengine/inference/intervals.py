"""From the differences of units to one comparison: an interval and a test, by rules declared before any result.

==============================================  ==================================================================
situation                                       interval and test
==============================================  ==================================================================
no unit has a value                             nothing: ``descriptive``
every difference is exactly zero                [0, 0], p = 1: ``identical`` (a strategy against itself)
units of different clusters share candidates    dyadic-cluster-robust t for both: ``t_dyadic``
10 clusters or more                             studentised bootstrap over clusters; sign-flip test on cluster sums
5 to 9 clusters                                 cluster-level t for both: ``t_by_cluster``; sign-flip shown beside
fewer than 5 clusters                           nothing is inferred: ``descriptive``
no clusters, 30 to 5,000 units                  BCa bootstrap over units; sign-flip test on units
no clusters, 5 to 29 or over 5,000 units        t over units; sign-flip test on units
no clusters, fewer than 5 units                 nothing is inferred: ``descriptive``
==============================================  ==================================================================

With 5 to 9 clusters the sign-flip test has so few patterns (32 for 5) that it can hardly be significant, hence t for
both. Where all differences are equal, the sign-flip test counts everywhere. Above 5,000 units BCa and t differ by less
than a hundredth of the standard error. Sources: domain.md H10, evaluation.md 3.5.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np

from matchengine.batch import FloatArray, IntArray
from matchengine.errors import DataError
from matchengine.i18n import _
from matchengine.inference.checks import codes, numbers, share
from matchengine.inference.clusters import (
    ClusterSums,
    Spread,
    anova_icc,
    cluster_spread,
    cluster_sums,
    studentised_bounds,
)
from matchengine.inference.dyadic import Dyadic, Sharing, dyadic_spread
from matchengine.inference.resampling import bca_interval, bootstrap_means, generator
from matchengine.inference.signflip import Robustness, robustness, sign_flip

__all__ = ["Comparison", "Method", "Reason", "compare"]

Method = Literal["bootstrap_by_cluster", "t_by_cluster", "t_dyadic", "bca", "t", "identical", "descriptive"]
Reason = Literal["no_units", "few_units", "few_clusters", "few_independent_groups"]

_FEWEST = 5
_MANY_CLUSTERS = 10
_MANY_UNITS = 30
_SO_MANY = 5_000
_NOTHING = 1e-12
_NAN = float("nan")


@dataclass(frozen=True)
class Comparison:
    """What is known of one mean difference, left minus right.

    Attributes
    ----------
    estimate : float
        Mean difference over the units that have one; NaN without any.
    low, high : float
        Interval of level 1 − alpha; NaN where nothing is inferred.
    narrow_low, narrow_high : float
        Interval of level 1 − 2·alpha, that of two one-sided tests.
    alpha : float
        Level of the test.
    p_value : float
        Two-sided, of the declared test; NaN where nothing is inferred.
    method : str
        How the interval was made; see the table at the top of this module.
    test : str
        ``sign_flip``, ``t`` or ``none``: which p-value counts.
    reason : str or None
        Why nothing is inferred: ``no_units``, ``few_units``, ``few_clusters`` or ``few_independent_groups``.
    standard_error, degrees : float
        Standard error of the estimate and its degrees of freedom; NaN where nothing is inferred.
    sign_flip_p, smallest_p : float
        p-value of the sign-flip test and the smallest it could have been; NaN where nothing is inferred.
    robustness : Robustness
        Paired t and Wilcoxon, on units or on cluster means; for showing only.
    units, missing : int
        Units with a difference, and units without (NaN), which are left out.
    clusters : int or None
        Clusters among the units counted; None where none were given.
    icc : float
        How alike differences of one cluster are; NaN without clusters.
    effective : float
        Independent groups that the sharing of candidates amounts to; NaN where none was given.
    deviation : float
        Standard deviation of the differences over units; NaN for fewer than two.
    left, right : float
        Means of both arms over the same units; NaN where the arms were not given.
    """

    estimate: float
    low: float
    high: float
    narrow_low: float
    narrow_high: float
    alpha: float
    p_value: float
    method: Method
    test: Literal["sign_flip", "t", "none"]
    reason: Reason | None
    standard_error: float
    degrees: float
    sign_flip_p: float
    smallest_p: float
    robustness: Robustness
    units: int
    missing: int
    clusters: int | None
    icc: float
    effective: float
    deviation: float
    left: float
    right: float

    @property
    def inferred(self) -> bool:
        """Whether more is said than what was seen: an interval and a test."""
        return self.method != "descriptive"


def compare(
    difference: Any = None,
    cluster: Any = None,
    left: Any = None,
    right: Any = None,
    *,
    shared: Sharing | None = None,
    alpha: float = 0.05,
    draws: int = 10_000,
    seed: int = 0,
) -> Comparison:
    """Compare two arms by the differences of their units; the rules at the top of this module choose the method.

    Parameters
    ----------
    difference : array (N,), optional
        Left minus right for each unit; NaN where a unit has none. May be left out where both arms are given.
    cluster : array (N,), optional
        Label of each unit's cluster, numbers or texts. Units of unknown cluster (negative, NaN, None, empty) count as
        one cluster together.
    left, right : array (N,), optional
        Values of both arms, to tell their means; a unit counts only where both are known.
    shared : Sharing, optional
        Candidates that each unit has in either arm, where units may share them.
    alpha : float
        Level of the test; the interval has level 1 − alpha.
    draws, seed : int
        Number and seed of bootstrap draws and of random sign patterns.

    Returns
    -------
    Comparison
        The same to the last bit for any order of the units and naming of clusters, except ``t_dyadic``, whose sums
        may differ in their last digits.

    Raises
    ------
    DataError
        For arrays, an alpha or a number of draws that do not fit, or differences that are not left minus right.
    """
    share(_("alpha"), 2 * alpha)
    if draws < 100:
        raise DataError(_("a comparison needs at least 100 draws; got {n}", n=draws))
    arms = _arms(difference, left, right)
    known = ~np.isnan(arms[0])
    values, order = arms[0][known], np.flatnonzero(known)
    group = None if cluster is None else codes(_("clusters"), cluster, len(known))[known]
    seen = _described(values, group, alpha, len(known), *(_mean(arm[known]) for arm in arms[1:]))
    if not len(values):
        return replace(seen, reason="no_units")
    if not values.any():
        return _identical(seen)
    if shared is not None and len(values) > 1:
        linked = dyadic_spread(values, _kept(shared, order, len(known)), group)
        seen = replace(seen, effective=linked.effective)
        if not linked.nested and linked.effective < len(values):
            return _dyadic(seen, values, linked, draws, seed)
    if group is not None:
        return _clustered(seen, cluster_sums(values, group), draws, seed)
    return _independent(seen, np.sort(values), draws, seed)


def _arms(difference: Any, left: Any, right: Any) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Differences and both arms, unknown wherever any of them is."""
    if (left is None) != (right is None):
        raise DataError(_("a comparison needs the values of both arms, or of neither"))
    if left is None or right is None:
        if difference is None:
            raise DataError(_("a comparison needs differences, or the values of both arms"))
        given = numbers(_("differences"), difference)
        nothing = np.full(len(given), np.nan)
        return given, nothing, nothing
    one = numbers(_("left"), left)
    two = numbers(_("right"), right, len(one))
    apart = one - two
    if difference is not None:
        given = numbers(_("differences"), difference, len(one))
        both = ~np.isnan(given) & ~np.isnan(apart)
        if not np.allclose(given[both], apart[both], rtol=1e-9, atol=1e-12):
            raise DataError(_("differences: expected left minus right for each unit; got other numbers"))
        apart = np.where(np.isnan(apart), np.nan, given)
    gone = np.isnan(apart)
    return apart, np.where(gone, np.nan, one), np.where(gone, np.nan, two)


def _mean(values: FloatArray) -> float:
    return float(np.sort(values).mean()) if len(values) else _NAN


def _described(
    values: FloatArray, group: IntArray | None, alpha: float, units: int, left: float, right: float
) -> Comparison:
    """What is seen, before anything is inferred."""
    ordered = np.sort(values)
    return Comparison(
        estimate=_mean(ordered), low=_NAN, high=_NAN, narrow_low=_NAN, narrow_high=_NAN, alpha=alpha, p_value=_NAN,
        method="descriptive", test="none", reason=None, standard_error=_NAN, degrees=_NAN, sign_flip_p=_NAN,
        smallest_p=_NAN, robustness=Robustness(_NAN, _NAN), units=len(values), missing=units - len(values),
        clusters=None if group is None else len(np.unique(group)),
        icc=_NAN if group is None or not len(values) else anova_icc(cluster_sums(values, group)), effective=_NAN,
        deviation=float(ordered.std(ddof=1)) if len(values) > 1 else _NAN, left=left, right=right,
    )  # fmt: skip


def _identical(seen: Comparison) -> Comparison:
    return replace(
        seen, low=0.0, high=0.0, narrow_low=0.0, narrow_high=0.0, p_value=1.0, method="identical", standard_error=0.0,
        sign_flip_p=1.0, smallest_p=1.0, robustness=Robustness(1.0, 1.0), degrees=float(max(1, seen.units - 1)),
    )  # fmt: skip


def _kept(shared: Sharing, order: IntArray, size: int) -> Sharing:
    """The links of units that have a difference, by their new positions."""
    unit, candidate = np.asarray(shared.unit), np.asarray(shared.candidate)
    if len(unit) and (unit.min() < 0 or unit.max() >= size):
        raise DataError(_("shared candidates: expected positions of units from 0 to {last}", last=size - 1))
    place = np.full(size, -1, np.int64)
    place[order] = np.arange(len(order))
    stays = place[unit] >= 0
    return Sharing(place[unit[stays]], candidate[stays])


def _with_t(seen: Comparison, spread: Spread, method: Method) -> Comparison:
    low, high = spread.interval(seen.alpha)
    narrow_low, narrow_high = spread.interval(2 * seen.alpha)
    return replace(
        seen, low=low, high=high, narrow_low=narrow_low, narrow_high=narrow_high, method=method,
        standard_error=spread.standard_error, degrees=spread.degrees, test="t", p_value=spread.p_value(),
    )  # fmt: skip


def _flipped(seen: Comparison, sums: FloatArray, means: FloatArray, draws: int, seed: int) -> Comparison:
    """With the sign-flip test, which also counts where nothing varies and a t test would be sure of anything."""
    flip = sign_flip(sums, draws, seed)
    seen = replace(seen, sign_flip_p=flip.p_value, smallest_p=flip.smallest, robustness=robustness(means))
    varies = seen.standard_error > _NOTHING * abs(seen.estimate)
    return seen if varies else replace(seen, standard_error=0.0, test="sign_flip", p_value=flip.p_value)


def _dyadic(seen: Comparison, values: FloatArray, linked: Dyadic, draws: int, seed: int) -> Comparison:
    if seen.clusters is not None and seen.clusters < _FEWEST:
        return replace(seen, reason="few_clusters")
    if not linked.enough:
        return replace(seen, reason="few_independent_groups")
    return _flipped(_with_t(seen, linked.spread, "t_dyadic"), values, np.sort(values), draws, seed)


def _clustered(seen: Comparison, sums: ClusterSums, draws: int, seed: int) -> Comparison:
    if sums.count < _FEWEST:
        return replace(seen, reason="few_clusters")
    found = _with_t(seen, cluster_spread(sums), "t_by_cluster")
    found = _flipped(found, sums.total, np.sort(sums.total / sums.size), draws, seed)
    if sums.count < _MANY_CLUSTERS:
        return found
    found = replace(found, test="sign_flip", p_value=found.sign_flip_p)
    levels = (seen.alpha, 2 * seen.alpha)
    bounds = studentised_bounds(sums, levels, draws, generator(seed, "bootstrap_by_cluster"))
    if bounds is None:
        return found
    (low, high), (narrow_low, narrow_high) = bounds
    return replace(
        found, low=low, high=high, narrow_low=narrow_low, narrow_high=narrow_high, method="bootstrap_by_cluster"
    )


def _independent(seen: Comparison, values: FloatArray, draws: int, seed: int) -> Comparison:
    count = len(values)
    if count < _FEWEST:
        return replace(seen, reason="few_units")
    error = float(values.std(ddof=1)) / np.sqrt(count)
    found = _with_t(seen, Spread(seen.estimate, float(error), count - 1.0), "t")
    found = _flipped(found, values, values, draws, seed)
    found = replace(found, test="sign_flip", p_value=found.sign_flip_p)
    if not _MANY_UNITS <= count <= _SO_MANY:
        return found
    means = bootstrap_means(values, draws, generator(seed, "bca"))
    low, high = bca_interval(values, means, seen.alpha)
    narrow_low, narrow_high = bca_interval(values, means, 2 * seen.alpha)
    return replace(found, low=low, high=high, narrow_low=narrow_low, narrow_high=narrow_high, method="bca")
