"""Figures of an assignment, reckoned by hand and pair by pair (domain.md H3)."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from matchengine.planning.assign.greedy import greedy
from matchengine.planning.assign.measures import measure_assignment, robustness
from matchengine.planning.assign.random_order import random_order
from matchengine.planning.assign.stable import stable
from matchengine.testing.assigners import assignment_problem, relabelled
from tests.planning.assign.made import table

NAN = np.nan


def test_by_hand():
    problem = table(
        [[0.9, 0.5, NAN], [0.8, 0.6, 0.3], [0.7, NAN, NAN], [NAN, NAN, 0.5]],
        [[0.2, 0.5, NAN], [0.6, 0.6, 0.3], [0.9, NAN, NAN], [NAN, NAN, 0.5]],
    )
    problem = replace(problem, joint=np.array([0.5, 0.4, 0.7, 0.6, 0.3, 0.8, 0.5]))
    got = measure_assignment(problem, np.array([1, 2]))  # the first has the second, the second the first
    assert (got.requesters, got.unmatched_rate) == (4, 0.5)
    assert (got.mean, got.least) == pytest.approx((0.55, 0.4))
    assert got.tenth_percentile == pytest.approx(0.43)
    assert got.nash_welfare == pytest.approx(np.log([0.41, 0.71, 0.01, 0.01]).sum())
    assert got.envy == 0.5  # the first and the third envy the second
    assert got.justified_envy == 0.25  # the candidate prefers the third, not the first
    assert got.envy_depth == pytest.approx((0.4 + 0.7) / 4)
    assert got.rank_profile.tolist() == [1, 1]
    assert (got.first_choice, got.first_three) == (0.25, 0.5)
    assert got.regret == pytest.approx((0.4 + 0 + 0.7 + 0.5) / 4)
    assert got.blocking.pairs.tolist() == [5, 6]
    assert got.blocking_beyond.count == 2


@pytest.mark.parametrize("seed", range(8))
def test_envy_and_ranks_pair_by_pair(seed):
    problem = assignment_problem(seed, 14, 7, density=0.6)
    chosen = random_order(problem).chosen
    got = measure_assignment(problem, chosen)
    pair = {(int(i), int(j)): p for p, (i, j) in enumerate(zip(problem.requester, problem.candidate, strict=True))}
    has = {int(problem.requester[p]): p for p in chosen}
    envy, just, depth, firsts = 0, 0, 0.0, 0
    for i in range(14):
        mine = problem.requester_value[has[i]] if i in has else 0
        wanted = [(other, pair.get((i, int(problem.candidate[p])))) for other, p in has.items() if other != i]
        gains = [(o, p) for o, p in wanted if p is not None and problem.requester_value[p] > mine + 1e-6]
        envy += bool(gains)
        depth += max((problem.requester_value[p] - mine for _, p in gains), default=0)
        just += any(problem.candidate_value[p] > problem.candidate_value[has[o]] + 1e-6 for o, p in gains)
        own = problem.requester_value[problem.requester == i]
        firsts += i in has and mine >= own.max() - 1e-6
    assert (got.envy, got.justified_envy, got.first_choice) == (envy / 14, just / 14, firsts / 14)
    assert got.envy_depth == pytest.approx(depth / 14)
    assert got.rank_profile.sum() == len(chosen)


def test_nobody_envies_justly_after_deferred_acceptance():
    for seed in range(10):
        problem = assignment_problem(seed, 20, 8)
        got = measure_assignment(problem, stable(problem, tie_width=0).chosen)
        apart = replace(problem, requester_value=np.round(problem.requester_value, 3))
        apart = replace(apart, candidate_value=np.round(problem.candidate_value, 3))
        assert measure_assignment(apart, stable(apart, tie_width=0).chosen).justified_envy == 0
        assert got.blocking_beyond.count == 0


def test_nothing_chosen_is_no_figure_and_whoever_has_no_place_is_not_counted():
    problem = assignment_problem(1, 5, 4, most=0)
    got = measure_assignment(problem, np.zeros(0, int))
    assert got.unmatched_rate == 1
    assert np.isnan([got.mean, got.least, got.tenth_percentile]).all()
    assert got.regret == 0  # nobody has a place, so nobody could have had anything
    nobody = measure_assignment(replace(problem, requester_most=np.zeros(5, int)), np.zeros(0, int))
    assert nobody.requesters == 0
    assert np.isnan(nobody.unmatched_rate)


def test_robustness_is_the_share_chosen_again():
    far = table([[0.9, 0.1], [0.1, 0.9]])
    assert robustness(far, np.array([0, 3]), greedy) == 1
    near = table([[0.5, 0.5], [0.5, 0.5]])
    found = greedy(near).chosen
    share = robustness(near, found, greedy, draws=200)
    assert 0.35 < share < 0.65
    assert robustness(near, found, greedy, draws=200) == share
    assert robustness(near, found, greedy, width=0) == 1
    assert np.isnan(robustness(near, np.zeros(0, int), greedy))


def test_robustness_belongs_to_people_not_to_positions():
    problem = assignment_problem(3, 12, 6)
    moved, old = relabelled(problem, np.arange(12)[::-1].copy(), np.arange(6)[::-1].copy())
    back = np.argsort(old)
    found = stable(problem).chosen
    assert robustness(moved, np.sort(back[found]), stable) == robustness(problem, found, stable)
