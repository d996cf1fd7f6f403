"""How much two lists of interests have in common, in closed form (domain.md C1, interest affinity)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from matchengine.batch import FloatArray, ItemPairs, Segments, segment_max
from matchengine.scorers.cover import Shares, sums

__all__ = ["affinity", "joined_affinity"]


def joined_affinity(left: FloatArray, right: FloatArray, beta: float) -> float:
    """Affinity of one pair from the best similarity of each left item and of each right item.

    1 - sqrt(Π(1 - beta·left) · Π(1 - beta·right)); symmetric and monotone up in every similarity.
    """
    return float(1 - np.exp((np.log1p(-beta * left).sum() + np.log1p(-beta * right).sum()) / 2))


def affinity(items: ItemPairs, beta: float) -> Shares:
    """Affinity of every pair: value float64 (P,) in [0, 1], and the share of items about which something is known.

    An item about which nothing is known has no part in the product; a pair with no known item is NaN.
    """
    left, right = (_side(items.similarity, side, items.pairs, beta) for side in (items.left, items.right))
    known = left.known + right.known
    value = np.where(known > 0, -np.expm1((left.log + right.log) / 2), np.nan)
    return Shares(value, known / np.maximum(left.items + right.items, 1))


class _Side(NamedTuple):
    """Of each pair: the sum of log(1 - beta·best), the number of items and of known items; float64 (P,) each."""

    log: FloatArray
    items: FloatArray
    known: FloatArray


def _side(similarity: FloatArray, segments: Segments, pairs: int, beta: float) -> _Side:
    best = segment_max(similarity, segments)
    items: FloatArray = np.bincount(segments.pair, minlength=pairs).astype(np.float64)
    unknown = np.isnan(best)
    known = items
    if unknown.any():
        known = sums(~unknown, segments, pairs)
        best = np.where(unknown, 0, best)
    return _Side(sums(np.log1p(-beta * best), segments, pairs), items, known)
