"""How good groups are, worked out from the people alone and not by the solver (domain.md H5, F4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from matchengine.batch import FloatArray, IntArray
from matchengine.planning.groups.feasible import prepared
from matchengine.planning.groups.problem import FormedGroup, GroupsProblem

__all__ = ["GroupMeasures", "isolates", "measured", "members_of", "pair_likeness", "share_with_slot", "teaching"]


@dataclass(frozen=True)
class GroupMeasures:
    """What the table of a programme tells about its groups.

    `groups` and `placed`, `unplaced` people; `isolates`, how often a value that is balanced (or a newcomer) is alone
    in a group; `slot_rate`, share of groups with a slot common to all members, NaN where slots play no part or there
    is no group; `least_quality`, `mean_quality`; `least_likeness`, `mean_likeness`, of the pairs in groups of which
    something is known; `faultline`, mean strength; `teaching`, mean mutual-teaching coverage. NaN where nothing is
    there to measure.
    """

    groups: int
    placed: int
    unplaced: int
    isolates: int
    slot_rate: float
    least_quality: float
    mean_quality: float
    least_likeness: float
    mean_likeness: float
    faultline: float
    teaching: float


def members_of(groups: Sequence[FormedGroup]) -> list[IntArray]:
    """The members of each group."""
    return [group.members for group in groups]


def isolates(problem: GroupsProblem, groups: Sequence[IntArray]) -> list[tuple[int, int, int]]:
    """(group, dimension, value) of which a group has exactly one; newcomers are the dimension after the last, value 1.

    A value that only one person of the pool holds isolates nobody.
    """
    own = prepared(problem)
    columns = list(own.balance)
    if own.newcomer is not None:
        columns.append(np.where(own.newcomer, 1, -1))
    dimensions = [*range(len(own.balance)), len(problem.balance)]
    found = []
    for number, people in enumerate(groups):
        for dimension, values in zip(dimensions, columns, strict=False):
            value, count = np.unique(values[people], return_counts=True)
            found += [(number, dimension, int(one)) for one in value[(count == 1) & (value >= 0)]]
    return found


def share_with_slot(problem: GroupsProblem, groups: Sequence[IntArray]) -> float:
    """Share of groups with a slot at which ALL members can meet; NaN where slots play no part or there is no group."""
    if not problem.slots.shape[1] or not groups:
        return float("nan")
    return float(np.mean([problem.slots[people].all(axis=0).any() for people in groups]))


def pair_likeness(problem: GroupsProblem, groups: Sequence[IntArray]) -> FloatArray:
    """Likeness of all pairs that are in one group, without those of which nothing is known."""
    square = problem.similarity.shape == (problem.people, problem.people) and not problem.vectors
    found = []
    for people in groups:
        for one, other in combinations(people.tolist(), 2):
            value = problem.similarity[one, other] if square else problem.similarity[one] @ problem.similarity[other]
            found.append(float(value))
    values = np.array(found, np.float64)
    known: FloatArray = values[~np.isnan(values)]
    return known


def teaching(problem: GroupsProblem, people: IntArray) -> float:
    """Share of what a group wants to learn that its members could teach, in [0, 1]; NaN where nobody wants anything."""
    if not (problem.offers.size and problem.wants.size):
        return float("nan")
    offered = np.nan_to_num(problem.offers[people]).sum(axis=0)
    wanted = np.nan_to_num(problem.wants[people]).sum(axis=0)
    if wanted.sum() <= 0:
        return float("nan")
    return float(sum(min(1.0, offer) * want for offer, want in zip(offered, wanted, strict=True)) / wanted.sum())


def measured(problem: GroupsProblem, groups: Sequence[FormedGroup]) -> GroupMeasures:
    """Measure groups that were formed."""
    members = members_of(groups)
    likeness = pair_likeness(problem, members)
    taught = np.array([teaching(problem, people) for people in members])
    taught = taught[~np.isnan(taught)]
    quality = np.array([group.quality for group in groups])
    splits = np.array([group.faultline for group in groups]) if problem.features.size else np.zeros(0)
    placed = sum(len(people) for people in members)
    return GroupMeasures(
        groups=len(groups),
        placed=placed,
        unplaced=problem.people - placed,
        isolates=len(isolates(problem, members)),
        slot_rate=share_with_slot(problem, members),
        least_quality=_or_nan(quality, "min"),
        mean_quality=_or_nan(quality, "mean"),
        least_likeness=_or_nan(likeness, "min"),
        mean_likeness=_or_nan(likeness, "mean"),
        faultline=_or_nan(splits, "mean"),
        teaching=_or_nan(taught, "mean"),
    )


def _or_nan(values: FloatArray, how: str) -> float:
    return float(getattr(values, how)()) if len(values) else float("nan")
