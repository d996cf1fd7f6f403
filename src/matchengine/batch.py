"""The arrays that flow through one request: pairs, item pairs, segments and scores (architecture.md section 2)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Literal

import numpy as np

from matchengine.segments import (
    BoolArray,
    FloatArray,
    IntArray,
    ItemPairs,
    JointSets,
    Segments,
    frozen,
    pair_max,
    pair_sum,
    read_only,
    segment_max,
    segment_sum,
    segment_top,
)

__all__ = [
    "BoolArray",
    "FloatArray",
    "IntArray",
    "ItemPairs",
    "JointSets",
    "PairBatch",
    "Quotes",
    "Ruled",
    "ScoreTable",
    "Scored",
    "Segments",
    "Sides",
    "frozen",
    "pair_max",
    "pair_sum",
    "read_only",
    "segment_max",
    "segment_sum",
    "segment_top",
]


@dataclass(frozen=True)
class Sides:
    """Which tables a kind of match reads, and the number of the role in which people give (None for anyone).

    `only` are the kinds of gatherings or resources that can be suggested, as bits of their column; 0 for all.
    """

    requesters: str
    candidates: str
    role: int | None = None
    only: int = 0


@dataclass(frozen=True)
class PairBatch:
    """P pairs over a requester table and a candidate table, as rows.

    Attributes
    ----------
    requester_rows, candidate_rows : int32 array of shape (P,)
        Rows of the two tables. Pairs of one requester stand together.
    """

    requester_rows: IntArray
    candidate_rows: IntArray

    @classmethod
    def one_to_many(cls, requester_row: int, candidate_rows: IntArray) -> PairBatch:
        """Pair one requester with each candidate row."""
        return cls(
            np.broadcast_to(np.int32(requester_row), candidate_rows.shape), candidate_rows.astype(np.int32, copy=False)
        )

    @classmethod
    def many(cls, requester_rows: Sequence[int], candidate_rows: Sequence[IntArray]) -> PairBatch:
        """Pair each requester with its own candidate rows."""
        if len(requester_rows) == 1:
            return cls.one_to_many(requester_rows[0], candidate_rows[0])
        counts = [len(rows) for rows in candidate_rows]
        candidates = np.concatenate([np.zeros(0, np.int32), *candidate_rows]).astype(np.int32)
        return cls(np.repeat(np.array(requester_rows, np.int32), counts), candidates)

    def __len__(self) -> int:
        return len(self.candidate_rows)

    def take(self, positions: IntArray) -> PairBatch:
        """Return the pairs at `positions`, in that order."""
        return PairBatch(self.requester_rows[positions], self.candidate_rows[positions])

    @cached_property
    def runs(self) -> list[tuple[int, slice]]:
        """Each requester row with the slice of its consecutive pairs."""
        rows = self.requester_rows
        if not len(rows):
            return []
        if rows.strides == (0,) or len(rows) == 1:
            return [(int(rows[0]), slice(0, len(rows)))]
        cuts = np.flatnonzero(rows[1:] != rows[:-1]) + 1
        starts = [0, *cuts.tolist()]
        return [(int(rows[a]), slice(a, b)) for a, b in zip(starts, [*starts[1:], len(rows)], strict=True)]


@dataclass(frozen=True)
class Quotes:
    """A text of one side for each pair, offered as evidence; the engine decides who may read it.

    Attributes
    ----------
    side : str
        Whose text it is.
    field : str
        The text field, for example `offers`.
    texts : int32 array (P,)
        Text ids of that field; -1 where there is nothing to quote.
    """

    side: Literal["requester", "candidate"]
    field: str
    texts: IntArray

    def take(self, positions: IntArray) -> Quotes:
        """Return the quotes at `positions`."""
        return Quotes(self.side, self.field, self.texts[positions])


Evidence = FloatArray | IntArray | Quotes


@dataclass(frozen=True, init=False)
class Scored:
    """What a scorer returns.

    Parameters
    ----------
    value : float array (P,)
        In [0, 1]; NaN abstains.
    confidence : float array (P,) or None
        In [0, 1]; None means the share of the scorer's inputs that are known.
    **evidence : arrays (P,) or Quotes
        What the scorer's `says` sentences may use. A sentence whose evidence is NaN or missing is not said.
    """

    value: FloatArray
    confidence: FloatArray | None
    evidence: Mapping[str, Evidence]

    def __init__(self, value: FloatArray, confidence: FloatArray | None = None, **evidence: Evidence) -> None:
        object.__setattr__(self, "value", value)
        object.__setattr__(self, "confidence", confidence)
        object.__setattr__(self, "evidence", evidence)

    def take(self, positions: IntArray) -> Scored:
        """Return the results of the pairs at `positions`."""
        told = {n: e.take(positions) if isinstance(e, Quotes) else e[positions] for n, e in self.evidence.items()}
        confidence = None if self.confidence is None else self.confidence[positions]
        return Scored(self.value[positions], confidence, **told)


@dataclass(frozen=True)
class Ruled:
    """What a constraint returns.

    Attributes
    ----------
    passes : bool array (P,)
        True where the pair is allowed; read only where `known`.
    known : bool array (P,) or None
        False where the data do not tell; None means everything is known. Unknown passes with an entry in
        `to_confirm`, unless the constraint fails closed.
    """

    passes: BoolArray
    known: BoolArray | None = None


@dataclass(frozen=True)
class ScoreTable:
    """The scores of a batch.

    Attributes
    ----------
    scorers : tuple of str
        Names of the S instances, core first.
    values : float64 array (P, S)
        In [0, 1], NaN where a scorer abstains.
    confidences : float64 array (P, S)
        In [0, 1], 0 where a scorer abstains.
    contributions : float64 array (P, S)
        `neutral` + the row sum = `total`, within 1e-6. The columns of lifts are 0; see `lift`.
    lift : float64 array (P,)
        What all lifts together added.
    total, confidence : float64 arrays (P,)
        In [0, 1].
    informed : bool array (P,)
        False where too little is known to rank the pair among the others (domain.md G1).
    blocks, weights : dict of str to float64 array (P,)
        Value of each block, NaN where it abstains, and what it counts.
    neutral : float
        The score at which nothing is known.
    """

    scorers: tuple[str, ...]
    values: FloatArray
    confidences: FloatArray
    contributions: FloatArray
    lift: FloatArray
    total: FloatArray
    confidence: FloatArray
    informed: BoolArray
    blocks: Mapping[str, FloatArray] = field(default_factory=dict)
    weights: Mapping[str, FloatArray] = field(default_factory=dict)
    neutral: float = 0.5

    def take(self, positions: IntArray) -> ScoreTable:
        """Return the rows at `positions`, in that order."""
        arrays = {
            name: getattr(self, name)[positions]
            for name in ("values", "confidences", "contributions", "lift", "total", "confidence", "informed")
        }
        for name in ("blocks", "weights"):
            arrays[name] = {block: of_block[positions] for block, of_block in getattr(self, name).items()}
        return replace(self, **arrays)
