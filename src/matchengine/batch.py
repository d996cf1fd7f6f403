"""The arrays that flow through one request: pairs, item pairs, segments and scores (architecture.md section 2)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

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
    "read_only",
    "segment_max",
    "segment_sum",
    "segment_top",
]

FloatArray = NDArray[np.floating[Any]]
IntArray = NDArray[np.integer[Any]]
BoolArray = NDArray[np.bool_]


def read_only(array: NDArray[Any]) -> NDArray[Any]:
    """Return a view of `array` that refuses writes (scorers never change what they are given)."""
    view = array.view()
    view.flags.writeable = False
    return view


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
class Segments:
    """S runs of item pairs that share one item of one side; every segment has at least one member.

    Attributes
    ----------
    starts : int64 array (S,)
        First member of each segment in the order `order`.
    order : int64 array (M,) or None
        Permutation that makes members of a segment consecutive; None where they already are.
    pair : int64 array (S,)
        The pair (position in the batch) to which each segment's item belongs.
    text : int32 array (S,)
        Text of each segment's item.
    level : float32 array (S,)
        Skill level 0 to 4; NaN where unknown.
    priority : float32 array (S,)
        1 to 3; 1 where an item has no priority.
    source : int8 array (S,)
        Which record field the item came from (`ItemPairs.sources`).
    """

    starts: IntArray
    order: IntArray | None
    pair: IntArray
    text: IntArray
    level: FloatArray
    priority: FloatArray
    source: IntArray

    @cached_property
    def width(self) -> int:
        """Members of every segment where all have as many as the first; 0 where they differ."""
        steps = np.diff(self.starts)
        if not len(steps):
            return 0
        first = int(steps[0])
        return first if (steps == first).all() else 0

    @cached_property
    def longest_first(self) -> IntArray:
        """Positions of all segments but the last, those with most members first."""
        return np.argsort(-np.diff(self.starts), kind="stable")


@dataclass(frozen=True)
class ItemPairs:
    """All pairs (item of the requester, item of the candidate) of a batch, flat.

    Pairs of people where either side has no item contribute nothing: their sums are 0 over 0, which is NaN.

    Attributes
    ----------
    pairs : int
        P, the number of pairs of the batch.
    left, right : Segments
        The requester's items and the candidate's items.
    left_of, right_of : int64 arrays (M,)
        The segment to which each item pair belongs on either side.
    phi : float32 array (M,)
        Calibrated semantic similarity in [0, 1] (domain.md C0); NaN where the embedder abstains.
    lexical : float32 array (M,)
        Calibrated lexical similarity in [0, 1]: the cosine in words over what the closest texts at hand reach; NaN
        where the two texts are in different languages.
    similarity : float32 array (M,)
        Both kinds of evidence fused, 1 where concepts are equal; NaN where neither can speak.
    left_field, right_field : str
        Names of the text fields.
    sources, right_sources : tuples of str
        Names for `Segments.source` of the left and of the right items.
    """

    pairs: int
    left: Segments
    right: Segments
    left_of: IntArray
    right_of: IntArray
    phi: FloatArray
    lexical: FloatArray
    similarity: FloatArray
    left_field: str = ""
    right_field: str = ""
    sources: tuple[str, ...] = ()
    right_sources: tuple[str, ...] = ()

    @cached_property
    def known(self) -> BoolArray:
        """Whether a pair has at least one item pair about which something is known, shape (P,)."""
        counts = np.bincount(self.left.pair[self.left_of[~np.isnan(self.similarity)]], minlength=self.pairs)
        return counts > 0


@dataclass(frozen=True)
class JointSets:
    """What requesters wish to share with a match, as sets of tokens nobody can read, against what candidates declare.

    Pairs with the same wishes and the same shared tokens are one CASE: the sets of a case are listed once. Only tokens
    that both sides opened to matching and that at least five people hold are in any set.

    Attributes
    ----------
    case : int64 array (P,)
        The case of each pair.
    of_case : int64 array (M,)
        The case each listed set belongs to.
    size : int8 array (M,)
        Number of tokens of the set, 1 to 3.
    importance : float32 array (M,)
        In (0, 1]: geometric mean of the wishes for its tokens; 1 for a set that was wished for as such.
    holders : int32 array (M,)
        People who hold all tokens of the set.
    shared : bool array (M,)
        Whether the candidates of the case declare all tokens of the set.
    wished_holders, shared_holders : int32 arrays (C,)
        Of each case, people who hold everything wished for, and everything that is shared of it.
    level : float32 array (P,)
        How much the requester wants it: 1 nice, 2 important, 3 very important; NaN where nothing is wished for.
    population : int
        People who opened anything to matching.
    """

    case: IntArray
    of_case: IntArray
    size: IntArray
    importance: FloatArray
    holders: IntArray
    shared: BoolArray
    wished_holders: IntArray
    shared_holders: IntArray
    level: FloatArray
    population: int

    @property
    def pairs(self) -> int:
        """P, the number of pairs of the batch."""
        return len(self.case)

    @property
    def known(self) -> BoolArray:
        """Whether the requester of a pair wishes for anything, shape (P,)."""
        known: BoolArray = ~np.isnan(self.level)
        return known


_FEW_SEGMENTS = 512
"""Up to so many segments numpy's own reduction is as fast."""


def segment_max(values: FloatArray, segments: Segments) -> FloatArray:
    """Largest value of each segment, shape (S,); NaN members are ignored, an all-NaN segment gives NaN."""
    if not len(segments.starts):
        return np.zeros(0, dtype=np.float32)
    ordered = values if segments.order is None else values[segments.order]
    starts, width = segments.starts, segments.width
    if width and len(ordered) == len(starts) * width:  # a few long operations instead of many short ones
        return _fold(ordered.reshape(-1, width).T)
    if len(starts) < _FEW_SEGMENTS:
        return np.fmax.reduceat(ordered, starts)
    by_length = segments.longest_first
    first, members = starts[by_length], np.diff(starts)[by_length]
    best = ordered[first]
    for step in range(1, int(members[0])):
        longer = int(np.searchsorted(-members, -step))
        np.fmax(best[:longer], ordered[first[:longer] + step], out=best[:longer])
    largest = np.empty(len(starts), best.dtype)
    largest[by_length] = best
    largest[-1] = np.fmax.reduce(ordered[starts[-1] :])
    return largest


def _fold(columns: FloatArray) -> FloatArray:
    """Largest of each column of (W, S), NaN ignored."""
    largest = columns[0].copy()
    for column in columns[1:]:
        np.fmax(largest, column, out=largest)
    return largest


def segment_sum(values: FloatArray, segments: Segments, pairs: int) -> FloatArray:
    """Sum per-segment values into pairs, shape (P,); NaN values count as 0."""
    sums: FloatArray = np.bincount(segments.pair, weights=np.nan_to_num(values), minlength=pairs).astype(np.float64)
    return sums


def segment_top(values: FloatArray, segments: Segments) -> IntArray:
    """Position (into the item pairs) of the largest member of each segment, shape (S,); the first of ties."""
    if not len(segments.starts):
        return np.zeros(0, dtype=np.int64)
    ordered = np.nan_to_num(values if segments.order is None else values[segments.order], nan=-np.inf)
    best = np.maximum.reduceat(ordered, segments.starts)
    lengths = np.diff(np.append(segments.starts, len(ordered)))
    hits = np.flatnonzero(ordered == np.repeat(best, lengths))
    owner = np.repeat(np.arange(len(lengths)), lengths)[hits]
    _, first = np.unique(owner, return_index=True)
    position = hits[first]
    return position if segments.order is None else segments.order[position]


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
