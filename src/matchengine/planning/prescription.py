"""The cheapest supports that make a gathering reachable, exactly (domain.md I1)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from matchengine.batch import BoolArray, FloatArray, IntArray
from matchengine.errors import DataError
from matchengine.i18n import N_, _

__all__ = ["Fix", "prescribe", "prescribe_all", "reached"]

_MOST = 20
"""Barriers that can be weighed against each other: a million sets of supports."""
_CELLS = 1 << 20
"""Sets of supports that are weighed at once."""
_ROUNDING = 1e-6
"""Columns hold single precision: .6 is a little more there, and must not miss a target of .4 by that."""
_TINY = 1e-12


class Fix(NamedTuple):
    """A set of supports (positions, ascending), what it costs, and the reach with all of them."""

    supports: tuple[int, ...]
    cost: float
    reach: float


def prescribe(
    barriers: FloatArray, supports: FloatArray, costs: FloatArray, after: FloatArray, target: float
) -> Fix | None:
    """Return the cheapest set of supports for one person; arrays (K,), else as `prescribe_all`."""
    felt, there = np.atleast_2d(np.asarray(barriers, np.float64)), np.atleast_2d(np.asarray(supports, np.float64))
    return prescribe_all(felt, there, costs, after, target)[0]


def prescribe_all(
    barriers: FloatArray, supports: FloatArray, costs: FloatArray, after: FloatArray, target: float
) -> list[Fix | None]:
    """Return for each person the cheapest set T of supports with Π (1 - b (1 - s)) ≥ target, where s is `after` for T.

    Exact: every set of supports that would change anything is weighed, 16,384 of them where all 14 barriers are there.
    Of equally cheap sets the smaller one is taken, then the one that reaches further, then the one with the lower
    positions.

    Parameters
    ----------
    barriers : float array (R, K)
        0 none to 1 blocking; NaN unstated, which is none. At most 20 of each person may be above 0.
    supports : float array (R, K)
        0 to 1: what is there for each person.
    after : float array (K,)
        0 to 1: what a support would achieve; it never makes worse what is there.
    costs : float array (K,)
        What each support costs, in whatever unit; at least 0.
    target : float
        Reach to arrive at, 0 to 1.

    Returns
    -------
    list of Fix or None, length R
        An empty set where the target is reached already; None where all supports together do not reach it.

    Raises
    ------
    DataError
        Where a number is not in its range, or too many barriers are above 0.
    """
    now, later = _factors(barriers, supports, after, target)
    price = _prices(costs, now.shape[1])
    useful = later > now
    fixed = np.where(useful, 1, now).prod(axis=1)
    sizes = useful.sum(axis=1)
    found: list[Fix | None] = [None] * len(now)
    for size in np.unique(sizes).tolist():
        alike = np.flatnonzero(sizes == size)
        for rows in np.array_split(alike, -(-(len(alike) << size) // _CELLS)):
            kinds = np.nonzero(useful[rows])[1].reshape(len(rows), size)
            at = rows[:, None], kinds
            for row, fix in zip(
                rows.tolist(), _best(fixed[rows], now[at], later[at], price, kinds, target), strict=True
            ):
                found[row] = fix
    return found


def _best(
    fixed: FloatArray, now: FloatArray, later: FloatArray, costs: FloatArray, kinds: IntArray, target: float
) -> Iterator[Fix | None]:
    """The best set of each of R people with n useful supports each: `now`, `later` and `kinds` are (R, n)."""
    size = kinds.shape[1]
    reach, cost, many = fixed[:, None], np.zeros((len(kinds), 1)), np.zeros(1, np.int64)
    for place in reversed(range(size)):  # twice as many sets each time: without this support, then with it
        reach = np.concatenate([reach * now[:, place, None], reach * later[:, place, None]], axis=1)
        cost = np.concatenate([cost, cost + costs[kinds[:, place], None]], axis=1)
        many = np.concatenate([many, many + 1])
    best = reach >= target - _ROUNDING
    possible: BoolArray = np.logical_or.reduce(best, axis=1)
    for worth in (-cost, np.broadcast_to(-many, cost.shape), reach):
        open_yet = np.where(best, worth, -np.inf)
        best &= open_yet >= open_yet.max(axis=1, keepdims=True) - _ROUNDING
    number = best.shape[1] - 1 - best[:, ::-1].argmax(axis=1)  # of equals the highest: lower positions are higher bits
    chosen = (number[:, None] >> np.arange(size)[::-1]) & 1 == 1
    for row, there in enumerate(possible.tolist()):
        supports = tuple(kinds[row, chosen[row]].tolist())
        column = number[row]
        yield Fix(supports, float(cost[row, column]), float(reach[row, column])) if there else None


def reached(
    barriers: FloatArray, supports: FloatArray, after: FloatArray, sets: Sequence[tuple[int, ...]], target: float
) -> BoolArray:
    """Whether each of R people reaches the target once each of S sets of supports is arranged, bool (R, S).

    Parameters are those of `prescribe_all`; `sets` holds positions of supports, an empty one for what is there now.
    """
    now, later = _factors(barriers, supports, after, target)
    arranged = np.zeros((now.shape[1], len(sets)))
    for column, chosen in enumerate(sets):
        arranged[list(chosen), column] = 1
    logs, gains = (np.log(np.maximum(factor, _TINY)) for factor in (now, later))
    with np.errstate(divide="ignore"):
        least = np.log(max(target - _ROUNDING, 0.0))
    enough: BoolArray = logs.sum(axis=1)[:, None] + (gains - logs) @ arranged >= least
    return enough


def _factors(
    barriers: FloatArray, supports: FloatArray, after: FloatArray, target: float
) -> tuple[FloatArray, FloatArray]:
    """1 - b (1 - s) of each person and barrier, as things are and with its support, float64 (R, K) each."""
    felt = np.nan_to_num(np.asarray(barriers, np.float64))
    there, then = np.asarray(supports, np.float64), np.asarray(after, np.float64)
    for name, share in (("barriers", felt), ("supports", there), ("after", then), ("target", np.array([target]))):
        if not ((share >= 0) & (share <= 1)).all():
            raise DataError(_("{name} of a support prescription: expected numbers from 0 to 1", name=name))
    if felt.shape != there.shape or felt.shape[1:] != then.shape:
        raise DataError(_("a support prescription needs barriers, supports, costs and effects of one length"))
    most = int(np.count_nonzero(felt, axis=1).max(initial=0))
    if most > _MOST:
        told = N_("a support prescription weighs at most {most} barriers; got {n}")
        raise DataError(_(told, most=_MOST, n=most))
    return 1 - felt * (1 - there), 1 - felt * (1 - np.maximum(there, then))


def _prices(costs: FloatArray, size: int) -> FloatArray:
    price = np.asarray(costs, np.float64)
    if price.shape != (size,):
        raise DataError(_("a support prescription needs barriers, supports, costs and effects of one length"))
    if not (np.isfinite(price) & (price >= 0)).all():
        raise DataError(_("costs of a support prescription: expected finite numbers of at least 0"))
    return price
