"""What makes the items of a list alike, and which goals they serve (domain.md G4)."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from matchengine.batch import FloatArray, IntArray, PairBatch, Segments, segment_max
from matchengine.planning.exposure.calibrated import calibrated
from matchengine.planning.exposure.mmr import diverse
from matchengine.pool.inputs import Inputs
from matchengine.programme.offered import Offered
from matchengine.scene import Scene

__all__ = ["varied"]

_DEPTH = 4
"""So many times the length of a list are looked at for it."""
_AT_ONCE = 20_000
_KIND_OF = {"groups": "kind", "events": "kind", "resources": "resource_type"}
_TEXTS_OF = {"people": "offers"}


def varied(scene: Scene, offered: Offered, ranks: IntArray, key: FloatArray, k: int) -> IntArray:
    """Return places after the items of each list were picked for variety, or for the mix of goals, int64 (A,).

    What is too little known to be ranked stays behind all the rest, as it is. Returns `ranks` where the configuration
    asks for neither.
    """
    config = scene.kind.config.exposure
    if config.mmr >= 1 and config.calibration >= 1:
        return ranks
    lists = [own[offered.informed[own]] for own in offered.taken(ranks, _DEPTH * k)]
    out = ranks.copy()
    picks = _by_mmr(scene, offered, lists, key, k) if config.mmr < 1 else _by_goals(scene, offered, lists, key, k)
    for own, picked in zip(lists, picks, strict=True):
        rest = np.setdiff1d(np.arange(len(own)), picked)
        out[own[np.concatenate([picked, rest])]] = np.sort(ranks[own])
    return out


def _by_mmr(scene: Scene, offered: Offered, lists: list[IntArray], key: FloatArray, k: int) -> list[IntArray]:
    """Positions within each list, picked by maximal marginal relevance."""
    likeness = _likeness(scene, offered, lists)
    weight = scene.kind.config.exposure.mmr
    return [
        diverse(key[own], likeness[np.ix_(at, at)], k, weight=weight)
        for own in lists
        for at in (offered.market.candidate[own],)
    ]


def _likeness(scene: Scene, offered: Offered, lists: list[IntArray]) -> FloatArray:
    """How alike candidates are that stand in one list, float64 (C, C): by kind, or people by what they offer."""
    table = scene.kind.sides.candidates
    size = len(offered.candidates)
    if table in _KIND_OF:
        kinds = scene.pool.tables[table].column(_KIND_OF[table])[offered.candidates]
        alike = ((kinds[:, None] & kinds[None]) != 0).astype(np.float64)
        alike[(kinds == 0)[:, None] | (kinds == 0)[None]] = np.nan
        return np.asarray(alike)
    asked = np.zeros((size, size), np.bool_)
    for own in lists:
        at = offered.market.candidate[own]
        asked[np.ix_(at, at)] = True
    one, other = np.nonzero(np.triu(asked, 1))
    found = np.full((size, size), np.nan)
    texts = _TEXTS_OF.get(table, "topics")
    for start in range(0, len(one), _AT_ONCE):
        few = slice(start, start + _AT_ONCE)
        found[one[few], other[few]] = _alike(scene, offered.candidates[one[few]], offered.candidates[other[few]], texts)
    return np.asarray(np.fmax(found, found.T))


def _alike(scene: Scene, one: IntArray, other: IntArray, texts: str) -> FloatArray:
    """Mean over both sides' items of the best similarity to an item of the other side, NaN where nothing is known."""
    sides = replace(scene.kind.sides, requesters=scene.kind.sides.candidates, role=None, only=0)
    batch = PairBatch(one.astype(np.int32), other.astype(np.int32))
    weights = scene.config.retrieve.semantic, scene.config.retrieve.lexical
    pairs = Inputs(scene.pool, sides, batch, *weights)[f"items_{texts}_{texts}"]
    both = [_mean(segment_max(pairs.similarity, side), side, len(batch)) for side in (pairs.left, pairs.right)]
    return (both[0] + both[1]) / 2


def _mean(best: FloatArray, side: Segments, pairs: int) -> FloatArray:
    known = ~np.isnan(best)
    count = np.bincount(side.pair[known], minlength=pairs)
    whole = np.bincount(side.pair[known], best[known], pairs)
    return np.where(count > 0, whole / np.maximum(count, 1), np.nan)


def _by_goals(scene: Scene, offered: Offered, lists: list[IntArray], key: FloatArray, k: int) -> list[IntArray]:
    """Positions within each list, picked so that the mix of goals it serves follows the person's own.

    Each goal or want of the person is a kind of its own and weighs as its priority; an item counts for the one that it
    serves best.
    """
    weight = scene.kind.config.exposure.calibration
    texts = _TEXTS_OF.get(scene.kind.sides.candidates, "topics")
    picks: list[IntArray] = []
    for own in lists:
        if not len(own):
            picks.append(np.zeros(0, np.int64))
            continue
        mixes, wished = _goals_served(scene, offered.batch.take(own), texts)
        picks.append(calibrated(key[own], mixes, wished, k, weight=weight))
    return picks


def _goals_served(scene: Scene, batch: PairBatch, texts: str) -> tuple[FloatArray, FloatArray]:
    """Mix (n, G) of the goals that each item serves, and the mix (G,) that the person wishes for."""
    pairs = scene.inputs(batch)[f"items_needs_{texts}"]
    items = pairs.left
    best = np.nan_to_num(segment_max(pairs.similarity, items), nan=-1.0)
    goals, number = np.unique(items.text, return_inverse=True)
    mixes = np.zeros((len(batch), len(goals)))
    order = np.lexsort((-best, items.pair))
    first = order[np.flatnonzero(np.diff(items.pair[order], prepend=-1))]
    first = first[best[first] > 0]
    mixes[items.pair[first], number[first]] = 1
    wished = np.zeros(len(goals))
    wished[number] = np.nan_to_num(items.priority, nan=1.0)
    return mixes, wished / max(wished.sum(), 1e-12)
