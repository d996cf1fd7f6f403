"""First come, first served."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from matchengine.planning.assign.first_come import first_come
from matchengine.planning.assign.rsd import rsd
from matchengine.testing.assigners import assignment_problem
from tests.planning.assign.made import table


def test_who_came_first_chooses_first():
    problem = table([[0.9, 0.5], [0.9, 0.5], [0.9, 0.5]])  # the last one came first
    assert first_come(problem).chosen.tolist() == [3, 4]
    assert first_come(replace(problem, arrival=np.array([0, 2, 1]))).chosen.tolist() == [0, 5]


def test_the_lottery_decides_among_those_who_came_together():
    problem = assignment_problem(1, 20, 6)
    together = replace(problem, arrival=np.zeros(20, int))
    assert np.array_equal(first_come(together).chosen, rsd(problem).chosen)
    assert not np.array_equal(first_come(problem).chosen, rsd(problem).chosen)
