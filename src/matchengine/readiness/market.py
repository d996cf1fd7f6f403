"""Both sides of one kind of match: who looks, who gives, and how many places there are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from matchengine.batch import BoolArray, FloatArray, IntArray, PairBatch
from matchengine.config import EngineConfig
from matchengine.pool.inputs import Inputs
from matchengine.pool.pool import Pool
from matchengine.pool.tables import Table
from matchengine.registry import MatchKind

__all__ = ["MakeInputs", "Market"]

MakeInputs = Callable[[PairBatch], Inputs]


@dataclass(frozen=True)
class Market:
    """The two sides of a kind of match, each in the order of ids, so that no result depends on the order of a file.

    Attributes
    ----------
    requesters, candidates : int32 arrays (R,), (C,)
        Rows of the two tables.
    places : float array (C,)
        Free places of each candidate, at least 0; NaN where nobody stated any.
    """

    pool: Pool
    kind: MatchKind
    config: EngineConfig
    requesters: IntArray
    candidates: IntArray
    places: FloatArray

    @classmethod
    def of(cls, pool: Pool, kind: MatchKind, config: EngineConfig) -> Market:
        """Gather both sides from what is loaded."""
        sides = kind.sides
        looking = _by_id(pool, sides.requesters, pool.members(sides.requesters, kind.requester_role))
        giving = _by_id(pool, sides.candidates, pool.candidates(sides))
        free = pool.derived.free_places(sides.candidates, sides.role)[giving].astype(np.float64)
        return cls(pool, kind, config, looking, giving, np.maximum(free, 0))

    @property
    def requester_table(self) -> Table:
        """Table of those who look."""
        return self.pool.tables[self.kind.sides.requesters]

    @property
    def candidate_table(self) -> Table:
        """Table of those who give."""
        return self.pool.tables[self.kind.sides.candidates]

    @property
    def capacities(self) -> FloatArray:
        """Most requesters that each candidate can serve, shape (C,); unknown is 1 for people, no limit for others."""
        unknown = 1.0 if self.kind.sides.candidates == "people" else np.inf
        return np.where(np.isnan(self.places), unknown, np.floor(self.places))

    def stated(self, among: IntArray | slice = slice(None)) -> int | None:
        """Free places of some candidates together; None where none of them stated any."""
        places = self.places[among]
        return None if np.isnan(places).all() else int(np.nansum(places))

    def requester_id(self, position: int) -> str:
        """Id of the requester at a position."""
        return self.requester_table.ids[int(self.requesters[position])]


def _by_id(pool: Pool, table: str, members: BoolArray) -> IntArray:
    rows = np.flatnonzero(members).tolist()
    return np.array(sorted(rows, key=pool.tables[table].ids.__getitem__), np.int32)
