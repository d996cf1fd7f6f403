"""Prices of places: an upper bound of any plan, and a first plan (domain.md D2).

The bound is the Lagrangian dual of the packing problem, min over λ ≥ 0 of Σ λ + Σ max(0, value - Σ λ of the members),
which equals that of the linear relaxation: deflected subgradient steps with Polyak's length (Polyak 1969; Camerini,
Fratta and Maffioli 1975). Every λ gives a valid bound.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from matchengine.batch import BoolArray, FloatArray, IntArray
from matchengine.planning.swaps.limits import Clock

__all__ = ["Prices", "exact_prices", "find_prices", "greedy", "incidence"]

_RELAXED_UP_TO = 20_000
"""Exchanges up to which the linear relaxation is solved."""
_TARGET, _KEEP, _PATIENCE, _SHORTER, _ENOUGH = 0.93, 0.7, 10, 0.7, 1e-5


@dataclass(frozen=True)
class Prices:
    """A price of each vertex and what it proves.

    Attributes
    ----------
    price : float64 array (V,)
        At least 0.
    margin : float64 array (C,)
        Value of each exchange less the prices of its members.
    bound : float
        No set of exchanges without a common vertex is worth more.
    """

    price: FloatArray
    margin: FloatArray
    bound: float


def incidence(members: IntArray, vertices: int) -> Any:
    """Return which vertices each exchange has, as a sparse matrix (C, V) of ones."""
    from scipy import sparse

    there = members >= 0
    starts = np.concatenate(([0], np.cumsum(there.sum(axis=1))))
    column = members[there].astype(np.int32)
    return sparse.csr_array((np.ones(len(column)), column, starts), shape=(len(members), vertices))


def greedy(members: IntArray, order: IntArray, vertices: int) -> IntArray:
    """Take exchanges in an order, each unless one of its members is taken; rows, ascending.

    Takes at once every exchange that comes first for all of its members, which is what taking one by one would do.
    """
    chosen: list[IntArray] = []
    free = np.ones(vertices + 1, np.bool_)
    left = order
    while len(left):
        rows = members[left]
        first = np.full(vertices + 1, len(left))
        rank = np.broadcast_to(np.arange(len(left))[:, None], rows.shape)
        np.minimum.at(first, rows, rank)
        mine = (first[rows] == rank) | (rows < 0)
        taken = mine.all(axis=1)
        chosen.append(left[taken])
        free[rows[taken].ravel()] = False
        free[-1] = True
        left = left[free[rows].all(axis=1)]
    return np.sort(np.concatenate([np.zeros(0, np.int64), *chosen]))


def find_prices(members: IntArray, values: FloatArray, vertices: int, steps: int, clock: Clock) -> Prices:
    """Return prices that make the upper bound as low as the work allows.

    Parameters
    ----------
    members : int32 array (C, W)
        Vertices of each exchange, -1 where there are no more.
    values : float64 array (C,)
    steps : int
        Most subgradient steps.
    """
    if not len(values):
        return Prices(np.zeros(vertices), np.zeros(0), 0.0)
    matrix = incidence(members, vertices)
    return _priced(matrix, values, _approached(matrix, values, _greedy_value(members, values, vertices), steps, clock))


def exact_prices(members: IntArray, values: FloatArray, vertices: int) -> Prices | None:
    """Return the prices of the linear relaxation itself, None where there are too many exchanges.

    Its bound is the lowest there is. As a guide to a plan the other prices are better: these lie in a corner.
    """
    if not 0 < len(values) <= _RELAXED_UP_TO:
        return None
    matrix = incidence(members, vertices)
    price = _relaxed(matrix, values)
    return None if price is None else _priced(matrix, values, price)


def _priced(matrix: Any, values: FloatArray, price: FloatArray) -> Prices:
    margin = values - matrix @ price
    return Prices(price, margin, float(price.sum() + margin[margin > 0].sum()))


def _greedy_value(members: IntArray, values: FloatArray, vertices: int) -> float:
    return float(values[greedy(members, np.argsort(-values, kind="stable"), vertices)].sum())


def _relaxed(matrix: Any, values: FloatArray) -> FloatArray | None:
    from scipy.optimize import linprog

    found = linprog(-values, A_ub=matrix.T.tocsc(), b_ub=np.ones(matrix.shape[1]), method="highs-ipm")
    return None if found.x is None else np.maximum(-found.ineqlin.marginals, 0.0)


def _approached(matrix: Any, values: FloatArray, reached: float, steps: int, clock: Clock) -> FloatArray:
    """Go down the dual from an even split of each exchange among its members; `reached` is the value of some plan."""
    sizes = np.diff(matrix.indptr)
    price = np.zeros(matrix.shape[1])
    np.maximum.at(price, matrix.indices, np.repeat(values / np.maximum(sizes, 1), sizes))
    best, lowest = price, np.inf
    direction = np.zeros_like(price)
    length, waited = 1.0, 0
    for _step in range(steps):
        margin = values - matrix @ price
        wanted = margin > 0
        bound = float(price.sum() + margin[wanted].sum())
        if bound < lowest * (1 - _ENOUGH) or np.isinf(lowest):
            best, lowest, waited = price, bound, 0
        else:
            waited += 1
        if waited >= _PATIENCE:
            length, waited, price, direction = length * _SHORTER, 0, best, np.zeros_like(price)
            continue
        direction = _slope(matrix, wanted, sizes, price) + _KEEP * direction
        square = float(direction @ direction)
        if square < 1e-12 or clock.over():
            break
        aim = max(reached, _TARGET * lowest)
        price = np.maximum(price - length * (bound - aim) / square * direction, 0.0)
    return best


def _slope(matrix: Any, wanted: BoolArray, sizes: IntArray, price: FloatArray) -> FloatArray:
    """One less how often each vertex is wanted; 0 where a price of 0 cannot fall."""
    asked = np.bincount(matrix.indices[np.repeat(wanted, sizes)], minlength=len(price))
    slope: FloatArray = np.where((price <= 0) & (asked < 1), 0.0, 1.0 - asked)
    return slope
