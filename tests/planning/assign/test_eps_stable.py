"""Stability with a slack: against all assignments of small cases, with every kind of demand (domain.md E)."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from matchengine.assignment import InfeasibleError, Quota
from matchengine.errors import DataError
from matchengine.planning.assign import eps_stable as module
from matchengine.planning.assign.blocking import blocking_pairs
from matchengine.planning.assign.eps_stable import eps_stable
from matchengine.planning.assign.stable import stable
from matchengine.testing.assigners import assignment_problem
from tests.planning.assign.made import blocks, distinct, feasible, stable_ones, table


def best_of_all(problem, epsilon, allowed=lambda chosen: True):
    """The most pairs, then the greatest joint value, of all assignments without a blocking pair beyond ε."""
    mine, theirs = problem.requester_value, problem.candidate_value
    values = [
        (len(chosen), problem.joint[chosen].sum())
        for chosen in feasible(problem)
        if allowed(chosen) and not blocks(problem, chosen, mine, theirs, epsilon)
    ]
    return max(values, default=None)


@pytest.mark.parametrize("epsilon", [0.0, 0.05, 0.25])
@pytest.mark.parametrize("seed", range(25))
def test_the_fullest_and_best_of_all_stable_ones(seed, epsilon):
    problem = assignment_problem(seed, 3 + seed % 3, 2 + seed % 3, density=0.8, most=2)
    found = eps_stable(problem, epsilon=epsilon, gap=0)
    count, value = best_of_all(problem, epsilon)
    assert len(found.chosen) == count
    assert found.objective == pytest.approx(value)
    assert found.bound == pytest.approx(value, abs=1e-5)
    assert blocking_pairs(problem, found.chosen, epsilon=epsilon).count == 0


@pytest.mark.parametrize("seed", range(12))
def test_without_slack_it_is_one_of_the_stable_assignments(seed):
    problem = distinct(assignment_problem(seed, 5, 4, density=0.8, most=2), seed)
    assert eps_stable(problem, epsilon=0, gap=0).chosen.tolist() in stable_ones(problem)


def test_no_pair_beyond_the_slack_and_never_worse_than_deferred_acceptance():
    better = 0
    for seed in range(8):
        problem = distinct(assignment_problem(seed, 30, 10, density=0.4, most=4), seed)
        found, plain = eps_stable(problem, gap=0), stable(problem, tie_width=0)
        assert blocking_pairs(problem, found.chosen, epsilon=0.05).count == 0
        assert len(found.chosen) >= len(plain.chosen)
        if len(found.chosen) == len(plain.chosen):
            assert found.objective >= problem.joint[plain.chosen].sum() - 1e-6
        better += found.objective > problem.joint[plain.chosen].sum() + 1e-3
    assert better > 3


def test_a_slack_of_1_leaves_nobody_unmatched_that_could_be_matched():
    problem = table([[0.9, 0.1], [0.9, np.nan]], [[0.9, 0.1], [0.1, np.nan]])
    assert stable(problem).chosen.tolist() == [0]
    assert eps_stable(problem, epsilon=1).chosen.tolist() == [1, 2]
    assert eps_stable(problem).chosen.tolist() == [0]


@pytest.mark.parametrize("seed", range(10))
def test_quotas_exclusions_and_lower_bounds_are_rows(seed):
    problem = assignment_problem(seed, 5, 4, density=0.9, most=2)
    first = np.flatnonzero(problem.requester < 2)
    quota = Quota("first two", first, least=0, most=1)
    exclusive = np.array([[len(problem) - 1, len(problem) // 2]])
    least = np.minimum(problem.candidate_most, 1) * (np.arange(4) == 1)
    asked = replace(problem, quotas=(quota,), exclusive=exclusive, candidate_least=least)

    def allowed(chosen):
        loads = np.bincount(problem.candidate[chosen], minlength=4)
        return np.isin(chosen, first).sum() <= 1 and not np.isin(exclusive[0], chosen).all() and (loads >= least).all()

    expected = best_of_all(problem, 0.3, allowed)
    if expected is None:
        with pytest.raises(InfeasibleError):
            eps_stable(asked, epsilon=0.3, gap=0)
    else:
        found = eps_stable(asked, epsilon=0.3, gap=0)
        assert (len(found.chosen), found.objective) == pytest.approx(expected)
        assert allowed(found.chosen)


def test_a_locked_pair_is_kept_and_the_rest_is_stable_around_it():
    problem = assignment_problem(3, 20, 8, density=0.6)
    must = np.zeros(len(problem), bool)
    usable = np.flatnonzero(problem.candidate_most[problem.candidate] > 0)
    must[usable[0]] = True
    locked = replace(problem, must=must)
    found = eps_stable(locked)
    assert usable[0] in found.chosen
    assert blocking_pairs(locked, found.chosen, epsilon=0.05).count == 0


def test_what_cannot_be_is_told():
    problem = table([[0.9, 0.5], [0.8, 0.4]])
    with pytest.raises(InfeasibleError, match="epsilon"):
        eps_stable(replace(problem, quotas=(Quota("best", np.array([0]), most=0),)))
    with pytest.raises(InfeasibleError):
        eps_stable(replace(problem, candidate_least=np.array([2, 0])))
    with pytest.raises(InfeasibleError):
        eps_stable(replace(problem, must=np.ones(4, bool)))
    with pytest.raises(DataError, match="leximin"):
        eps_stable(replace(problem, requester_most=np.array([2, 1])))


def test_too_many_pairs_are_refused_and_places_that_are_gone_do_not_count(monkeypatch):
    monkeypatch.setattr(module, "_LARGEST", 3)
    problem = table([[0.9, 0.5], [0.8, 0.4]])
    with pytest.raises(DataError, match="3"):
        eps_stable(problem)
    assert eps_stable(replace(problem, candidate_most=np.array([1, 0]))).chosen.tolist() == [0]


def test_a_clock_that_strikes_leaves_a_sound_answer_and_says_so():
    problem = assignment_problem(3, 40, 12, density=0.6)
    found = eps_stable(problem, seconds=1e-9)
    assert not found.finished
    assert blocking_pairs(problem, found.chosen, epsilon=0.05).count == 0
    assert found.objective <= found.bound
    assert eps_stable(problem).finished
    with pytest.raises(DataError, match="found no answer"):
        eps_stable(replace(problem, quotas=(Quota("few", np.arange(40), most=3),)), seconds=1e-9)


@pytest.mark.parametrize("seed", range(8))
def test_the_answers_it_starts_from_are_stable_up_to_the_slack(seed):
    problem = assignment_problem(seed, 40, 12, density=0.5, most=4)
    for epsilon in (0.0, 0.05, 0.3):
        fixed, free = module.fixed_pairs(problem), np.flatnonzero(problem.candidate_most[problem.candidate] > 0)
        start = module._start(problem, fixed, free, epsilon)
        assert start is not None
        assert blocking_pairs(problem, free[start.columns], epsilon=epsilon).count == 0
