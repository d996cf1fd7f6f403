"""Rows say each demand once; the solver keeps them, and finishes what is not whole."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from matchengine.assignment import Demand, Quota
from matchengine.errors import MatchEngineError
from matchengine.planning.assign import program
from matchengine.planning.assign.program import count_matched, feasible, rows_of, solve
from tests.planning.assign.problems import best, matched, problem_of, random_problem


def test_only_demands_that_can_bind_are_rows():
    problem = problem_of([[0.9, 0.2], [0.8, np.nan]], [1, 5])
    rows = rows_of(problem)
    assert rows.demands == (Demand("requester_most", 0), Demand("candidate_most", 0))
    assert rows.matrix.toarray().tolist() == [[1, 1, 0], [1, 0, 1]]
    assert rows.limit.tolist() == [1, 1]
    demanding = replace(
        problem,
        must=np.array([False, False, True]),
        exclusive=np.array([[0, 2]]),
        quotas=(Quota("q", np.array([1, 2]), 1, 1),),
        candidate_least=np.array([0, 1]),
        requester_least=np.array([1, 0]),
    )
    made = {demand: (row, limit) for demand, row, limit in zip(
        rows_of(demanding).demands, rows_of(demanding).matrix.toarray().tolist(), rows_of(demanding).limit, strict=True
    )}  # fmt: skip
    assert made[Demand("must", 2)] == ([0, 0, -1], -1)
    assert made[Demand("exclusive", 0)] == ([1, 0, 1], 1)
    assert made[Demand("quota_least", 0)] == ([0, -1, -1], -1)
    assert made[Demand("quota_most", 0)] == ([0, 1, 1], 1)
    assert made[Demand("candidate_least", 1)] == ([0, -1, 0], -1)
    assert made[Demand("requester_least", 0)] == ([-1, -1, 0], -1)


@pytest.mark.parametrize("seed", range(20))
def test_most_people_served_is_that_of_trying_everything(seed):
    problem = random_problem(np.random.default_rng(seed), demanding=True)
    assert count_matched(problem) == best(problem, lambda chosen: matched(problem, chosen))


@pytest.mark.parametrize("seed", range(12))
def test_branching_near_the_linear_answer_first_changes_nothing(seed, monkeypatch):
    problem = random_problem(np.random.default_rng(seed), 12, 8)
    rng = np.random.default_rng(seed)
    twos = rng.permutation(len(problem))[: len(problem) // 2 * 2].reshape(-1, 2)
    hard = replace(problem, exclusive=twos, requester_most=np.full(12, 2))
    whole = solve(hard, hard.joint)
    monkeypatch.setattr(program, "_FEW_PAIRS", 0)
    monkeypatch.setattr(program, "_NEAR", 1e-3)
    near = solve(hard, hard.joint)
    assert hard.joint[near.chosen].sum() == pytest.approx(hard.joint[whole.chosen].sum(), abs=1e-7)
    assert near.bound >= hard.joint[near.chosen].sum() - 1e-9


def test_so_many_requesters_at_least():
    problem = problem_of([[0.9, 0.1], [0.4, np.nan]])
    assert solve(problem, problem.joint).chosen.tolist() == [0]
    assert solve(problem, problem.joint, matched=2).chosen.tolist() == [1, 2]
    assert solve(problem, problem.joint, matched=3) is None


def test_only_allowed_pairs_and_must_pairs():
    problem = replace(problem_of([[0.9, 0.1], [0.4, 0.3]]), must=np.array([False, False, True, False]))
    assert solve(problem, problem.joint, allowed=np.array([True, False, False, True])).chosen.tolist() == [2]


def test_some_demands_alone():
    problem = replace(problem_of([[0.5], [0.6]], 1), must=np.ones(2, np.bool_))
    rows = rows_of(problem)
    assert not feasible(rows, range(3))
    assert feasible(rows, [1, 2])
    assert feasible(rows, [0, 1])


def test_no_answer_within_the_nodes_is_an_error(monkeypatch):
    import scipy.optimize

    class Stopped:
        status, x = 1, None

    monkeypatch.setattr(scipy.optimize, "milp", lambda *a, **k: Stopped())
    problem = replace(problem_of(np.where(np.eye(3) > 0, 0.6, np.nan)), exclusive=np.array([[0, 1], [0, 2], [1, 2]]))
    with pytest.raises(MatchEngineError, match="within 5 nodes"):
        solve(problem, problem.joint, nodes=5)


def test_so_much_at_least_for_each_of_those_who_count():
    problem = replace(problem_of([[0.9, 0.2, 0.3], [0.7, 0.1, np.nan]]), requester_most=np.array([2, 2]))
    assert solve(problem, problem.joint, matched=2).chosen.tolist() == [0, 2, 4]
    assert solve(problem, problem.joint, matched=2, least=np.array([0.5, 0.5])).chosen.tolist() == [1, 2, 3]
    assert solve(problem, problem.joint, matched=2, least=np.array([0.6, 0.5])) is None
    assert solve(problem, problem.joint, matched=2, least=np.array([0.6, 0.0])).chosen.tolist() == [0, 2, 4]
    assert solve(problem, problem.joint, matched=1, least=np.array([0.6, 0.6])).chosen.tolist() == [0, 2, 4]
