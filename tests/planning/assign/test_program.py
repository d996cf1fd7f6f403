"""Rows say each demand once; the solver keeps them, and finishes what is not whole."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from matchengine.assignment import AssignmentProblem, Demand, Quota
from matchengine.errors import MatchEngineError
from matchengine.planning.assign import program
from matchengine.planning.assign.program import NODES, NothingFoundError, count_matched, feasible, rows_of, solve
from tests.planning.assign.problems import best, every_choice, matched, problem_of, random_problem


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


def knotted(seed: int, exclusions: int = 12) -> AssignmentProblem:
    """Draw a problem with so many exclusions that the linear answer is often no whole one."""
    rng = np.random.default_rng(seed)
    problem = problem_of(rng.random((4, 3)), rng.integers(1, 3, 3), requester_most=rng.integers(1, 3, 4))
    two = np.stack(np.triu_indices(12, 1), 1)
    two = two[rng.permutation(len(two))[:exclusions]]
    quotas = [Quota("some", np.sort(rng.permutation(12)[:4]), int(rng.integers(0, 3)), 3) for _each in range(3)]
    return replace(problem, exclusive=two, quotas=tuple(quotas))


KNOTTED = [(6, 12), (25, 12), (100, 12), (155, 12), (96, 12), (3, 28), (198, 28)]
"""Seeds of problems whose linear answer is not whole: around it lie worse answers (first five) or none (the others)."""


def heaviest(problem: AssignmentProblem, allowed: Any = None) -> list[int] | None:
    """Return the choice of the greatest sum, by trying all."""
    none = np.zeros(len(problem), np.bool_) if allowed is None else ~allowed
    right = (c for c in every_choice(problem) if not none[c].any())
    return max(((float(problem.joint[c].sum()), c.tolist()) for c in right), default=(0, None))[1]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, float | None]]:
    """What each branch and bound was about, how many pairs, and what it found."""
    import scipy.optimize

    told, milp = [], scipy.optimize.milp

    def watched(value: Any, **options: Any) -> Any:
        solved = milp(value, **options)
        told.append((len(value), None if solved.x is None else -float(solved.fun)))
        return solved

    monkeypatch.setattr(scipy.optimize, "milp", watched)
    return told


@pytest.mark.parametrize(("seed", "exclusions"), KNOTTED)
def test_what_is_not_whole_is_finished_by_branching(seed, exclusions, asked):
    problem = knotted(seed, exclusions)
    found = solve(problem, problem.joint)
    assert [pairs for pairs, _found in asked] == [12]
    assert found.chosen.tolist() == heaviest(problem)
    assert found.bound == pytest.approx(problem.joint[found.chosen].sum(), abs=1e-7)
    assert found.bound >= problem.joint[found.chosen].sum()


@pytest.mark.parametrize(("seed", "exclusions"), KNOTTED)
def test_branching_near_the_linear_answer_first_changes_nothing(seed, exclusions, asked, monkeypatch):
    problem = knotted(seed, exclusions)
    monkeypatch.setattr(program, "_FEW_PAIRS", 11)
    monkeypatch.setattr(program, "_NEAR", 1e-3)
    found = solve(problem, problem.joint)
    assert found.chosen.tolist() == heaviest(problem)
    assert found.bound == pytest.approx(problem.joint[found.chosen].sum(), abs=1e-7)
    assert 1 < len(asked) < 8
    assert asked[0][0] < asked[-1][0]
    assert asked[0][1] is None or asked[0][1] < asked[-1][1] - 1
    asked.clear()
    monkeypatch.setattr(program, "_FEW_PAIRS", 12)
    solve(problem, problem.joint)
    assert [pairs for pairs, _found in asked] == [12]


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("few", [0, 20_000])
def test_branching_over_allowed_pairs_alone(seed, few, monkeypatch):
    problem = replace(knotted(seed), quotas=())
    allowed = np.random.default_rng(seed).random(12) < 0.8
    monkeypatch.setattr(program, "_FEW_PAIRS", few)
    monkeypatch.setattr(program, "_NEAR", 1e-3)
    assert solve(problem, problem.joint, allowed=allowed).chosen.tolist() == heaviest(problem, allowed)


def test_pairs_too_far_from_the_linear_answer_are_never_looked_at(asked, monkeypatch):
    """Three that exclude each other are worth .045 as halves and .03 whole; a pair that loses .8 cannot matter."""
    worth = np.full((4, 6), np.nan)
    worth[[0, 1, 2], [0, 1, 2]], worth[3, 3:] = 0.03, (0.9, 0.89, 0.1)
    problem = replace(problem_of(worth), exclusive=np.array([[0, 1], [0, 2], [1, 2]]))
    monkeypatch.setattr(program, "_FEW_PAIRS", 0)
    found = solve(problem, problem.joint + np.array([0, 0.001, 0, 0, 0, 0]))
    assert found.chosen.tolist() == [1, 3]
    assert found.bound == pytest.approx(0.931)
    assert [pairs for pairs, _found in asked] == [5]


@pytest.mark.parametrize("few", [0, 20_000])
def test_halves_alone_are_no_answer(few, monkeypatch):
    """One of each two of three pairs that exclude each other: halves would do, whole ones cannot."""
    twos = np.array([[0, 1], [0, 2], [1, 2]])
    problem = problem_of(np.where(np.eye(3) > 0, 0.6, np.nan))
    problem = replace(problem, exclusive=twos, quotas=tuple(Quota("one", two, 1) for two in twos))
    monkeypatch.setattr(program, "_FEW_PAIRS", few)
    assert solve(problem, problem.joint) is None
    assert count_matched(problem) is None
    assert not feasible(rows_of(problem), range(len(rows_of(problem).demands)))


def test_branch_and_bound_is_asked_for_the_best_within_the_nodes(monkeypatch):
    import scipy.optimize

    told, milp = [], scipy.optimize.milp
    monkeypatch.setattr(scipy.optimize, "milp", lambda *a, **k: told.append({**k["options"]}) or milp(*a, **k))
    problem = knotted(KNOTTED[0][0])
    solve(problem, problem.joint, nodes=70)
    solve(problem, problem.joint)
    assert told == [{"mip_rel_gap": 0.0, "node_limit": nodes} for nodes in (70, NODES)]


def test_where_nothing_binds_all_that_is_worth_something_is_chosen():
    problem = problem_of([[0.9, 0.1], [0.4, np.nan]], 2, requester_most=np.array([2, 1]))
    assert rows_of(problem).demands == ()
    found = solve(problem, np.array([0.9, -0.1, 0.4]))
    assert found.chosen.tolist() == [0, 2]
    assert found.bound == pytest.approx(1.3)
    assert solve(problem, problem.joint, allowed=np.array([False, True, True])).chosen.tolist() == [1, 2]
    assert solve(problem, problem.joint, matched=2).chosen.tolist() == [0, 1, 2]
    assert solve(problem, problem.joint, matched=3) is None
    assert count_matched(problem) == 2
    assert feasible(rows_of(problem), [])


def test_where_there_are_no_pairs_nothing_is_chosen_and_nothing_can_be_demanded():
    problem = problem_of(np.full((2, 2), np.nan))
    found = solve(problem, problem.joint)
    assert (found.chosen.tolist(), found.chosen.dtype, found.bound) == ([], np.int64, 0.0)
    assert count_matched(problem) == 0
    assert feasible(rows_of(problem), [])
    demanding = replace(problem, requester_least=np.array([0, 1]))
    assert rows_of(demanding).demands == (Demand("requester_least", 1),)
    assert solve(demanding, problem.joint) is None


def test_people_without_pairs_and_quotas_without_a_limit():
    problem = problem_of([[0.9, 0.8, np.nan], [0.7, np.nan, np.nan], [np.nan] * 3])
    free = replace(problem, quotas=(Quota("free", np.array([0, 2])),))
    assert (
        rows_of(free).demands == rows_of(problem).demands == (Demand("requester_most", 0), Demand("candidate_most", 0))
    )
    assert rows_of(free).matrix.shape == (2, 3)
    assert solve(free, problem.joint, matched=2).chosen.tolist() == [1, 2]
    assert count_matched(free) == 2
    capped = replace(problem, quotas=(*free.quotas, Quota("capped", np.array([0, 1]), 0, 1)))
    assert rows_of(capped).demands[2:] == (Demand("quota_most", 1),)
    at_least = solve(problem, problem.joint, matched=2, least=np.array([0.8, 0.7, 0.9]))
    assert at_least.chosen.tolist() == [1, 2]
    assert solve(problem, problem.joint, matched=2, least=np.array([0.81, 0.7, 0.0])) is None


def test_some_rows_keep_their_demands_and_limits():
    rows = rows_of(replace(problem_of([[0.5], [0.6]], 1), must=np.ones(2, np.bool_)))
    part = rows.only(np.array([2, 0]))
    assert part.demands == (rows.demands[2], rows.demands[0])
    assert part.matrix.toarray().tolist() == [[0, -1], [1, 1]]
    assert part.limit.tolist() == [-1, 1]
    assert part.limit.dtype == np.float64


def test_most_people_served_by_allowed_pairs_and_must_pairs():
    problem = replace(problem_of([[0.9, 0.1], [0.4, 0.3]]), must=np.array([False, False, True, False]))
    assert count_matched(problem) == 2
    assert count_matched(problem, np.array([False, True, False, False])) == 2
    assert count_matched(problem, np.array([True, False, False, True])) == 1
    nobody = problem_of([[0.9, 0.1], [0.4, 0.3]])
    assert count_matched(nobody, np.zeros(4, np.bool_)) == 0
    assert solve(nobody, nobody.joint, allowed=np.zeros(4, np.bool_)).chosen.tolist() == []


def test_most_people_served_asks_no_more_nodes_than_told(monkeypatch):
    import scipy.optimize

    told, milp = [], scipy.optimize.milp
    monkeypatch.setattr(
        scipy.optimize, "milp", lambda *a, **k: told.append(k["options"]["node_limit"]) or milp(*a, **k)
    )
    problem = replace(problem_of(np.where(np.eye(3) > 0, 0.6, np.nan)), exclusive=np.array([[0, 1], [0, 2], [1, 2]]))
    assert count_matched(problem, nodes=60) == 1
    assert feasible(rows_of(problem), range(3))
    assert told == [60]


def test_the_best_answer_within_the_nodes_tells_how_good_a_better_one_could_be(monkeypatch):
    """Halves of three are worth .9, the answer so far .6; branch and bound proved that none is worth more than .8."""
    import scipy.optimize

    class Stopped:
        status, x, mip_dual_bound = 1, np.array([1.0, 0, 0]), -8000.0

    monkeypatch.setattr(scipy.optimize, "milp", lambda *a, **k: Stopped())
    problem = replace(problem_of(np.where(np.eye(3) > 0, 0.6, np.nan)), exclusive=np.array([[0, 1], [0, 2], [1, 2]]))
    found = solve(problem, problem.joint)
    assert found.chosen.tolist() == [0]
    assert found.bound == pytest.approx(0.8)


def test_a_linear_answer_that_is_whole_needs_no_branching(asked):
    problem = problem_of([[0.9, 0.6], [0.8, 0.1]])
    found = solve(problem, problem.joint)
    assert asked == []
    assert found.chosen.tolist() == [1, 2]
    assert found.bound == pytest.approx(1.4)


def test_a_solver_that_fails_is_an_error(monkeypatch):
    import scipy.optimize

    class Failed:
        status = 4

    monkeypatch.setattr(scipy.optimize, "linprog", lambda *a, **k: Failed())
    problem = problem_of([[0.9]])
    with pytest.raises(MatchEngineError) as caught:
        solve(problem, problem.joint)
    assert str(caught.value) == "the linear programme of the assignment ended without an answer (HiGHS, status 4)"


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
    with pytest.raises(NothingFoundError) as caught:
        solve(problem, problem.joint, nodes=5)
    told = "no assignment was found within 5 nodes of branch and bound; allow more nodes, or release quotas"
    assert str(caught.value) == told


def test_so_much_at_least_for_each_of_those_who_count():
    problem = replace(problem_of([[0.9, 0.2, 0.3], [0.7, 0.1, np.nan]]), requester_most=np.array([2, 2]))
    assert solve(problem, problem.joint, matched=2).chosen.tolist() == [0, 2, 4]
    assert solve(problem, problem.joint, matched=2, least=np.array([0.5, 0.5])).chosen.tolist() == [1, 2, 3]
    assert solve(problem, problem.joint, matched=2, least=np.array([0.6, 0.5])) is None
    assert solve(problem, problem.joint, matched=2, least=np.array([0.6, 0.0])).chosen.tolist() == [0, 2, 4]
    assert solve(problem, problem.joint, matched=1, least=np.array([0.6, 0.6])).chosen.tolist() == [0, 2, 4]
