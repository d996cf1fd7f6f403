"""Where a search for groups begins: greedy groups, cell by cell, scarcest people first (domain.md F3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from matchengine.batch import BoolArray, FloatArray, IntArray
from matchengine.planning.groups.problem import GroupAims
from matchengine.planning.groups.quality import Judge
from matchengine.planning.groups.units import Units

__all__ = ["Anchors", "State", "counts", "seeded", "started"]


@dataclass
class State:
    """A partition while it is searched: units of each group, their anchors, and the units in no group."""

    groups: list[list[int]]
    anchors: list[int]
    pool: list[int]

    def copy(self) -> State:
        """Return one that changes apart from this."""
        return State([list(one) for one in self.groups], list(self.anchors), list(self.pool))


@dataclass
class Anchors:
    """Facilitators whom groups can have: an anchor is a facilitator, or one slot of a facilitator with several places.

    Without facilitators there is one anchor, number 0, which any number of groups share. `cells` int64 arrays are those
    of each anchor; `leader` is its facilitator (−1 for none), `once` whether one group only can have it, `places` how
    many groups each facilitator can lead.
    """

    cells: list[IntArray]
    leader: list[int]
    once: list[bool]
    places: IntArray

    @classmethod
    def of(cls, judge: Judge) -> Anchors:
        """Find them."""
        cells = judge.cells
        if not len(judge.problem.facilitator_places):
            return cls([np.arange(len(cells.slot))], [-1], [False], np.zeros(0, np.int64))
        found: list[IntArray] = []
        leader: list[int] = []
        once: list[bool] = []
        for one, places in enumerate(judge.problem.facilitator_places.tolist()):
            own = np.flatnonzero(cells.facilitator == one)
            several = places > 1 and judge.problem.slots.shape[1] > 0
            parts = [own[cells.slot[own] == slot] for slot in np.unique(cells.slot[own])] if several else [own]
            found += [part for part in parts if len(part)]
            leader += [one] * sum(len(part) > 0 for part in parts)
            once += [several] * sum(len(part) > 0 for part in parts)
        return cls(found, leader, once, judge.problem.facilitator_places)

    @property
    def shared(self) -> bool:
        """Whether groups need no facilitator."""
        return self.leader == [-1]

    @property
    def most(self) -> int:
        """How many groups there can be."""
        return 10**9 if self.shared else int(self.places[sorted(set(self.leader))].sum()) if self.leader else 0

    def free(self, used: Sequence[int]) -> list[int]:
        """Anchors that one more group could have, when groups have those used."""
        if self.shared:
            return [0]
        load = np.bincount([self.leader[one] for one in used], minlength=len(self.places))
        return [
            one
            for one, leader in enumerate(self.leader)
            if load[leader] < self.places[leader] and not (self.once[one] and one in used)
        ]


def counts(people: int, aims: GroupAims, most: int) -> list[list[int]]:
    """Numbers of groups worth trying, those that leave out fewest and come nearest to the target size first.

    Numbers in one list come equally near: the objective decides between them, the larger number first.
    """
    upper = min(people // aims.smallest, most)
    if upper < 1:
        return []
    needed = min(max(-(-people // aims.largest), 1), upper)
    found: dict[tuple[int, int], list[int]] = {}
    for count in range(upper, needed - 1, -1):
        placed = min(people, count * aims.largest)
        low, more = divmod(placed, count)
        off = more * (low + 1 - aims.target) ** 2 + (count - more) * (low - aims.target) ** 2
        found.setdefault((people - placed, off), []).append(count)
    return [found[key] for key in sorted(found)]


def seeded(judge: Judge, units: Units, anchors: Anchors, count: int, rng: np.random.Generator) -> State:
    """Form groups greedily: of those left, whoever has the fewest places to go, with the likest who could come too.

    Parameters
    ----------
    count : int
        Groups to form at most; whoever is left waits in the pool.
    rng : Generator
        Shakes the order, so that restarts differ.
    """
    state = State([], [], [])
    left = np.ones(len(units.size), np.bool_)
    shake = rng.random((len(units.size), 2))
    for number in range(count):
        made = _group(judge, units, anchors, state, left, shake, (count - number, rng))
        if made is None:
            break
        anchor, group = made
        state.groups.append(group)
        state.anchors.append(anchor)
        left[group] = False
    _fill_up(judge, units, anchors, state, count)
    state.pool = np.flatnonzero(left).tolist()
    return state


def _fill_up(judge: Judge, units: Units, anchors: Anchors, state: State, count: int) -> None:
    """Add empty groups up to the number wanted, so that a search may fill them."""
    while len(state.groups) < count and (free := anchors.free(state.anchors)):
        state.groups.append([])
        state.anchors.append(free[0])


def _group(
    judge: Judge,
    units: Units,
    anchors: Anchors,
    state: State,
    left: BoolArray,
    shake: FloatArray,
    more: tuple[int, np.random.Generator],
) -> tuple[int, list[int]] | None:
    """One group: an anchor and its units; None when no cell is open to enough people."""
    groups_left, rng = more
    usable = sorted(anchors.free(state.anchors))
    if not usable:
        return None
    cells = np.unique(np.concatenate([anchors.cells[one] for one in usable]))
    opened = units.open[:, cells] & left[:, None]
    people = opened.T @ units.size
    viable = people >= judge.aims.smallest
    if not viable.any():
        return None
    choices = (opened & viable).sum(axis=1).astype(np.float64)
    choices[choices == 0] = np.inf
    first = int(np.lexsort((shake[:, 0], choices * (1 + 0.3 * shake[:, 1])))[0])
    own = np.flatnonzero(opened[first] & viable)
    cell = int(own[np.argmax(people[own] * (1 + 0.5 * rng.random(len(own))))])
    anchor = next(one for one in usable if cells[cell] in anchors.cells[one])
    wanted = int(np.ceil((units.size * left).sum() / max(groups_left, 1)))
    wanted = min(max(wanted, judge.aims.smallest), judge.aims.largest)
    return anchor, _company(judge, units, first, np.flatnonzero(opened[:, cell]), choices, wanted)


def _company(judge: Judge, units: Units, first: int, able: IntArray, choices: FloatArray, wanted: int) -> list[int]:
    """The first unit and those who join it: fewest choices and most likeness first, while they fit."""
    mine = units.members[first]
    alike = np.array([judge.likeness[np.ix_(mine, units.members[one])].mean() for one in able])
    scarce = 1 / np.maximum(choices[able], 1)
    order = able[np.lexsort((able, -np.round(alike + 2 * scarce, 9)))]
    group, size = [first], int(units.size[first])
    for one in order.tolist():
        if one != first and size + units.size[one] <= wanted and not units.clash[one, group].any():
            group.append(one)
            size += int(units.size[one])
    return group


def started(units: Units, anchors: Anchors, judge: Judge, groups: Sequence[IntArray], count: int) -> State:
    """Begin from groups that somebody gives; whoever breaks a rule in them, or is in two, waits in the pool."""
    state = State([], [], [])
    left = np.ones(len(units.size), np.bool_)
    for people in groups:
        asked = set(np.asarray(people, np.int64).tolist())
        found = dict.fromkeys(int(units.of[one]) for one in sorted(asked))
        own = [one for one in found if left[one] and asked.issuperset(units.members[one].tolist())]
        kept, anchor = _kept(units, anchors, state, own, judge.aims.largest)
        if anchor is not None and kept:
            state.groups.append(kept)
            state.anchors.append(anchor)
            left[kept] = False
    _fill_up(judge, units, anchors, state, max(count, len(state.groups)))
    state.pool = np.flatnonzero(left).tolist()
    return state


def _kept(
    units: Units, anchors: Anchors, state: State, own: Sequence[int], largest: int
) -> tuple[list[int], int | None]:
    """The most units of a group that are at ease together under one free anchor."""
    best: list[int] = []
    found: int | None = None
    for anchor in anchors.free(state.anchors):
        for cell in anchors.cells[anchor].tolist():
            kept: list[int] = []
            size = 0
            for one in own:
                fits = size + units.size[one] <= largest and units.open[one, cell]
                if fits and not units.clash[one, kept].any():
                    kept.append(one)
                    size += int(units.size[one])
            if len(kept) > len(best):
                best, found = kept, anchor
        if len(best) == len(own):
            break
    return best, found
