"""Scores turned into chances of success by outcomes of other people (domain.md G2)."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from matchengine.batch import FloatArray
from matchengine.learning.calibration import ISOTONIC_EACH, ISOTONIC_FROM, PLATT_FROM, fit_calibration

__all__ = ["learn_probability"]


def learn_probability(scores: FloatArray, gains: FloatArray) -> Callable[[FloatArray], FloatArray]:
    """Return a function from scores to probabilities: isotonic from 200 outcomes with 30 of each class, else Platt's.

    Where there are too few outcomes even for that, or all scores are alike, everybody has the share of good outcomes.
    """
    good = (gains > 0).astype(float)
    enough = len(good) >= ISOTONIC_FROM and min(good.sum(), len(good) - good.sum()) >= ISOTONIC_EACH
    if len(good) < PLATT_FROM or len(np.unique(scores)) < 2:
        share = float(good.mean()) if len(good) else float("nan")
        return lambda given: np.where(np.isnan(given), np.nan, share)
    return fit_calibration("isotonic" if enough else "platt", scores, good).apply
