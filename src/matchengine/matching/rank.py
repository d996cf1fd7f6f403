"""Order scored pairs: by score, then seeded lottery, then id; what is too little known comes after the rest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from matchengine.batch import BoolArray, FloatArray, IntArray, PairBatch, Scored, ScoreTable
from matchengine.pool.tables import Table

__all__ = ["FEASIBLE", "Ranked", "feasible", "rank"]

_DECIMALS = 4
FEASIBLE, _FLOOR = "feasible", 0.10


class Ranked(NamedTuple):
    """Of each requester the positions of the best pairs, over a scored batch."""

    best: list[IntArray]
    batch: PairBatch
    table: ScoreTable
    scored: tuple[Scored, ...]


def rank(table: ScoreTable, batch: PairBatch, requesters: Table, candidates: Table, k: int) -> list[IntArray]:
    """Return for each requester of the batch, in order of appearance, the positions of its best k pairs.

    Pairs whose feasible block is below .10 are not eligible (domain.md G1). Scores are compared as they are shown,
    to four decimals, so that noise does not decide.
    """
    eligible = np.zeros(len(batch), np.bool_)
    eligible[feasible(table.blocks)] = True
    totals = np.round(table.total, _DECIMALS)
    out = []
    for row, pairs in batch.runs:
        positions = pairs.start + np.flatnonzero(eligible[pairs])
        positions = _best(positions, table, totals, k)
        rows = batch.candidate_rows[positions]
        draw = (candidates.lottery[rows] ^ requesters.lottery[row]) * np.uint64(0x9E3779B97F4A7C15)
        order = np.lexsort((_ids(candidates, rows), draw, -totals[positions], ~table.informed[positions]))
        out.append(positions[order[:k]])
    return out


def feasible(blocks: Mapping[str, FloatArray]) -> BoolArray | slice:
    """Which pairs the feasible block lets stand; all of them where there is no such block or nothing is known."""
    value = blocks.get(FEASIBLE)
    return slice(None) if value is None else ~(value < _FLOOR)


def _best(positions: IntArray, table: ScoreTable, totals: FloatArray, k: int) -> IntArray:
    """Keep the positions that can be among the first k, all ties at the edge included."""
    if len(positions) <= 4 * k:
        return positions
    key = totals[positions] + table.informed[positions]
    best: IntArray = positions[key >= np.partition(key, len(key) - k)[len(key) - k]]
    return best


def _ids(candidates: Table, rows: Sequence[int] | IntArray) -> IntArray:
    """Position of each row's id in the order of ids, for ties that even the lottery leaves."""
    ids = [candidates.ids[row] for row in rows]
    place = {external: n for n, external in enumerate(sorted(ids))}
    return np.array([place[external] for external in ids], np.int64)
