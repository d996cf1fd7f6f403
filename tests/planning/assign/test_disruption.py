"""Deciding again: most people, then most pairs kept, then the best for the rest."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from matchengine.assignment import InfeasibleError
from matchengine.planning.assign import flow
from matchengine.planning.assign.disruption import least_disruption
from matchengine.planning.assign.leximin import leximin
from matchengine.planning.assign.max_weight import max_weight
from matchengine.planning.assign.verify import verify
from tests.planning.assign.problems import every_choice, matched, problem_of, random_problem


@pytest.mark.parametrize("seed", range(40))
def test_its_aims_are_those_of_trying_everything(seed, monkeypatch):
    if seed % 4 == 0:
        monkeypatch.setattr(flow, "DENSE_CELLS", 0)
        monkeypatch.setattr(flow, "_LARGEST_MATRIX", 0)
    rng = np.random.default_rng(seed)
    problem = random_problem(rng, ties=seed % 3 == 0, demanding=seed % 2 == 1)
    choices = list(every_choice(problem))
    if not choices:
        with pytest.raises(InfeasibleError):
            least_disruption(problem, np.zeros(0, np.int64))
        return
    before = choices[rng.integers(len(choices))]

    def aims(chosen):
        kept = len(np.intersect1d(chosen, before))
        return matched(problem, chosen), kept, round(float(problem.joint[chosen].sum()), 6)

    found = least_disruption(problem, before)
    assert verify(problem, found) == ()
    assert aims(found.chosen) == max(aims(chosen) for chosen in choices)
    for method in (leximin, max_weight):
        again = least_disruption(problem, before, method=method)
        assert verify(problem, again) == ()
        assert aims(again.chosen)[:2] == aims(found.chosen)[:2]


def test_nothing_moves_where_nothing_has_to():
    problem = problem_of([[0.9, 0.1], [0.1, 0.9]])
    assert least_disruption(problem, np.array([1, 2])).chosen.tolist() == [1, 2]
    assert least_disruption(problem, np.array([0])).chosen.tolist() == [0, 3]


def test_only_as_many_move_as_somebody_left_out_needs():
    # 2 was with the one who dropped out and can only have candidate 1, so 1 moves and 0 stays
    problem = problem_of([[0.5, 0.6, 0.5], [0.4, 0.5, 0.4], [np.nan, 0.2, np.nan]])
    found = least_disruption(problem, np.array([0, 4]))
    assert found.chosen.tolist() == [0, 5, 6]


def test_the_method_decides_for_the_rest():
    problem = problem_of([[0.9, np.nan, np.nan], [np.nan, 1.0, 0.6], [np.nan, 0.5, 0.15]])
    kept = np.array([0])
    assert least_disruption(problem, kept).objective == pytest.approx(0.9 + 1.15)
    assert least_disruption(problem, kept, method=leximin).objective == pytest.approx(0.9 + 1.1)


def test_a_method_that_would_serve_fewer_is_not_followed():
    problem = problem_of([[0.9, 0.1], [0.2, np.nan]])
    assert max_weight(problem).chosen.tolist() == [0]
    assert least_disruption(problem, np.zeros(0, np.int64), method=max_weight).chosen.tolist() == [1, 2]


def test_a_pair_that_has_to_be_stays_one():
    problem = replace(problem_of([[0.9, 0.1], [0.8, 0.2]]), must=np.array([False, True, False, False]))
    assert least_disruption(problem, np.array([0, 3])).chosen.tolist() == [1, 2]
