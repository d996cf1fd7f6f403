"""The best pair first."""

from __future__ import annotations

import numpy as np
import pytest

from matchengine.planning.assign.greedy import greedy
from matchengine.testing.assigners import assignment_problem
from tests.planning.assign.made import table


def test_takes_the_best_pair_even_where_that_costs_the_others():
    problem = table([[0.9, 0.8], [0.8, 0.1]])
    found = greedy(problem)
    assert found.chosen.tolist() == [0, 3]
    assert found.objective == pytest.approx(1.0)
    assert np.isnan(found.bound)


def test_every_pair_left_out_meets_somebody_better_off():
    problem = assignment_problem(6, 25, 10)
    taken = greedy(problem).chosen
    for p in np.setdiff1d(np.arange(len(problem)), taken):
        own = problem.joint[taken[problem.requester[taken] == problem.requester[p]]]
        at = problem.joint[taken[problem.candidate[taken] == problem.candidate[p]]]
        most = problem.candidate_most[problem.candidate[p]]
        assert (len(own) and own.min() >= problem.joint[p]) or (len(at) == most and (at >= problem.joint[p]).all())


def test_the_lottery_decides_between_equals():
    assert greedy(table([[0.5], [0.5]])).chosen.tolist() == [0]
