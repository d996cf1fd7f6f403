"""Turn shown pairs into the drafts that users read: scores become 0 to 100, lifts stay out of every number."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Protocol

import numpy as np

from matchengine.batch import PairBatch, ScoreTable
from matchengine.config import MatchConfig
from matchengine.pool.pool import Pool
from matchengine.records import Reason, Suggestion
from matchengine.records.result import Fit, LiftStep
from matchengine.registry import MatchKind

__all__ = ["fit_of", "present"]

_VALID = timedelta(days=28)


class Told(Protocol):
    """What is said of one pair: reasons, what is not known, and the step of the lift where it may be told."""

    @property
    def reasons(self) -> tuple[Reason, ...]: ...
    @property
    def limits(self) -> tuple[str, ...]: ...
    @property
    def lift_step(self) -> LiftStep | None: ...


def present(
    pool: Pool,
    kind: MatchKind,
    batch: PairBatch,
    table: ScoreTable,
    told: Sequence[Told],
    confirm: Sequence[tuple[str, ...]],
) -> list[Suggestion]:
    """Return one suggestion per pair of the batch; ranks count up within each requester.

    Parameters
    ----------
    table : ScoreTable
        Scores of exactly these pairs, best first within each requester.
    told, confirm : sequences of P
        What `explain` and `to_confirm` gave for these pairs.
    """
    requesters, candidates = pool.tables[kind.sides.requesters], pool.tables[kind.sides.candidates]
    points = np.round(100 * (table.total - table.lift), 2).tolist()
    ranks = _ranks(batch)
    blocks = [
        {name: round(100 * float(values[pair]), 2) for name, values in table.blocks.items() if values[pair] >= 0}
        for pair in range(len(batch))
    ]
    return [
        Suggestion(
            rank=ranks[pair],
            requester_id=requesters.ids[int(batch.requester_rows[pair])],
            candidate_id=candidates.ids[int(batch.candidate_rows[pair])],
            kind=kind.name,
            score=points[pair],
            confidence=round(float(table.confidence[pair]), 4),
            fit=fit_of(points[pair], bool(table.informed[pair]), kind.config),
            neutral=round(100 * table.neutral, 2),
            blocks=blocks[pair],
            reasons=told[pair].reasons,
            to_confirm=confirm[pair],
            limits=told[pair].limits,
            lift_step=told[pair].lift_step,
            valid_until=pool.shared.calendar.first_day + _VALID,
        )
        for pair in range(len(batch))
    ]


def _ranks(batch: PairBatch) -> list[int]:
    return [rank for _, pairs in batch.runs for rank in range(1, pairs.stop - pairs.start + 1)]


def fit_of(points: float, informed: bool, config: MatchConfig) -> Fit:
    """Tell a poor fit from too little data."""
    if not informed:
        return "too_little_known"
    if points >= config.good_from:
        return "good"
    return "fair" if points >= config.fair_from else "poor"
