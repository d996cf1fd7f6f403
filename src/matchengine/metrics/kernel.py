"""Ranking metrics of all people at once, in arrays: exact expectations over all orders of tied candidates (H1).

Every function takes marks (`Marked`: the suitable candidates in each list) and returns one value per person. Who has a
mark in nobody's list gets 0: whoever has nobody suitable at all is the caller's to leave out. Expectations: precision,
recall and DCG are linear in the places; success is hypergeometric; reciprocal rank and average precision follow
McSherry and Najork, Computing information retrieval performance measures efficiently in the presence of tied scores
(ECIR 2008).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np

from matchengine.batch import BoolArray, FloatArray, IntArray
from matchengine.metrics.order import Ranked, discounts, expected, harmonic

__all__ = [
    "Gain",
    "Marked",
    "average_precision",
    "boundary_tied",
    "dcg",
    "found",
    "ideal_dcg",
    "reciprocal_rank",
    "success",
    "worth_of",
]

Gain = Literal["linear", "exponential"]
"""A gain counts as it is, or as 2^gain − 1."""
_CELLS = 2_000_000


@dataclass(frozen=True)
class Marked:
    """The marked candidates of each list, person by person, in an order that no order of candidates changes.

    Attributes
    ----------
    people : int
        N.
    person, before, tied : int array (H,)
        Whose list, how many stand before, and the size of the block of equal scores.
    value : float64 array (H,)
        Above 0.
    """

    people: int
    person: IntArray
    before: IntArray
    tied: IntArray
    value: FloatArray

    @classmethod
    def of(cls, ranked: Ranked, value: FloatArray | BoolArray) -> Marked:
        """Take the suggested pairs whose value, (P,), is above 0; NaN is not."""
        at = np.flatnonzero((ranked.tied > 0) & (value > 0))
        worth = np.asarray(value[at], np.float64)
        person, before = ranked.lists.person[at], ranked.before[at]
        order = np.lexsort((-worth, before, person))
        at = at[order]
        return cls(ranked.lists.people, person[order], before[order], ranked.tied[at], worth[order])

    @cached_property
    def _first(self) -> IntArray:
        """Where the marks of a new block begin."""
        new = np.ones(len(self.person), np.bool_)
        new[1:] = (self.person[1:] != self.person[:-1]) | (self.before[1:] != self.before[:-1])
        return np.flatnonzero(new)

    @cached_property
    def blocks(self) -> Blocks:
        """The blocks that hold a mark."""
        first = self._first
        person = self.person[first]
        begin = np.searchsorted(self.person, np.arange(self.people))
        marks = np.diff(first, append=len(self.person))
        return Blocks(person, self.before[first], self.tied[first], marks, first - begin[person])

    def total(self, value: FloatArray, person: IntArray | None = None) -> FloatArray:
        """Sum of something of the marks (or of blocks, with `person`) for each person, float64 (N,)."""
        whose = self.person if person is None else person
        return np.bincount(whose, weights=value, minlength=self.people).astype(np.float64)


@dataclass(frozen=True)
class Blocks:
    """Blocks with at least one mark: `person`, places `before`, `size`, `marks` in it, marks `earlier` in the list."""

    person: IntArray
    before: IntArray
    size: IntArray
    marks: IntArray
    earlier: IntArray


def worth_of(gain: FloatArray, how: Gain) -> FloatArray:
    """Return gains as they count; linear or 2^gain − 1. NaN stays NaN."""
    return np.exp2(gain) - 1 if how == "exponential" else gain


def found(marked: Marked, k: int) -> FloatArray:
    """Expected number of marks among the first k of each list, float64 (N,)."""
    places = np.clip(k - marked.before, 0, marked.tied)
    return marked.total(places / marked.tied)


def dcg(marked: Marked, k: int | None = None) -> FloatArray:
    """Expected Σ value / log2(1 + rank) over the first k, float64 (N,)."""
    return marked.total(marked.value * expected(discounts, marked.before, marked.tied, k))


def ideal_dcg(people: int, person: IntArray, value: FloatArray, k: int | None = None) -> FloatArray:
    """DCG of the best order of all suitable candidates, whether suggested or not, float64 (N,).

    Parameters
    ----------
    people : int
        N.
    person : int array (R,)
        Ascending.
    value : float64 array (R,)
        Above 0.
    """
    order = np.lexsort((-value, person))
    rank = np.arange(len(person)) - np.searchsorted(person, np.arange(people))[person]
    worth = expected(discounts, rank, np.ones(len(person), np.int64), k)
    return np.bincount(person, weights=value[order] * worth, minlength=people).astype(np.float64)


def average_precision(marked: Marked, k: int | None = None) -> FloatArray:
    """Expected Σ over marks among the first k of the precision at their rank, float64 (N,); not yet divided by R.

    In a block of n after s places with m marks, after A marks, place i holds a mark with chance m/n and then has
    (A + 1 + (i − 1) c) / (s + i) precision, c = (m − 1)/(n − 1); the sum over i needs harmonic numbers alone.
    """
    of = marked.blocks
    longest = int((of.before + of.size).max()) if len(of.person) else 0
    upto = np.concatenate(([0.0], np.cumsum(harmonic(longest))))
    places = of.size if k is None else np.clip(k - of.before, 0, of.size)
    slope = (of.marks - 1) / np.maximum(of.size - 1, 1)
    ranks = upto[of.before + places] - upto[of.before]
    tied = of.marks / of.size * (slope * places + (of.earlier + 1 - slope * (of.before + 1)) * ranks)
    alone = (of.earlier + 1) / (of.before + 1) * (places > 0)
    return marked.total(np.where(of.size == 1, alone, tied), of.person)


def reciprocal_rank(marked: Marked, k: int | None = None) -> FloatArray:
    """Expected 1 / rank of the first mark, 0 where it stands beyond k or there is none, float64 (N,)."""
    of = marked.blocks
    first = np.flatnonzero(of.earlier == 0)
    before, size, marks = of.before[first].astype(np.int64), of.size[first].astype(np.int64), of.marks[first]
    value = 1.0 / (before + 1)
    if k is not None:
        value[before >= k] = 0.0
    tied = np.flatnonzero((size > 1) & (marks < size))
    tied = tied[np.argsort(size[tied] - marks[tied], kind="stable")]
    begin = 0
    while begin < len(tied):
        end = _fitting(size[tied] - marks[tied] + 1, begin)
        rows = tied[begin:end]
        value[rows] = _first_mark(before[rows], size[rows], marks[rows], k)
        begin = end
    out = np.zeros(marked.people)
    out[of.person[first]] = value
    return out


def _fitting(widths: IntArray, begin: int) -> int:
    """Return the end of the rows, ascending in width, that fit one matrix; at least one row."""
    cells = (np.arange(begin, len(widths)) - begin + 1) * widths[begin:]
    return begin + max(int(np.searchsorted(cells, _CELLS, side="right")), 1)


def _first_mark(before: IntArray, size: IntArray, marks: IntArray, k: int | None) -> FloatArray:
    """Expected 1 / rank of the first of `marks` placed at random among `size` places after `before`."""
    place = np.arange(int((size - marks).max()) + 1)
    left = np.maximum(size[:, None] - place, 1)
    here = np.minimum(marks[:, None] / left, 1.0) * (place <= (size - marks)[:, None])
    none = np.cumprod(np.maximum(1.0 - here, 0.0), axis=1)
    none = np.concatenate((np.ones((len(size), 1)), none[:, :-1]), axis=1)
    rank = before[:, None] + place + 1
    worth = none * here / rank
    if k is not None:
        worth[rank > k] = 0.0
    total: FloatArray = worth.sum(axis=1)
    return total


def success(marked: Marked, k: int) -> FloatArray:
    """How likely at least one mark is among the first k, float64 (N,)."""
    of = marked.blocks
    places = np.clip(k - of.before, 0, of.size).astype(np.int64)
    out = np.zeros(marked.people)
    cut = np.flatnonzero((places > 0) & (places < of.size))
    out[of.person[cut]] = 1.0 - _no_mark(of.size[cut].astype(np.int64), of.marks[cut], places[cut])
    out[of.person[places == of.size]] = 1.0
    return out


def _no_mark(size: IntArray, marks: IntArray, places: IntArray) -> FloatArray:
    """How likely `places` drawn from `size` hold none of `marks`: C(size − marks, places) / C(size, places)."""
    few, many = np.minimum(marks, places), np.maximum(marks, places)
    none = np.ones(len(size))
    for step in range(int(few.max()) if len(few) else 0):
        factor = np.maximum(size - many - step, 0) / np.maximum(size - step, 1)
        none *= np.where(step < few, factor, 1.0)
    return none


def boundary_tied(ranked: Ranked, k: int) -> FloatArray:
    """1 for whose k-th and next candidate are tied, 0 for others, NaN for whoever has no list; float64 (N,)."""
    across = (ranked.before < k) & (k < ranked.before + ranked.tied)
    out = (np.bincount(ranked.lists.person, weights=across, minlength=ranked.lists.people) > 0).astype(np.float64)
    out[ranked.length == 0] = np.nan
    return out
