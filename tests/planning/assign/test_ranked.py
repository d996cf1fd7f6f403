"""The second stage: rankings take the place of scores, vetoed pairs drop out (domain.md E)."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from matchengine.assignment import InfeasibleError, Quota
from matchengine.errors import DataError
from matchengine.planning.assign.preferences import preferences_of
from matchengine.planning.assign.ranked import ranked_problem
from matchengine.planning.assign.stable import stable
from matchengine.testing.assigners import assignment_problem
from tests.planning.assign.made import table

NONE = np.zeros(6, int)
PROBLEM = table([[0.9, 0.6, 0.3], [0.9, 0.6, 0.3]])


def test_rankings_come_first_and_the_rest_follows_in_the_order_of_scores():
    left, kept = ranked_problem(PROBLEM, np.array([0, 0, 1, 0, 0, 0]), NONE)
    assert kept.tolist() == list(range(6))
    assert left.requester_value[:3].tolist() == pytest.approx([0.45, 0.3, 1.0])
    assert left.requester_value[3:].tolist() == [0.9, 0.6, 0.3]
    assert np.array_equal(left.candidate_value, PROBLEM.candidate_value)
    assert np.array_equal(left.joint, PROBLEM.joint)


def test_equal_ranks_are_equal_and_gaps_in_ranks_do_not_count():
    left, _ = ranked_problem(PROBLEM, np.array([7, 7, 2, 1, 2, 3]), NONE)
    assert left.requester_value.tolist() == pytest.approx([0.75, 0.75, 1.0, 1.0, 1 - 0.5 / 3, 1 - 1 / 3])


def test_the_lowest_rank_stands_above_the_best_score_that_was_not_ranked():
    problem = replace(PROBLEM, requester_value=np.ones(6))
    left, _ = ranked_problem(problem, np.array([1, 2, 0, 0, 0, 0]), NONE)
    assert left.requester_value[2] < 0.5 < left.requester_value[1]


def test_up_to_25_ranks_are_no_ties_to_people_who_rank():
    problem = table([[0.5] * 25])
    order = np.random.default_rng(1).permutation(25)
    left, _ = ranked_problem(problem, order + 1, np.zeros(25, int))
    assert np.array_equal(preferences_of(left).requester_place, order)


def test_candidates_rank_too():
    left, _ = ranked_problem(PROBLEM, NONE, np.array([2, 0, 0, 1, 0, 0]))
    assert left.candidate_value[[0, 3]].tolist() == pytest.approx([0.75, 1.0])
    assert PROBLEM.candidate[stable(left).chosen].tolist() == [1, 0]


def test_vetoed_pairs_drop_out_of_everything():
    problem = replace(
        PROBLEM,
        exclusive=np.array([[0, 4], [2, 5]]),
        quotas=(Quota("some", np.array([0, 2, 4]), 1, 2),),
        must=np.arange(6) == 5,
    )
    left, kept = ranked_problem(problem, NONE, NONE, vetoed=np.arange(6) == 4)
    assert kept.tolist() == [0, 1, 2, 3, 5]
    assert left.exclusive.tolist() == [[2, 4]]
    assert left.quotas[0].pairs.tolist() == [0, 2]
    assert (left.quotas[0].least, left.quotas[0].most) == (1, 2)
    assert left.must.tolist() == [False, False, False, False, True]
    assert left.starts.tolist() == [0, 3, 5]


def test_what_contradicts_is_told():
    with pytest.raises(InfeasibleError, match="1 pairs have to be chosen"):
        ranked_problem(replace(PROBLEM, must=np.arange(6) == 4), NONE, NONE, vetoed=np.arange(6) == 4)
    with pytest.raises(DataError, match="negative"):
        ranked_problem(PROBLEM, NONE - 1, NONE)


def test_everything_vetoed_leaves_nothing():
    problem = assignment_problem(2, 4, 3, density=1)
    none = np.zeros(12, int)
    left, kept = ranked_problem(problem, none, none, vetoed=np.ones(12, bool))
    assert len(left) == len(kept) == len(stable(left).chosen) == 0
