"""What is known of the pair in question: the rules in its way, its scores, and those of the others it stands among."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from matchengine.batch import BoolArray, PairBatch, ScoreTable
from matchengine.matching.constrain import passes
from matchengine.matching.rank import feasible
from matchengine.matching.retrieve import retrieve
from matchengine.matching.score import RawScores
from matchengine.pool.inputs import Inputs
from matchengine.registry import ActiveConstraint
from matchengine.scene import Scene

__all__ = ["Case", "points"]

_DECIMALS = 4


@dataclass(frozen=True)
class Case:
    """One requester row with one candidate row.

    Points are scores 0 to 1 without what lifts add, so that nothing here depends on what people keep to themselves.
    """

    scene: Scene
    requester: int
    candidate: int

    @property
    def batch(self) -> PairBatch:
        """The pair alone."""
        return PairBatch.one_to_many(self.requester, np.array([self.candidate], np.int32))

    @cached_property
    def inputs(self) -> Inputs:
        """Inputs of the pair alone."""
        return self.scene.inputs(self.batch)

    @cached_property
    def vetoes(self) -> list[ActiveConstraint]:
        """The constraints that forbid the pair."""
        return [c for c in self.scene.kind.constraints if not passes(c, self.inputs)[0]]

    @cached_property
    def scored(self) -> tuple[RawScores, ScoreTable]:
        """Scores of the pair alone."""
        return self.scene.table(self.batch)

    @property
    def meets(self) -> bool:
        """Whether the feasible block lets the pair stand (domain.md G1)."""
        return bool(_standing(self.scored[1])[0])

    @cached_property
    def others(self) -> ScoreTable:
        """Scores of everybody else whom a suggestion for this requester compares, best first."""
        scene, among = self.scene, self.scene.eligible(self.requester)
        [rows] = retrieve(scene.pool, scene.kind, scene.config.retrieve, [self.requester], [among])
        rows = rows[rows != self.candidate]
        _raw, table = scene.table(PairBatch.one_to_many(self.requester, rows))
        order = np.lexsort((-points(table), ~table.informed))
        return table.take(order[_standing(table)[order]])

    @cached_property
    def place(self) -> int:
        """Place of the pair among all that are compared, by points; ties count as behind nobody."""
        own = self.scored[1]
        better = points(self.others) > points(own)[0]
        informed = bool(own.informed[0])
        ahead = (self.others.informed & better) if informed else (self.others.informed | better)
        return 1 + int(ahead.sum())


def _standing(table: ScoreTable) -> BoolArray:
    stands = np.zeros(len(table.total), np.bool_)
    stands[feasible(table.blocks)] = True
    return stands


def points(table: ScoreTable) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """Scores without lifts, as they are compared, shape (P,)."""
    return np.round(table.total - table.lift, _DECIMALS)
