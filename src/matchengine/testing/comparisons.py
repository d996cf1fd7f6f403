"""Random cases to measure: lists of both sides, an assignment, groups and swaps, all of the same people."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from matchengine.assignment import AssignmentProblem
from matchengine.batch import FloatArray, IntArray
from matchengine.comparison import Case, Cost, Exchanged, Grouped, Lists, Placed
from matchengine.planning.assign.greedy import greedy
from matchengine.testing.assigners import assignment_problem, relabelled

__all__ = ["comparison_case", "empty_cases", "locked", "relabelled_case"]

Thing = TypeVar("Thing")


def comparison_case(seed: int, people: int = 14, candidates: int = 10, *, density: float = 0.7) -> Case:
    """Make a case with every part: many tied scores, some people without a list, some outcomes unknown.

    Parameters
    ----------
    seed : int
    people, candidates : int
        N and M.
    density : float
        Share of all pairs that are eligible.

    Returns
    -------
    Case
        Its arrays are read-only.
    """
    rng = np.random.default_rng([seed, people, candidates])
    person, candidate = (side.astype(np.int32) for side in np.nonzero(rng.random((people, candidates)) < density))
    mine, theirs = _gains(rng, len(person)), _gains(rng, len(person))
    lists = Lists(people, candidates, person, candidate, _scores(rng, person, people), mine)
    reverse = replace(lists, score=_scores(rng, candidate, candidates), gain=theirs).exchanged()
    problem = assignment_problem(seed, people, candidates, density=density)
    moved = tuple(greedy(replace(problem, joint=rng.random(len(problem)))).chosen for _ in range(2))
    return locked(
        Case(
            lists=lists,
            reverse=reverse,
            mutual=(mine > 0) & (theirs > 0),
            seats=np.where(rng.random(candidates) < 0.2, np.nan, rng.integers(0, 4, candidates)),
            placed=Placed(problem, greedy(problem).chosen, moved),
            probability=np.where(rng.random(len(person)) < 0.1, np.nan, np.round(rng.random(len(person)), 2)),
            propensity=np.where(rng.random(len(person)) < 0.3, np.nan, rng.uniform(0.05, 1, len(person))),
            perturbed=tuple(_changed(rng, lists) for _ in range(2)),
            groups=_groups(rng, people),
            swaps=_swaps(rng, people),
            cost=Cost(rng.random(people), float(people), 2.0**28, 0.1),
        )
    )


def empty_cases() -> list[Case]:
    """Nobody at all, nobody on one side, nobody eligible, nobody suggested, nothing known."""
    sizes = ((0, 0), (0, 5), (5, 0))
    cases = [comparison_case(1, *size) for size in sizes] + [comparison_case(1, density=0.0)]
    full = comparison_case(2)
    pairs = len(full.lists.person)
    nobody = full.lists.scored(np.full(pairs, np.nan))
    nothing = replace(full.lists, gain=np.full(pairs, np.nan))
    assert full.reverse is not None  # noqa: S101
    unknown = replace(full.reverse, gain=np.full(pairs, np.nan))
    cases.append(replace(full, lists=nobody, reverse=full.reverse.scored(np.full(pairs, np.nan)), perturbed=(nobody,)))
    cases.append(replace(full, lists=nothing, reverse=unknown, mutual=np.zeros(pairs, np.bool_)))
    return [locked(case) for case in cases]


def relabelled_case(case: Case, person_to: IntArray, candidate_to: IntArray) -> tuple[Case, IntArray]:
    """Tell of the same people in another order.

    Parameters
    ----------
    case : Case
    person_to, candidate_to : int64 array (N,) or (M,)
        New position of each, a permutation.

    Returns
    -------
    Case
        People of groups and swaps stay in place, except who is told of as a requester.
    int64 array (P,)
        Where each pair of the new lists stood in the old ones.
    """
    lists, old = _lists(case.lists, person_to, candidate_to)
    more: dict[str, Any] = {
        name: getattr(case, name)[old]
        for name in ("mutual", "probability", "propensity")
        if getattr(case, name) is not None
    }
    more["perturbed"] = tuple(_lists(one, person_to, candidate_to)[0] for one in case.perturbed)
    if case.reverse is not None:
        more["reverse"] = _lists(case.reverse, candidate_to, person_to)[0]
    if case.seats is not None:
        more["seats"] = case.seats[np.argsort(candidate_to)]
    if case.placed is not None:
        more["placed"] = _placed(case.placed, person_to, candidate_to)
    if case.groups is not None and case.groups.twins is not None:
        more["groups"] = replace(case.groups, twins=person_to[case.groups.twins])
    if case.cost is not None:
        more["cost"] = replace(case.cost, seconds=case.cost.seconds[np.argsort(person_to)])
    return locked(replace(case, lists=lists, **more)), old


def locked(thing: Thing) -> Thing:
    """Return a copy whose arrays, however deep, are read-only."""
    copied: Any = _locked(thing)
    made: Thing = copied
    return made


def _locked(thing: Any) -> Any:
    if isinstance(thing, np.ndarray):
        copied = thing.copy()
        copied.setflags(write=False)
        return copied
    if isinstance(thing, tuple):
        return tuple(_locked(one) for one in thing)
    if is_dataclass(thing) and not isinstance(thing, type):
        return replace(thing, **{one.name: _locked(getattr(thing, one.name)) for one in fields(thing) if one.init})
    return thing


def _gains(rng: np.random.Generator, count: int) -> FloatArray:
    gain = rng.choice([0.0, 1.0, 2.0, 3.0], count, p=[0.7, 0.15, 0.1, 0.05])
    gain[rng.random(count) < 0.2] = np.nan
    return gain


def _scores(rng: np.random.Generator, person: IntArray, people: int) -> FloatArray:
    score = np.round(rng.random(len(person)), 1)
    score[rng.random(len(person)) < 0.15] = np.nan
    score[person == rng.integers(max(people, 1))] = np.nan
    return score


def _changed(rng: np.random.Generator, lists: Lists) -> Lists:
    """The answers when one candidate is gone and scores move a little."""
    score = np.round(lists.score + rng.normal(0, 0.1, len(lists.score)), 1)
    gone = int(rng.integers(max(lists.candidates, 1)))
    return lists.scored(np.where(lists.candidate == gone, np.nan, score))


def _groups(rng: np.random.Generator, people: int) -> Grouped:
    from matchengine.planning.groups.problem import GroupsProblem

    likeness = rng.random((people, people))
    problem = GroupsProblem(
        people=people,
        similarity=((likeness + likeness.T) / 2).astype(np.float32),
        difference=np.zeros((people, people), np.float32),
        slots=rng.random((people, 5)) < 0.7,
        languages=np.ones((people, 1), np.bool_),
        lottery=rng.permutation(people).astype(np.uint64),
        offers=(rng.random((people, 3)) < 0.3).astype(np.float32),
        wants=(rng.random((people, 3)) < 0.3).astype(np.float32),
        features=rng.normal(size=(people, 2)).astype(np.float32),
        balance=(rng.integers(-1, 2, people),),
        newcomer=rng.random(people) < 0.3,
    )
    order = rng.permutation(people)
    groups = tuple(np.sort(order[at : at + 4]) for at in range(0, people - 3, 4))
    worth = np.full(people, np.nan)
    for members in groups:
        worth[members] = np.round(rng.random(len(members)), 2)
    twins = rng.permutation(people)[: people // 2 * 2].reshape(-1, 2)
    return Grouped(problem, groups, worth, barriers=rng.random((people, 2)) < 0.8, twins=twins)


def _swaps(rng: np.random.Generator, vertices: int) -> Exchanged:
    from matchengine.planning.swaps.problem import SwapGraph
    from matchengine.planning.swaps.solve import plan_swaps

    there = rng.random((vertices, vertices)) < 0.3
    np.fill_diagonal(there, False)
    starter = np.arange(vertices) >= vertices - 2
    there[starter] = False
    source, target = (side.astype(np.int32) for side in np.nonzero(there))
    seen = SwapGraph(
        vertices=vertices,
        source=source,
        target=target,
        gain=rng.uniform(0.05, 0.6, len(source)),
        starter=starter,
        priority=np.ones(vertices),
        lottery=rng.permutation(vertices).astype(np.uint64),
    )
    chosen = plan_swaps(seen).exchanges
    true = replace(seen, gain=np.round(np.clip(seen.gain + rng.normal(0, 0.2, len(source)), -1, 1), 3))
    change = np.where(rng.random(len(source)) < 0.2, np.nan, rng.uniform(-1, 1, len(source)))
    return Exchanged(true, chosen, asked=rng.random(vertices) < 0.6, cover_change=change)


def _lists(lists: Lists, person_to: IntArray, candidate_to: IntArray) -> tuple[Lists, IntArray]:
    person, candidate = person_to[lists.person], candidate_to[lists.candidate]
    old: NDArray[np.int64] = np.lexsort((candidate, person))
    moved = (person[old].astype(np.int32), candidate[old].astype(np.int32))
    return Lists(lists.people, lists.candidates, *moved, lists.score[old], lists.gain[old]), old


def _placed(placed: Placed, person_to: IntArray, candidate_to: IntArray) -> Placed:
    problem: AssignmentProblem
    problem, old = relabelled(placed.problem, person_to, candidate_to)
    new = np.empty(len(old), np.int64)
    new[old] = np.arange(len(old))
    return Placed(problem, np.sort(new[placed.chosen]), tuple(np.sort(new[again]) for again in placed.again))
