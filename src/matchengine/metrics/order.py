"""Lists put in order, with ties kept as ties: where each pair stands, and how likely it is among the first k."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from matchengine.batch import FloatArray, IntArray
from matchengine.comparison import Lists

__all__ = ["Ranked", "Ties", "Unknown", "discounts", "expected", "harmonic"]

Ties = Literal["average", "lottery", "worst", "best"]
"""The expectation over all orders of tied candidates; one order drawn by lot; the least or most favourable order."""
Unknown = Literal["irrelevant", "condensed"]
"""Candidates without a known outcome count as not suitable, or are taken out of the lists."""
_MIX = (np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB))
_CELLS = 2_000_000
"""Most cells of a matrix that is sorted in one go."""


@dataclass(frozen=True)
class Ranked:
    """Where the pairs of some lists stand. Make it with `Ranked.of`.

    Tied pairs of one person form a block: each stands at any place of the block with the same chance.

    Attributes
    ----------
    lists : Lists
    before : int32 array (P,)
        How many of the person's candidates score higher than each pair.
    tied : int32 array (P,)
        How many have the score of the pair, itself among them; 0 for a pair that is not suggested.
    """

    lists: Lists
    before: IntArray
    tied: IntArray

    @classmethod
    def of(cls, lists: Lists, *, ties: Ties = "average", seed: int = 0, unknown: Unknown = "irrelevant") -> Ranked:
        """Put lists in order.

        Parameters
        ----------
        lists : Lists
        ties : str
            With anything but `average` no pair stays tied. A lot belongs to the positions of person and candidate.
        seed : int
            Of the lottery.
        unknown : str
        """
        if unknown == "condensed":
            lists = lists.scored(np.where(np.isnan(lists.gain), np.nan, lists.score))
        if ties == "average":
            return cls(lists, *_blocks(lists))
        second = (
            _draws(lists, seed) if ties == "lottery" else np.nan_to_num(lists.gain) * (1 if ties == "worst" else -1)
        )
        order = np.lexsort((second, -lists.score, lists.person))
        before = np.empty(len(order), np.int32)
        before[order] = np.arange(len(order)) - lists.starts[lists.person]
        return cls(lists, before, (~np.isnan(lists.score)).astype(np.int32))

    @cached_property
    def length(self) -> IntArray:
        """How many candidates each person's list has, int64 (N,)."""
        found: IntArray = np.bincount(self.lists.person[self.tied > 0], minlength=self.lists.people)
        return found

    @cached_property
    def longest(self) -> int:
        """How many candidates the longest list has."""
        return int(self.length.max()) if len(self.length) else 0

    def chance(self, k: int) -> FloatArray:
        """How likely each pair is among the first k of the person's list, float64 (P,)."""
        places = np.clip(k - self.before, 0, self.tied)
        found: FloatArray = places / np.maximum(self.tied, 1)
        return found

    def attention(self, k: int | None = None) -> FloatArray:
        """Expected 1 / log2(1 + rank) of each pair, 0 beyond the first k and where not suggested, float64 (P,)."""
        return expected(discounts, self.before, self.tied, k)

    def inverse_rank(self, k: int | None = None) -> FloatArray:
        """Expected 1 / rank of each pair, 0 beyond the first k and where not suggested, float64 (P,)."""
        return expected(harmonic, self.before, self.tied, k)


def discounts(count: int) -> FloatArray:
    """Return 1 / log2(1 + rank) of the ranks 1 to `count`."""
    found: FloatArray = 1 / np.log2(np.arange(2, count + 2))
    return found


def harmonic(count: int) -> FloatArray:
    """Return 1 / rank of the ranks 1 to `count`."""
    found: FloatArray = 1 / np.arange(1, count + 1)
    return found


def expected(values: Callable[[int], FloatArray], before: IntArray, tied: IntArray, k: int | None = None) -> FloatArray:
    """Mean worth of the places of a block, 0 for places beyond k and where nothing is tied, float64 like `before`.

    Parameters
    ----------
    values : callable
        Returns the worth of the ranks 1 to n.
    before, tied : int array
        Places before each block, and places of it.
    k : int, optional
    """
    longest = int((before + tied).max()) if len(before) else 0
    table = values(longest + 1)
    upto = np.concatenate(([0.0], np.cumsum(table)))
    cut = longest if k is None else min(k, longest)
    whole = upto[np.minimum(before + tied, cut)] - upto[np.minimum(before, cut)]
    alone = np.where(before < cut, table[before], 0.0)
    found: FloatArray = np.where(tied == 1, alone, whole / np.maximum(tied, 1))
    return found


def _blocks(lists: Lists) -> tuple[IntArray, IntArray]:
    """Places before each pair and size of its block, int32 (P,) each."""
    key = np.where(np.isnan(lists.score), np.inf, -lists.score)
    order = np.empty(len(key), np.int64)
    for people, width in _alike(lists):
        at = lists.starts[people][:, None] + np.arange(width)
        inside = at < lists.starts[people + 1][:, None]
        rows = np.where(inside, key[np.minimum(at, len(key) - 1)], np.nan)
        order[at[inside]] = (lists.starts[people][:, None] + np.argsort(rows, axis=1))[inside]
    ordered, person = key[order], lists.person
    begins = np.ones(len(key), np.bool_)
    begins[1:] = (ordered[1:] != ordered[:-1]) | (person[1:] != person[:-1])
    first = np.flatnonzero(begins)
    size = np.diff(first, append=len(key))
    before, tied = np.empty(len(key), np.int32), np.empty(len(key), np.int32)
    before[order] = np.repeat(first - lists.starts[person[first]], size)
    tied[order] = np.repeat(np.where(np.isinf(ordered[first]), 0, size), size)
    return before, tied


def _alike(lists: Lists) -> Iterator[tuple[IntArray, int]]:
    """People whose lists have nearly the same length, with the longest: so their lists fit a matrix without waste."""
    count = np.diff(lists.starts)
    kind = np.ceil(np.log2(np.maximum(count, 1))).astype(np.int64)
    for one in np.unique(kind[count > 0]).tolist():
        people = np.flatnonzero((kind == one) & (count > 0))
        width = int(count[people].max())
        rows = max(_CELLS // width, 1)
        for begin in range(0, len(people), rows):
            yield people[begin : begin + rows], width


def _draws(lists: Lists, seed: int) -> NDArray[np.uint64]:
    """One number of each pair that depends on the seed and both positions alone (splitmix64), uint64 (P,)."""
    drawn = np.full(len(lists.person), seed % 2**64, np.uint64)
    for side in (lists.person, lists.candidate):
        drawn = drawn * _MIX[0] + side.astype(np.uint64) + np.uint64(1)
        for shift, factor in ((30, _MIX[1]), (27, _MIX[2])):
            drawn = (drawn ^ (drawn >> np.uint64(shift))) * factor
        drawn ^= drawn >> np.uint64(31)
    return drawn
