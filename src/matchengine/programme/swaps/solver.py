"""The solver of exchanges as a round of swaps asks it: one place for what `planning.swaps` offers."""

from __future__ import annotations

from matchengine.batch import IntArray
from matchengine.plan_config import SwapsConfig
from matchengine.planning.swaps.problem import Exchange, SwapGraph, SwapPlan

__all__ = ["alternatives_of", "blocking", "solve", "trade"]
