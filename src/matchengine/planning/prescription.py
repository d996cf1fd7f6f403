"""The cheapest supports that make a gathering reachable, exactly (domain.md I1)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from matchengine.batch import BoolArray, FloatArray, IntArray
from matchengine.errors import DataError
from matchengine.i18n import N_, _

__all__ = ["Fix", "prescribe", "reached"]

_MOST = 20
"""Barriers that can be weighed against each other: a million sets of supports."""
_ROUNDING = 1e-6
"""Columns hold single precision: .6 is a little more there, and must not miss a target of .4 by that."""


class Fix(NamedTuple):
    """A set of supports (positions, ascending), what it costs, and the reach with all of them."""

    supports: tuple[int, ...]
    cost: float
    reach: float


def prescribe(
    barriers: FloatArray, supports: FloatArray, costs: FloatArray, after: FloatArray, target: float
) -> Fix | None:
    """Return the cheapest set T of supports with Π (1 - b (1 - s)) ≥ target, where s is `after` for T; exact.

    Every set of supports that would change anything is weighed at once: 16,384 of them where all 14 barriers are there.
    Of equally cheap sets the smaller one is taken, then the one that reaches further, then the one with the lower
    positions.

    Parameters
    ----------
    barriers : float array (K,)
        0 none to 1 blocking; NaN unstated, which is none. At most 20 of them may be above 0.
    supports, after : float arrays (K,)
        0 to 1: what is there, and what a support would achieve; a support never makes worse what is there.
    costs : float array (K,)
        What each support costs, in whatever unit; at least 0.
    target : float
        Reach to arrive at, 0 to 1.

    Returns
    -------
    Fix or None
        An empty set where the target is reached already; None where all supports together do not reach it.

    Raises
    ------
    DataError
        Where a number is not in its range, or too many barriers are above 0.
    """
    felt = np.nan_to_num(np.asarray(barriers, np.float64))
    there, then, price = (np.asarray(array, np.float64) for array in (supports, after, costs))
    _check(felt, there, then, price, target)
    now, later = 1 - felt * (1 - there), 1 - felt * (1 - np.maximum(there, then))
    useful = np.flatnonzero(later > now)
    fixed = np.delete(now, useful).prod()
    reach, cost, size = np.full(1, fixed), np.zeros(1), np.zeros(1, np.int64)
    for kind in useful:  # twice as many sets each time: without this support, then with it
        reach = np.concatenate([reach * now[kind], reach * later[kind]])
        cost = np.concatenate([cost, cost + price[kind]])
        size = np.concatenate([size, size + 1])
    enough = np.flatnonzero(reach >= target - _ROUNDING)
    if not len(enough):
        return None
    cheap = enough[cost[enough] <= cost[enough].min() + _ROUNDING]
    small = cheap[size[cheap] == size[cheap].min()]
    far = small[reach[small] >= reach[small].max() - _ROUNDING]
    best = min(far.tolist(), key=lambda number: _positions(number, useful))
    return Fix(_positions(best, useful), float(cost[best]), float(reach[best]))


def _positions(number: int, useful: IntArray) -> tuple[int, ...]:
    """Supports of the set with that number: bit i stands for the i-th useful one."""
    return tuple(int(kind) for bit, kind in enumerate(useful) if number >> bit & 1)


def reached(
    barriers: FloatArray, supports: FloatArray, after: FloatArray, fixed: tuple[int, ...], target: float
) -> BoolArray:
    """Whether each of R people reaches the target once some supports are arranged, bool (R,).

    Parameters
    ----------
    barriers, supports : float arrays (R, K)
        What stops each person, NaN for what they do not state, and what is there for them.
    after : float array (K,)
        What each support would achieve.
    fixed : tuple of int
        Positions of the supports that are arranged.
    target : float
    """
    then = np.array(supports, np.float64)
    columns = list(fixed)
    then[:, columns] = np.maximum(then[:, columns], after[columns])
    reach = np.multiply.reduce(1 - np.nan_to_num(np.asarray(barriers, np.float64)) * (1 - then), axis=1)
    enough: BoolArray = reach >= target - _ROUNDING
    return enough


def _check(barriers: FloatArray, supports: FloatArray, after: FloatArray, costs: FloatArray, target: float) -> None:
    shares = (("barriers", barriers), ("supports", supports), ("after", after), ("target", np.array([target])))
    for name, share in shares:
        if not ((share >= 0) & (share <= 1)).all():
            raise DataError(_("{name} of a support prescription: expected numbers from 0 to 1", name=name))
    if not (np.isfinite(costs) & (costs >= 0)).all():
        raise DataError(_("costs of a support prescription: expected finite numbers of at least 0"))
    if len({len(barriers), len(supports), len(after), len(costs)}) > 1:
        raise DataError(_("a support prescription needs barriers, supports, costs and effects of one length"))
    if np.count_nonzero(barriers) > _MOST:
        told = N_("a support prescription weighs at most {most} barriers; got {n}")
        raise DataError(_(told, most=_MOST, n=int(np.count_nonzero(barriers))))
