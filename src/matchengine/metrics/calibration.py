"""Whether predicted probabilities of success hold (domain.md H1, G2): Brier score, log loss, calibration error.

Only pairs with a known outcome and a predicted probability count; success is a gain above 0.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import numpy as np
from pydantic import Field

from matchengine.batch import FloatArray
from matchengine.comparison import Case
from matchengine.comparison_components import metric
from matchengine.errors import DataError
from matchengine.metrics.shared import one

__all__ = ["Reliability", "brier", "ece", "log_loss", "reliability"]

Bins = Annotated[int, Field(ge=1, le=1000)]
KNOWN = {"unknown": "dropped"}
_LEAST = 1e-15
"""A probability of 0 or 1 counts as this far from it, so that one wrong certainty does not hide all others."""


@dataclass(frozen=True)
class Reliability:
    """The curve of a reliability plot: one entry for each bin of predicted probability.

    Attributes
    ----------
    low, high : float64 array (B,)
        Bounds of each bin; the last holds its upper bound, too.
    predicted, observed : float64 array (B,)
        Mean prediction and share of successes; NaN in an empty bin.
    count : int64 array (B,)
    """

    low: FloatArray
    high: FloatArray
    predicted: FloatArray
    observed: FloatArray
    count: np.ndarray

    @property
    def error(self) -> float:
        """Expected calibration error: mean distance of both, weighted by count; NaN where nothing is known."""
        if not self.count.any():
            return float("nan")
        there = self.count > 0
        distance = np.abs(self.predicted[there] - self.observed[there])
        return float((distance * self.count[there]).sum() / self.count.sum())


def reliability(probability: FloatArray, success: FloatArray, bins: int = 10) -> Reliability:
    """Work out the reliability curve over bins of equal width.

    Parameters
    ----------
    probability : float64 array (K,)
        In [0, 1].
    success : float64 array (K,)
        0 or 1.
    bins : int
    """
    place = np.minimum((probability * bins).astype(np.int64), bins - 1)
    order = np.lexsort((success, probability))
    place, predicted, observed = place[order], probability[order], success[order]
    count = np.bincount(place, minlength=bins)
    means = []
    for value in (predicted, observed):
        mean = np.full(bins, np.nan)
        np.divide(np.bincount(place, weights=value, minlength=bins), count, out=mean, where=count > 0)
        means.append(mean)
    edges = np.arange(bins + 1) / bins
    return Reliability(edges[:-1], edges[1:], means[0], means[1], count)


@metric(
    "brier",
    level="pair",
    better="lower",
    title="How far predicted chances of success are off",
    unit="squared error",
    needs=("lists", "probability"),
    conventions=KNOWN,
)
def brier(case: Case) -> FloatArray:
    """(probability − success)² of each pair, float64 (P,); NaN where the outcome or the prediction is not known."""
    probability, success = _known(case)
    return (probability - success) ** 2


@metric(
    "log_loss",
    level="pair",
    better="lower",
    title="How surprising outcomes are under predicted chances",
    unit="nats",
    needs=("lists", "probability"),
    highest=float("inf"),
    conventions=KNOWN,
)
def log_loss(case: Case) -> FloatArray:
    """−ln of the probability given to what happened, float64 (P,); NaN where outcome or prediction is not known."""
    probability, success = _known(case)
    sure = np.clip(np.where(success > 0, probability, 1 - probability), _LEAST, 1 - _LEAST)
    found: FloatArray = -np.log(np.where(np.isnan(success), np.nan, sure))
    return found


@metric(
    "ece",
    level="market",
    better="lower",
    title="How far predicted chances differ from what happens",
    unit="share",
    needs=("lists", "probability"),
    conventions=KNOWN,
)
def ece(case: Case, *, bins: Bins = 10) -> FloatArray:
    """Expected calibration error over bins of equal width, float64 (1,); NaN where nothing is known."""
    probability, success = _known(case)
    known = ~np.isnan(probability - success)
    return one(reliability(probability[known], success[known], bins).error)


def _known(case: Case) -> tuple[FloatArray, FloatArray]:
    """Probability and success (0, 1, NaN) of each pair."""
    if case.probability is None:
        raise DataError("the case has no predicted probabilities (probability)")
    gain = case.lists.gain
    return case.probability, np.where(np.isnan(gain), np.nan, (gain > 0).astype(np.float64))
