"""Deferred acceptance: against all assignments of small cases, against PyPI `matching`, and what it refuses."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from matchengine.assignment import InfeasibleError, Quota
from matchengine.errors import DataError
from matchengine.planning.assign.stable import candidates_propose, stable
from matchengine.testing.assigners import assignment_problem
from tests.planning.assign.made import distinct, ranks_of, stable_ones, table


@pytest.mark.parametrize("seed", range(40))
def test_best_stable_assignment_of_all_for_requesters_and_worst_for_candidates(seed):
    problem = distinct(assignment_problem(seed, 2 + seed % 4, 2 + seed % 3, density=0.8, most=2), seed)
    mine, _ = ranks_of(problem)
    all_stable = stable_ones(problem)
    found = stable(problem, tie_width=0).chosen.tolist()
    other = candidates_propose(problem, 0).chosen.tolist()
    assert found in all_stable
    assert other in all_stable
    of = dict(zip(problem.requester[found].tolist(), mine[found].tolist(), strict=True))
    for chosen in all_stable:
        ranks = dict(zip(problem.requester[chosen].tolist(), mine[chosen].tolist(), strict=True))
        assert ranks.keys() == of.keys()
        assert all(of[i] <= ranks[i] for i in of)
    worst = {i: max(mine[c][problem.requester[c] == i].item() for c in all_stable) for i in of}
    assert dict(zip(problem.requester[other].tolist(), mine[other].tolist(), strict=True)) == worst


def test_the_best_of_all_is_seen_where_there_are_several_stable_ones():
    several = 0
    for seed in range(60):
        problem = distinct(assignment_problem(seed, 4, 4, density=1, most=1), seed)
        problem = replace(problem, candidate_most=np.ones(4, int))
        several += len(stable_ones(problem)) > 1
    assert several > 5


def by_library(problem, optimal):
    """Solve with PyPI's `matching`; people without a pair or a place are no concern of it."""
    games = pytest.importorskip("matching.games", reason="matching is not installed")
    mine, theirs = ranks_of(problem)
    usable = problem.candidate_most[problem.candidate] > 0
    asking: dict[str, list[str]] = {}
    asked: dict[str, list[str]] = {}
    pairs = np.flatnonzero(usable)
    for p in sorted(pairs, key=lambda p: mine[p]):
        asking.setdefault(f"r{problem.requester[p]}", []).append(f"c{problem.candidate[p]}")
    for p in sorted(pairs, key=lambda p: theirs[p]):
        asked.setdefault(f"c{problem.candidate[p]}", []).append(f"r{problem.requester[p]}")
    places = {name: int(problem.candidate_most[int(name[1:])]) for name in asked}
    solved = games.HospitalResident.create_from_dictionaries(asking, asked, places).solve(optimal=optimal)
    return {(int(r.name[1:]), int(c.name[1:])) for c, residents in solved.items() for r in residents}


@pytest.mark.parametrize("part", range(4))
def test_the_same_as_matching_on_200_random_instances(part):
    for seed in range(50 * part, 50 * part + 50):
        rng = np.random.default_rng(seed)
        sizes = rng.integers(2, 25, 2).tolist()
        problem = assignment_problem(seed, *sizes, density=float(rng.uniform(0.2, 1)), most=4)
        for solve, optimal in ((stable, "resident"), (candidates_propose, "hospital")):
            found = solve(problem, tie_width=0).chosen
            pairs = set(zip(problem.requester[found].tolist(), problem.candidate[found].tolist(), strict=True))
            assert pairs == by_library(problem, optimal), seed


def test_rural_hospitals_with_several_places():
    differ = 0
    for seed in range(60):
        problem = distinct(assignment_problem(seed, 25, 8, density=0.4, most=4), seed)
        one, other = stable(problem, tie_width=0), candidates_propose(problem, 0)
        for mine, theirs in zip(problem.loads(one.chosen), problem.loads(other.chosen), strict=True):
            assert np.array_equal(mine, theirs)
        differ += not np.array_equal(one.chosen, other.chosen)
    assert differ > 0


def test_pairs_that_have_to_be_chosen_go_first_and_the_rest_is_stable():
    problem = table([[0.9, 0.5], [0.8, 0.4], [0.7, 0.6]], [[0.9, 0.5], [0.8, 0.4], [0.1, 0.6]], [1, 2])
    must = np.zeros(6, bool)
    must[4] = True  # the third with the first, whom everybody likes best
    assert stable(replace(problem, must=must)).chosen.tolist() == [1, 3, 4]
    assert stable(problem).chosen.tolist() == [0, 3, 5]


def test_a_superstar_has_no_more_than_their_places_and_nobody_could_do_better():
    # domain.md H12 (c): all want the first candidate, who has two places
    problem = table(
        [[0.95, 0.5, 0.4], [0.95, 0.6, 0.3], [0.95, 0.3, 0.5], [0.95, 0.4, 0.2]],
        [[0.9, 0.5, 0.5], [0.2, 0.5, 0.6], [0.8, 0.6, 0.7], [0.3, 0.9, 0.5]],
        [2, 1, 1],
    )
    found = stable(problem).chosen
    asked = problem.candidate[found].tolist()
    assert asked == [0, 2, 0, 1]


def test_somebody_whom_nobody_ranks_first_is_placed_where_there_is_room():
    # domain.md H12 (i): the last requester is everybody's last choice and still finds the place that is left
    problem = table([[0.9, 0.6], [0.8, 0.7], [0.9, 0.3]], [[0.9, 0.8], [0.8, 0.9], [0.1, 0.1]], [1, 2])
    assert problem.candidate[stable(problem).chosen].tolist() == [0, 1, 1]
    alone = replace(problem, candidate_most=np.array([1, 1]))
    assert problem.requester[stable(alone).chosen].tolist() == [0, 1]


def test_what_the_rule_cannot_keep_is_refused_with_advice():
    problem = assignment_problem(1, 6, 5)
    wrong = {
        "candidate_least": np.ones(5, int),
        "requester_least": np.ones(6, int),
        "requester_most": np.full(6, 2),
        "exclusive": np.array([[0, 1]]),
        "quotas": (Quota("any", np.array([0, 1]), most=1),),
    }
    for name, value in wrong.items():
        with pytest.raises(DataError, match="leximin"):
            stable(replace(problem, **{name: value}))
    with pytest.raises(InfeasibleError, match="more pairs than they have places"):
        stable(replace(problem, must=np.ones(len(problem), bool)))
