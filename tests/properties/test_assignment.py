"""What always holds of an assignment (domain.md E, Annex 2)."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import strategies as st

from matchengine.assignment import InfeasibleError
from matchengine.planning.assign.conflict import conflicts, relaxations
from matchengine.planning.assign.leximin import leximin
from matchengine.planning.assign.max_weight import max_weight
from matchengine.planning.assign.verify import verify
from tests.planning.assign.problems import matched, permuted, problem_of, random_problem
from tests.properties.populations import holds_for

METHODS = (max_weight, leximin)
seeds = st.integers(0, 2**32 - 1)


def drawn_problem(seed, **how):
    rng = np.random.default_rng(seed)
    return random_problem(rng, int(rng.integers(1, 9)), int(rng.integers(1, 7)), **how), rng


def matrix_of(problem):
    matrix = np.full((problem.requesters, problem.candidates), np.nan)
    matrix[problem.requester, problem.candidate] = problem.joint
    return matrix


@holds_for(seeds, st.booleans())
def test_every_result_meets_every_demand_or_the_error_names_some(seed, ties):
    problem, _ = drawn_problem(seed, ties=ties, demanding=True)
    demands = conflicts(problem)
    for method in METHODS:
        if demands:
            with pytest.raises(InfeasibleError) as caught:
                method(problem)
            assert caught.value.demands == demands
            assert relaxations(problem)
        else:
            assert verify(problem, method(problem)) == ()


@holds_for(seeds)
def test_one_more_place_never_lowers_the_greatest_sum_nor_the_number_served(seed):
    problem, rng = drawn_problem(seed)
    more = problem.candidate_most.copy()
    more[rng.integers(len(more))] += 1
    roomier = replace(problem, candidate_most=more)
    assert max_weight(roomier).objective >= max_weight(problem).objective - 1e-7
    assert len(leximin(roomier).chosen) >= len(leximin(problem).chosen)


@holds_for(seeds)
def test_a_second_such_mentor_never_lowers_the_greatest_sum(seed):
    problem, rng = drawn_problem(seed)
    copied = int(rng.integers(problem.candidates))
    matrix = matrix_of(problem)
    twice = problem_of(np.column_stack([matrix, matrix[:, copied]]), np.append(problem.candidate_most, 1))
    assert max_weight(twice).objective >= max_weight(problem).objective - 1e-7


@holds_for(seeds)
def test_taking_away_a_mentor_without_a_match_changes_no_value(seed):
    problem, _ = drawn_problem(seed)
    chosen = max_weight(problem).chosen
    idle = np.setdiff1d(np.arange(problem.candidates), problem.candidate[chosen])
    if not len(idle):
        return
    left = np.delete(np.arange(problem.candidates), idle[0])
    fewer = problem_of(matrix_of(problem)[:, left], problem.candidate_most[left])
    assert max_weight(fewer).objective == pytest.approx(max_weight(problem).objective, abs=1e-7)


@holds_for(seeds)
def test_twice_the_places_for_twice_the_mentees_serve_twice_as_many_as_well(seed):
    problem, _ = drawn_problem(seed)
    matrix = matrix_of(problem)
    doubled = problem_of(np.vstack([matrix, matrix]), 2 * problem.candidate_most)
    once, twice = leximin(problem).chosen, leximin(doubled).chosen
    assert matched(doubled, twice) == 2 * matched(problem, once)
    assert doubled.joint[twice].min(initial=2) == problem.joint[once].min(initial=2)


@holds_for(seeds, st.floats(0.2, 1.0))
def test_scaling_all_values_leaves_the_greatest_sum_where_it_is(seed, factor):
    problem, _ = drawn_problem(seed)
    scaled = max_weight(replace(problem, joint=problem.joint * factor)).chosen
    assert scaled.tolist() == max_weight(problem).chosen.tolist()


@holds_for(seeds, st.booleans())
def test_renaming_everybody_renames_the_result(seed, demanding):
    problem, rng = drawn_problem(seed, ties=True, demanding=demanding)
    renamed, old = permuted(problem, rng)
    for method in METHODS:
        try:
            chosen = method(problem).chosen.tolist()
        except InfeasibleError:
            with pytest.raises(InfeasibleError):
                method(renamed)
        else:
            assert sorted(old[method(renamed).chosen]) == chosen


@holds_for(seeds)
def test_no_other_method_that_serves_as_many_has_a_better_weakest_pair(seed):
    problem, _ = drawn_problem(seed)
    fair, heavy = leximin(problem).chosen, max_weight(problem).chosen
    assert matched(problem, fair) >= matched(problem, heavy)
    if matched(problem, fair) == matched(problem, heavy):
        assert problem.joint[fair].min(initial=2) >= problem.joint[heavy].min(initial=2)
