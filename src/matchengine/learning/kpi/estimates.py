"""Means, shares and rates with intervals that hold where several values come from one mentor (domain.md H10)."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np

from matchengine.batch import FloatArray

__all__ = ["Estimate", "change_of", "goal_attainment_score", "mean_of", "nothing", "rate_of", "share_of"]

_LEVEL = 0.95
_DRAWS = 4_000
_FEWEST = 5
"""Clusters below which no interval is told, as in `matchengine.inference`."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A value with its interval (NaN where it has none), how many values stand behind it, and how many people at least.

    `people` is None where each value is another person's.
    """

    value: float
    low: float
    high: float
    n: int
    people: int | None = None


def nothing(n: int = 0) -> Estimate:
    """Return an estimate that cannot be told."""
    return Estimate(float("nan"), float("nan"), float("nan"), n)


def mean_of(values: Sequence[float] | FloatArray, clusters: Sequence[Hashable] | None = None) -> Estimate:
    """Return the mean with a 95 % interval.

    Parameters
    ----------
    values : sequence of float (N,)
        Known values only.
    clusters : sequence (N,), optional
        Who the value hangs on, such as the mentor; values of one cluster may be alike. By default each is its own.

    Returns
    -------
    Estimate
        The interval is `matchengine.inference.clusters.cluster_spread`'s, which is Student's where every cluster has
        one value. NaN with fewer than five clusters.
    """
    from matchengine.inference.clusters import cluster_spread, cluster_sums

    x = np.asarray(values, np.float64)
    if not len(x):
        return nothing()
    sums = cluster_sums(x, _codes(clusters, len(x)))
    if sums.count < _FEWEST:
        return Estimate(sums.mean, float("nan"), float("nan"), len(x), sums.count)
    low, high = cluster_spread(sums).interval(1 - _LEVEL)
    return Estimate(sums.mean, low, high, len(x), sums.count)


def change_of(differences: Sequence[float] | FloatArray, clusters: Sequence[Hashable] | None = None) -> Estimate:
    """Return the mean of paired differences with the interval that `matchengine.inference.compare` chooses.

    NaN bounds where it infers nothing (fewer than five values or clusters), or nobody changed at all.
    """
    from matchengine.inference.intervals import compare

    x = np.asarray(differences, np.float64)
    if not len(x):
        return nothing()
    codes = _codes(clusters, len(x))
    people = len(set(codes.tolist()))
    found = compare(x, codes if people < len(x) else None, draws=_DRAWS)
    if found.method == "identical":
        return Estimate(0.0, float("nan"), float("nan"), len(x), people)
    return Estimate(found.estimate, found.low, found.high, len(x), people)


def rate_of(
    amounts: Sequence[float] | FloatArray,
    exposures: Sequence[float] | FloatArray,
    clusters: Sequence[Hashable] | None = None,
) -> Estimate:
    """Return the sum of amounts over the sum of exposures with its 95 % interval.

    The interval is Student's by linearisation over clusters, with clusters less one degrees of freedom; NaN with fewer
    than five clusters. See `mean_of`.
    """
    from scipy.special import stdtrit

    x, t = np.asarray(amounts, np.float64), np.asarray(exposures, np.float64)
    if not len(x) or not t.sum() > 0:
        return nothing(len(x))
    value = float(x.sum() / t.sum())
    codes = _codes(clusters, len(x))
    groups = int(codes.max()) + 1
    if groups < _FEWEST:
        return Estimate(value, float("nan"), float("nan"), len(x), groups)
    sums = np.bincount(codes, weights=x - value * t)
    error = float(np.sqrt(groups / (groups - 1) * (sums**2).sum()) / t.sum())
    half = float(stdtrit(groups - 1, 0.5 + _LEVEL / 2)) * error
    return Estimate(value, value - half, value + half, len(x), groups)


def share_of(holds: Sequence[bool], clusters: Sequence[Hashable] | None = None) -> Estimate:
    """Return a share with Wilson's interval, wider by the design effect where clusters have several values.

    The number of values is divided by the variance with clusters over that without (at least 1), so that the interval
    is never narrower than without clusters and stays in [0, 1].
    """
    x = np.asarray(holds, np.float64)
    if not len(x):
        return nothing()
    value, n = float(x.mean()), float(len(x))
    codes = _codes(clusters, len(x))
    groups, plain = int(codes.max()) + 1, float(((x - value) ** 2).sum())
    if 1 < groups < len(x) and plain > 0:
        sums = np.bincount(codes, weights=x - value)
        n /= max(1.0, groups / (groups - 1) * float((sums**2).sum()) / plain)
    z2 = 1.959963984540054**2
    middle = (value + z2 / (2 * n)) / (1 + z2 / n)
    half = float(np.sqrt(z2 * (value * (1 - value) / n + z2 / (4 * n * n)))) / (1 + z2 / n)
    return Estimate(value, max(0.0, middle - half), min(1.0, middle + half), len(x), groups)


def goal_attainment_score(attained: Sequence[float], weights: Sequence[float]) -> float:
    """Return T = 50 + 10 sum(w x) / sqrt(.7 sum(w^2) + .3 (sum w)^2) of the scored goals of one person (domain.md H9).

    50 is what was agreed, about 10 a standard deviation over people (Kiresuk & Sherman 1968); NaN without any goal.
    """
    x, w = np.asarray(attained, np.float64), np.asarray(weights, np.float64)
    if not len(x):
        return float("nan")
    return float(50 + 10 * (w * x).sum() / np.sqrt(0.7 * (w**2).sum() + 0.3 * w.sum() ** 2))


def _codes(clusters: Sequence[Hashable] | None, n: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    if clusters is None:
        return np.arange(n)
    seen: dict[Hashable, int] = {}
    return np.array([seen.setdefault(cluster, len(seen)) for cluster in clusters], np.int64)
