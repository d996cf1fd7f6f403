"""Why somebody is in no group, and which two groups come nearest (domain.md F4).

Codes, not sentences: whoever shows them decides what may be told. `not_available` stands for a personal rule between
two people (and between a facilitator and somebody), and no more is ever told about it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from matchengine.batch import BoolArray, IntArray
from matchengine.planning.groups.conflicts import components
from matchengine.planning.groups.feasible import cells_of
from matchengine.planning.groups.problem import FormedGroup, Forming, GroupAims, GroupsProblem

__all__ = ["NearGroup", "Obstacle", "Reason", "Unplaced", "unplaced"]

Reason = Literal[
    "too_few_people",
    "no_slot",
    "no_language",
    "no_facilitator",
    "tied_without_slot",
    "too_few_share_slot",
    "not_available",
    "no_room",
]
Obstacle = Literal["slot", "language", "not_available", "size", "together", "isolate"]


@dataclass(frozen=True)
class NearGroup:
    """A group by its number in the `Forming`, what stands in the way (nothing: a place could be found by hand), and the
    mean likeness to its members, NaN unknown.
    """

    group: int
    obstacles: tuple[Obstacle, ...]
    likeness: float


@dataclass(frozen=True)
class Unplaced:
    """A person in no group, why, and the nearest groups: fewest obstacles first, then likeness.

    Reasons: `too_few_people` in the whole pool for a group; `no_slot` or `no_language` of their own; `no_facilitator`
    for any time of theirs; `tied_without_slot`, those they wish to be with share none; `too_few_share_slot`, fewer
    people than the smallest group could come to any time of theirs; `not_available`, enough could come, but not
    together; `no_room`, every group that would suit is full or its people are needed elsewhere.
    """

    person: int
    reasons: tuple[Reason, ...]
    nearest: tuple[NearGroup, ...]


def unplaced(problem: GroupsProblem, aims: GroupAims, forming: Forming, nearest: int = 2) -> tuple[Unplaced, ...]:
    """Explain everybody who is in no group, in the order of `forming.unplaced`."""
    if not len(forming.unplaced):
        return ()
    tied = components(problem.people, problem.together, problem.fixed)
    opened = cells_of(problem).open
    apart = np.zeros((problem.people, problem.people), np.bool_)
    if len(problem.apart):
        apart[problem.apart[:, 0], problem.apart[:, 1]] = True
        apart |= apart.T
    found = []
    for person in forming.unplaced.tolist():
        own = np.flatnonzero(tied == tied[person])
        reasons = _reasons(problem, aims, person, own, (opened, apart))
        options = [
            _near(problem, aims, group, (number, person, own), apart) for number, group in enumerate(forming.groups)
        ]
        options.sort(key=lambda one: (len(one.obstacles), -np.nan_to_num(one.likeness, nan=-2.0), one.group))
        found.append(Unplaced(person, reasons, tuple(options[:nearest])))
    return tuple(found)


def _reasons(
    problem: GroupsProblem, aims: GroupAims, person: int, own: IntArray, tables: tuple[BoolArray, BoolArray]
) -> tuple[Reason, ...]:
    opened, apart = tables
    if problem.people < aims.smallest:
        return ("too_few_people",)
    lacking: list[Reason] = []
    if problem.slots.shape[1] and not problem.slots[person].any():
        lacking.append("no_slot")
    if problem.languages.shape[1] and not problem.languages[person].any():
        lacking.append("no_language")
    if lacking:
        return tuple(lacking)
    if not opened[person].any():
        return ("no_facilitator",)
    cells: BoolArray = np.all(opened[own], axis=0)
    if not cells.any():
        return ("tied_without_slot",)
    could = np.asarray(opened[:, cells], np.bool_)
    if int(could.sum(axis=0).max()) < aims.smallest:
        return ("too_few_share_slot",)
    free: BoolArray = np.logical_not(np.any(apart[own], axis=0))
    if int((could & free[:, None]).sum(axis=0).max()) < aims.smallest:
        return ("not_available",)
    return ("no_room",)


def _near(
    problem: GroupsProblem, aims: GroupAims, group: FormedGroup, who: tuple[int, int, IntArray], apart: BoolArray
) -> NearGroup:
    """What stands between a person and a group as it is, should they and those tied to them join it."""
    number, person, own = who
    inside = group.members
    joined = np.concatenate([inside, own])
    led = problem.facilitator_apart
    told: list[tuple[Obstacle, bool]] = [
        ("slot", group.slot >= 0 and not problem.slots[own, group.slot].all()),
        ("language", group.language >= 0 and not problem.languages[own, group.language].all()),
        (
            "not_available",
            bool(apart[np.ix_(inside, own)].any())
            or bool(len(led) and ((led[:, 0] == group.facilitator) & np.isin(led[:, 1], own)).any()),
        ),
        ("size", len(joined) > aims.largest),
        ("together", len(own) > 1),
        ("isolate", any(_alone(values, joined, own) for values in problem.balance)),
    ]
    pairs = (
        problem.similarity[person, inside]
        if problem.similarity.shape == (problem.people, problem.people) and not problem.vectors
        else problem.similarity[inside] @ problem.similarity[person]
    ).astype(np.float64)
    known = pairs[~np.isnan(pairs)]
    likeness = float(known.mean()) if len(known) else float("nan")
    return NearGroup(number, tuple(name for name, stands in told if stands), likeness)


def _alone(values: IntArray, joined: IntArray, own: IntArray) -> bool:
    """Whether one of those who join would be the only one of their kind there, though others of the pool are."""
    for value in np.unique(values[own]):
        if value >= 0 and (values == value).sum() >= 2 and (values[joined] == value).sum() == 1:
            return True
    return False
