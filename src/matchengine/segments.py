"""Item pairs and the segments they fall into: flat arrays for lists of texts and sets of tokens of many pairs.

Everything here is public through `matchengine.batch`.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, is_dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "BoolArray",
    "FloatArray",
    "IntArray",
    "ItemPairs",
    "JointSets",
    "Segments",
    "frozen",
    "pair_max",
    "pair_sum",
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


def frozen(value: Any) -> Any:
    """Return an array, or a record of arrays, over the same memory, which no flag makes writeable again."""
    if isinstance(value, np.ndarray):
        return np.asarray(value.data.toreadonly())
    if is_dataclass(value) and not isinstance(value, type):
        parts = {field.name: getattr(value, field.name) for field in fields(value)}
        return replace(
            value, **{n: frozen(p) for n, p in parts.items() if isinstance(p, np.ndarray) or is_dataclass(p)}
        )
    return value


def _even(starts: IntArray) -> int:
    """Length of all runs that start there, but for the last one; 0 where they differ or there is only one."""
    steps = np.diff(starts)
    if not len(steps):
        return 0
    first = int(steps[0])
    return first if (steps == first).all() else 0


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
        return _even(self.starts)

    @cached_property
    def firsts(self) -> IntArray:
        """First segment of each pair that has any, shape (G,); segments of a pair stand together."""
        new = np.ones(len(self.pair), np.bool_)
        np.not_equal(self.pair[1:], self.pair[:-1], out=new[1:])
        return np.flatnonzero(new)

    @cached_property
    def each(self) -> int:
        """Segments of every pair that has any, where all have as many as the first; 0 where they differ."""
        return _even(self.firsts)

    @cached_property
    def longest_first(self) -> IntArray:
        """Positions of all segments but the last, those with most members first."""
        order: IntArray = np.argsort(-np.diff(self.starts), kind="stable")
        return order


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
    recorded : bool
        False where nobody at all has such texts on one of the sides: the programme does not record them.
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
    recorded: bool = True

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


_FEW_SEGMENTS = 8_192
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
        reduced: FloatArray = np.fmax.reduceat(ordered, starts)
        return reduced
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
    largest: FloatArray = columns[0].copy()
    for column in columns[1:]:
        np.fmax(largest, column, out=largest)
    return largest


def pair_max(values: FloatArray, segments: Segments) -> FloatArray:
    """Largest of the segments' values of each pair that has any, shape (G,), in the order of `Segments.firsts`."""
    each, firsts = segments.each, segments.firsts
    if each and len(values) == len(firsts) * each:
        return _fold(values.reshape(-1, each).T)
    largest: FloatArray = np.fmax.reduceat(values, firsts) if len(firsts) else values[:0]
    return largest


def segment_sum(values: FloatArray | BoolArray, segments: Segments, pairs: int) -> FloatArray:
    """Sum per-segment values into pairs, float64 (P,); NaN values count as 0."""
    known: FloatArray = np.nan_to_num(values)
    return pair_sum(known, segments, pairs)


def pair_sum(values: FloatArray | BoolArray, segments: Segments, pairs: int) -> FloatArray:
    """Sum per-segment values into pairs, float64 (P,); 0 for a pair without segments, NaN where a value is NaN."""
    each, firsts = segments.each, segments.firsts
    if each and len(values) == len(firsts) * each:
        columns = values.reshape(-1, each).T
        total: FloatArray = columns[0].astype(np.float64)
        for column in columns[1:]:
            total += column
        if len(firsts) == pairs:
            return total
        spread = np.zeros(pairs)
        spread[segments.pair[firsts]] = total
        return spread
    sums: FloatArray = np.bincount(segments.pair, weights=values, minlength=pairs).astype(np.float64, copy=False)
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
