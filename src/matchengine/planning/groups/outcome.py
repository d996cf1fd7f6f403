"""Tell what groups were found: when each meets, how good it is, what was given up (domain.md F4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from matchengine.batch import IntArray
from matchengine.planning.groups.feasible import part
from matchengine.planning.groups.problem import FormedGroup, Forming, GroupAims, GroupsProblem
from matchengine.planning.groups.quality import Judge
from matchengine.planning.groups.relax import relaxed

__all__ = ["Placed", "described"]

TOGETHER = 40
"""Groups that are judged in one go."""


@dataclass(frozen=True)
class Placed:
    """A group as a search leaves it: its people, and the slot, language and facilitator chosen, −1 for none."""

    members: IntArray
    slot: int
    language: int
    facilitator: int


def described(
    problem: GroupsProblem, aims: GroupAims, groups: Sequence[Placed], order: IntArray, finished: bool
) -> Forming:
    """Judge the groups of a canonical problem and name people by their places in the original.

    Parameters
    ----------
    problem : GroupsProblem
        Canonical and `prepared`.
    order : int64 array (N,)
        Place in the original of each person of `problem`.
    """
    ordered = sorted(groups, key=lambda group: int(group.members.min()))
    told: list[FormedGroup] = []
    for begin in range(0, len(ordered), TOGETHER):
        told += _judged(problem, aims, ordered[begin : begin + TOGETHER], order)
    quality = np.array([group.quality for group in told])
    objective = float(quality.sum() + aims.worst * quality.min()) if len(told) else 0.0
    left = np.ones(problem.people, np.bool_)
    for group in ordered:
        left[group.members] = False
    return Forming(tuple(told), np.sort(order[left]), objective, finished)


def _judged(problem: GroupsProblem, aims: GroupAims, groups: Sequence[Placed], order: IntArray) -> list[FormedGroup]:
    people = np.sort(np.concatenate([group.members for group in groups]))
    judge = Judge.of(part(problem, people), aims)
    member = np.array([np.isin(people, group.members) for group in groups], np.float64)
    verdict = judge.verdict(np.arange(len(people)), member)
    held = member @ judge.kinds
    told = []
    for row, group in enumerate(groups):
        alone = judge.names[np.abs(held[row] - 1) < 0.5]
        found = FormedGroup(
            members=np.sort(order[group.members]),
            slot=group.slot,
            language=group.language,
            facilitator=group.facilitator,
            quality=float(verdict.quality[row]),
            similarity=float(verdict.similarity[row]),
            difference=float(verdict.difference[row]),
            teaching=float(verdict.teaching[row]),
            faultline=float(verdict.faultline[row]),
            isolates=tuple((int(dimension), int(value)) for dimension, value in alone),
        )
        given_up = relaxed(found, int(verdict.shares[row]), bool(verdict.lacking[row]), aims)
        told.append(replace(found, relaxed=given_up))
    return told
