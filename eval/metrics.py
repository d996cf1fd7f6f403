"""Ranking metrics with ties averaged exactly, coverage, skewness, and paired bootstrap intervals (domain.md H1, H2)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from itertools import groupby
from math import comb
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "Interval",
    "Quality",
    "area_under_curve",
    "average_precision",
    "coverage",
    "hit",
    "interval_of_mean",
    "quality",
    "reciprocal_rank",
    "share_found",
    "skewness",
    "tie_groups",
]

Floats = NDArray[np.float64]


class Quality(NamedTuple):
    """Reciprocal rank of the first relevant candidate, and the share of relevant ones among the first ten."""

    reciprocal_rank: float
    recall: float


class Interval(NamedTuple):
    """A mean with its 95 % interval."""

    mean: float
    low: float
    high: float


def tie_groups(ranked: Iterable[tuple[str, float]]) -> list[list[str]]:
    """Return candidates of equal score together, in the order given (best first)."""
    return [[candidate for candidate, _ in group] for _, group in groupby(ranked, key=lambda pair: pair[1])]


def quality(groups: Sequence[Sequence[str]], relevant: Set[str], at: int = 10, cut: int = 50) -> Quality:
    """Return the expected values over all orders of tied candidates.

    Parameters
    ----------
    groups : sequence of sequences of ids
        Tied candidates together, best first.
    relevant : set of ids
        At least one; those that no group holds count as not found.
    at : int
        Length of the list for recall.
    cut : int
        Ranks beyond it count as not found.

    Returns
    -------
    Quality
        Both in [0, 1].
    """
    before, reciprocal, none_yet, found = 0, 0.0, True, 0.0
    for group in groups:
        hits, size = len(relevant.intersection(group)), len(group)
        if hits:
            found += hits * min(max(at - before, 0), size) / size
            if none_yet:
                reciprocal, none_yet = _first_hit(before, size, hits, cut), False
        before += size
    return Quality(reciprocal, found / len(relevant))


def _first_hit(before: int, size: int, hits: int, cut: int) -> float:
    """Expected 1 / rank of the first of `hits` candidates placed at random among `size` ranks after `before`."""
    expected, still_none = 0.0, 1.0
    for place in range(1, min(size - hits + 1, cut - before) + 1):
        here = still_none * hits / (size - place + 1)
        expected += here / (before + place)
        still_none -= here
    return expected


def coverage(lists: Iterable[Sequence[str]], candidates: int, at: int = 10) -> float:
    """Share of all candidates that stand among the first `at` of at least one list."""
    return len({candidate for ranked in lists for candidate in ranked[:at]}) / candidates


def skewness(counts: NDArray[np.int64]) -> float:
    """Third standardised moment of counts; 0 where all are equal. Large means a few hubs (Radovanović et al. 2010)."""
    centred = counts - counts.mean()
    spread = np.sqrt((centred**2).mean())
    return float((centred**3).mean() / spread**3) if spread > 0 else 0.0


def interval_of_mean(
    values: Floats, clusters: Sequence[str] | None = None, *, seed: int = 7, resamples: int = 10_000
) -> Interval:
    """Return the mean of per-query values (or paired differences) with its percentile bootstrap interval.

    Parameters
    ----------
    values : float array (Q,)
        One value per query; for a difference of two strategies the difference on the same query.
    clusters : sequence of Q names, optional
        Whole clusters are drawn instead of single queries: queries of one organisation share mentors.
    """
    names = np.arange(len(values)) if clusters is None else np.unique(np.asarray(clusters), return_inverse=True)[1]
    sums, sizes = np.bincount(names, weights=values), np.bincount(names)
    rng = np.random.default_rng(seed)
    drawn = rng.multinomial(len(sums), np.full(len(sums), 1 / len(sums)), size=resamples)
    means = (drawn @ sums) / (drawn @ sizes)
    low, high = np.percentile(means, [2.5, 97.5])
    return Interval(float(values.mean()), float(low), float(high))


def hit(groups: Sequence[Sequence[str]], relevant: Set[str], at: int) -> float:
    """Probability, over all orders of tied candidates, that a relevant one is among the first `at`."""
    before = 0
    for group in groups:
        hits, places = len(relevant.intersection(group)), min(at - before, len(group))
        if places <= 0:
            break
        if hits:
            return 1 - comb(len(group) - hits, places) / comb(len(group), places)
        before += len(group)
    return 0.0


def reciprocal_rank(scores: Floats, relevant: NDArray[np.bool_]) -> float:
    """Return 1 / rank of the first relevant candidate, averaged over all orders of tied ones; 0 without any.

    Parameters
    ----------
    scores : float array (C,)
        The larger the better; NaN stands for a candidate who is not listed.
    relevant : bool array (C,)
    """
    listed = ~np.isnan(scores)
    if not (relevant & listed).any():
        return 0.0
    best = scores[relevant & listed].max()
    tied = listed & (scores == best)
    return _first_hit(int((scores[listed] > best).sum()), int(tied.sum()), int((tied & relevant).sum()), len(scores))


def share_found(scores: Floats, relevant: NDArray[np.bool_], at: int = 10) -> float:
    """Return the share of the relevant candidates among the first `at`, averaged over all orders of tied ones."""
    listed = ~np.isnan(scores)
    found = 0.0
    for value in scores[relevant & listed]:
        before, tied = int((scores[listed] > value).sum()), int((scores[listed] == value).sum())
        found += min(max(at - before, 0), tied) / tied
    return found / int(relevant.sum())


def average_precision(scores: Floats, relevant: NDArray[np.bool_]) -> float:
    """Return the mean, over relevant candidates, of the share of relevant ones down to their rank (McSherry & Najork).

    Averaged over all orders of tied candidates; a relevant candidate who is not listed (NaN) counts 0.
    """
    listed = ~np.isnan(scores)
    values, counts = np.unique(-scores[listed], return_counts=True)
    hits = np.array([int((relevant[listed] & (-scores[listed] == value)).sum()) for value in values])
    total, ranks_before, hits_before = 0.0, 0, 0
    for size, good in zip(counts.tolist(), hits.tolist(), strict=True):
        if good:
            place = np.arange(1, size + 1)
            above = (place - 1) * (good - 1) / max(size - 1, 1)
            total += good / size * float(((hits_before + above + 1) / (ranks_before + place)).sum())
        ranks_before, hits_before = ranks_before + size, hits_before + good
    return total / int(relevant.sum())


def area_under_curve(scores: Floats, relevant: NDArray[np.bool_]) -> float:
    """Return how often a relevant candidate stands before another one, ties as a half; NaN where either is missing."""
    from scipy.stats import rankdata

    good, other = int(relevant.sum()), int((~relevant).sum())
    if not good or not other:
        return float("nan")
    ranks = rankdata(np.nan_to_num(scores, nan=-np.inf))
    return float((ranks[relevant].sum() - good * (good + 1) / 2) / (good * other))
