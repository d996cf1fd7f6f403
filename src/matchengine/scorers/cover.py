"""How well items of one side are covered by items of the other (domain.md C1, late interaction)."""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np

from matchengine.batch import BoolArray, FloatArray, IntArray, ItemPairs, Segments, pair_sum, segment_max, segment_top

__all__ = [
    "ItemAggregation",
    "Met",
    "Served",
    "Shares",
    "Side",
    "best_of_each",
    "cover",
    "level_doubt",
    "met",
    "of_source",
    "only_source",
    "quality",
    "shares",
    "shares_of_either",
    "sums",
]

ItemAggregation = Literal["max", "best_three", "top3_mean", "sum"]
Side = Literal["left", "right"]
Served = tuple[FloatArray, Segments]
"""What each item of some segments gets, shape (S,), with those segments."""
_QUALITY = np.array([0.0, 0.4, 0.6, 0.85, 1.0, 0.7], dtype=np.float32)
_UNKNOWN = 5
_DOUBT = 0.1
_ONCE = 0.4


class Shares(NamedTuple):
    """Weighted means per pair: `value` float64 (P,), NaN where nothing is known; `known` float64 (P,) in [0, 1]."""

    value: FloatArray
    known: FloatArray


def quality(level: FloatArray) -> FloatArray:
    """Return how much an offer counts by its skill level (domain.md C1).

    Parameters
    ----------
    level : float array of any shape
        0 none, 1 beginner, 2 working, 3 advanced, 4 expert; NaN where unknown.

    Returns
    -------
    float32 array of that shape
        0, .4, .6, .85, 1; .7 where unknown.
    """
    known: FloatArray = _QUALITY.take(np.fmin(level, _UNKNOWN).astype(np.intp))
    return known


def level_doubt(segments: Segments, pairs: int) -> FloatArray:
    """Return what unknown levels take from the confidence: .1 times their share of the items, float (P,)."""
    unknown = np.isnan(segments.level)
    if not unknown.any():
        return np.zeros(pairs)
    items = np.bincount(segments.pair, minlength=pairs)
    return _DOUBT * sums(unknown, segments, pairs) / np.maximum(items, 1)


def best_of_each(strength: FloatArray, segments: Segments, aggregation: ItemAggregation = "max") -> FloatArray:
    """Return what each item gets from all items it was compared with, shape (S,); NaN where nothing is known.

    Parameters
    ----------
    strength : float array (M,)
        Of each item pair, in [0, 1]; NaN where unknown, and such members are left out.
    aggregation : str
        `max`: the best member. `best_three`: mean of the best three, of which the second and the third count .4 of the
        best at least, so that what is there once still counts and what was done repeatedly counts more. `top3_mean`:
        mean of the best three, or of as many as there are. `sum`: all members together, at most 1. Only `max` is
        indifferent to duplicates; `max`, `best_three` and `sum` never fall when a member is added.
    """
    best = segment_max(strength, segments)
    if aggregation == "max" or not len(best):
        return best
    ordered = strength if segments.order is None else strength[segments.order]
    if aggregation == "sum":
        together = np.add.reduceat(np.where(np.isnan(ordered), 0, ordered), segments.starts)
        return np.where(np.isnan(best), best, np.minimum(together, 1))
    rest = strength.copy()
    total, count = np.zeros_like(best), np.zeros_like(best)
    for _ in range(3):
        top = segment_max(rest, segments)
        if aggregation == "best_three":
            top = np.fmax(top, _ONCE * best)
        known = ~np.isnan(top)
        total += np.where(known, top, 0)
        count += known
        rest[segment_top(rest, segments)] = np.nan
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)


def sums(values: FloatArray | BoolArray, segments: Segments, pairs: int) -> FloatArray:
    """Sum of the values (S,) of each pair's items, float64 (P,); 0 for a pair without items."""
    return pair_sum(values, segments, pairs)


def shares(best: FloatArray, segments: Segments, pairs: int, weights: FloatArray | None = None) -> Shares:
    """Return the weighted mean of each pair's items; unknown items are dropped and the weights renormalised.

    Parameters
    ----------
    best : float array (S,)
        Value of each item; NaN where unknown.
    weights : float array (S,) or None
        Positive weight of each item; None means that all count the same.
    """
    unknown = np.isnan(best)
    weight = np.ones(len(best)) if weights is None else weights
    total = sums(weight, segments, pairs)
    known = total
    if unknown.any():
        weight = np.where(unknown, 0, weight)
        best = np.where(unknown, 0, best)
        known = sums(weight, segments, pairs)
    covered = sums(weight * best, segments, pairs)
    some = known > 0
    if some.all():
        return Shares(covered / known, known / total)
    return Shares(covered / np.where(some, known, np.nan), known / np.where(total > 0, total, 1))


def shares_of_either(first: Served, second: Served, pairs: int) -> Shares:
    """Return the mean of items that may be served by two lists: each item counts the better of the two.

    Parameters
    ----------
    first, second : (float array (S,), Segments)
        What each item gets from one list. Both list the items of a pair in the same order; a pair that is absent
        from one of them is taken from the other.
    """
    if np.array_equal(first[1].pair, second[1].pair):
        return shares(np.fmax(first[0], second[0]), first[1], pairs)
    ranks = [_ranks(segments, pairs) for _, segments in (first, second)]
    items = np.maximum(ranks[0][1], ranks[1][1])
    table = np.full((max(int(items.max(initial=0)), 1), pairs), np.nan)
    for (best, segments), (rank, _) in zip((first, second), ranks, strict=True):
        table[rank, segments.pair] = np.fmax(table[rank, segments.pair], best)
    unknown = np.isnan(table)
    known = len(table) - unknown.sum(axis=0)
    total = np.where(unknown, 0, table).sum(axis=0)
    return Shares(total / np.where(known > 0, known, np.nan), known / np.maximum(items, 1))


def _ranks(segments: Segments, pairs: int) -> tuple[IntArray, IntArray]:
    """Position of each item among the items of its pair (S,), and the number of items of each pair (P,)."""
    counts = np.bincount(segments.pair, minlength=pairs)
    firsts = np.cumsum(counts) - counts
    places = np.arange(len(segments.pair))
    if (segments.pair[1:] >= segments.pair[:-1]).all():
        return places - firsts[segments.pair], counts
    order = np.argsort(segments.pair, kind="stable")
    ranks = np.empty_like(places)
    ranks[order] = places - firsts[segments.pair[order]]
    return ranks, counts


def cover(
    strength: FloatArray,
    segments: Segments,
    pairs: int,
    weights: FloatArray | None = None,
    aggregation: ItemAggregation = "max",
) -> Shares:
    """Return how well the items of one side are met by the other: the weighted mean of what each item gets.

    Monotone up in every strength; with `max` also in every added item of the other side, and indifferent to
    duplicates there. Not symmetric. Formula: domain.md C1.
    """
    return shares(best_of_each(strength, segments, aggregation), segments, pairs, weights)


class Met(NamedTuple):
    """How well one side's needs are met.

    `value` float64 (P,), NaN where nothing is known; `known` float64 (P,), the known share of the needs less the doubt
    about unknown levels; `strength` (M,) of each item pair; `best` (S,) of each need.
    """

    value: FloatArray
    known: FloatArray
    strength: FloatArray
    best: FloatArray


def met(items: ItemPairs, needs: Side, source: str | None = None) -> Met:
    """Return how well the needs on one side are met by the offers on the other, by priority and skill level.

    Parameters
    ----------
    needs : str
        The side of the item pairs that holds the needs; the other one holds the offers.
    source : str or None
        The record field whose needs count, for example `wants`; None for all of them.
    """
    wanted, offered, of = _facing(items, needs)
    strength = (items.similarity if source is None else only_source(items, source, needs)) * quality(offered.level)[of]
    best = segment_max(strength, wanted)
    weights = wanted.priority if source is None else np.where(of_source(items, source, needs), wanted.priority, 0)
    value, known = shares(best, wanted, items.pairs, weights)
    return Met(value, np.maximum(known - level_doubt(offered, items.pairs), 0), strength, best)


def _facing(items: ItemPairs, side: Side) -> tuple[Segments, Segments, IntArray]:
    """The segments of a side, those of the other side, and to which of the latter each item pair belongs."""
    return (items.left, items.right, items.right_of) if side == "left" else (items.right, items.left, items.left_of)


def of_source(items: ItemPairs, source: str, side: Side = "left") -> BoolArray:
    """Return which items of a side come from a record field, shape (S,)."""
    segments, names = (items.left, items.sources) if side == "left" else (items.right, items.right_sources)
    kept: BoolArray = segments.source == (names.index(source) if source in names else -1)
    return kept


def only_source(items: ItemPairs, source: str, side: Side = "left") -> FloatArray:
    """Return the similarity (M,) where the item of a side comes from the record field `source`, NaN elsewhere."""
    kept, of = of_source(items, source, side), items.left_of if side == "left" else items.right_of
    if kept.all():
        return items.similarity
    masked: FloatArray = items.similarity * np.where(kept, np.float32(1), np.float32(np.nan))[of]
    return masked
