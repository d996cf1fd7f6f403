"""The solver of exchanges as a round of swaps asks it: one place for what `planning.swaps` offers."""

from __future__ import annotations

from matchengine.batch import IntArray
from matchengine.plan_config import SwapsConfig
from matchengine.planning.swaps.problem import Exchange, SwapGraph, SwapPlan

__all__ = ["alternatives_of", "blocking", "solve", "trade"]


def solve(graph: SwapGraph, config: SwapsConfig) -> SwapPlan:
    raise NotImplementedError


def alternatives_of(graph: SwapGraph, plan: SwapPlan, config: SwapsConfig) -> tuple[Exchange | None, ...]:
    raise NotImplementedError


def blocking(graph: SwapGraph, plan: SwapPlan, config: SwapsConfig) -> tuple[Exchange, ...]:
    raise NotImplementedError


def trade(graph: SwapGraph, rank: IntArray) -> SwapPlan:
    raise NotImplementedError
