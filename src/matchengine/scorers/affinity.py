"""How much two lists of interests have in common, in closed form (domain.md C1, interest affinity)."""

from __future__ import annotations

import numpy as np

from matchengine.batch import FloatArray, ItemPairs, Segments, segment_max
from matchengine.scorers.cover import Shares

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
    left, left_items, left_known = _side(items.similarity, items.left, items.pairs, beta)
    right, right_items, right_known = _side(items.similarity, items.right, items.pairs, beta)
    known = left_known + right_known
    value = np.where(known > 0, -np.expm1((left + right) / 2), np.nan)
    return Shares(value, known / np.maximum(left_items + right_items, 1))


def _side(
    similarity: FloatArray, segments: Segments, pairs: int, beta: float
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Sum of log(1 - beta·best), number of items and number of known items of each pair, each (P,)."""
    best = segment_max(similarity, segments)
    items = np.bincount(segments.pair, minlength=pairs)
    unknown = np.isnan(best)
    known = items
    if unknown.any():
        known = np.bincount(segments.pair, weights=~unknown, minlength=pairs)
        best = np.where(unknown, 0, best)
    return np.bincount(segments.pair, weights=np.log1p(-beta * best), minlength=pairs), items, known
