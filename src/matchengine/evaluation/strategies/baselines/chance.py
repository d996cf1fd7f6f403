"""Any candidate, by lot: what every strategy has to beat (evaluation.md 3.6)."""

from __future__ import annotations

from matchengine.batch import FloatArray
from matchengine.comparison import Asked
from matchengine.comparison_components import strategy
from matchengine.evaluation.strategies.drawing import pair_draws

__all__ = ["random"]


@strategy("random", title="By chance", baseline=True)
def random(asked: Asked) -> FloatArray:
    """Score each pair by a number drawn from the seed and the ids of both; float64 (P,) in [0, 1)."""
    return pair_draws(asked, "random")
