"""The greatest sum: against trying everything, against published answers, and what it refuses."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from matchengine.assignment import Demand, InfeasibleError, Quota
from matchengine.components import AssignerSpec, specs_in
from matchengine.planning.assign import flow
from matchengine.planning.assign.max_weight import max_weight
from matchengine.planning.assign.verify import verify
from tests.planning.assign.problems import best, permuted, problem_of, random_problem

NAN = np.nan


@pytest.mark.parametrize("seed", range(40))
def test_the_sum_is_that_of_trying_everything(seed):
    problem = random_problem(np.random.default_rng(seed), ties=seed % 3 == 0, demanding=seed % 2 == 1)
    expected = best(problem, lambda chosen: problem.joint[chosen].sum())
    if expected is None:
        with pytest.raises(InfeasibleError, match="no assignment meets every demand"):
            max_weight(problem)
        return
    found = max_weight(problem)
    assert verify(problem, found) == ()
    assert found.objective == pytest.approx(expected, abs=1e-7)
    assert found.bound == pytest.approx(expected, abs=1e-6)
    assert found.gap == pytest.approx(0, abs=1e-6)


def test_a_known_case():
    problem = problem_of([[0.9, 0.8], [0.85, 0.1]])
    found = max_weight(problem)
    assert found.chosen.tolist() == [1, 2]
    assert found.objective == pytest.approx(1.65)


def test_every_demand_is_kept():
    problem = problem_of([[0.9, 0.2, 0.3], [0.8, 0.7, NAN]], 1)
    must = np.array([False, True, False, False, False])
    assert max_weight(replace(problem, must=must)).chosen.tolist() == [1, 3]
    lower = np.array([0, 0, 1])
    assert max_weight(replace(problem, candidate_least=lower)).chosen.tolist() == [2, 3]
    quota = Quota("none of 1", np.array([3, 4]), most=0)
    assert max_weight(replace(problem, quotas=(quota,))).chosen.tolist() == [0]
    pairs = np.array([[0, 4]])
    assert max_weight(replace(problem, exclusive=pairs)).chosen.tolist() == [2, 3]


def test_an_answer_that_is_not_whole_is_branched_on():
    # each two of the three pairs exclude each other: the linear programme takes a half of each
    problem = replace(problem_of([[0.6, NAN, NAN], [NAN, 0.6, NAN], [NAN, NAN, 0.6]]), exclusive=_every_two())
    found = max_weight(problem)
    assert len(found.chosen) == 1
    assert found.bound == pytest.approx(0.6, abs=1e-6)


def _every_two():
    return np.array([[0, 1], [0, 2], [1, 2]])


def test_the_lottery_decides_between_equals_and_nobodys_place_in_the_list_does():
    problem = problem_of(np.full((3, 1), 0.5))
    winners = set()
    for seed in range(12):
        numbers = np.random.default_rng(seed).integers(0, 2**63, 3).astype(np.uint64)
        drawn = replace(problem, requester_lottery=numbers)
        winner = max_weight(drawn).chosen.tolist()
        winners |= set(winner)
        renamed, old = permuted(drawn, np.random.default_rng(100 + seed))
        assert old[max_weight(renamed).chosen].tolist() == winner
    assert winners == {0, 1, 2}


@pytest.mark.parametrize("sparse", [False, True])
def test_renaming_everybody_renames_the_answer(sparse, monkeypatch):
    if sparse:
        monkeypatch.setattr(flow, "DENSE_CELLS", 0)
        monkeypatch.setattr(flow, "_LARGEST_MATRIX", 0)
    rng = np.random.default_rng(4)
    for _ in range(5):
        problem = random_problem(rng, 40, 12, ties=True)
        renamed, old = permuted(problem, rng)
        assert sorted(old[max_weight(renamed).chosen]) == max_weight(problem).chosen.tolist()


def test_in_a_large_problem_the_gap_is_told_and_renaming_renames_the_answer(monkeypatch):
    from matchengine.planning.assign import max_weight as module

    problem = random_problem(np.random.default_rng(6), 120, 40, ties=True)
    exact = max_weight(problem)
    monkeypatch.setattr(module, "EXACT_UP_TO", 0)
    monkeypatch.setattr(flow, "DENSE_CELLS", 0)
    monkeypatch.setattr(flow, "_LARGEST_MATRIX", 0)
    found = max_weight(problem, gap=0.05)
    assert found.gap <= 0.05
    assert found.objective <= exact.objective + 1e-6 <= found.bound + 2e-6
    assert max_weight(problem, gap=0).chosen.tolist() == exact.chosen.tolist()
    renamed, old = permuted(problem, np.random.default_rng(7))
    assert sorted(old[max_weight(renamed, gap=0.05).chosen]) == found.chosen.tolist()


def test_nothing_to_choose_from():
    found = max_weight(problem_of(np.full((2, 2), NAN)))
    assert (len(found.chosen), found.objective, found.gap) == (0, 0.0, 0.0)


def test_it_says_what_contradicts():
    problem = replace(problem_of([[0.5], [0.6]], 1), must=np.array([True, True]))
    with pytest.raises(InfeasibleError) as caught:
        max_weight(problem)
    assert set(caught.value.demands) == {Demand("candidate_most", 0), Demand("must", 0), Demand("must", 1)}


def test_it_is_an_assigner_with_a_title_and_a_promise():
    from matchengine.planning.assign import max_weight as module

    (spec,) = specs_in(module)
    assert isinstance(spec, AssignerSpec)
    assert (spec.name, spec.baseline) == ("max_weight", False)
    assert spec.title
    assert spec.guarantee


def _midl():
    folder = Path(os.environ.get("MATCHENGINE_DATA", "")) / "midl_assignment"
    if "MATCHENGINE_DATA" not in os.environ or not (folder / "scores.npy").exists():
        pytest.skip("MATCHENGINE_DATA names no folder with midl_assignment, so the published case is not solved")
    return [np.load(folder / f"{name}.npy") for name in ("scores", "covs", "loads", "loads-lb")]


def midl_problem(lower: bool):
    """Papers ask for reviewers: 3 each, reviewers take at most 4 and, with `lower`, at least 2; −1 is a conflict."""
    scores, covers, loads, least = _midl()
    assert scores.shape == (177, 118)
    problem = problem_of(np.where(scores.T == -1, NAN, scores.T), loads.astype(np.int64))
    covers = covers.astype(np.int64)
    return replace(
        problem,
        requester_most=covers,
        requester_least=covers,
        candidate_least=least.astype(np.int64) * lower,
    )


@pytest.mark.parametrize(("lower", "total"), [(False, 201.885), (True, 150.043)])
def test_reviewers_of_a_real_conference_reach_the_published_total(lower, total):
    problem = midl_problem(lower)
    found = max_weight(problem)
    assert verify(problem, found) == ()
    assert found.objective == pytest.approx(total, abs=5e-4)
