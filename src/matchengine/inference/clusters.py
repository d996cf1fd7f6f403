"""Units summed by cluster, and how far their mean may be off: cluster-level t and studentised bootstrap.

The mean is the ratio of sums over clusters, so every unit counts once however large its cluster is. Its variance is
the bias-reduced one of Bell and McCaffrey (2002), with the degrees of freedom of Imbens and Kolesár (2016), which
count unequal clusters for what they are worth.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from matchengine.batch import FloatArray, IntArray
from matchengine.inference.resampling import cluster_weights

__all__ = ["ClusterSums", "Spread", "anova_icc", "cluster_spread", "cluster_sums", "studentised_bounds"]


@dataclass(frozen=True)
class ClusterSums:
    """Sums over clusters, in an order that depends on the sums alone.

    Attributes
    ----------
    total, size, square : float64 array (G,)
        Sum of the values, number of units (at least 1) and sum of the squared values of each cluster.
    """

    total: FloatArray
    size: FloatArray
    square: FloatArray

    @property
    def count(self) -> int:
        """Number of clusters, G."""
        return len(self.size)

    @property
    def units(self) -> float:
        """Number of units."""
        return float(self.size.sum())

    @property
    def mean(self) -> float:
        """Mean over units."""
        return float(self.total.sum() / self.size.sum())


@dataclass(frozen=True)
class Spread:
    """A mean, its standard error and the degrees of freedom of the t distribution that goes with it."""

    estimate: float
    standard_error: float
    degrees: float

    def interval(self, alpha: float) -> tuple[float, float]:
        """Return the t interval of level 1 − alpha."""
        from scipy.special import stdtrit

        half = float(stdtrit(self.degrees, 1 - alpha / 2)) * self.standard_error
        return self.estimate - half, self.estimate + half

    def p_value(self, null: float = 0.0) -> float:
        """Return the two-sided p-value against `null`; 1 where estimate and null agree exactly."""
        from scipy.special import stdtr

        off = abs(self.estimate - null)
        if off == 0:
            return 1.0
        return min(1.0, 2 * float(stdtr(self.degrees, -off / self.standard_error))) if self.standard_error > 0 else 0.0


def cluster_sums(values: FloatArray, cluster: IntArray) -> ClusterSums:
    """Sum values by cluster.

    Parameters
    ----------
    values : float64 array (N,)
        Finite values.
    cluster : int64 array (N,)
        Codes of clusters; units of unknown cluster (negative) form one cluster together, the cautious reading.

    Returns
    -------
    ClusterSums
        The same, to the last bit, for any order of the units and any naming of the clusters.
    """
    order = np.lexsort((values, cluster))
    value, place = values[order], np.unique(cluster[order], return_inverse=True)[1]
    total = np.bincount(place, value).astype(np.float64)
    size = np.bincount(place).astype(np.float64)
    square = np.bincount(place, value**2).astype(np.float64)
    by_sums = np.lexsort((square, size, total))
    return ClusterSums(total[by_sums], size[by_sums], square[by_sums])


def anova_icc(sums: ClusterSums) -> float:
    """Return the intraclass correlation by analysis of variance: how alike units of one cluster are.

    (MSB − MSW) / (MSB + (m₀ − 1) MSW), with m₀ the usual mean size for unequal clusters (Donner 1986). It can be
    below zero. NaN where there are fewer than two clusters, no cluster has two units, or nothing varies.
    """
    count, units = sums.count, sums.units
    if count < 2 or units <= count:
        return float("nan")
    means = sums.total / sums.size
    between = float((sums.size * (means - sums.mean) ** 2).sum()) / (count - 1)
    within = max(0.0, float((sums.square - sums.total * means).sum())) / (units - count)
    usual = (units - float((sums.size**2).sum()) / units) / (count - 1)
    whole = between + (usual - 1) * within
    return (between - within) / whole if whole > 0 else float("nan")


def _degrees(size: FloatArray, icc: float) -> float:
    """Degrees of freedom by Satterthwaite, where units of one cluster correlate by `icc`."""
    units = size.sum()
    stretch = 1 / (1 - size / units)
    lean = stretch * size / units
    core = float((stretch * size**2).sum()) / units**2
    noise = size * (1 + (size - 1) * icc)
    own = stretch + core - 2 * lean
    first = float((noise * own).sum())
    none, one, two = float(noise.sum()), float((noise * lean).sum()), float((noise * lean**2).sum())
    mixed = core**2 * none**2 + 2 * none * two - 4 * core * none * one + 2 * one**2
    second = mixed + float((noise**2 * (own**2 - (core - 2 * lean) ** 2)).sum())
    return float(max(1.0, first**2 / second))


def cluster_spread(sums: ClusterSums) -> Spread:
    """Return mean, standard error and degrees of freedom of clustered values; at least two clusters."""
    units = sums.units
    residual = sums.total - sums.mean * sums.size
    error = float(np.sqrt((residual**2 / (1 - sums.size / units)).sum())) / units
    icc = anova_icc(sums)
    return Spread(sums.mean, error, _degrees(sums.size, min(1.0, max(0.0, icc)) if np.isfinite(icc) else 0.0))


def studentised_bounds(
    sums: ClusterSums, levels: Sequence[float], draws: int, rng: np.random.Generator
) -> list[tuple[float, float]] | None:
    """Return symmetric studentised bootstrap intervals over clusters, one for each alpha in `levels`.

    Each draw takes G clusters with replacement and is measured in its own standard errors (Hall 1988), which keeps the
    level with 10 to 20 clusters where plain percentiles fall short. None where more than one draw in twenty has no
    spread at all: then too few clusters differ for it, and the caller falls back on t.
    """
    total, size = sums.total, sums.size
    centre = sums.mean
    found = []
    for weight in cluster_weights(sums.count, draws, rng):
        units = weight @ size
        mean = (weight @ total) / units
        raw = weight @ total**2 - 2 * mean * (weight @ (total * size)) + mean**2 * (weight @ size**2)
        error = np.sqrt(np.maximum(raw, 0) * sums.count / (sums.count - 1)) / units
        found.append(np.stack([np.abs(mean - centre), error]))
    off, error = np.concatenate(found, axis=1)
    spread = float(np.sqrt(((total - centre * size) ** 2).sum() * sums.count / (sums.count - 1))) / sums.units
    firm = error > 1e-3 * spread
    if spread <= 0 or np.count_nonzero(~firm) > draws / 20:
        return None
    half = spread * np.quantile(off[firm] / error[firm], 1 - np.asarray(levels))
    return [(centre - float(h), centre + float(h)) for h in half]
