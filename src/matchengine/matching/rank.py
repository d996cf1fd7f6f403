"""Order scored pairs: by score, then seeded lottery, then id; what is too little known comes after the rest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from matchengine.batch import BoolArray, FloatArray, IntArray, PairBatch, Scored, ScoreTable
from matchengine.pool.tables import Table

__all__ = ["FEASIBLE", "LIFTED", "Ranked", "feasible", "rank"]

_DECIMALS = 4
FEASIBLE, _FLOOR = "feasible", 0.10
LIFTED = 5
"""So many places, the first ones, can be won by what a lift over people adds."""


class Ranked(NamedTuple):
    """Of each requester the positions of the best pairs, over a scored batch."""

    best: list[IntArray]
    batch: PairBatch
    table: ScoreTable
    scored: tuple[Scored, ...]


def rank(table: ScoreTable, batch: PairBatch, requesters: Table, candidates: Table, k: int) -> list[IntArray]:
    """Return for each requester of the batch, in order of appearance, the positions of its best k pairs.

    Pairs whose feasible block is below .10 are not eligible (domain.md G1). Scores are compared as they are shown,
    to four decimals, so that noise does not decide. What lifts add towards people decides who is among the first five
    and in which order; whoever comes after stands by the score without it, so that a long list tells no more about
    what others confided than a short one (decision 12).
    """
    eligible = np.zeros(len(batch), np.bool_)
    eligible[feasible(table.blocks)] = True
    totals = np.round(table.total, _DECIMALS)
    plain = np.round(table.total - table.lift, _DECIMALS)
    discreet = requesters is candidates and k > LIFTED and bool(table.lift.any())
    out = []
    for row, pairs in batch.runs:
        positions = pairs.start + np.flatnonzero(eligible[pairs])
        first = _ordered(positions, table, totals, (row, batch, requesters, candidates), LIFTED if discreet else k)
        if discreet:
            rest = _ordered(positions, table, plain, (row, batch, requesters, candidates), k)
            first = np.concatenate([first, rest[~np.isin(rest, first)]])[:k]
        out.append(first)
    return out


def _ordered(
    positions: IntArray, table: ScoreTable, totals: FloatArray, where: tuple[int, PairBatch, Table, Table], k: int
) -> IntArray:
    """The best k of some positions of one requester, given as row, batch and tables."""
    row, batch, requesters, candidates = where
    positions = _best(positions, table, totals, k)
    rows = batch.candidate_rows[positions]
    draw = (candidates.lottery[rows] ^ requesters.lottery[row]) * np.uint64(0x9E3779B97F4A7C15)
    order = np.lexsort((_ids(candidates, rows), draw, -totals[positions], ~table.informed[positions]))
    best: IntArray = positions[order[:k]]
    return best


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
