"""Assignments on any strategy's scores: one problem for all, solved again under small changes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from matchengine.assignment import Assignment
from matchengine.components import assigner, specs_in
from matchengine.errors import DataError, PluginError
from matchengine.evaluation.strategies.placing import NOISE, place, problem_of, solve_again, unit
from matchengine.planning.assign.max_weight import max_weight
from matchengine.registry import Registry
from matchengine.testing.strategies import question, relisted

REGISTRY = Registry(("builtin",))


def scores(asked, seed=0):
    found = np.random.default_rng(seed).random(len(asked))
    found[::7] = np.nan
    return found


def pairs_of(asked, chosen):
    ids = zip(asked.requester[chosen].tolist(), asked.candidate[chosen].tolist(), strict=True)
    return {(asked.requester_ids[who], asked.candidate_ids[whom]) for who, whom in ids}


@pytest.mark.parametrize(
    "method", ["max_weight", "leximin", "stable", "eps_stable", "greedy", "first_come", "random", "rsd"]
)
def test_every_assigner_keeps_seats_and_takes_suggested_pairs_alone(method):
    for seed in range(3):
        asked = question(seed, 14, 8)
        score = scores(asked, seed)
        chosen = place(asked, REGISTRY, method, score, score)
        assert not np.isnan(score[chosen]).any()
        assert (np.bincount(asked.requester[chosen]) <= 1).all()
        held = np.bincount(asked.candidate[chosen], minlength=asked.candidates)
        assert (np.isnan(asked.seats) | (held <= asked.seats)).all()
        assert len(chosen)


def test_the_greatest_sum_is_the_greatest_sum():
    asked = question(2, 10, 7)
    score = scores(asked, 2)
    at = np.flatnonzero(~np.isnan(score))
    some = replace(asked, requester=asked.requester[at], candidate=asked.candidate[at])
    best = max_weight(problem_of(some, score[at]))
    assert score[place(asked, REGISTRY, "max_weight", score, score)].sum() == pytest.approx(best.objective)


def test_both_sides_count():
    asked = replace(question(0, 2, 2, density=1.0), seats=np.ones(2))
    mine, theirs = np.array([0.9, 0.5, 0.9, 0.5]), np.array([0.1, 0.5, 0.9, 0.5])
    chosen = place(asked, REGISTRY, "max_weight", mine, theirs)
    assert {tuple(pair) for pair in np.stack([asked.requester[chosen], asked.candidate[chosen]], 1).tolist()} == {
        (0, 1),
        (1, 0),
    }
    assert np.array_equal(chosen, place(asked, REGISTRY, "stable", mine, theirs))


def test_a_candidate_without_a_limit_may_take_everybody():
    asked = replace(question(1, 6, 2, density=1.0), seats=np.array([np.nan, 1.0]))
    score = np.where(asked.candidate == 0, 0.9, 0.1)
    chosen = place(asked, REGISTRY, "max_weight", score, score)
    assert (asked.candidate[chosen] == 0).all()
    assert len(chosen) == 6


def test_the_order_of_people_decides_nothing():
    asked = question(4, 12, 9)
    score = np.round(scores(asked, 4), 1)
    rng = np.random.default_rng(0)
    moved, old = relisted(asked, rng.permutation(12), rng.permutation(9))
    for method in ("max_weight", "stable", "leximin"):
        one = pairs_of(asked, place(asked, REGISTRY, method, score, score))
        assert one == pairs_of(moved, place(moved, REGISTRY, method, score[old], score[old]))
    again = solve_again(asked, REGISTRY, "max_weight", (score, score), 2)
    other = solve_again(moved, REGISTRY, "max_weight", (score[old], score[old]), 2)
    assert [pairs_of(asked, chosen) for chosen in again] == [pairs_of(moved, chosen) for chosen in other]


def test_solving_again_moves_scores_by_a_fiftieth_at_most():
    asked = replace(question(5, 8, 8, density=1.0), seats=np.ones(8))
    clear = np.where(asked.requester == asked.candidate, 0.9, 0.3)
    close = np.full(len(asked), 0.5)
    first = place(asked, REGISTRY, "max_weight", clear, clear)
    assert all(
        np.array_equal(first, chosen) for chosen in solve_again(asked, REGISTRY, "max_weight", (clear, clear), 4)
    )
    draws = solve_again(asked, REGISTRY, "max_weight", (close, close), 4)
    assert len({tuple(chosen.tolist()) for chosen in draws}) > 1
    assert NOISE == 0.02


def test_two_people_never_stand_for_each_other_both_ways():
    asked = question(0, 5, 5, density=1.0)
    same = tuple(f"p{n}" for n in range(5))
    keep = asked.requester != asked.candidate
    asked = replace(
        asked, requester_ids=same, candidate_ids=same, requester=asked.requester[keep],
        candidate=asked.candidate[keep], seats=np.ones(5),
    )  # fmt: skip
    problem = problem_of(asked, np.full(len(asked), 0.5))
    assert len(problem.exclusive) == 10
    ids = asked.requester, asked.candidate
    assert all(ids[0][a] == ids[1][b] and ids[1][a] == ids[0][b] for a, b in problem.exclusive.tolist())
    assert not len(problem_of(question(0, 5, 5), np.full(len(question(0, 5, 5)), 0.5)).exclusive)


def test_scores_are_stretched_only_where_they_must_be():
    inside = np.array([0.2, np.nan, 0.7])
    assert unit(inside) is inside
    assert np.array_equal(unit(np.array([-3.0, 1.0, 5.0, np.nan])), [0, 0.5, 1, np.nan], equal_nan=True)
    assert np.array_equal(unit(np.array([7.0, 7.0])), [0.5, 0.5])
    assert len(unit(np.zeros(0))) == 0


def test_values_that_are_none_are_refused():
    asked = question(0)
    for bad in (np.full(len(asked), np.nan), np.full(len(asked), 2.0), np.zeros(3)):
        with pytest.raises(DataError, match=r"\[0, 1\]"):
            problem_of(asked, bad)


def test_an_assigner_that_breaks_a_demand_is_not_believed():
    @assigner("everybody", title="All", guarantee="None.")
    def everybody(problem):
        """Choose all pairs."""
        return Assignment(np.arange(len(problem)))

    class Offers:
        def matchengine_components(self):
            return list(specs_in(everybody))

    asked = question(0)
    with pytest.raises(PluginError, match="everybody"):
        place(asked, Registry(("builtin",), [Offers()]), "everybody", scores(asked), scores(asked))


def test_nothing_suggested_gives_nothing():
    asked = question(0)
    nothing = np.full(len(asked), np.nan)
    assert len(place(asked, REGISTRY, "max_weight", nothing, nothing)) == 0
