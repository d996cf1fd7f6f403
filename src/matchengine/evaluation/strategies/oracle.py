"""The oracle: whoever knows all outcomes. The harness makes it itself; no strategy is ever given outcomes."""

from __future__ import annotations

import numpy as np

from matchengine.batch import FloatArray

__all__ = ["oracle_scores"]


def oracle_scores(gain: FloatArray) -> FloatArray:
    """Return scores that rank by outcome, float64 (P,): the gains themselves, 0 where no outcome is known.

    Every metric of a ranking by them must be the best there is (evaluation.md 3.6).
    """
    return np.nan_to_num(np.asarray(gain, np.float64), nan=0.0)
