"""An engine's data for one kind of match, as they are now: inputs of pairs, who is eligible, and scores."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from matchengine.batch import BoolArray, IntArray, PairBatch, ScoreTable
from matchengine.config import EngineConfig
from matchengine.errors import DataError, UnknownIdError
from matchengine.i18n import N_, _
from matchengine.matching.combine import block_values, combine
from matchengine.matching.constrain import allowed
from matchengine.matching.rank import FEASIBLE, feasible
from matchengine.matching.score import RawScores, score
from matchengine.pool.inputs import Inputs
from matchengine.pool.pauses import on_a_break
from matchengine.pool.pool import Pool
from matchengine.registry import MatchKind

__all__ = ["Members", "Scene"]


class Members(NamedTuple):
    """Ids of those who look and of those who can be suggested, and free places of the latter where they are known."""

    requesters: tuple[str, ...]
    candidates: tuple[str, ...]
    places: dict[str, int]


@dataclass(frozen=True)
class Scene:
    """Everything a question about one kind of match needs; valid until the data change.

    Attributes
    ----------
    neutral : float
        The score, 0 to 1, to which a pair shrinks when little is known.
    """

    pool: Pool
    kind: MatchKind
    config: EngineConfig
    neutral: float = 0.5

    def inputs(self, batch: PairBatch) -> Inputs:
        """Return what scorers and constraints may read about a batch of pairs."""
        return Inputs(self.pool, self.kind.sides, batch, self.config.retrieve.semantic, self.config.retrieve.lexical)

    def everybody(self, row: int) -> tuple[Inputs, BoolArray]:
        """Return the inputs of one requester with all rows of the candidates' table, and who of them takes part."""
        sides = self.kind.sides
        everybody = PairBatch.one_to_many(row, self.pool.rows(sides.candidates))
        return self.inputs(everybody), self.pool.candidates(sides)

    def eligible(self, row: int) -> IntArray:
        """Rows that pass every hard rule and, before a search, the floor of the feasible block (domain.md G1)."""
        among = np.flatnonzero(allowed(self.kind.constraints, *self.everybody(row)))
        block = self.kind.without_texts(FEASIBLE)
        if len(among) <= self.config.retrieve.dense_up_to or not block.scorers:
            return among
        raw = score(block, self.inputs(PairBatch.one_to_many(row, among)))
        found: IntArray = among[feasible(block_values(block, raw.values, raw.confidences)[0])]
        return found

    def table(self, batch: PairBatch) -> tuple[RawScores, ScoreTable]:
        """Score a batch of pairs and combine the scores."""
        raw = score(self.kind, self.inputs(batch))
        return raw, combine(self.kind, raw.values, raw.confidences, self.neutral, self.goals(batch))

    def goals(self, batch: PairBatch) -> IntArray | None:
        """Return the kind of each requester's main goal as a bit, where block weights depend on it."""
        if not self.kind.config.goal_blocks:
            return None
        column: IntArray = self.pool.tables[self.kind.sides.requesters].column("goal_kind")
        return column[batch.requester_rows]

    def members(self) -> Members:
        """Return who takes part on either side, in the order of the tables, and the free places of candidates."""
        sides, tables = self.kind.sides, self.pool.tables
        asking = np.flatnonzero(self.pool.members(sides.requesters, self.kind.requester_role)).tolist()
        giving = np.flatnonzero(self.pool.candidates(sides)).tolist()
        free = self.pool.derived.free_places(sides.candidates, sides.role)
        ids = tables[sides.candidates].ids
        return Members(
            tuple(tables[sides.requesters].ids[row] for row in asking),
            tuple(ids[row] for row in giving),
            {ids[row]: max(int(free[row]), 0) for row in giving if not np.isnan(free[row])},
        )

    def candidate_row(self, external: str) -> int:
        """Return the row of somebody who can be suggested for this kind of match.

        Raises
        ------
        UnknownIdError, DataError
            When nobody has this id, or the person does not take part on this side.
        """
        sides = self.kind.sides
        row = self.pool.tables[sides.candidates].row_of.get(external)
        if row is None:
            raise UnknownIdError(_("{id!r} is not known to this engine; load or upsert the record first", id=external))
        if sides.candidates == "people" and self.pool.pauses.rests(external):
            raise on_a_break(external)
        if not self.pool.candidates(sides)[row]:
            told = N_("{id!r} does not take part as {role!r}, whom kind {kind!r} suggests; add the role to the record")
            raise DataError(_(told, id=external, role=self.kind.config.candidate, kind=self.kind.name))
        return row
