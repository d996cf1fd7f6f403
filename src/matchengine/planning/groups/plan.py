"""Place as many people as can be: how many groups at which slot, and who goes there (domain.md F3).

A small integer programme over people and cells, not over groups: a cell with y groups holds between y · smallest and
y · largest people. It leaves out as few people as possible; then as few values as possible are alone at a cell; then
the number of groups comes near the target. Its answer is where a search begins that leaves somebody out otherwise.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from matchengine.batch import FloatArray, IntArray
from matchengine.planning.groups.quality import Judge
from matchengine.planning.groups.seed import Anchors, State
from matchengine.planning.groups.units import Units

__all__ = ["planned"]

NODES = 300
"""Nodes of the branch and bound at most; the best plan by then counts."""
VARIABLES = 30_000
LEFT_OUT, ALONE, OFF = 100.0, 5.0, 1.0


@dataclass
class _Model:
    """Rows of an integer programme while it is written: entries of the matrix, and the bounds of each row."""

    row: list[int] = field(default_factory=list)
    column: list[int] = field(default_factory=list)
    value: list[float] = field(default_factory=list)
    low: list[float] = field(default_factory=list)
    high: list[float] = field(default_factory=list)

    def add(self, columns: Sequence[int] | IntArray, values: Sequence[float] | FloatArray, high: float) -> None:
        """Σ values · columns ≤ high."""
        self.row += [len(self.high)] * len(columns)
        self.column += [int(one) for one in columns]
        self.value += [float(one) for one in values]
        self.low.append(-np.inf)
        self.high.append(high)


def planned(judge: Judge, units: Units, anchors: Anchors, count: int, rng: np.random.Generator) -> State | None:
    """Return groups to begin a search from; None when the pool is too large for a plan or there is none.

    Parameters
    ----------
    count : int
        Number of groups that would meet the target size.
    rng : Generator
        Makes some people lean to some cells, so that plans differ.
    """
    cells = _useful(judge, units, anchors)
    unit, place = np.nonzero(units.open[:, cells])
    if not len(unit) or len(unit) + len(cells) * (1 + len(judge.names)) > VARIABLES:
        return None
    solved = _solve(judge, units, anchors, (cells, unit, place), count, rng)
    if solved is None:
        return None
    chosen = solved[: len(unit)] > 0.5
    groups = np.round(solved[len(unit) : len(unit) + len(cells)]).astype(np.int64)
    state = State([], [], [])
    for one in np.flatnonzero(groups > 0):
        inside = unit[chosen & (place == one)]
        anchor = next(a for a, own in enumerate(anchors.cells) if cells[one] in own)
        parts = _divided(judge, units, inside, int(groups[one]))
        state.groups += parts
        state.anchors += [anchor] * len(parts)
    left = np.ones(len(units.size), np.bool_)
    for group in state.groups:
        left[group] = False
    state.pool = np.flatnonzero(left).tolist()
    return state


def _useful(judge: Judge, units: Units, anchors: Anchors) -> IntArray:
    """Cells open to enough people; without facilitators only those whose people do not all fit to another cell."""
    opened = units.open
    found = np.flatnonzero(units.size @ opened >= judge.aims.smallest)
    if not anchors.shared or len(found) < 2:
        return np.asarray(found, np.int64)
    found = found[np.unique(opened[:, found], axis=1, return_index=True)[1]]
    table = opened[:, np.sort(found)].astype(np.float64)
    found = np.sort(found)
    missing = table.T @ (1 - table)
    np.fill_diagonal(missing, 1)
    return np.asarray(found[(missing > 0.5).all(axis=1)], np.int64)


def _solve(
    judge: Judge,
    units: Units,
    anchors: Anchors,
    columns: tuple[IntArray, IntArray, IntArray],
    count: int,
    rng: np.random.Generator,
) -> FloatArray | None:
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import csr_array

    cells, unit, _place = columns
    pairs, kinds = len(unit), len(judge.names)
    y = pairs + np.arange(len(cells))
    held = pairs + len(cells) + np.arange(len(cells) * kinds).reshape(len(cells), kinds)
    alone = held + held.size
    off = pairs + len(cells) + 2 * held.size
    model = _rows(judge, units, columns, y)
    _led(model, anchors, cells, y)
    _balanced(model, judge, units, columns, (held, alone))
    model.add([*y, off], [*np.ones(len(y)), -1], count)
    model.add([*y, off], [*-np.ones(len(y)), -1], -count)
    costs = np.zeros(off + 1)
    costs[:pairs] = -LEFT_OUT * units.size[unit] + 0.5 * rng.random(pairs)
    costs[alone.ravel()] = ALONE
    costs[off] = OFF
    high = np.ones(off + 1)
    high[y] = judge.problem.people // judge.aims.smallest
    high[off] = np.inf
    whole = np.ones(off + 1)
    whole[off] = 0
    matrix = csr_array((model.value, (model.row, model.column)), shape=(len(model.high), off + 1))
    solved = milp(
        costs,
        constraints=LinearConstraint(matrix, model.low, model.high),
        integrality=whole,
        bounds=Bounds(np.zeros(off + 1), high),
        options={"node_limit": NODES, "mip_rel_gap": 1e-4},
    )
    return None if solved.x is None else np.asarray(solved.x)


def _rows(judge: Judge, units: Units, columns: tuple[IntArray, IntArray, IntArray], y: IntArray) -> _Model:
    """Each unit once at most; people of a cell within the sizes of its groups; who clash never in one group."""
    cells, unit, place = columns
    model, aims = _Model(), judge.aims
    for one in range(len(units.size)):
        own = np.flatnonzero(unit == one)
        model.add(own, np.ones(len(own)), 1)
    for cell in range(len(cells)):
        own = np.flatnonzero(place == cell)
        size = units.size[unit[own]]
        model.add([*own, y[cell]], [*size, -aims.largest], 0)
        model.add([*own, y[cell]], [*-size, aims.smallest], 0)
        inside = unit[own]
        for first, second in np.argwhere(np.triu(units.clash[np.ix_(inside, inside)])):
            model.add([own[first], own[second], y[cell]], [1, 1, -1], 0)
    return model


def _led(model: _Model, anchors: Anchors, cells: IntArray, y: IntArray) -> None:
    """Groups within the places of the facilitators, and one at a slot of each."""
    if anchors.shared:
        return
    anchor = np.full(int(max(own.max() for own in anchors.cells)) + 1, -1)
    for one, own in enumerate(anchors.cells):
        anchor[own] = one
    leader = np.array(anchors.leader)[anchor[cells]]
    for one in np.unique(leader):
        model.add(y[leader == one], np.ones(int((leader == one).sum())), float(anchors.places[one]))
    for one in np.unique(anchor[cells]):
        own = y[anchor[cells] == one]
        if anchors.once[one]:
            model.add(own, np.ones(len(own)), 1)


def _balanced(
    model: _Model,
    judge: Judge,
    units: Units,
    columns: tuple[IntArray, IntArray, IntArray],
    switches: tuple[IntArray, IntArray],
) -> None:
    """A value that comes to a cell comes at least twice, or counts as alone there."""
    cells, unit, place = columns
    held, alone = switches
    values = np.zeros((len(units.size), len(judge.names)))
    np.add.at(values, units.of, judge.kinds)
    for cell in range(len(cells)):
        own = np.flatnonzero(place == cell)
        for kind in range(len(judge.names)):
            many = values[unit[own], kind]
            holders = own[many > 0]
            total = float(many.sum())
            if total:
                model.add([*holders, held[cell, kind]], [*many[many > 0], -total], 0)
                model.add([*holders, held[cell, kind], alone[cell, kind]], [*-many[many > 0], 2, -1], 0)


def _divided(judge: Judge, units: Units, inside: IntArray, count: int) -> list[list[int]]:
    """Divide the units of a cell: large units first, each to the smallest group where nobody clashes."""
    groups: list[list[int]] = [[] for _ in range(count)]
    size = [0] * count
    degree = units.clash[np.ix_(inside, inside)].sum(axis=1)
    for one in inside[np.lexsort((inside, -degree, -units.size[inside]))].tolist():
        for group in sorted(range(count), key=lambda g: (size[g], g)):
            fits = size[group] + units.size[one] <= judge.aims.largest
            if fits and not units.clash[one, groups[group]].any():
                groups[group].append(one)
                size[group] += int(units.size[one])
                break
    return groups
