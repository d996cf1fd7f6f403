"""Figures as members read them: nothing of few, and rounded so that one person hardly shows (SEC19).

Numbers of people are rounded to fives. A share has the step that at least five people make: the smallest of 0.05, 0.1,
0.25 and 0.5 that is no less than 5 / n. One person moves a share by at most 1 / n, a fifth of a step: what is printed
stays as it is in four of five cases, and where it moves, it moves by one step, as it may for five people. Steps that
divide 1 evenly let a share and its opposite still add up to 1. Everything else (ratings, changes, months, rates) has no
common scale, so the step is the next of 1, 2, 5, 10, 20 … that is no less than a quarter of its interval. The interval
is about four standard deviations over the root of n wide, so five people who are one deviation apart from the others
move a mean by a step at most where n is 25 or more. Ends of intervals are rounded outwards.

A mean without an interval, or with one of no width, rests on fewer than five people or says the same of everybody: it
is hidden.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TypeVar

from matchengine.records.kpi import KpiMeasure, KpiTable

__all__ = ["ROUND", "fives", "for_members", "share_step"]

ROUND = 5
_SHARES = (0.05, 0.1, 0.25, 0.5)
_OF_INTERVAL = 4
Measure = TypeVar("Measure", bound=KpiMeasure)


def for_members(table: KpiTable, least: int) -> KpiTable:
    """Return a table rounded, without any share of which those it holds for, or the others, are or look like few."""
    rows = tuple(_safe(_rounded(_safe(row, least)), least) for row in table.rows)
    return table.model_copy(update={"rows": rows})


def fives(number: float) -> int:
    """Return the nearest multiple of five; of two and a half, the even one."""
    return ROUND * round(number / ROUND)


def share_step(n: int) -> float:
    """Return the step of a share of n people: no less than 5 / n, at most one half."""
    return next((step for step in _SHARES if step * n >= ROUND - 1e-9), _SHARES[-1])


def _safe(row: Measure, least: int) -> Measure:
    if row.unit != "share" or row.value is None or row.n is None or row.group is not None:
        return row
    some = round(row.value * row.n)
    return row if min(some, row.n - some) >= least else _hidden(row)


def _rounded(row: Measure) -> Measure:
    told: dict[str, object] = {
        "n": None if row.n is None else fives(row.n),
        "missing": None if row.missing is None else fives(row.missing),
    }
    if row.value is None:
        return row.model_copy(update=told)
    if row.unit == "count":
        return row.model_copy(update=told | {"value": float(fives(row.value))})
    if row.unit == "share":
        step = share_step(fives(row.n or 0))
    elif row.low is None or row.high is None or row.high - row.low <= 0:
        return _hidden(row)
    else:
        step = _step(row.high - row.low)
    return row.model_copy(update=told | _on_steps(row, step))


def _step(width: float) -> float:
    """The next of 1, 2, 5, 10 … times a power of ten that is no less than a quarter of an interval."""
    least = width / _OF_INTERVAL
    ten = 10.0 ** math.floor(math.log10(least))
    return next(times * ten for times in (1, 2, 5, 10) if times * ten >= least * (1 - 1e-9))


def _on_steps(row: KpiMeasure, step: float) -> dict[str, object]:
    """The value on the nearest step, the ends of its interval on the next one outwards."""

    def on(number: float | None, nearest: Callable[[float], int]) -> float | None:
        return None if number is None else round(nearest(round(number / step, 6)) * step, 6) + 0.0

    return {"value": on(row.value, round), "low": on(row.low, math.floor), "high": on(row.high, math.ceil)}


def _hidden(row: Measure) -> Measure:
    gone = {"value": None, "low": None, "high": None, "n": None, "missing": None, "hidden": True}
    return row.model_copy(update=gone)
