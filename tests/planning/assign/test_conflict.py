"""Contradictions: every list is one, none is longer than it must be, and classes are given up in the declared order."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from matchengine.assignment import Demand, Quota
from matchengine.planning.assign.conflict import RELAXED_IN_ORDER, conflicts, relaxations
from tests.planning.assign.problems import every_choice, problem_of, random_problem

NAN = np.nan


def with_only(problem, demands):
    """The same pairs under some of the demands alone."""

    def kept(kind, values, otherwise):
        return np.array([v if Demand(kind, n) in demands else otherwise for n, v in enumerate(values)], np.int64)

    rows = [n for n in range(len(problem.exclusive)) if Demand("exclusive", n) in demands]
    return replace(
        problem,
        requester_most=kept("requester_most", problem.requester_most, 99),
        candidate_most=kept("candidate_most", problem.candidate_most, 99),
        requester_least=kept("requester_least", problem.requester_least, 0),
        candidate_least=kept("candidate_least", problem.candidate_least, 0),
        must=kept("must", problem.must, False).astype(np.bool_),
        exclusive=problem.exclusive[rows],
        quotas=tuple(
            Quota(
                q.name,
                q.pairs,
                q.least if Demand("quota_least", n) in demands else 0,
                q.most if Demand("quota_most", n) in demands else None,
            )
            for n, q in enumerate(problem.quotas)
        ),
    )


def possible(problem):
    return next(every_choice(problem), None) is not None


@pytest.mark.parametrize("seed", range(60))
def test_a_list_is_a_contradiction_and_without_any_of_its_demands_none(seed):
    problem = random_problem(np.random.default_rng(seed), 3, 3, demanding=True)
    found = conflicts(problem)
    assert bool(found) is not possible(problem)
    if not found:
        assert relaxations(problem) == ()
        return
    assert len(set(found)) == len(found)
    assert not possible(with_only(problem, set(found)))
    for demand in found:
        assert possible(with_only(problem, set(found) - {demand})), demand


def test_more_must_pairs_than_places():
    problem = replace(problem_of([[0.5], [0.6], [0.7]], 2), must=np.ones(3, np.bool_))
    found = conflicts(problem)
    assert found[0] == Demand("candidate_most", 0)
    assert {d.position for d in found[1:]} == {0, 1, 2}
    assert relaxations(problem) == ("must",)


def test_two_must_pairs_that_exclude_each_other():
    problem = problem_of([[0.5, NAN], [NAN, 0.6]])
    problem = replace(problem, must=np.ones(2, np.bool_), exclusive=np.array([[0, 1]]))
    assert conflicts(problem) == (Demand("exclusive", 0), Demand("must", 0), Demand("must", 1))


def test_a_lower_bound_that_nobody_can_fill_stands_alone_and_one_above_the_upper_one_with_it():
    problem = problem_of([[0.5, NAN], [0.4, NAN]], 2)
    assert conflicts(replace(problem, candidate_least=np.array([0, 1]))) == (Demand("candidate_least", 1),)
    assert relaxations(replace(problem, candidate_least=np.array([0, 1]))) == ("candidate_least",)
    above = replace(problem_of([[0.5], [0.4]], 1), candidate_least=np.array([2]))
    assert conflicts(above) == (Demand("candidate_most", 0), Demand("candidate_least", 0))


def test_three_who_must_be_served_by_two():
    problem = replace(problem_of(np.full((3, 2), 0.5)), requester_least=np.ones(3, np.int64))
    assert {d.kind for d in conflicts(problem)} == {"candidate_most", "requester_least"}
    assert len(conflicts(problem)) == 5
    assert relaxations(problem) == ("requester_least",)


def test_only_the_classes_that_need_it_are_given_up_the_later_ones_first():
    problem = problem_of(np.full((2, 1), 0.5))
    both = replace(
        problem,
        requester_least=np.array([1, 0]),
        quotas=(Quota("the second", np.array([1]), least=1),),
    )
    assert RELAXED_IN_ORDER[0] == "quotas"
    assert relaxations(both) == ("quotas",)
    assert relaxations(replace(both, quotas=(), requester_least=np.array([1, 1]))) == ("requester_least",)


def test_a_conflict_that_only_whole_pairs_have_is_found_too():
    # of each two of three pairs at most one, and two in all: halves would do
    matrix = np.full((3, 3), NAN)
    np.fill_diagonal(matrix, 0.5)
    problem = replace(
        problem_of(matrix),
        exclusive=np.array([[0, 1], [0, 2], [1, 2]]),
        quotas=(Quota("two", np.arange(3), least=2),),
    )
    found = conflicts(replace(problem, quotas=(Quota("one and a half", np.arange(3), least=1),)))
    assert found == ()
    assert {d.kind for d in conflicts(problem)} == {"exclusive", "quota_least"}
    assert len(conflicts(problem)) == 4
