"""What a reader of published counts can work out about a count that is hidden: its smallest and largest possible value.

The reader knows every shown cell, that each is the sum of the finest cells inside it, and that people are counted in
whole numbers not below zero. Nothing else is assumed, and nothing is left to chance: both ends are optima of an
integer programme over the finest cells. Above 300 distinguishable kinds of finest cells fractions of people are
allowed, so that a reader with much patience might narrow a range a little further than is reckoned here.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from matchengine.batch import BoolArray, FloatArray, IntArray
from matchengine.errors import MatchEngineError
from matchengine.i18n import _

__all__ = ["Reader", "Reading"]

_WHOLE = 300
"""Most kinds of finest cells for which whole people are reckoned with."""
_NODES = 200
_TINY = 1e-6


@dataclass(frozen=True)
class Reading:
    """Smallest and largest value that a hidden count may have; infinite where nothing limits it.

    `binding` bool (C,) are the shown cells that hold the ends where they are.
    """

    low: float
    high: float
    binding: BoolArray

    @property
    def width(self) -> float:
        """How far both ends lie apart."""
        return self.high - self.low


@dataclass(frozen=True)
class Reader:
    """Somebody who has read some cells of a publication and reckons.

    Attributes
    ----------
    member : bool array (C, M)
        Which finest cells make up each cell.
    counts : int64 array (C,)
        True count of each cell.
    """

    member: BoolArray
    counts: IntArray

    def reads(self, target: int, shown: BoolArray) -> Reading:
        """Return what can be worked out about cell `target` from the cells in `shown`, bool (C,)."""
        rows = np.flatnonzero(shown)
        columns = np.unique(self.member[np.append(rows, target)], axis=1)
        system, aim = columns[:-1].astype(np.float64), columns[-1].astype(np.float64)
        total = self.counts[rows].astype(np.float64)
        binding = np.zeros(len(self.counts), np.bool_)
        ends = []
        for sign in (1.0, -1.0):
            value, marginal, whole = _relaxed(sign * aim, system, total)
            binding[rows[np.abs(marginal) > _TINY]] = True
            if not whole and len(aim) <= _WHOLE:
                value = _whole(sign * aim, system, total)
            ends.append(sign * value)
        return Reading(max(0.0, ends[0]), ends[1], binding)


def _relaxed(aim: FloatArray, system: FloatArray, total: FloatArray) -> tuple[float, FloatArray, bool]:
    """Least value of `aim` with fractions allowed, how much each shown cell holds it, and whether none are needed."""
    from scipy.optimize import linprog

    nothing = np.zeros(len(total))
    if not len(total):
        return (0.0 if (aim >= 0).all() else -np.inf), nothing, True
    found = linprog(aim, A_eq=system, b_eq=total, bounds=(0, None), method="highs")
    if found.status == 0:
        whole = bool((np.abs(found.x - np.round(found.x)) < _TINY).all())
        return float(found.fun), np.asarray(found.eqlin.marginals, np.float64), whole
    if found.status in (3, 4):
        return -np.inf, nothing, True
    raise MatchEngineError(_("published counts contradict each other; check that all tables count the same people"))


def _whole(aim: FloatArray, system: FloatArray, total: FloatArray) -> float:
    """Least value of `aim` that whole people reach, as far as it was found: never less than what is possible."""
    from scipy.optimize import Bounds, LinearConstraint, milp

    found = milp(
        aim,
        constraints=LinearConstraint(system, total, total),
        integrality=np.ones(len(aim)),
        bounds=Bounds(0, np.inf),
        options={"node_limit": _NODES},
    )
    return float(np.round(found.fun)) if found.x is not None else np.inf
