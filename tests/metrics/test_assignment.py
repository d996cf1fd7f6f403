"""Metrics of an assignment: the figures that the engine reports, one value a person (domain.md H3)."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from matchengine.comparison import Case, Lists, Placed
from matchengine.errors import DataError
from matchengine.metrics import assignment, choices
from matchengine.planning.assign.greedy import greedy
from matchengine.planning.assign.measures import measure_assignment
from matchengine.planning.assign.random_order import random_order
from matchengine.planning.exposure.measures import gini
from matchengine.testing.assigners import assignment_problem


def case_with(problem, chosen, again=()):
    empty = Lists(problem.requesters, problem.candidates, *(np.zeros(0, np.int32),) * 2, *(np.zeros(0),) * 2)
    return Case(empty, placed=Placed(problem, chosen, again))


@pytest.fixture(params=range(6))
def case(request):
    problem = assignment_problem(request.param, 20, 7, density=0.6)
    return case_with(problem, random_order(problem).chosen)


def test_means_are_what_the_engine_reports(case):
    told = measure_assignment(case.placed.problem, case.placed.chosen)
    per_person = {
        assignment.unmatched_rate: told.unmatched_rate,
        choices.envy_rate: told.envy,
        choices.justified_envy: told.justified_envy,
        choices.envy_depth: told.envy_depth,
        choices.first_choice: told.first_choice,
        choices.first_three: told.first_three,
        choices.regret: told.regret,
    }
    for metric, wanted in per_person.items():
        values = metric(case)
        assert values.shape == (20,)
        assert np.nanmean(values) == pytest.approx(wanted), metric
    assert np.nansum(assignment.nash_welfare(case)) == pytest.approx(told.nash_welfare)
    ranks = choices.choice_rank(case)
    assert np.bincount(ranks[~np.isnan(ranks)].astype(int) - 1).tolist() == told.rank_profile.tolist()
    everybody = {
        assignment.utility_of_pairs: told.mean,
        assignment.least_utility: told.least,
        assignment.total_utility: case.placed.problem.joint[case.placed.chosen].sum(),
        choices.blocking_pairs: told.blocking.count,
        choices.blocking_rate: told.blocking.rate,
        choices.blocking_beyond: told.blocking_beyond.count,
    }
    for metric, wanted in everybody.items():
        assert metric(case) == pytest.approx([wanted]), metric


def test_a_wider_margin_blocks_less(case):
    counts = [choices.blocking_beyond(case, epsilon=epsilon)[0] for epsilon in (0.0, 0.05, 0.3)]
    assert counts == sorted(counts, reverse=True)
    assert counts[0] == choices.blocking_pairs(case)[0]


def test_who_has_nobody_counts_as_nothing(case):
    worth = assignment.utility(case)
    alone = assignment.unmatched_rate(case) == 1
    assert (worth[alone] == 0).all()
    assert assignment.worst_decile(case) == pytest.approx([np.percentile(worth, 10)])
    if alone.mean() > 0.1:
        assert assignment.worst_decile(case).tolist() == [0]


def test_who_asks_for_nobody_is_left_out():
    problem = assignment_problem(3, 12, 6, several=True)
    case = case_with(problem, greedy(problem).chosen)
    silent = problem.requester_most == 0
    assert silent.any()
    for metric in (assignment.unmatched_rate, assignment.utility, choices.envy_rate, choices.regret):
        assert np.array_equal(np.isnan(metric(case)), silent)


def test_places_used_and_overrun():
    problem = assignment_problem(1, 6, 3, density=1.0)
    problem = replace(problem, candidate_most=np.array([1, 2, 0]))
    at = {(r, c): n for n, (r, c) in enumerate(zip(problem.requester, problem.candidate, strict=True))}
    case = case_with(problem, np.array([at[0, 0], at[1, 0], at[2, 1]]))
    assert assignment.mentor_overload(case).tolist() == [1, 0, 0]
    assert assignment.capacity_use(case) == pytest.approx([2 / 3])
    assert choices.load_gini(case) == pytest.approx([gini(np.array([2, 0.5]))])


def test_robustness_is_the_share_that_stays():
    problem = assignment_problem(1, 6, 3, density=1.0)
    chosen = np.array([0, 4, 8, 9])
    case = case_with(problem, chosen, (chosen, np.array([0, 4, 7, 11]), np.zeros(0, int)))
    assert assignment.robustness(case) == pytest.approx([(1 + 0.5 + 0) / 3])
    assert np.isnan(assignment.robustness(case_with(problem, chosen))).all()


def test_a_case_without_an_assignment():
    with pytest.raises(DataError, match="placed"):
        assignment.utility(Case(Lists(0, 0, *(np.zeros(0, np.int32),) * 2, *(np.zeros(0),) * 2)))


def test_an_assignment_of_other_people_is_refused():
    problem = assignment_problem(1, 6, 3)
    empty = Lists(5, 3, *(np.zeros(0, np.int32),) * 2, *(np.zeros(0),) * 2)
    with pytest.raises(DataError, match="other people"):
        Case(empty, placed=Placed(problem, np.zeros(0, int)))
