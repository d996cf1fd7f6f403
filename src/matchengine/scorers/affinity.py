"""How much two lists of interests have in common, in closed form (domain.md C1, interest affinity)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from matchengine.batch import FloatArray, ItemPairs, Segments, segment_max
from matchengine.scorers.cover import sums

__all__ = ["Affinity", "affinity"]


class Affinity(NamedTuple):
    """`value` float64 (P,) in [0, 1] or NaN, `known` float64 (P,) share of known items, `best` of each left item."""

    value: FloatArray
    known: FloatArray
    best: FloatArray


def affinity(items: ItemPairs, beta: float) -> Affinity:
    """Affinity of every pair: 1 - sqrt(Π(1 - beta·best of left item) · Π(1 - beta·best of right item)).

    Symmetric, and monotone up in every similarity.
    An item about which nothing is known has no part in the product; a pair with no known item is NaN.
    """
    left, right = (_side(items.similarity, side, items.pairs, beta) for side in (items.left, items.right))
    known = left.known + right.known
    value = np.where(known > 0, -np.expm1((left.log + right.log) / 2), np.nan)
    return Affinity(value, known / np.maximum(left.items + right.items, 1), left.best)


class _Side(NamedTuple):
    """Of each item the `best` (S,); of each pair the sum of log(1 - beta·best), its items and its known items (P,)."""

    best: FloatArray
    log: FloatArray
    items: FloatArray
    known: FloatArray


def _side(similarity: FloatArray, segments: Segments, pairs: int, beta: float) -> _Side:
    best = segment_max(similarity, segments)
    items: FloatArray = np.bincount(segments.pair, minlength=pairs).astype(np.float64)
    unknown = np.isnan(best)
    with np.errstate(divide="ignore"):  # beta 1 and an equal interest: log 0, which makes the affinity 1
        logs = np.log1p(-beta * np.where(unknown, 0, best))
    known = sums(~unknown, segments, pairs) if unknown.any() else items
    return _Side(best, sums(logs, segments, pairs), items, known)
