"""Which cells of published tables stay hidden, so that no small group can be worked out (evaluation.md 3.5, point 8).

A cell with fewer people than `least` is hidden (primary), zeros too: that nobody of a group is there can also be told
of somebody. Other cells are hidden with it (complementary) until no subtraction over any tables helps: over margins
and totals, several tables of the same people, columns for several strategies, and earlier reports. For every small
cell all counts that remain possible span at least `least`, so that not even a narrow range can be worked out; every
other hidden cell keeps at least two possible counts. A sum or a mean published for the same cells is safe from
subtraction by the same pattern: were a small cell's sum determined by others, so would its count be.

A cell whose count differs by fewer than `least` people between two strategies or two reports is treated as small, for
the difference would tell of those few. One pattern holds for all strategies. What is hidden for which reason is for
checking, not for publishing: marking small cells apart from the others would undo half of the protection.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, product
from typing import Any

import numpy as np

from matchengine.batch import BoolArray, IntArray
from matchengine.errors import DataError
from matchengine.i18n import N_, _
from matchengine.inference.disclosure import Reader

__all__ = ["Key", "Suppressed", "suppress"]

Key = tuple[tuple[int, int], ...]
"""Attribute and level, once for each attribute of a cell, by attribute; empty for everybody; level −1 is "not said"."""

_FLOOR = 2
_MOST = 20_000


@dataclass(frozen=True)
class Suppressed:
    """The cells of a report, and which of them may be shown.

    Attributes
    ----------
    keys : tuple of Key
        All cells of its tables with all their margins.
    counts : int64 array (C, S)
        People in each cell, one column for each strategy; never to be published where `hidden`.
    hidden : bool array (C,)
        Cells that must not be shown, in any column, neither as a count nor as a mean.
    small : bool array (C,)
        Those of them that are hidden for being small; not to be published apart from the other hidden ones.
    exposed : tuple of Key
        Small cells that earlier reports alone give away, so that hiding cannot help; empty where these were made here.
    least : int
        Fewest people of a cell that is shown.
    """

    keys: tuple[Key, ...]
    counts: IntArray
    hidden: BoolArray
    small: BoolArray
    exposed: tuple[Key, ...]
    least: int

    def shows(self, key: Key) -> bool:
        """Whether a cell of these tables may be shown; False for a cell that is in none of them."""
        return key in self.keys and not self.hidden[self.keys.index(key)]


def suppress(
    levels: Any, tables: Sequence[Sequence[int]], *, least: int = 10, counted: Any = None,
    sizes: Sequence[int] | None = None, earlier: Sequence[Suppressed] = (),
) -> Suppressed:  # fmt: skip
    """Choose which cells to hide so that no small one can be worked out.

    Parameters
    ----------
    levels : int array (N, A)
        Level of each attribute of each person, from 0; negative where a person did not say, which is a level of its
        own here, as others could be worked out from it.
    tables : sequence of sequences of int
        Attributes that each published table crosses, one to three usually; every margin and the total come with it.
    least : int
        Fewest people of a cell that is shown, 2 or more.
    counted : bool array (N, S), optional
        Who counts in the column of each strategy; everybody in one column where left out.
    sizes : sequence of int, optional
        How many levels each attribute has; those that occur where left out. A level that nobody has is a cell of zero.
    earlier : sequence of Suppressed
        Earlier reports on the same people, or nearly the same, with the same attributes. What was shown stays known;
        what was hidden stays hidden.

    Returns
    -------
    Suppressed
        The same for any order of the people and of the tables.

    Raises
    ------
    DataError
        For arrays that do not fit, attributes that do not exist, or tables that cross more than 20,000 kinds of people.
    """
    people = np.asarray(levels)
    if people.ndim != 2 or people.dtype.kind not in "iu":
        raise DataError(_("suppression: expected a table of whole numbers, one row for each person"))
    if least < _FLOOR:
        raise DataError(
            _("suppression: expected a least cell size of at least {least}; got {n}", least=_FLOOR, n=least)
        )
    people = np.maximum(people.astype(np.int64), -1)
    wanted = _tables(tables, people.shape[1])
    before = {key for report in earlier for key in report.keys}
    used = sorted({a for table in wanted for a in table} | {a for key in before for a, _level in key})
    known = _known(people, used, sizes, before)
    keys = _keys(wanted, known)
    every = keys + sorted(before - set(keys), key=_place)
    member = _membership(every, used, known)
    columns = np.ones((len(people), 1), np.bool_) if counted is None else np.asarray(counted, np.bool_)
    if columns.ndim != 2 or len(columns) != len(people) or columns.shape[1] < 1:
        raise DataError(_("suppression: expected one column of who counts for each strategy, one row for each person"))
    counts = np.stack([_count(people, key, columns) for key in every])
    offered = np.arange(len(every)) < len(keys)
    plan = _Plan(every, member, counts, least, offered, *_history(every, counts, least, earlier))
    plan.protect()
    exposed = tuple(every[n] for n in plan.lost)
    here = slice(len(keys))
    return Suppressed(tuple(keys), counts[here], plan.hidden[here], plan.small[here], exposed, least)


class _Plan:
    """What is hidden so far, and what still can be worked out."""

    def __init__(
        self, keys: list[Key], member: BoolArray, counts: IntArray, least: int, offered: BoolArray, told: BoolArray,
        kept: BoolArray, moved: BoolArray,
    ) -> None:  # fmt: skip
        distinct = np.unique(counts, axis=1)
        apart = np.abs(counts[:, :, None] - counts[:, None, :])
        self.small = (counts < least).any(axis=1) | ((apart > 0) & (apart < least)).any(axis=(1, 2)) | moved
        self.hidden = (self.small & offered & ~told) | kept
        self.told, self.offered, self.least = told, offered, least
        self.readers = [Reader(member, column) for column in distinct.T]
        self.member = member
        order = sorted(range(len(keys)), key=lambda n: (-len(keys[n]), int(counts[n].min()), keys[n]))
        self.rank = np.empty(len(keys), np.int64)
        self.rank[order] = np.arange(len(keys))
        self.lost = [n for n in np.flatnonzero(self.small & told).tolist() if not moved[n]]

    def protect(self) -> None:
        """Hide more cells until every hidden one is safe; what is safe once stays so, for less and less is shown."""
        waiting = np.flatnonzero(self.hidden).tolist()
        while waiting:
            target = waiting.pop(0)
            while (binding := self._unsafe(target)) is not None:
                chosen = self._next(target, binding)
                if chosen is None:
                    if self.small[target]:
                        self.lost.append(target)
                    break
                self.hidden[chosen] = True
                waiting.append(chosen)

    def _shown(self) -> BoolArray:
        shown: BoolArray = self.told | (self.offered & ~self.hidden)
        return shown

    def _unsafe(self, target: int) -> BoolArray | None:
        """The shown cells that give a hidden one away, or None where it is safe."""
        wide = self.least if self.small[target] else 1
        shown = self._shown()
        for reader in self.readers:
            reading = reader.reads(target, shown)
            if reading.width < wide - 1e-6:
                return reading.binding
        return None

    def _next(self, target: int, binding: BoolArray) -> int | None:
        """The cell to hide next: innermost and smallest of those that give the target away."""
        free = self.offered & ~self.hidden & ~self.told
        near = free & (self.member & self.member[target]).any(axis=1)
        for choice in (free & binding, near, free):
            if choice.any():
                found = np.flatnonzero(choice)
                return int(found[self.rank[found].argmin()])
        return None


def _history(
    keys: list[Key], counts: IntArray, least: int, earlier: Sequence[Suppressed]
) -> tuple[BoolArray, BoolArray, BoolArray]:
    """Which cells readers know already, which stay hidden, and which moved by a few people since they were shown."""
    told, kept, moved = np.zeros((3, len(keys)), np.bool_)
    for report in earlier:
        places = {key: n for n, key in enumerate(report.keys)}
        for n, key in enumerate(keys):
            place = places.get(key)
            if place is None:
                continue
            if report.hidden[place]:
                kept[n] = True
                continue
            apart = np.abs(counts[n][:, None] - report.counts[place][None, :])
            told[n] |= bool((apart == 0).all())
            moved[n] |= bool(((apart > 0) & (apart < least)).any())
    return told & ~moved, kept & ~(told & ~moved), moved


def _tables(tables: Sequence[Sequence[int]], attributes: int) -> list[tuple[int, ...]]:
    wanted = sorted({tuple(sorted(set(table))) for table in tables})
    if any(a < 0 or a >= attributes for table in wanted for a in table):
        raise DataError(_("suppression: a table names an attribute that does not exist; there are {n}", n=attributes))
    return wanted


def _known(people: IntArray, used: list[int], sizes: Sequence[int] | None, before: set[Key]) -> dict[int, list[int]]:
    """Levels of each attribute that is used."""
    known = {}
    for a in used:
        found = set(np.unique(people[:, a]).tolist()) | {level for key in before for b, level in key if a == b}
        known[a] = sorted(found | set(range(sizes[a] if sizes is not None else 0)))
    kinds = int(np.prod([len(each) for each in known.values()], dtype=np.float64)) if known else 1
    if kinds > _MOST:
        told = N_(
            "suppression: these tables cross {n} kinds of people; up to {most} can be checked. Cross fewer attributes"
        )
        raise DataError(_(told, n=kinds, most=_MOST))
    return known


def _place(key: Key) -> tuple[int, Key]:
    return len(key), key


def _keys(tables: list[tuple[int, ...]], known: dict[int, list[int]]) -> list[Key]:
    """All cells of some tables with all their margins, the total first."""
    margins = {chosen for table in tables for n in range(len(table) + 1) for chosen in combinations(table, n)}
    found = {
        tuple(zip(chosen, picked, strict=True)) for chosen in margins for picked in product(*(known[a] for a in chosen))
    }
    return sorted(found, key=_place)


def _membership(keys: list[Key], used: list[int], known: dict[int, list[int]]) -> BoolArray:
    """Which finest cells make up each cell, bool (C, M)."""
    finest = np.array(list(product(*(known[a] for a in used))), np.int64).reshape(-1, len(used))
    column = {a: n for n, a in enumerate(used)}
    member = np.ones((len(keys), len(finest)), np.bool_)
    for n, key in enumerate(keys):
        for a, level in key:
            member[n] &= finest[:, column[a]] == level
    return member


def _count(people: IntArray, key: Key, columns: BoolArray) -> IntArray:
    inside = np.ones(len(people), np.bool_)
    for a, level in key:
        inside &= people[:, a] == level
    found: IntArray = columns[inside].sum(axis=0, dtype=np.int64)
    return found
