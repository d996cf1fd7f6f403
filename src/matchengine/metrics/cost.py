"""What an answer costs: waiting, computing, memory and money (evaluation.md 3.4 j). Never the same twice."""

from __future__ import annotations

import numpy as np

from matchengine.batch import FloatArray
from matchengine.comparison import Case, Cost
from matchengine.comparison_components import metric
from matchengine.errors import DataError
from matchengine.metrics.shared import one

__all__ = ["latency_median", "latency_slowest", "peak_memory", "price_per_thousand", "total_seconds"]

INFINITE = float("inf")


@metric(
    "latency_median",
    level="market",
    better="lower",
    title="How long a person waits for an answer, usually",
    unit="seconds",
    needs=("cost",),
    highest=INFINITE,
)
def latency_median(case: Case) -> FloatArray:
    """Median seconds of one person's answer, float64 (1,); NaN where not measured one by one."""
    return _percentile(case, 50)


@metric(
    "latency_slowest",
    level="market",
    better="lower",
    title="How long a person waits for an answer at most, in 95 of 100 cases",
    unit="seconds",
    needs=("cost",),
    highest=INFINITE,
)
def latency_slowest(case: Case) -> FloatArray:
    """95th percentile of the seconds of one person's answer, float64 (1,); NaN where not measured one by one."""
    return _percentile(case, 95)


@metric(
    "total_seconds",
    level="market",
    better="lower",
    title="How long all answers take together",
    unit="seconds",
    needs=("cost",),
    highest=INFINITE,
)
def total_seconds(case: Case) -> FloatArray:
    """Seconds of everything the strategy did, float64 (1,)."""
    return one(_cost(case).total_seconds)


@metric(
    "peak_memory",
    level="market",
    better="lower",
    title="How much memory is needed",
    unit="MiB",
    needs=("cost",),
    highest=INFINITE,
)
def peak_memory(case: Case) -> FloatArray:
    """Most memory used at once, in MiB, float64 (1,)."""
    return one(_cost(case).peak_bytes / 2**20)


@metric(
    "price_per_thousand",
    level="market",
    better="lower",
    title="What answers for a thousand people cost",
    unit="money",
    needs=("lists", "cost"),
    highest=INFINITE,
)
def price_per_thousand(case: Case) -> FloatArray:
    """Price of the machine for 1,000 people at the speed measured, float64 (1,); NaN without price or people."""
    cost, people = _cost(case), case.lists.people
    return one(cost.total_seconds / 3600 * cost.price_per_hour * 1000 / people if people else float("nan"))


def _cost(case: Case) -> Cost:
    if case.cost is None:
        raise DataError("the case tells no cost")
    return case.cost


def _percentile(case: Case, percent: float) -> FloatArray:
    seconds = _cost(case).seconds
    known = seconds[~np.isnan(seconds)]
    return one(float(np.percentile(known, percent)) if len(known) else float("nan"))
