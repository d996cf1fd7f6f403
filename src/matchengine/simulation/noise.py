"""Noise that belongs to whom it befalls: a hash of the seed and of keys, so that nothing else can move it.

An ordinary generator gives the next number to whoever comes next; leave one pair out and everybody after it has another
fate. Here the number of a pair in a week follows from (seed, stream, requester, candidate, week) alone: common random
numbers for every comparison of two matchings (domain.md H10).
"""

from __future__ import annotations

from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

__all__ = ["FloatArray", "generator", "normal", "uniform"]

FloatArray = NDArray[np.float64]
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_MIX = (np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB))
_SHIFTS = (np.uint64(30), np.uint64(27), np.uint64(31))


def _mixed(state: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Scramble 64 bits (the finaliser of SplitMix64; Steele, Lea and Flood 2014)."""
    state = (state ^ (state >> _SHIFTS[0])) * _MIX[0]
    state = (state ^ (state >> _SHIFTS[1])) * _MIX[1]
    return state ^ (state >> _SHIFTS[2])


def uniform(seed: int, stream: str, *keys: Any) -> FloatArray:
    """Return numbers in (0, 1), one for each combination of keys.

    Parameters
    ----------
    seed : int
    stream : str
        What the number is for; two streams are independent.
    *keys : int or array of int, not below 0
        They broadcast against one another.

    Returns
    -------
    float array of the broadcast shape
    """
    state = np.asarray([seed & 0xFFFFFFFFFFFFFFFF], np.uint64)
    for key in (crc32(stream.encode()), *keys):
        state = _mixed((state + _GOLDEN) ^ _mixed(np.atleast_1d(np.asarray(key)).astype(np.uint64) + _GOLDEN))
    return ((state >> np.uint64(11)).astype(np.float64) + 0.5) * 2.0**-53


def normal(seed: int, stream: str, *keys: Any) -> FloatArray:
    """Return standard normal numbers, one for each combination of keys (Box and Muller 1958)."""
    radius = np.sqrt(-2.0 * np.log(uniform(seed, stream + "/radius", *keys)))
    angle: FloatArray = 2.0 * np.pi * uniform(seed, stream + "/angle", *keys)
    return radius * np.cos(angle)


def generator(seed: int, stream: str, *numbers: int) -> np.random.Generator:
    """Return an ordinary generator for one piece of work, independent of all others."""
    return np.random.default_rng([seed & 0xFFFFFFFFFFFFFFFF, crc32(stream.encode()), *numbers])
