"""Most people, then the lowest value, then the sum: against trying everything."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from matchengine.assignment import InfeasibleError
from matchengine.planning.assign import flow
from matchengine.planning.assign.leximin import leximin, served
from matchengine.planning.assign.max_weight import max_weight
from matchengine.planning.assign.verify import verify
from tests.planning.assign.problems import best, matched, permuted, problem_of, random_problem

NAN = np.nan


def aims(problem, chosen):
    free = chosen[~problem.must[chosen]]
    lowest = round(float(problem.joint[free].min()), 9) if len(free) else 2.0
    return matched(problem, chosen), lowest, round(float(problem.joint[chosen].sum()), 6)


def all_aims(problem, chosen):
    return matched(problem, chosen), tuple(np.sort(problem.joint[chosen[~problem.must[chosen]]]).round(9))


@pytest.mark.parametrize("seed", range(40))
def test_its_aims_are_those_of_trying_everything(seed):
    problem = random_problem(np.random.default_rng(seed), ties=seed % 3 == 0, demanding=seed % 2 == 1)
    expected = best(problem, lambda chosen: aims(problem, chosen))
    if expected is None:
        with pytest.raises(InfeasibleError):
            leximin(problem)
        return
    found = leximin(problem)
    assert verify(problem, found) == ()
    assert aims(problem, found.chosen) == expected


@pytest.mark.parametrize("seed", range(24))
def test_in_full_every_value_from_below_is_as_high_as_can_be(seed):
    problem = random_problem(np.random.default_rng(seed), 4, 4, ties=seed % 2 == 0, demanding=seed % 3 == 1)
    problem = replace(problem, requester_most=np.ones(4, np.int64))
    expected = best(problem, lambda chosen: all_aims(problem, chosen))
    if expected is None:
        with pytest.raises(InfeasibleError):
            leximin(problem, full=True)
        return
    found = leximin(problem, full=True)
    assert verify(problem, found) == ()
    assert all_aims(problem, found.chosen) == expected


def test_nobody_is_left_out_for_a_greater_sum():
    problem = problem_of([[0.9, 0.1], [0.4, NAN]])
    assert max_weight(problem).chosen.tolist() == [0]
    assert leximin(problem).chosen.tolist() == [1, 2]


def test_the_weakest_pair_comes_before_the_sum_and_in_full_the_second_weakest_too():
    problem = problem_of([[1.0, 0.6], [0.5, 0.1]])
    assert leximin(problem).chosen.tolist() == [1, 2]
    # the lowest is .2 in any case; the sum would take .3 and 1.0, full leximin takes .6 and .6
    matrix = np.full((3, 3), NAN)
    matrix[0, 0], matrix[1, 1], matrix[2, 2], matrix[1, 2], matrix[2, 1] = 0.2, 0.3, 1.0, 0.6, 0.6
    assert leximin(problem_of(matrix)).objective == pytest.approx(1.5)
    assert leximin(problem_of(matrix), full=True).objective == pytest.approx(1.4)


def test_a_must_pair_of_little_worth_hinders_nobody():
    problem = replace(problem_of([[0.1, 0.9, 0.8], [NAN, 0.7, 0.2]]), must=np.array([True, False, False, False, False]))
    assert leximin(problem).chosen.tolist() == [0, 3]


def test_with_room_for_two_everybody_has_one_before_anybody_has_a_second():
    problem = replace(problem_of([[0.9, 0.8], [0.5, 0.4]], 1), requester_most=np.array([2, 2]))
    assert sorted(problem.requester[leximin(problem).chosen]) == [0, 1]
    assert served(problem) == 2
    assert sorted(problem.requester[max_weight(problem).chosen]) == [0, 0]


@pytest.mark.parametrize("sparse", [False, True])
def test_renaming_everybody_renames_the_answer(sparse, monkeypatch):
    if sparse:
        monkeypatch.setattr(flow, "DENSE_CELLS", 0)
        monkeypatch.setattr(flow, "_LARGEST_MATRIX", 0)
    rng = np.random.default_rng(9)
    for _ in range(4):
        problem = random_problem(rng, 30, 12, ties=True)
        renamed, old = permuted(problem, rng)
        assert sorted(old[leximin(renamed).chosen]) == leximin(problem).chosen.tolist()


def test_its_weakest_pair_is_no_weaker_than_that_of_the_greatest_sum_for_as_many():
    rng = np.random.default_rng(2)
    for _ in range(20):
        problem = random_problem(rng, 12, 6)
        fair, heavy = leximin(problem).chosen, max_weight(problem).chosen
        assert matched(problem, fair) >= matched(problem, heavy)
        if matched(problem, fair) == matched(problem, heavy):
            assert problem.joint[fair].min(initial=2) >= problem.joint[heavy].min(initial=2)


def test_nothing_to_choose_from():
    assert len(leximin(problem_of(np.full((2, 2), NAN))).chosen) == 0
    assert len(leximin(problem_of(np.full((2, 2), NAN)), full=True).chosen) == 0
