"""Everybody alike: a strategy that knows nothing, and so must do exactly as well as chance (evaluation.md 3.6)."""

from __future__ import annotations

import numpy as np

from matchengine.batch import FloatArray
from matchengine.comparison import Asked
from matchengine.comparison_components import strategy

__all__ = ["constant"]


@strategy("constant", title="Everybody alike", baseline=True)
def constant(asked: Asked) -> FloatArray:
    """Score every pair .5; float64 (P,)."""
    return np.full(len(asked), 0.5)
