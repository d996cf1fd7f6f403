"""Restarts of the search over one pool of people, and the best of them (domain.md F3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from matchengine.batch import IntArray
from matchengine.planning.groups.outcome import Placed
from matchengine.planning.groups.plan import planned
from matchengine.planning.groups.quality import Judge
from matchengine.planning.groups.relax import Standing
from matchengine.planning.groups.search import Search
from matchengine.planning.groups.seed import Anchors, State, counts, seeded, started
from matchengine.planning.groups.units import Units, units_of

__all__ = ["Effort", "Solved", "solve"]

STEPS = 40
"""Steps of a restart for each group, unless the caller says otherwise."""
MANY = 1_200
"""Restarts times people at most: larger pools have fewer restarts, but at least two."""
DIVIDED = 16
"""Up to so many groups are divided anew at the end."""
POLISHED = 3
"""So many of the best restarts are divided anew at the end."""
LADDER = 6
"""So many numbers of groups are tried where the first leaves somebody out or alone."""


@dataclass(frozen=True)
class Effort:
    """How long to search: restarts, steps in each (None as many as the groups need), a moment to stop at."""

    restarts: int = 20
    steps: int | None = None
    deadline: float | None = None


@dataclass(frozen=True)
class Solved:
    """Groups of one pool, how they stand, and whether a clock stopped the search."""

    groups: tuple[Placed, ...]
    standing: Standing
    stopped: bool


def solve(judge: Judge, effort: Effort, seed: int, given: Sequence[Sequence[IntArray]] = ()) -> Solved:
    """Search from several beginnings and return the best partition.

    Parameters
    ----------
    judge : Judge
        Of a canonical, `prepared` problem.
    given : sequence of sequences of int64 arrays
        Partitions to begin from besides; they change nothing about the other restarts.
    """
    units, anchors = units_of(judge), Anchors.of(judge)
    search = Search(judge, units, anchors, effort.deadline)
    aims = judge.aims
    placeable = _placeable(judge, units)
    rungs = counts(placeable, aims, anchors.most)
    ladder = [count for rung in rungs for count in rung]
    if not ladder:
        empty = State([], [], [])
        return Solved((), search.standing(empty), False)
    found: list[tuple[Standing, State]] = []
    restarts = max(min(effort.restarts, MANY // max(judge.problem.people, 1)), min(effort.restarts, 2), 1)
    for restart in range(max(restarts, 2)):
        rng = np.random.default_rng([seed & 0xFFFFFFFF, restart])
        clean = restart > 0 and _clean(min(one for one, _state in found), judge.problem.people, placeable)
        if clean and restart >= restarts:
            break
        late = restart > 0 and not clean and 2 * restart >= restarts - 1
        count = ladder[restart % min(len(ladder), LADDER)] if late else rungs[0][restart % len(rungs[0])]
        planning = late and (restart % 2 == 0 or restart >= restarts - 1)
        plan = planned(judge, units, anchors, ladder[0], rng) if planning else None
        state = plan or seeded(judge, units, anchors, count, rng)
        count = len(state.groups)
        search.run(state, STEPS * count if effort.steps is None else effort.steps, rng)
        found.append((search.standing(state), state))
        if search.stopped:
            break
    found.sort(key=lambda one: one[0])
    found[:POLISHED] = [_polished(search, state) for _standing, state in found[:POLISHED]]
    for one in given:
        state = started(units, anchors, judge, one, ladder[0])
        found += [(search.standing(state), state.copy()), _polished(search, state)]
    standing, state = min(found, key=lambda one: one[0])
    return Solved(tuple(_placed(search, state)), standing, search.stopped)


def _clean(standing: Standing, people: int, placeable: int) -> bool:
    """Whether nothing that ranks above the target size is left to gain."""
    left = standing.unplaced > people - placeable
    return not (left or standing.isolates or standing.shares or standing.lacking)


def _polished(search: Search, state: State) -> tuple[Standing, State]:
    """Descend from a state with all ways of dividing two groups; the better of before and after."""
    before, kept = search.standing(state), state.copy()
    search.descend(state)
    if len(state.groups) <= DIVIDED:
        search.descend(state, divide=True)
    after = search.standing(state)
    return (after, state) if after <= before else (before, kept)


def _placeable(judge: Judge, units: Units) -> int:
    """How many people could come to a cell that is open to enough people for a group."""
    people = units.open.T @ units.size
    able = (units.open & (people >= judge.aims.smallest)).any(axis=1)
    return int(units.size[able].sum())


def _placed(search: Search, state: State) -> list[Placed]:
    found = []
    cells = search.judge.cells
    for group, anchor in zip(state.groups, state.anchors, strict=True):
        if not group:
            continue
        members = np.sort(np.concatenate([search.units.members[one] for one in group]))
        if len(members) >= search.judge.aims.smallest:
            own = search.anchors.cells[anchor]
            cell = int(own[np.flatnonzero(cells.open[np.ix_(members, own)].all(axis=0))[0]])
            meet = (int(cells.slot[cell]), int(cells.language[cell]), int(cells.facilitator[cell]))
            found.append(Placed(members, *meet))
    return found
