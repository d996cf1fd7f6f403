"""What past outcomes say of a strategy that did not choose them: judged share, SNIPS, DR, effective sample size.

Outcomes exist only for pairs that were shown. Weighting each by how much likelier the new strategy would have shown it
corrects for that, as far as the logging chances are known and not too small (Swaminathan and Joachims 2015; Dudík,
Langford and Li 2011; evaluation.md 3.5, point 7). Where the weights leave fewer than 50 pairs' worth, nothing is said.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from matchengine.batch import BoolArray, FloatArray, IntArray
from matchengine.errors import DataError
from matchengine.i18n import _
from matchengine.inference.checks import codes, numbers, share
from matchengine.inference.clusters import Spread, cluster_spread, cluster_sums

__all__ = ["Judged", "OffPolicy", "doubly_robust", "effective_sample", "judged_share", "snips"]

Refusal = Literal["no_outcomes", "no_overlap", "few_effective", "few_clusters"]
ENOUGH = 50.0
"""Effective pairs below which no estimate is given."""
_FEWEST = 5


@dataclass(frozen=True)
class Judged:
    """How much of what a strategy shows has a known outcome.

    Attributes
    ----------
    share : float
        Share of the first k places with a known outcome; NaN where no place was filled.
    known, shown : int
        Places with a known outcome, and places filled.
    per_unit : float64 array (N,)
        The share for each unit; NaN where it was shown nobody.
    """

    share: float
    known: int
    shown: int
    per_unit: FloatArray


@dataclass(frozen=True)
class OffPolicy:
    """An estimate of the mean outcome that a strategy would have had, or why there is none.

    Attributes
    ----------
    estimate : float or None
        None where it was refused.
    low, high : float
        Interval of level 1 − alpha; NaN where it was refused.
    reason : str or None
        ``no_outcomes``, ``no_overlap`` (no shown pair that the strategy would show), ``few_effective`` or
        ``few_clusters``.
    effective : float
        Effective sample size (Σw)² / Σw².
    pairs : int
        Pairs with a known outcome.
    clipped : float
        Share of weights that were cut to the limit; NaN without pairs.
    mean_weight : float
        Mean of the weights before clipping; near 1 where logging chances are right.
    """

    estimate: float | None
    low: float
    high: float
    reason: Refusal | None
    effective: float
    pairs: int
    clipped: float
    mean_weight: float


def judged_share(known: Any, shown: Any = None) -> Judged:
    """Return which share of the first k places has a known outcome (judged@k).

    Parameters
    ----------
    known : bool array (N, k)
        Whether the outcome at each place is known.
    shown : bool array (N, k), optional
        Whether the place is filled at all; all are where left out. Empty places count on neither side.

    Returns
    -------
    Judged
        Shares in [0, 1].
    """
    told = np.asarray(known, np.bool_)
    filled = np.ones(told.shape, np.bool_) if shown is None else np.asarray(shown, np.bool_)
    if told.ndim != 2 or filled.shape != told.shape:
        raise DataError(_("judged share: expected a table of units by places, and one of the same shape"))
    both, places = (told & filled).sum(axis=1), filled.sum(axis=1)
    each = np.full(len(told), np.nan)
    np.divide(both, places, out=each, where=places > 0)
    total = int(places.sum())
    return Judged(int(both.sum()) / total if total else math.nan, int(both.sum()), total, each)


def effective_sample(weights: Any) -> float:
    """Return how many equally weighted pairs such weights are worth: (Σw)² / Σw² (Kish 1965), 0 without any weight."""
    given = _weights(numbers(_("weights"), weights))
    most = float(given.max(initial=0.0))
    return float((given / most).sum() ** 2 / ((given / most) ** 2).sum()) if most > 0 else 0.0


def snips(
    outcome: Any, propensity: Any, target: Any, cluster: Any = None, *, clip: float = 20.0, alpha: float = 0.05
) -> OffPolicy:
    """Estimate the mean outcome of a strategy from pairs that another one showed: clipped, self-normalised weights.

    Parameters
    ----------
    outcome : array (N,)
        Outcome of each shown pair; NaN where unknown, which is left out.
    propensity : array (N,)
        Chance with which the pair was shown, in (0, 1].
    target : array (N,)
        Chance with which the strategy would show it, in [0, 1].
    cluster : array (N,), optional
        Cluster of each pair (at the least the person to whom it was shown, where one has several).
    clip : float
        Largest weight; larger ones are cut, which trades some bias for much variance.
    alpha : float
        One minus the level of the interval.

    Returns
    -------
    OffPolicy
        Σ w·y / Σ w with w = min(target / propensity, clip); interval by linearisation, over clusters where given.

    Raises
    ------
    DataError
        For chances out of range or unknown, or arrays of different lengths.
    """
    logged = _logged(outcome, propensity, target, cluster, clip)
    if logged.refused is not None:
        return logged.told(None)
    weight, seen = logged.weight, logged.outcome
    estimate = float((weight * seen).sum() / weight.sum())
    return logged.told(
        _spread(weight * (seen - estimate) / weight.mean(), estimate, logged.group), share(_("alpha"), alpha)
    )


def doubly_robust(
    outcome: Any, propensity: Any, target: Any, predicted: Any, expected: Any, cluster: Any = None,
    *, clip: float = 20.0, alpha: float = 0.05,
) -> OffPolicy:  # fmt: skip
    """Estimate the mean outcome of a strategy from a model of outcomes, corrected by weighted residuals.

    Right where either the model or the logging chances are right.

    Parameters
    ----------
    outcome, propensity, target, cluster, clip, alpha
        As for `snips`.
    predicted : array (N,)
        Outcome that the model expects of each shown pair. The model must not have learnt from these outcomes.
    expected : array (N,)
        Mean outcome that the model expects of what the strategy would show in the same place.

    Returns
    -------
    OffPolicy
        mean(expected) + Σ w·(y − predicted) / Σ w, over pairs with a known outcome.

    Raises
    ------
    DataError
        As `snips`, or where a prediction is unknown.
    """
    size = len(numbers(_("outcomes"), outcome))
    model = np.stack([numbers(_("predicted"), predicted, size), numbers(_("expected"), expected, size)])
    if np.isnan(model).any():
        raise DataError(_("predictions: expected a number for every pair; found unknown ones"))
    logged = _logged(outcome, propensity, target, cluster, clip)
    if logged.refused is not None:
        return logged.told(None)
    model, weight = model[:, logged.known], logged.weight
    residual = logged.outcome - model[0]
    shift = float((weight * residual).sum() / weight.sum())
    base = float(model[1].mean())
    influence = model[1] - base + weight * (residual - shift) / weight.mean()
    return logged.told(_spread(influence, base + shift, logged.group), share(_("alpha"), alpha))


@dataclass(frozen=True)
class _Logged:
    """Pairs with a known outcome, and their weights."""

    known: BoolArray
    outcome: FloatArray
    weight: FloatArray
    raw: FloatArray
    group: IntArray
    refused: Refusal | None

    def told(self, spread: Spread | None, alpha: float = 0.05) -> OffPolicy:
        """As a result; without a spread, as a refusal."""
        count = len(self.outcome)
        clipped = float((self.weight < self.raw).mean()) if count else math.nan
        mean = float(self.raw.mean()) if count else math.nan
        low, high = (math.nan, math.nan) if spread is None else spread.interval(alpha)
        return OffPolicy(
            None if spread is None else spread.estimate, low, high, self.refused,
            effective_sample(self.weight), count, clipped, mean,
        )  # fmt: skip


def _logged(outcome: Any, propensity: Any, target: Any, cluster: Any, clip: float) -> _Logged:
    seen = numbers(_("outcomes"), outcome)
    size = len(seen)
    chance, wanted = numbers(_("propensities"), propensity, size), numbers(_("target chances"), target, size)
    if not ((chance > 0) & (chance <= 1)).all():
        raise DataError(_("propensities: expected chances above 0 and up to 1, all known"))
    if not ((wanted >= 0) & (wanted <= 1)).all():
        raise DataError(_("target chances: expected chances from 0 to 1, all known"))
    if not (np.isfinite(clip) and clip > 0):
        raise DataError(_("clip: expected a finite number above 0; got {value!r}", value=clip))
    group = np.arange(size) if cluster is None else codes(_("clusters"), cluster, size)
    known = ~np.isnan(seen)
    raw = (wanted / chance)[known]
    weight = np.minimum(raw, clip)
    refused: Refusal | None = None
    if not known.any():
        refused = "no_outcomes"
    elif not weight.any():
        refused = "no_overlap"
    elif effective_sample(weight) < ENOUGH:
        refused = "few_effective"
    elif len(np.unique(group[known])) < _FEWEST:
        refused = "few_clusters"
    return _Logged(known, seen[known], weight, raw, group[known], refused)


def _weights(given: FloatArray) -> FloatArray:
    if not (given >= 0).all():
        raise DataError(_("weights: expected numbers of at least 0, all known"))
    return given


def _spread(influence: FloatArray, estimate: float, group: IntArray) -> Spread:
    """The spread of an estimate whose influence function averages to zero."""
    found = cluster_spread(cluster_sums(influence, group))
    return Spread(estimate, found.standard_error, found.degrees)
