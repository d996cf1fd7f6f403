"""How alike and how different people are, as a group sees it: deep likeness and difference of outlook (domain.md F1).

Likeness is the score of the kind of match without lifts and without the part about time and place, which a group
settles for itself; differences are read from what people are and do, never from anything they confided.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from matchengine.batch import FloatArray, IntArray, PairBatch
from matchengine.matching.rank import FEASIBLE
from matchengine.pool.pool import Pool
from matchengine.scene import Scene

__all__ = ["camps", "difference", "difference_vectors", "need_vectors", "similarity"]

_PAIRS = 200_000
_DECIMALS = 6
_STAGES, _YEARS, _KILOMETRES = 3.0, 15.0, 200.0
"""Career stages, years in a field and kilometres from which two people count as wholly different; assumptions."""
_CAMP_FIELDS = 8
"""Most common fields of work along which a group may split."""


def similarity(scene: Scene, rows: IntArray) -> FloatArray:
    """Mean of both directions of the score of each pair, float32 (N, N) in [0, 1]; NaN where nothing is known."""
    core = tuple(s for s in scene.kind.scorers if s.block is not None)
    deep = tuple(s for s in core if s.block != FEASIBLE) or core
    scene = replace(scene, kind=replace(scene.kind, scorers=deep))
    found = np.full((len(rows), len(rows)), np.nan)
    each = max(1, _PAIRS // max(len(rows), 1))
    for first in range(0, len(rows), each):
        few = rows[first : first + each]
        batch = PairBatch.many(few.tolist(), [rows] * len(few))
        _raw, table = scene.table(batch)
        told = np.where(table.confidence > 0, table.total - table.lift, np.nan)
        found[first : first + each] = told.reshape(len(few), len(rows))
    both = np.where(np.isnan(found.T), found, np.where(np.isnan(found), found.T, (found + found.T) / 2))
    return np.round(np.clip(both, 0, 1), _DECIMALS).astype(np.float32)


def need_vectors(pool: Pool, rows: IntArray) -> NDArray[np.float32]:
    """Mean of the vectors of what each person looks for, unit length, float32 (N, d); zeros where nothing is known."""
    field = pool.fields["people.needs"]
    entries = field.items.entries(rows)
    owner = np.repeat(np.arange(len(rows)), field.items.counts(rows))
    known = field.known[field.items.text[entries]]
    out = np.zeros((len(rows), pool.embedder.dimension), np.float32)
    if known.any():
        texts, place = np.unique(field.items.text[entries[known]], return_inverse=True)
        weights = field.items.priority[entries[known], None]
        np.add.at(out, owner[known], pool.vectors(field, texts)[place] * weights)
    return _unit(out)


def difference(pool: Pool, rows: IntArray, features: Sequence[str]) -> FloatArray:
    """Mean difference of each pair over the features known of both, float32 (N, N) in [0, 1]; NaN where none is.

    Fields of work differ by the share that only one has; stages, years and distance in proportion, up to a limit.
    """
    total, known = np.zeros((len(rows), len(rows))), np.zeros((len(rows), len(rows)))
    for feature in features:
        found = _FEATURES[feature](pool, rows)
        told = ~np.isnan(found)
        total += np.where(told, found, 0)
        known += told
    with np.errstate(invalid="ignore"):
        return np.round(np.where(known > 0, total / np.where(known > 0, known, 1), np.nan), _DECIMALS).astype(
            np.float32
        )


def difference_vectors(pool: Pool, rows: IntArray, features: Sequence[str]) -> NDArray[np.float32]:
    """Unit vectors whose inner product is how alike two people are in the features, float32 (N, k), for large pools."""
    parts: list[NDArray[np.float32]] = []
    for feature in features:
        if feature == "fields":
            parts.append(_unit(_flags(pool, rows)))
        elif feature == "place":
            _distinct, number = np.unique(pool.tables["people"].column("place")[rows], return_inverse=True)
            parts.append(np.eye(int(number.max(initial=0)) + 1, dtype=np.float32)[number])
        else:
            scaled = pool.tables["people"].column(feature)[rows] / (_STAGES if feature == "career_stage" else _YEARS)
            angle = np.clip(np.nan_to_num(scaled), 0, 4) * np.float32(np.pi / 8)
            wave = np.stack([np.cos(angle), np.sin(angle)], axis=1)
            parts.append(np.where(np.isnan(scaled)[:, None], 0, wave).astype(np.float32))
    return _unit(np.concatenate(parts, axis=1)) if parts else np.zeros((len(rows), 0), np.float32)


def camps(pool: Pool, rows: IntArray, features: Sequence[str]) -> FloatArray:
    """Numbers along which a group may split into camps, float32 (N, K), scaled alike; NaN unknown (domain.md F1).

    Stage and years with a standard deviation of 1; the most common fields of work together weigh as one of them.
    """
    people, parts = pool.tables["people"], []
    for feature in ("career_stage", "experience_years"):
        if feature in features:
            values = people.column(feature)[rows].astype(np.float64)
            known = ~np.isnan(values)
            spread = values[known].std() if known.any() else 0.0
            if spread > 0:
                parts.append(((values - values[known].mean()) / spread)[:, None])
    if "fields" in features:
        flags = _flags(pool, rows)
        often = np.lexsort((np.arange(flags.shape[1]), -flags.sum(axis=0)))[:_CAMP_FIELDS]
        few = flags[:, often[flags[:, often].sum(axis=0) > 1]].astype(np.float64)
        few[~flags.any(axis=1)] = np.nan
        spread = float(np.sqrt(np.nansum(np.nanvar(few, axis=0)))) if few.size and flags.any() else 0.0
        if spread > 0:
            parts.append((few - np.nanmean(few, axis=0)) / spread)
    whole = np.concatenate(parts, axis=1) if parts else np.zeros((len(rows), 0))
    return np.round(whole, _DECIMALS).astype(np.float32)


def _unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    length = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.round(vectors / np.where(length > 0, length, 1), _DECIMALS + 1).astype(np.float32)


def _flags(pool: Pool, rows: IntArray) -> NDArray[np.float32]:
    """Fields of work of each person, float32 (N, K) of 0 and 1, in the order of their codes' names."""
    codes = pool.shared.codes["fields"]
    masks = np.ascontiguousarray(pool.tables["people"].column("fields")[rows])
    bits = np.unpackbits(masks.view(np.uint8), axis=1, bitorder="little")
    order = [codes[name] for name in sorted(codes) if codes[name] < bits.shape[1]]
    return bits[:, order].astype(np.float32)


def _fields(pool: Pool, rows: IntArray) -> FloatArray:
    flags = _flags(pool, rows)
    count = flags.sum(axis=1)
    both = flags @ flags.T
    either = count[:, None] + count - both
    unknown = (count == 0)[:, None] | (count == 0)
    return np.where(unknown, np.nan, 1 - both / np.where(either > 0, either, 1))


def _gap(pool: Pool, rows: IntArray, column: str, whole: float) -> FloatArray:
    values = pool.tables["people"].column(column)[rows].astype(np.float64)
    found: FloatArray = np.minimum(np.abs(values[:, None] - values) / whole, 1)
    return found


def _place(pool: Pool, rows: IntArray) -> FloatArray:
    numbers = pool.tables["people"].column("place")[rows]
    distinct, place = np.unique(numbers, return_inverse=True)
    between = np.stack([pool.shared.places.distances(int(one), distinct)[0] for one in distinct])
    found: FloatArray = np.minimum(between[np.ix_(place, place)] / _KILOMETRES, 1)
    return found


_FEATURES = {
    "fields": _fields,
    "career_stage": lambda pool, rows: _gap(pool, rows, "career_stage", _STAGES),
    "experience_years": lambda pool, rows: _gap(pool, rows, "experience_years", _YEARS),
    "place": _place,
}
