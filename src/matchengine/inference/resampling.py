"""Draws that depend on a seed and on nothing else: bootstrap means, signs, and the order that makes them repeatable."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

import numpy as np

from matchengine.batch import FloatArray, IntArray

__all__ = ["bca_interval", "bootstrap_means", "cluster_weights", "generator", "random_signs", "shuffled"]

_CELLS = 1 << 21
"""Numbers drawn at once, so that memory stays small however many units there are."""


def generator(seed: int, purpose: str) -> np.random.Generator:
    """Return a generator for one purpose, the same on every machine and independent of those of other purposes."""
    return np.random.default_rng([seed, zlib.crc32(purpose.encode())])


def _steps(draws: int, width: int) -> Iterator[int]:
    step = max(1, _CELLS // max(1, width))
    yield from (min(step, draws - start) for start in range(0, draws, step))


def bootstrap_means(values: FloatArray, draws: int, rng: np.random.Generator) -> FloatArray:
    """Return the means of `draws` samples with replacement, shape (draws,); `values` (N,) finite and sorted."""
    size = len(values)
    return np.concatenate([values[rng.integers(0, size, (step, size))].mean(axis=1) for step in _steps(draws, size)])


def cluster_weights(clusters: int, draws: int, rng: np.random.Generator) -> Iterator[FloatArray]:
    """Yield how often each cluster is drawn, float64 (some draws, G), until there are `draws` rows."""
    even = np.full(clusters, 1 / clusters)
    for step in _steps(draws, clusters):
        yield rng.multinomial(clusters, even, size=step).astype(np.float64)


def random_signs(size: int, draws: int, rng: np.random.Generator) -> Iterator[FloatArray]:
    """Yield random signs ±1, float64 (some draws, N), until there are `draws` rows."""
    for step in _steps(draws, size):
        bits = np.unpackbits(np.frombuffer(rng.bytes((step * size + 7) // 8), np.uint8), count=step * size)
        yield bits.reshape(step, size) * 2.0 - 1.0


def shuffled(block: IntArray, draws: int, rng: np.random.Generator) -> Iterator[IntArray]:
    """Yield rearrangements of positions, int64 (some draws, N), that move each unit within its block only.

    `block` int64 (N,) are codes of blocks; all zeros lets every unit go everywhere. Row d says which unit's value
    each place receives.
    """
    size = len(block)
    home = np.argsort(block, kind="stable")
    for step in _steps(draws, size):
        drawn = np.argsort(rng.random((step, size)) + block[home], axis=1)
        placed = np.empty((step, size), np.int64)
        placed[:, home] = home[drawn]
        yield placed


def bca_interval(values: FloatArray, means: FloatArray, alpha: float) -> tuple[float, float]:
    """Return the bias-corrected and accelerated interval of a mean (Efron 1987).

    Parameters
    ----------
    values : float64 array (N,)
        What was averaged; finite, N >= 2.
    means : float64 array (B,)
        Bootstrap means of them.
    alpha : float
        One minus the level of the interval.

    Returns
    -------
    tuple of float
        Lower and upper end; both the mean itself where every draw gives it.
    """
    from scipy.special import ndtr, ndtri

    centre = float(values.mean())
    off = values - centre
    spread = float((off**2).sum())
    if spread <= 0:
        return centre, centre
    pull = float((off**3).sum()) / (6 * spread**1.5)
    below = (np.count_nonzero(means < centre) + np.count_nonzero(means == centre) / 2) / len(means)
    bias = ndtri(np.clip(below, 1 / (2 * len(means)), 1 - 1 / (2 * len(means))))
    ends = bias + ndtri(np.array([alpha / 2, 1 - alpha / 2]))
    low, high = np.quantile(means, ndtr(bias + ends / (1 - pull * ends)))
    return float(low), float(high)
