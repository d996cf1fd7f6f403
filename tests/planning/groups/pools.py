"""Pools of people to divide into groups, from a seed."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from typing import Any

import numpy as np

from matchengine.planning.groups.problem import FormedGroup, Forming, GroupAims, GroupsProblem

__all__ = ["broken_rules", "nobody_special", "permuted", "pool"]


def nobody_special(people: int, **more: Any) -> GroupsProblem:
    """A pool in which all are alike and nothing is demanded; `more` replaces attributes."""
    plain = GroupsProblem(
        people=people,
        similarity=np.full((people, people), 0.5, np.float32),
        difference=np.zeros((people, people), np.float32),
        slots=np.zeros((people, 0), np.bool_),
        languages=np.zeros((people, 0), np.bool_),
        lottery=np.arange(people, dtype=np.uint64) * np.uint64(7919) % np.uint64(104729),
    )
    return replace(plain, **more)


def pool(people: int, seed: int, slots: int = 6, density: float = 0.6, **more: Any) -> GroupsProblem:
    """A pool with everything in it: slots, languages, topics, features, balance, newcomers, wishes and boundaries."""
    draw = np.random.default_rng(seed)
    likeness, difference = draw.random((2, people, people))
    offers, wants = draw.random((2, people, 5)) * (draw.random((2, people, 5)) < 0.3)
    apart = np.array([(0, 1), (2, 3)]) if people > 5 else np.zeros((0, 2), np.int64)
    made = GroupsProblem(
        people=people,
        similarity=((likeness + likeness.T) / 2).astype(np.float32),
        difference=((difference + difference.T) / 2).astype(np.float32),
        slots=draw.random((people, slots)) < density,
        languages=np.stack([np.ones(people, np.bool_), draw.random(people) < 0.5], axis=1),
        lottery=draw.permutation(people).astype(np.uint64) * np.uint64(3) + np.uint64(11),
        apart=apart,
        together=np.array([(4, 5)]) if people > 5 else np.zeros((0, 2), np.int64),
        offers=offers.astype(np.float32),
        wants=wants.astype(np.float32),
        features=draw.normal(size=(people, 3)).astype(np.float32),
        balance=(draw.integers(-1, 2, people),),
        newcomer=draw.random(people) < 0.3,
        experienced=draw.random(people) < 0.4,
    )
    return replace(made, **more)


def permuted(problem: GroupsProblem, order: np.ndarray) -> GroupsProblem:
    """The same people in another order: person n of the answer is person order[n] of the problem."""
    place = np.argsort(order)
    square = np.ix_(order, order)
    rows = {
        name: getattr(problem, name)[order]
        for name in ("slots", "languages", "lottery", "offers", "wants", "features", "newcomer", "experienced", "fixed")
        if getattr(problem, name) is not None and len(getattr(problem, name))
    }
    return replace(
        problem,
        **rows,
        similarity=problem.similarity[square],
        difference=problem.difference[square],
        apart=place[problem.apart][::-1],
        together=place[problem.together],
        balance=tuple(one[order] for one in problem.balance),
    )


def broken_rules(problem: GroupsProblem, aims: GroupAims, forming: Forming) -> list[str]:
    """Every hard rule that a partition breaks, worked out member by member."""
    found = []
    seen = [int(one) for group in forming.groups for one in group.members]
    if sorted([*seen, *forming.unplaced.tolist()]) != list(range(problem.people)):
        found.append("no partition")
    for group in forming.groups:
        found += _broken(problem, aims, group, group.members.tolist())
    label = {one: number for number, group in enumerate(forming.groups) for one in group.members.tolist()}
    found += [f"torn apart {pair}" for pair in problem.together.tolist() if label.get(pair[0]) != label.get(pair[1])]
    if problem.fixed is not None:
        for one, other in combinations(np.flatnonzero(problem.fixed >= 0).tolist(), 2):
            same = problem.fixed[one] == problem.fixed[other]
            if one in label and (label[one] == label.get(other)) != same:
                found.append("a lock")
    led = [(group.facilitator, group.slot) for group in forming.groups if len(problem.facilitator_places)]
    load = np.bincount([one for one, _slot in led], minlength=len(problem.facilitator_places))
    if (load > problem.facilitator_places).any():
        found.append("places of a facilitator")
    if problem.slots.shape[1] and len(set(led)) < len(led):
        found.append("a facilitator twice at one slot")
    return found


def _broken(problem: GroupsProblem, aims: GroupAims, group: FormedGroup, people: list[int]) -> list[str]:
    found = []
    if not aims.smallest <= len(people) <= aims.largest:
        found.append(f"size {len(people)}")
    if problem.slots.shape[1] and not all(problem.slots[one, group.slot] for one in people):
        found.append("slot")
    if problem.languages.shape[1] and not all(problem.languages[one, group.language] for one in people):
        found.append("language")
    found += [f"apart {pair}" for pair in problem.apart.tolist() if set(pair) <= set(people)]
    if len(problem.facilitator_places):
        leader = group.facilitator
        if leader < 0 or (problem.slots.shape[1] and not problem.facilitator_slots[leader, group.slot]):
            found.append("facilitator at the slot")
        elif problem.languages.shape[1] and not problem.facilitator_languages[leader, group.language]:
            found.append("facilitator's language")
        found += [
            "facilitator apart" for one, person in problem.facilitator_apart if one == leader and person in people
        ]
    return found
