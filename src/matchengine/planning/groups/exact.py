"""The proven best groups of a small pool: a packing of all possible groups, solved by HiGHS (domain.md F3).

Every possible group is a column. Stage by stage what ranks higher is made as small as it can be and kept there; the
last stage maximises Σ Q + ν min Q, where min Q ≤ Σ_{g ∋ i} Q(g) x_g for each person i who is placed. Its linear
relaxation is solved by generating columns; those whose reduced cost exceeds the gap to a known solution cannot be in a
better one, and the rest goes to the integer solver.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from matchengine.batch import FloatArray, IntArray
from matchengine.errors import DataError
from matchengine.i18n import _
from matchengine.planning.groups.conflicts import check
from matchengine.planning.groups.feasible import canonical, part, prepared
from matchengine.planning.groups.outcome import Placed, described
from matchengine.planning.groups.problem import Forming, GroupAims, GroupsProblem
from matchengine.planning.groups.quality import Judge
from matchengine.planning.groups.seed import Anchors, counts
from matchengine.planning.groups.units import Units, units_of

__all__ = ["MOST", "exact_groups"]

MOST = 24
"""So many people at most."""
STAGED = 12_000
"""So many columns at most where the stages are needed."""
CHUNK = 8_192
FEW = 1_500
"""Up to so many columns all go to the integer solver; beyond, so many enter the relaxation at a time."""
SLACK = 1e3
"""What breaking a bound costs in the relaxation, so that it always has a solution."""


@dataclass(frozen=True)
class _Columns:
    """All possible groups: `units` bool (M, U), what each is worth and gives up, and its anchor."""

    units: FloatArray
    size: FloatArray
    quality: FloatArray
    given_up: FloatArray
    anchor: IntArray

    def take(self, kept: Any) -> _Columns:
        return _Columns(self.units[kept], self.size[kept], self.quality[kept], self.given_up[kept], self.anchor[kept])


def exact_groups(problem: GroupsProblem, aims: GroupAims) -> Forming:
    """Form the best groups there are, by the declared order and then the objective.

    Raises
    ------
    GroupsConflictError
        When demands contradict each other.
    DataError
        When there are more than 24 people, or too many possible groups for a proof.
    """
    check(problem, aims)
    if problem.people > MOST:
        raise DataError(_("{n} people are too many for a proof; at most {most}", n=problem.people, most=MOST))
    order = canonical(problem)
    own = prepared(part(problem, order))
    judge = Judge.of(own, aims)
    units, anchors = units_of(judge), Anchors.of(judge)
    columns = _enumerated(judge, units, anchors)
    chosen = _chosen(judge, units, anchors, columns) if len(columns.size) else np.zeros(0, np.int64)
    groups = [_placed(judge, units, anchors, columns, int(one)) for one in chosen]
    return described(own, aims, groups, order, True)


def _enumerated(judge: Judge, units: Units, anchors: Anchors) -> _Columns:
    """Grow possible sets unit by unit: whatever contains an impossible set is impossible."""
    count, people = len(units.size), np.arange(judge.problem.people)
    whole = np.zeros((count, len(people)))
    whole[units.of, people] = 1
    found = []
    for anchor, cells in enumerate(anchors.cells):
        layer, last = np.zeros((1, count)), np.full(1, -1)
        while len(layer):
            one, unit = np.nonzero(np.arange(count) > last[:, None])
            grown, kept = [], []
            for begin in range(0, len(one), CHUNK):
                rows, added = one[begin : begin + CHUNK], unit[begin : begin + CHUNK]
                sets = layer[rows].copy()
                sets[np.arange(len(rows)), added] = 1
                verdict = judge.verdict(people, sets @ whole, cells)
                possible = verdict.possible
                grown.append(sets[possible])
                kept.append(added[possible])
                full = possible & (verdict.size >= judge.aims.smallest)
                off = (verdict.size - judge.aims.target) ** 2
                given_up = np.stack([verdict.isolates, verdict.shares, verdict.lacking, off], axis=1)[full]
                found.append((sets[full], verdict.size[full], verdict.quality[full], given_up, anchor))
            layer = np.concatenate(grown) if grown else np.zeros((0, count))
            last = np.concatenate(kept) if kept else np.zeros(0, np.int64)
    anchored = [np.full(len(one[1]), one[4]) for one in found]
    joined = [np.concatenate([one[place] for one in found]).astype(np.float64) for place in range(4)]
    return _Columns(joined[0], joined[1], joined[2], joined[3], np.concatenate(anchored))


def _chosen(judge: Judge, units: Units, anchors: Anchors, columns: _Columns) -> IntArray:
    """Positions of the best columns."""
    aims = judge.aims
    people = int(units.size[(columns.units > 0.5).any(axis=0)].sum())
    rungs = counts(people, aims, anchors.most)
    if rungs:
        low, more = divmod(people, rungs[0][0])
        off = more * (low + 1 - aims.target) ** 2 + (rungs[0][0] - more) * (low - aims.target) ** 2
        ideal = np.flatnonzero(~columns.given_up[:, :3].any(axis=1) & (columns.given_up[:, 3] <= off))
        limits = [(-columns.size[ideal], -float(people)), (columns.given_up[ideal, 3], float(off))]
        best = _packed(judge, units, anchors, columns.take(ideal), limits) if len(ideal) else None
        if best is not None:
            return np.asarray(ideal[best], np.int64)
    if len(columns.size) > STAGED:
        raise DataError(_("{n} possible groups are too many for a proof", n=len(columns.size)))
    limits = []
    for costs in (-columns.size, *columns.given_up.T):
        solved = _milp(costs, *_rows(units, anchors, columns, limits))
        limits.append((costs, round(float(solved.fun))))
    best = _packed(judge, units, anchors, columns, limits)
    return np.zeros(0, np.int64) if best is None else best


def _rows(
    units: Units, anchors: Anchors, columns: _Columns, limits: list[tuple[FloatArray, float]]
) -> tuple[FloatArray, FloatArray]:
    """Rows and upper bounds: each unit once at most, the anchors, the limits; float (R, M) and (R,)."""
    rows, bounds = [columns.units.T], [np.ones(len(units.size))]
    if not anchors.shared:
        leader = np.array(anchors.leader)[columns.anchor]
        for number, places in enumerate(anchors.places.tolist()):
            rows.append((leader == number).astype(np.float64)[None])
            bounds.append(np.array([float(places)]))
        for one in np.flatnonzero(anchors.once):
            rows.append((columns.anchor == one).astype(np.float64)[None])
            bounds.append(np.ones(1))
    for costs, most in limits:
        rows.append(costs[None])
        bounds.append(np.array([float(most)]))
    return np.concatenate(rows), np.concatenate(bounds)


def _milp(costs: FloatArray, rows: FloatArray, bounds: FloatArray, free: int = 0) -> Any:
    """Minimise over columns of 0 or 1, the last `free` of which may be anything."""
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import csc_array

    whole = np.ones(len(costs))
    low, high = np.zeros(len(costs)), np.ones(len(costs))
    if free:
        whole[-free:], low[-free:], high[-free:] = 0, -np.inf, np.inf
    return milp(
        costs,
        constraints=LinearConstraint(csc_array(rows), -np.inf, bounds + 1e-9),
        integrality=whole,
        bounds=Bounds(low, high),
        options={"mip_rel_gap": 1e-6},
    )


def _packed(
    judge: Judge, units: Units, anchors: Anchors, columns: _Columns, limits: list[tuple[FloatArray, float]]
) -> IntArray | None:
    """The packing within the limits that maximises Σ Q + ν min Q; None when nothing is within them."""
    rows, bounds = _rows(units, anchors, columns, limits)
    best = float(columns.quality.max())
    worst = -columns.units.T * (columns.quality - best)
    rows = np.concatenate([rows, worst])
    bounds = np.concatenate([bounds, np.full(len(units.size), best)])
    least = np.zeros((len(rows), 1))
    least[-len(units.size) :] = 1
    weight = judge.aims.worst
    kept = _promising(columns.quality, rows, bounds, least, weight)
    if kept is None:
        return None
    solved = _milp(np.append(-columns.quality[kept], -weight), np.hstack([rows[:, kept], least]), bounds, free=1)
    if solved.x is None:
        return None
    return np.asarray(kept[solved.x[:-1] > 0.5], np.int64)


def _promising(
    quality: FloatArray, rows: FloatArray, bounds: FloatArray, least: FloatArray, weight: float
) -> IntArray | None:
    """Columns that may be in a best packing: all where few, else those that the linear relaxation does not rule out.

    None when even the relaxation finds nothing within the bounds.
    """
    from scipy.optimize import linprog

    count, loose = len(quality), len(rows)
    if count <= FEW:
        return np.arange(count)
    active = np.unique(np.linspace(0, count - 1, FEW).astype(np.int64))
    while True:
        table = np.hstack([rows[:, active], least, -np.eye(loose)])
        costs = np.concatenate([-quality[active], [-weight], np.full(loose, SLACK)])
        limits = [(0, None)] * len(active) + [(None, None)] + [(0, None)] * loose
        solved = linprog(costs, A_ub=table, b_ub=bounds, bounds=limits, method="highs")
        reduced = -quality - solved.ineqlin.marginals @ rows
        enter = np.flatnonzero(reduced < -1e-9)
        enter = np.setdiff1d(enter, active)
        if not len(enter):
            break
        active = np.union1d(active, enter[np.argsort(reduced[enter], kind="stable")[:FEW]])
    if solved.x[-loose:].max() > 1e-7:
        return None
    known = _milp(np.append(-quality[active], -weight), np.hstack([rows[:, active], least]), bounds, free=1)
    if known.x is None:
        return np.arange(count)
    return np.flatnonzero(reduced <= float(known.fun) - float(solved.fun) + 1e-6)


def _placed(judge: Judge, units: Units, anchors: Anchors, columns: _Columns, one: int) -> Placed:
    members = np.sort(np.concatenate([units.members[unit] for unit in np.flatnonzero(columns.units[one])]))
    own, cells = anchors.cells[int(columns.anchor[one])], judge.cells
    cell = int(own[np.flatnonzero(cells.open[np.ix_(members, own)].all(axis=0))[0]])
    return Placed(members, int(cells.slot[cell]), int(cells.language[cell]), int(cells.facilitator[cell]))
