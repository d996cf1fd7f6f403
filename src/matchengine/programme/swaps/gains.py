"""What a mentee would gain from another mentor beside their own: the marginal gain of domain.md D1, as arrays.

A swap is for another perspective and not for a better mentor: what counts is what the second mentor adds to the first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matchengine.batch import FloatArray, IntArray, ItemPairs, PairBatch, ScoreTable, segment_max
from matchengine.io.masking import mask
from matchengine.pool.embed import embed_distinct
from matchengine.pool.text import TextField, primary_language
from matchengine.scene import Scene
from matchengine.scorers.cover import Met, met, only_source, quality, shares_of_either

__all__ = [
    "PARTS",
    "Needs",
    "Parts",
    "Voices",
    "Wishes",
    "added",
    "gain",
    "mentor_side",
    "nearest_text",
    "needs_met",
    "parts",
    "voices",
    "wishes",
]

PARTS: tuple[tuple[str, float], ...] = (("cover", 0.45), ("perspective", 0.25), ("wish", 0.30))
"""Parts of the gain with their weights (domain.md D1)."""
_SLIDERS_NEEDED = 2
_WIDEST = 4
_FLOOR = 0.01
_FOCUS = "mentoring_focus"


@dataclass(frozen=True)
class Needs:
    """How well the needs of each pair are met: `best` and `weight` float64 (P, W), NaN and 0 where there is no need."""

    best: FloatArray
    weight: FloatArray
    found: Met


def needs_met(scene: Scene, batch: PairBatch) -> Needs:
    """Return what each need of a mentee gets from a mentor; the needs of a mentee stand in the same order for all."""
    items = scene.inputs(batch)["items_needs_offers"]
    found, segments = met(items, "left"), items.left
    counts = np.bincount(segments.pair, minlength=len(batch))
    rank = np.arange(len(segments.pair)) - (np.cumsum(counts) - counts)[segments.pair]
    shape = (len(batch), max(int(counts.max(initial=0)), 1))
    best, weight = np.full(shape, np.nan), np.zeros(shape)
    best[segments.pair, rank] = found.best
    weight[segments.pair, rank] = segments.priority
    return Needs(best, weight, found)


def added(own: Needs, taker: IntArray, other: Needs) -> FloatArray:
    """What each need gains, weighted by its share, float64 (P, W): the better of both mentors less the own one.

    NaN throughout where nothing is known of the own mentor, or nothing of the other; a need of which the own mentor's
    cover is unknown is left out. So the sum over the needs never falls when the other mentor offers more.
    """
    width = max(own.best.shape[1], other.best.shape[1])
    mine, theirs = _wide(own.best, width, np.nan)[taker], _wide(other.best, width, np.nan)
    known = ~np.isnan(mine)
    weight = np.where(known, _wide(own.weight, width, 0)[taker], 0)
    total = weight.sum(axis=1)
    told = (known & ~np.isnan(theirs)).any(axis=1) & (total > 0)
    more = np.where(known, np.fmax(theirs, mine) - mine, 0)
    scaled: FloatArray = weight * more / np.where(told, total, np.nan)[:, None]
    return scaled


def _wide(array: FloatArray, width: int, fill: float) -> FloatArray:
    return np.pad(array, ((0, 0), (0, width - array.shape[1])), constant_values=fill)


@dataclass(frozen=True)
class Voices:
    """What is known of each mentor's way: unit mean of the offers, sliders, and all texts a wish is compared with.

    `offers` float32 (M, d), NaN where unknown; `style` float (M, 5); `texts` float32 (K, d), those of mentor m from
    `starts[m]` to `starts[m + 1]`; `fields` int8 (K,) 0 for an offer, 1 for what they would like to mentor in;
    `numbers` int64 (K,) of those texts.
    """

    offers: FloatArray
    style: FloatArray
    texts: NDArray[np.float32]
    starts: IntArray
    fields: IntArray
    numbers: IntArray


def voices(scene: Scene, mentors: IntArray) -> Voices:
    """Return what is known of some mentors, given as rows (M,)."""
    pool, table = scene.pool, scene.kind.sides.candidates
    field, aims = pool.fields[f"{table}.offers"], pool.fields[f"{table}.aims"]
    focus = aims.sources.index(_FOCUS) if _FOCUS in aims.sources else -1
    dimension = pool.embedder.dimension
    means = np.full((len(mentors), dimension), np.nan, np.float32)
    vectors, starts, kinds, numbers = [np.zeros((0, dimension), np.float32)], [0], [], []
    for place, row in enumerate(mentors.tolist()):
        offered, wished = _texts(field, row), _texts(aims, row, focus)
        own = pool.vectors(field, offered) if len(offered) else np.zeros((0, dimension), np.float32)
        if len(own):
            mean = own.mean(axis=0)
            length = float(np.linalg.norm(mean))
            means[place] = mean / length if length > 0 else np.nan
        vectors += [own, pool.vectors(aims, wished) if len(wished) else np.zeros((0, dimension), np.float32)]
        kinds += [0] * len(offered) + [1] * len(wished)
        numbers += [*offered.tolist(), *wished.tolist()]
        starts.append(len(numbers))
    style = pool.tables[table].column("style")[mentors].astype(np.float64)
    found = (np.concatenate(vectors), np.array(starts, np.int64), np.array(kinds, np.int8), np.array(numbers, np.int64))
    return Voices(means, style, *found)


def _texts(field: TextField, row: int, source: int | None = None) -> IntArray:
    """Texts of a row that have a vector; of one source where one is given."""
    entries = field.items.of(row)
    texts = field.items.text[entries]
    if source is not None:
        texts = texts[field.items.source[entries] == source]
    known: IntArray = texts[field.known[texts]] if len(texts) else texts
    return known


@dataclass(frozen=True)
class Wishes:
    """Vectors of the wished perspectives, float32 (T, d), NaN where there is none or its language is unknown."""

    vectors: NDArray[np.float32]


def wishes(scene: Scene, texts: Sequence[tuple[str, str | None] | None]) -> Wishes:
    """Encode wishes (text, language or None) the way other texts are: masked, each once, through the pool's cache."""
    pool = scene.pool
    out = np.full((len(texts), pool.embedder.dimension), np.nan, np.float32)
    told = [(n, *each) for n, each in enumerate(texts) if each is not None]
    if not told:
        return Wishes(out)
    tags = [primary_language(tag or pool.default_language) for _n, _text, tag in told]
    masked = [mask(text, tag) for (_n, text, _tag), tag in zip(told, tags, strict=True)]
    found = embed_distinct(masked, tags, pool.embedder, pool.cache)
    rows = np.array([n for n, _text, _tag in told])[found.known]
    out[rows] = found.vectors[found.known]
    return Wishes(out)


@dataclass(frozen=True)
class Parts:
    """Parts of the gain of P pairs, each float64 (P,) in [0, 1], NaN where nothing is known.

    `perspective` is not yet weighed by the fit; `apart` and `style` are its halves.
    """

    cover: FloatArray
    perspective: FloatArray
    wish: FloatArray
    apart: FloatArray
    style: FloatArray


def parts(
    scene: Scene, own: tuple[Needs, IntArray], batch: PairBatch, places: tuple[IntArray, IntArray], spoken: Wishes,
    known: Voices,
) -> Parts:  # fmt: skip
    """Return the parts of the gain of P pairs (mentee, another mentor).

    Parameters
    ----------
    own : (Needs, int array (T,))
        What the present mentors give, and where each of them stands in `known`.
    places : two int arrays (P,)
        The slot of each pair, 0 to T − 1, ascending, and where its other mentor stands in `known`.
    spoken : Wishes
        Of the T slots.
    known : Voices
        Of all mentors.
    """
    present, mine = own
    taker, mentor = places
    cover = added(present, taker, needs_met(scene, batch)).sum(axis=1)
    apart = _apart(known, mine[taker], mentor)
    style = _style(known, mine[taker], mentor)
    together = np.stack([apart, style])
    halves = (~np.isnan(together)).sum(axis=0)
    perspective = np.nansum(together, axis=0) / np.where(halves, halves, np.nan)
    wish = _wish(scene, spoken, known, taker, mentor)
    return Parts(np.clip(cover, 0, 1), perspective, wish, apart, style)


def _apart(known: Voices, mine: IntArray, other: IntArray) -> FloatArray:
    """(1 − cos) / 2 of the mean offers, float64 (P,)."""
    cosine = np.vecdot(known.offers[mine].astype(np.float64), known.offers[other].astype(np.float64))
    distance: FloatArray = np.clip((1 - cosine) / 2, 0, 1)
    return distance


def _style(known: Voices, mine: IntArray, other: IntArray) -> FloatArray:
    """Mean difference of the sliders that both set, 0 to 1, float64 (P,); NaN below two."""
    apart = np.abs(known.style[mine] - known.style[other])
    shared = (~np.isnan(apart)).sum(axis=1)
    distance: FloatArray = np.nansum(apart, axis=1) / (_WIDEST * np.where(shared >= _SLIDERS_NEEDED, shared, np.nan))
    return distance


def _wish(scene: Scene, spoken: Wishes, known: Voices, taker: IntArray, mentor: IntArray) -> FloatArray:
    """Calibrated similarity of the wish with the mentor's nearest text, float64 (P,); `taker` ascends."""
    value = np.full(len(taker), np.nan)
    full = np.flatnonzero(np.diff(known.starts) > 0)
    told = np.asarray(~np.isnan(spoken.vectors).any(axis=1))
    if not len(full):
        return value
    for slot in np.unique(taker[told[taker]]).tolist():
        near = scene.pool.calibration.phi(np.asarray(known.texts @ spoken.vectors[slot]))
        best = np.full(len(known.starts) - 1, np.nan)
        best[full] = np.maximum.reduceat(near, known.starts[:-1][full])
        of_slot = slice(*np.searchsorted(taker, [slot, slot + 1]).tolist())
        value[of_slot] = best[mentor[of_slot]]
    return value


def nearest_text(spoken: NDArray[np.float32], known: Voices, mentor: int) -> int:
    """Position in `known` of the text of a mentor that is nearest to a wish (d,); −1 where either has none."""
    first, last = int(known.starts[mentor]), int(known.starts[mentor + 1])
    if first == last or np.isnan(spoken).any():
        return -1
    return first + int(np.argmax(known.texts[first:last] @ spoken))


def gain(found: Parts, fit: FloatArray, disruption: FloatArray) -> FloatArray:
    """Return the gain of each pair, float64 (P,): the weighted mean of the known parts less the disruption.

    NaN where no part is known. It may be negative. Formula: domain.md D1.
    """
    values: FloatArray = np.stack([found.cover, found.perspective * fit, found.wish])
    weight = np.array([share for _name, share in PARTS])[:, None] * ~np.isnan(values)
    total = weight.sum(axis=0)
    mean = (weight * np.nan_to_num(values)).sum(axis=0) / np.where(total > 0, total, np.nan)
    less: FloatArray = mean - disruption
    return less


def mentor_side(scene: Scene, batch: PairBatch, table: ScoreTable) -> FloatArray:
    """Return how well each pair fits from the mentor's side, float64 (P,) in [0, 1], without any lift.

    The score with the block of needs replaced by what the mentor gains: how well the mentee's goals and offers cover
    what the mentor hopes for (domain.md C1). Where that is unknown, or there is no such block, the score itself.
    """
    base: FloatArray = np.asarray(table.total - table.lift, np.float64)
    if "need" not in table.blocks:
        return base
    inputs = scene.inputs(batch)
    aims = _aims(inputs["items_needs_aims"], inputs["items_offers_aims"], len(batch))
    power = float(scene.kind.config.across)
    total, mean = np.zeros(len(batch)), np.zeros(len(batch))
    for name, value in table.blocks.items():
        taken = np.where(np.isnan(aims), value, aims) if name == "need" else value
        weight = np.where(np.isnan(taken), 0, table.weights[name])
        floored = np.maximum(np.where(np.isnan(taken), 1.0, taken), _FLOOR)
        total += weight
        mean += weight * (np.log(floored) if power == 0 else floored**power)
    mean = mean / np.where(total > 0, total, np.nan)
    combined = np.exp(mean) if power == 0 else mean ** (1 / power)
    seen = table.confidence * combined + (1 - table.confidence) * table.neutral
    return np.where(np.isnan(aims) | np.isnan(seen), base, seen)


def _aims(needs: ItemPairs, offers: ItemPairs, pairs: int) -> FloatArray:
    """How well the requester's goals and offers cover the candidate's aims, float64 (P,), NaN where unknown."""
    gifts = offers.similarity * quality(offers.left.level)[offers.left_of]
    by_goals, by_gifts = segment_max(only_source(needs, "goals"), needs.right), segment_max(gifts, offers.right)
    found: FloatArray = shares_of_either((by_goals, needs.right), (by_gifts, offers.right), pairs).value
    return found
