"""Groups out of many people: neighbourhoods first, then whoever is in trouble again (domain.md F3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from matchengine.batch import FloatArray, IntArray
from matchengine.planning.groups.conflicts import components
from matchengine.planning.groups.feasible import part
from matchengine.planning.groups.outcome import Placed
from matchengine.planning.groups.problem import GroupAims, GroupsProblem
from matchengine.planning.groups.quality import Judge, kinds_of
from matchengine.planning.groups.seed import counts
from matchengine.planning.groups.solve import Effort, solve
from matchengine.planning.groups.vectors import bisected, likest

__all__ = ["plain", "solve_large"]

NEIGHBOURHOOD = 120
AGAIN = 2
"""How often whoever is left out, and groups that gave something up, are searched again with others near them."""
SKETCH = 32
"""Columns of a square table of likeness that stand for a person's place among the others."""


@dataclass
class _Work:
    """What is known while neighbourhoods are solved one after another."""

    problem: GroupsProblem
    aims: GroupAims
    effort: Effort
    seed: int
    groups: list[Placed]
    stopped: bool = False


def plain(problem: GroupsProblem) -> bool:
    """Whether likeness by vectors is all that matters: then the fast way is open."""
    tables = (problem.slots, problem.languages, problem.offers, problem.wants, problem.features, problem.difference)
    pairs = (problem.apart, problem.together, problem.facilitator_places)
    flags = (problem.newcomer, problem.experienced, problem.fixed)
    vectors = problem.similarity.shape != (problem.people, problem.people) or problem.vectors
    nothing = not any(table.size for table in tables) and not any(len(one) for one in pairs)
    return vectors and nothing and not problem.balance and all(one is None for one in flags)


def solve_large(
    problem: GroupsProblem, aims: GroupAims, effort: Effort, seed: int, given: Sequence[Sequence[IntArray]]
) -> tuple[list[Placed], bool]:
    """Form groups of a canonical, `prepared` problem; return them and whether a clock stopped the search.

    Where likeness by vectors is all that matters, sizes follow it between the smallest and the largest, and the target
    is their mean. Of several partitions `given` the first counts: it is cut into neighbourhoods of whole groups.
    """
    rungs = counts(problem.people, aims, problem.people)
    if plain(problem) and not given and rungs and aims.smallest > 1:
        low, more = divmod(problem.people, rungs[0][0])
        sizes = np.full(rungs[0][0], low, np.int64)
        sizes[:more] += 1
        vectors = np.ascontiguousarray(problem.similarity, np.float32)
        label, stopped = likest(vectors, sizes, (aims.smallest, aims.largest), effort.deadline)
        members = np.split(np.argsort(label, kind="stable"), np.cumsum(np.bincount(label))[:-1])
        return [Placed(np.sort(one), -1, -1, -1) for one in members], stopped
    work = _Work(problem, aims, replace(effort, restarts=max(effort.restarts // 10, 1)), seed, [])
    place = _places(problem)
    start = [np.asarray(one, np.int64) for one in given[0]] if given else []
    tied = components(problem.people, problem.together, problem.fixed)
    for one in start:
        tied[np.isin(tied, tied[one])] = tied[one].min()
    for rows in _parts(place, tied, NEIGHBOURHOOD):
        _solve_part(work, rows, [one for one in start if np.isin(one, rows).any()])
    for _again in range(AGAIN):
        troubled = _troubled(work)
        if not len(troubled) or work.stopped:
            break
        _solve_again(work, place, troubled)
    return work.groups, work.stopped


def _places(problem: GroupsProblem) -> FloatArray:
    """Where each person is among the others, float32 (N, d): their vector, or a sketch of their likeness to all."""
    if problem.vectors or problem.similarity.shape != (problem.people, problem.people):
        return np.asarray(problem.similarity, np.float32)
    columns = np.linspace(0, problem.people - 1, SKETCH).astype(np.int64)
    return np.nan_to_num(problem.similarity[:, columns]).astype(np.float32)


def _parts(place: FloatArray, tied: IntArray, most: int) -> list[IntArray]:
    """Neighbourhoods in which those who are tied together stay together."""
    _first, of = np.unique(tied, return_inverse=True)
    weight = np.bincount(of)
    centre = np.zeros((len(weight), place.shape[1]), np.float32)
    np.add.at(centre, of, place)
    return [np.flatnonzero(np.isin(of, rows)) for rows in bisected(centre / weight[:, None], weight, most)]


def _solve_part(work: _Work, rows: IntArray, start: Sequence[IntArray]) -> None:
    """Form the groups of some people, with what the facilitators have left, and add them."""
    problem = part(_left(work), rows)
    judge = Judge.of(problem, work.aims)
    place = np.full(work.problem.people, -1, np.int64)
    place[rows] = np.arange(len(rows))
    given = [[inside[inside >= 0] for inside in (place[one] for one in start)]] if start else []
    solved = solve(judge, work.effort, work.seed, given)
    work.stopped |= solved.stopped
    work.groups += [replace(group, members=rows[group.members]) for group in solved.groups]


def _left(work: _Work) -> GroupsProblem:
    """The problem with the places and slots that facilitators have left."""
    problem = work.problem
    if not len(problem.facilitator_places):
        return problem
    places, slots = problem.facilitator_places.copy(), problem.facilitator_slots.copy()
    for group in work.groups:
        places[group.facilitator] -= 1
        if group.slot >= 0:
            slots[group.facilitator, group.slot] = False
    return replace(problem, facilitator_places=places, facilitator_slots=slots)


def _troubled(work: _Work) -> IntArray:
    """People in no group, and those in a group in which somebody is isolated or nobody is experienced."""
    problem = work.problem
    kinds = kinds_of(problem)[0]
    trouble = np.ones(problem.people, np.bool_)
    for group in work.groups:
        held = kinds[group.members].sum(axis=0)
        lacking = problem.experienced is not None and not problem.experienced[group.members].any()
        trouble[group.members] = bool((np.abs(held - 1) < 0.5).any()) or lacking
    return np.flatnonzero(trouble)


def _solve_again(work: _Work, place: FloatArray, troubled: IntArray) -> None:
    """Search the troubled people once more, each lot together with the untroubled groups nearest to it."""
    label = np.full(work.problem.people, -1, np.int64)
    for number, group in enumerate(work.groups):
        label[group.members] = number
    tied = components(work.problem.people, work.problem.together, work.problem.fixed)
    own = np.where(label >= 0, label, len(work.groups) + tied)
    lots = _parts(place[troubled], own[troubled], NEIGHBOURHOOD // 2)
    taken: set[int] = {int(one) for one in np.unique(label[troubled]) if one >= 0}
    centres = np.array([place[group.members].mean(axis=0) for group in work.groups]).reshape(-1, place.shape[1])
    found = list(work.groups)
    for lot in lots:
        people = troubled[lot]
        inside = {int(one) for one in np.unique(label[people]) if one >= 0}
        size = len(people)
        near: IntArray = np.argsort(-np.round(centres @ place[people].mean(axis=0), 6), kind="stable")
        for one in (int(number) for number in near):
            if size >= NEIGHBOURHOOD:
                break
            if one not in taken:
                taken.add(one)
                inside.add(one)
                size += len(found[one].members)
        start = [found[one].members for one in sorted(inside)]
        rows = np.unique(np.concatenate([people, *start]))
        work.groups = [group for group in work.groups if not np.isin(group.members, rows).any()]
        _solve_part(work, rows, start)
