"""How many people or clusters an answer takes: before any result, and after "we cannot tell" (domain.md H10)."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from matchengine.errors import DataError
from matchengine.i18n import _
from matchengine.inference.checks import codes, numbers, share
from matchengine.inference.clusters import anova_icc, cluster_sums
from matchengine.inference.intervals import Comparison

__all__ = ["Needed", "design_effect", "intraclass_correlation", "minimum_detectable", "sample_size", "still_needed"]

_FEWEST = 5
_MOST = 1 << 40
"""More than this many is as good as never."""


@dataclass(frozen=True)
class Needed:
    """What it would take to tell.

    Attributes
    ----------
    units : int or None
        More units: in the clusters there are, where units come in clusters. None where no number would do.
    clusters : int or None
        More clusters of the mean size there is; None without clusters, or where no number would do.
    at_least : bool
        Whether this is only what it takes to infer anything at all; how many tell cannot be said yet.
    """

    units: int | None
    clusters: int | None
    at_least: bool


def design_effect(mean_size: float, icc: float) -> float:
    """Return by how much clustering multiplies the sample needed: 1 + (m̄ − 1)·ICC, at least 1 for an ICC below 0."""
    if not mean_size >= 1 or not -1 <= icc <= 1:
        raise DataError(_("design effect: expected a mean cluster size of at least 1 and an ICC from -1 to 1"))
    return 1 + (mean_size - 1) * max(0.0, icc)


def sample_size(
    effect: float, alpha: float = 0.05, power: float = 0.8, mean_size: float = 1.0, icc: float = 0.0
) -> int:
    """Return how many units find a standardised effect: ((z₁₋α⸝₂ + z₁₋β) / d_z)² times the design effect.

    Parameters
    ----------
    effect : float
        d_z: mean difference in standard deviations of the differences, not 0.
    alpha, power : float
        Level of the two-sided test, and chance to find the effect.
    mean_size, icc : float
        Mean size of clusters, and how alike units of one cluster are.

    Returns
    -------
    int
        Units: 197 for d_z = .2, 88 for .3, 32 for .5 at 5 % and 80 %.
    """
    from scipy.special import ndtri

    if not (math.isfinite(effect) and effect != 0):
        raise DataError(_("effect: expected a finite number other than 0; got {value!r}", value=effect))
    reach = float(ndtri(1 - share(_("alpha"), alpha) / 2) + ndtri(share(_("power"), power)))
    return math.ceil((reach / effect) ** 2 * design_effect(mean_size, icc) - 1e-9)


def minimum_detectable(
    units: int, clusters: int | None = None, icc: float = 0.0, deviation: float = 1.0, alpha: float = 0.05,
    power: float = 0.8,
) -> float:  # fmt: skip
    """Return the smallest mean difference that so many units find with the given power; for telling before any result.

    Parameters
    ----------
    units, clusters : int
        How many there are; clusters None where units are independent.
    icc : float
        How alike differences of one cluster are.
    deviation : float
        Standard deviation of the differences; 1 gives the answer as d_z.
    alpha, power : float
        Level of the two-sided test, and chance to find the effect.

    Returns
    -------
    float
        (t₁₋α⸝₂ + t₁₋β) · deviation · √(design effect / units), with clusters − 1 or units − 1 degrees of freedom;
        infinite for fewer than 5 units or clusters, of which nothing is inferred.
    """
    from scipy.special import stdtrit

    share(_("alpha"), alpha)
    share(_("power"), power)
    groups = units if clusters is None else clusters
    if groups < _FEWEST:
        return math.inf
    stretch = 1.0 if clusters is None else design_effect(max(1.0, units / clusters), icc)
    reach = float(stdtrit(groups - 1, 1 - alpha / 2) + stdtrit(groups - 1, power))
    return reach * deviation * math.sqrt(stretch / units)


def intraclass_correlation(values: Any, cluster: Any) -> float:
    """Return how alike values of one cluster are, by analysis of variance (`anova_icc`).

    Parameters
    ----------
    values : array (N,)
        NaN is left out.
    cluster : array (N,)
        Labels of clusters; units of unknown cluster count as one cluster.

    Returns
    -------
    float
        At most 1, possibly below 0; NaN where it cannot be told.
    """
    given = numbers(_("values"), values)
    known = ~np.isnan(given)
    group = codes(_("clusters"), cluster, len(given))
    return anova_icc(cluster_sums(given[known], group[known])) if known.any() else float("nan")


def still_needed(comparison: Comparison, margin: float, power: float = 0.8) -> Needed:
    """Return how many more units or clusters it would take to tell, after a verdict of "cannot tell".

    So many that, with the given power, a true difference as large as the margin would be found and a true zero be shown
    to be the same; and, should the estimate stay what it is, enough to give one of the two answers. Without a margin
    only the latter counts. The spread seen is taken for the true one, so this is an estimate, not a promise.

    Parameters
    ----------
    comparison : Comparison
        What was seen.
    margin : float
        The smallest difference that matters, at least 0.
    power : float
        Chance to tell.

    Returns
    -------
    Needed
        At least 1 of each that would do. Where nothing was inferred: what inference takes at the very least.
    """
    share(_("power"), power)
    groups = comparison.units if comparison.clusters is None else comparison.clusters
    if not comparison.inferred:
        more = max(1, _FEWEST - groups)
        return Needed(more, None, True) if comparison.clusters is None else Needed(None, more, True)
    variance = comparison.standard_error**2
    if comparison.clusters is None:
        found = _fewest(lambda n: _tells(comparison, margin, power, variance * groups / n, n), groups)
        return Needed(None if found is None else found - groups, None, False)
    found = _fewest(lambda n: _tells(comparison, margin, power, variance * groups / n, n), groups)
    size = comparison.units / groups
    icc = max(0.0, comparison.icc) if math.isfinite(comparison.icc) else 0.0
    now = design_effect(size, icc)

    def more_people(units: int) -> bool:
        then = design_effect(units / groups, icc) / now * comparison.units / units
        return _tells(comparison, margin, power, variance * then, groups)

    people = _fewest(more_people, comparison.units)
    return Needed(
        None if people is None else people - comparison.units, None if found is None else found - groups, False
    )


def _tells(comparison: Comparison, margin: float, power: float, variance: float, groups: int) -> bool:
    """Whether so much variance and so many independent groups would do."""
    from scipy.special import stdtrit

    def t(level: float) -> float:
        return float(stdtrit(max(1, groups - 1), level))

    alpha, error, off = comparison.alpha, math.sqrt(variance), abs(comparison.estimate)
    stays = t(1 - alpha / 2) * error < off or t(1 - alpha) * error < margin - off
    differ, same = t(1 - alpha / 2) + t(power), t(1 - alpha) + t((1 + power) / 2)
    return stays and (margin == 0 or max(differ, same) * error <= margin)


def _fewest(tells: Callable[[int], bool], now: int) -> int | None:
    """The smallest number above `now` that tells; None where none does."""
    above = now + 1
    while not tells(above):
        above = now + 2 * (above - now)
        if above > _MOST:
            return None
    below = now
    while above - below > 1:
        middle = (above + below) // 2
        if tells(middle):
            above = middle
        else:
            below = middle
    return above
