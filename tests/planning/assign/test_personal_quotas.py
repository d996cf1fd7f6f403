"""Limits that candidates set for themselves: kept, stable where a method promises it, never given up."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest

from matchengine.assignment import Assignment, AssignmentProblem, Quota
from matchengine.errors import DataError
from matchengine.planning.assign.blocking import blocking_pairs
from matchengine.planning.assign.conflict import conflicts, relaxations
from matchengine.planning.assign.eps_stable import eps_stable
from matchengine.planning.assign.stable import candidates_propose, stable
from matchengine.planning.assign.verify import verify
from tests.planning.assign.problems import random_problem


def capped(seed: int) -> AssignmentProblem:
    """Return a drawn problem in which every candidate limits about half of their pairs."""
    lot = np.random.default_rng([seed, 7])
    problem = random_problem(lot, 7, 3)
    most = lot.integers(1, 4, 3)
    quotas = [
        Quota("", own, most=int(lot.integers(0, most[c] + 1)), personal=True)
        for c in range(3)
        if len(own := np.flatnonzero((problem.candidate == c) & (lot.random(len(problem)) < 0.5)))
    ]
    ones = np.ones(problem.requesters, np.int64)
    return replace(problem, requester_most=ones, candidate_most=most, quotas=tuple(quotas))


def blocks(problem: AssignmentProblem, chosen: set[int], pair: int, epsilon: float) -> bool:
    """Whether both would gain more by one pair, tried out: every set of pairs that the candidate could keep instead."""
    who, whom = int(problem.requester[pair]), int(problem.candidate[pair])
    own = [n for n in chosen if problem.requester[n] == who]
    if own and problem.requester_value[own[0]] + epsilon + 1e-6 >= problem.requester_value[pair]:
        return False
    held = [n for n in chosen if problem.candidate[n] == whom]
    for size in (0, 1):
        for given in combinations(held, size):
            now = [n for n in held if n not in given] + [pair]
            fits = len(now) <= problem.candidate_most[whom] and all(
                np.isin(now, q.pairs).sum() <= (q.most or 0) for q in problem.quotas
            )
            gains = all(problem.candidate_value[n] + epsilon + 1e-6 < problem.candidate_value[pair] for n in given)
            if fits and gains:
                return True
    return False


@pytest.mark.parametrize("seed", range(60))
def test_stable_within_limits_is_stable_and_counted_alike(seed: int) -> None:
    problem = capped(seed)
    found = stable(problem, tie_width=0)
    assert verify(problem, found) == ()
    chosen = set(found.chosen.tolist())
    rest = [n for n in range(len(problem)) if n not in chosen]
    assert [n for n in rest if blocks(problem, chosen, n, 0)] == []
    assert blocking_pairs(problem, found.chosen).count == 0
    lot = np.random.default_rng(seed)
    some = {n for n in chosen if lot.random() < 0.6}
    expected = [n for n in range(len(problem)) if n not in some and blocks(problem, some, n, 0)]
    assert blocking_pairs(problem, np.array(sorted(some), np.int64)).pairs.tolist() == expected


@pytest.mark.parametrize("seed", range(60))
def test_a_slack_keeps_limits_and_always_finds_an_answer(seed: int) -> None:
    problem = capped(seed)
    found = eps_stable(problem, epsilon=0.05)
    assert verify(problem, found) == ()
    assert len(found.chosen) >= len(stable(problem, tie_width=0).chosen)
    if all((q.most or 0) <= 1 for q in problem.quotas):
        assert blocking_pairs(problem, found.chosen, epsilon=0.05).count == 0


def test_pairs_that_have_to_be_chosen_count_first() -> None:
    problem = capped(1)
    quota = problem.quotas[0]
    must = np.zeros(len(problem), np.bool_)
    must[quota.pairs[0]] = True
    problem = replace(problem, must=must, quotas=(replace(quota, most=1),))
    for solve in (stable, eps_stable):
        found: Assignment = solve(problem)
        assert set(found.chosen.tolist()) & set(quota.pairs.tolist()) == {int(quota.pairs[0])}


def test_the_other_side_and_quotas_of_programmes_are_refused() -> None:
    problem = capped(1)
    with pytest.raises(DataError, match="no quotas"):
        candidates_propose(problem)
    with pytest.raises(DataError, match="no quotas"):
        stable(replace(problem, quotas=(*problem.quotas, Quota("q", np.arange(2), most=1))))


def test_a_limit_of_a_person_is_never_given_up() -> None:
    problem = capped(1)
    whole = replace(
        problem,
        requester_least=np.minimum(np.bincount(problem.requester, minlength=problem.requesters), 1),
        quotas=tuple(
            Quota("", np.flatnonzero(problem.candidate == c), most=0, personal=True) for c in range(problem.candidates)
        ),
    )
    assert {demand.kind for demand in conflicts(whole)} == {"quota_most", "requester_least"}
    assert relaxations(whole) == ("requester_least",)
