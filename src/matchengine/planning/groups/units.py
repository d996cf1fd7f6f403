"""People who go together: whoever wishes to be with somebody moves with them (domain.md F2, constraint 8)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from matchengine.batch import BoolArray, IntArray
from matchengine.planning.groups.conflicts import components
from matchengine.planning.groups.quality import Judge

__all__ = ["Units", "units_of"]


@dataclass(frozen=True)
class Units:
    """Sets of people who are in one group or in none: those tied by wishes, and those locked into one group.

    Attributes
    ----------
    members : tuple of int64 arrays
        People of each unit.
    size : int64 array (U,)
    locked : int64 array (U,)
        Number of the lock, −1 for none.
    open : bool array (U, C)
        Cells to which all of a unit could come.
    clash : bool array (U, U)
        Which units hold people who must not be together, or who are locked into different groups.
    of : int64 array (N,)
        Unit of each person.
    """

    members: tuple[IntArray, ...]
    size: IntArray
    locked: IntArray
    open: BoolArray
    clash: BoolArray
    of: IntArray


def units_of(judge: Judge) -> Units:
    """Tie people together by their wishes and by the locks."""
    problem = judge.problem
    fixed = problem.fixed
    label = components(problem.people, problem.together, fixed)
    _first, of = np.unique(label, return_inverse=True)
    count = int(of.max(initial=-1)) + 1
    members = tuple(np.split(np.argsort(of, kind="stable"), np.cumsum(np.bincount(of, minlength=count))[:-1]))
    if not count:
        members = ()
    locked = np.full(count, -1, np.int64)
    if fixed is not None:
        np.maximum.at(locked, of, fixed)
    opened = np.ones((count, judge.cells.open.shape[1]), np.bool_)
    np.logical_and.at(opened, of, judge.cells.open)
    clash = np.zeros((count, count), np.bool_)
    one, other = of[problem.apart[:, 0]], of[problem.apart[:, 1]]
    clash[one, other] = clash[other, one] = True
    held = locked >= 0
    clash[np.ix_(held, held)] |= locked[held][:, None] != locked[held]
    return Units(members, np.bincount(of, minlength=count), locked, opened, clash, of)
