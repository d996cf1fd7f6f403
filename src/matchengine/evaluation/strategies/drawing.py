"""Chance that depends on a seed and on ids alone, so that no result depends on how people are listed."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from matchengine.batch import FloatArray
from matchengine.comparison import Asked

__all__ = ["lottery", "pair_draws", "shaken"]


def lottery(ids: Sequence[str], seed: int, purpose: str = "") -> NDArray[np.uint64]:
    """Draw a number for each id, uint64 (N,), from the seed, a purpose and the id."""
    key = blake2b(f"{seed} {purpose}".encode(), digest_size=16).digest()
    drawn = [int.from_bytes(blake2b(i.encode(), digest_size=8, key=key).digest(), "little") for i in ids]
    return np.array(drawn, np.uint64)


def pair_draws(asked: Asked, purpose: str) -> FloatArray:
    """Draw a number in [0, 1) for each pair, float64 (P,); requester and candidate do not stand for each other."""
    who = _mixed(lottery(asked.requester_ids, asked.seed, f"{purpose} requester"))[asked.requester]
    drawn = _mixed(who + lottery(asked.candidate_ids, asked.seed, f"{purpose} candidate")[asked.candidate])
    found: FloatArray = (drawn >> np.uint64(11)).astype(np.float64) / 2.0**53
    return found


def shaken(asked: Asked, score: FloatArray, noise: float, purpose: str) -> FloatArray:
    """Move every score by a draw from [-noise, noise], float64 (P,); NaN stays NaN."""
    return score + noise * (2 * pair_draws(asked, purpose) - 1)


def _mixed(numbers: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Scramble 64-bit numbers one to one (the finaliser of SplitMix64; Steele, Lea & Flood 2014)."""
    mixed = numbers + np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    found: NDArray[np.uint64] = mixed ^ (mixed >> np.uint64(31))
    return found
