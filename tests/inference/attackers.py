"""Readers who try to work out hidden counts, written apart from the code that hides them."""

from __future__ import annotations

from itertools import product

import numpy as np
from scipy.optimize import linprog


def finest(keys) -> np.ndarray:
    """All kinds of people that some cells distinguish, one row each, one column per attribute in use."""
    levels: dict[int, set[int]] = {}
    for key in keys:
        for attribute, level in key:
            levels.setdefault(attribute, set()).add(level)
    kinds = [dict(zip(levels, picked, strict=True)) for picked in product(*map(sorted, levels.values()))]
    return np.array([[all(kind[a] == level for a, level in key) for kind in kinds] for key in keys], float)


def determined(system: np.ndarray, shown: np.ndarray, target: int) -> bool:
    """Whether some sum and difference of shown cells is exactly the target, whatever the numbers in them are."""
    known = system[shown]
    if not len(known):
        return False
    return np.linalg.matrix_rank(np.vstack([known, system[target]])) == np.linalg.matrix_rank(known)


def span(system: np.ndarray, counts: np.ndarray, shown: np.ndarray, target: int) -> float:
    """How far the smallest and the largest possible value of the target lie apart, fractions allowed."""
    if not shown.any():
        return np.inf
    ends = []
    for sign in (1, -1):
        found = linprog(sign * system[target], A_eq=system[shown], b_eq=counts[shown], bounds=(0, None))
        if found.status != 0:
            return np.inf
        ends.append(found.fun * sign)
    return ends[1] - ends[0]


def every_value(system: np.ndarray, counts: np.ndarray, shown: np.ndarray, most: int) -> np.ndarray:
    """All values of all cells in every table of whole people that agrees with what is shown; a few kinds only."""
    kinds = system.shape[1]
    found = np.array(list(product(range(most + 1), repeat=kinds)))
    values = found @ system.T
    return values[(values[:, shown] == counts[shown]).all(axis=1)]
