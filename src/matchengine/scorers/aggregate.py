"""Two directions of a match in one number (domain.md C1, aggregation).

All functions take float arrays a and b of equal shape with values in [0, 1], and return values in [0, 1]. NaN in
either gives NaN. For every a and b: minimum <= harmonic <= geometric <= arithmetic.
"""

from __future__ import annotations

from typing import Literal

import numpy as np

from matchengine.batch import FloatArray

__all__ = [
    "Aggregate",
    "aggregate",
    "arithmetic",
    "geometric",
    "harmonic",
    "minimum",
    "power_mean",
    "uninorm",
    "weighted_geometric",
]

Aggregate = Literal["harmonic", "geometric", "arithmetic", "min", "uninorm", "power_mean", "weighted_geometric"]


def harmonic(a: FloatArray, b: FloatArray) -> FloatArray:
    """2ab / (a + b); 0 where either is 0 (RECON, Pizzato et al. 2010)."""
    total = a + b
    return 2 * a * b / np.where(total > 0, total, 1)


def geometric(a: FloatArray, b: FloatArray) -> FloatArray:
    """Square root of ab."""
    root: FloatArray = np.sqrt(a) * np.sqrt(b)
    return root


def arithmetic(a: FloatArray, b: FloatArray) -> FloatArray:
    """(a + b) / 2."""
    return (a + b) / 2


def minimum(a: FloatArray, b: FloatArray) -> FloatArray:
    """The weaker direction."""
    return np.minimum(a, b)


def uninorm(a: FloatArray, b: FloatArray) -> FloatArray:
    """ab / (ab + (1 - a)(1 - b)), the cross-ratio uninorm: .5 is neutral, (0, 1) gives 0 (Neve & Palomares 2019)."""
    both = a * b
    total = both + (1 - a) * (1 - b)
    return both / np.where(total > 0, total, 1)


def power_mean(a: FloatArray, b: FloatArray, power: float) -> FloatArray:
    """((a^p + b^p) / 2)^(1/p): 1 arithmetic, 0 geometric, -1 harmonic, very negative the minimum.

    0 where either is 0 and p is at most 0. Scaled by the larger or smaller value, so that no power overflows.
    """
    if power == 0:
        return geometric(a, b)
    low, high = np.minimum(a, b), np.maximum(a, b)
    base, other = (high, low) if power > 0 else (low, high)
    empty = base <= np.finfo(np.float64).tiny
    ratio = other / np.where(empty, 1, base)
    mean = base * ((1 + np.where(empty, 1, ratio) ** power) / 2) ** (1 / power)
    return np.clip(mean, low, high)


def weighted_geometric(a: FloatArray, b: FloatArray, theta: float) -> FloatArray:
    """a^theta · b^(1 - theta), for settings where one direction should dominate."""
    return a**theta * b ** (1 - theta)


_PLAIN = {"harmonic": harmonic, "geometric": geometric, "arithmetic": arithmetic, "min": minimum, "uninorm": uninorm}


def aggregate(a: FloatArray, b: FloatArray, how: Aggregate, power: float, theta: float) -> FloatArray:
    """Aggregate by name; `power` is read by `power_mean`, `theta` by `weighted_geometric`."""
    if how == "power_mean":
        return power_mean(a, b, power)
    if how == "weighted_geometric":
        return weighted_geometric(a, b, theta)
    return _PLAIN[how](a, b)
