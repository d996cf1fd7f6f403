"""Grades come from one kind of answer for each person; what is measured by is declared from counts alone."""

from __future__ import annotations

import inspect
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from matchengine.learning.grades import FEWEST_JUDGED, Graded, declared, grades_of
from matchengine.learning.preferences import Said
from matchengine.learning.tuning import list_worth, trials
from matchengine.learning.weights import Weights, totals
from matchengine.records.plan import Ranking
from tests.learning.tables import TRUE, graded, table
from tests.learning.test_preferences import MENTOR, said, tie

DEFAULT = Weights({}, {})


def found(*feedback: Any, ties: Any = (), rankings: Any = ()) -> dict[str, dict[str, float]]:
    told = grades_of(MENTOR, Said(ties, feedback, rankings), {"a", "b"})
    return {who: {pair[1]: grade for pair, grade in of.items()} for who, of in told.items()}


def test_a_ranking_is_graded_in_even_steps_and_goes_before_everything_else() -> None:
    lists = [Ranking(person_id="a", ranked=("m", "n", "o"), vetoed=("p",)), Ranking(person_id="b", ranked=("m",))]
    got = found(said("a", "x", not_for_me=True), said("a", "m", satisfaction=1), ties=[tie("a", "m")], rankings=lists)
    assert got == {"a": {"m": 1.0, "n": 0.5, "o": 0.0}}


def test_ratings_are_graded_on_their_scale_and_whom_one_declined_gets_none_of_it() -> None:
    ties = [tie("a", "m"), tie("a", "n"), tie("a", "q")]
    rated = [said("a", "m", satisfaction=5, trust=4), said("a", "n", satisfaction=2), said("a", "o", not_for_me=True)]
    assert found(*rated, ties=ties) == {"a": {"m": 0.875, "n": 0.25, "o": 0.0}}  # q was not rated: unknown, not 0


def test_without_ratings_a_yes_is_one_and_a_no_is_zero_and_a_no_counts_last() -> None:
    ties = [tie("a", "m"), tie("a", "n", "ended"), tie("a", "o")]
    assert found(said("a", "p", not_for_me=True), said("a", "o", not_for_me=True), ties=ties) == {
        "a": {"m": 1.0, "o": 0.0, "p": 0.0}
    }
    assert found(ties=ties) == {}


def test_what_candidates_said_and_pairs_in_which_anybody_felt_unsafe_are_not_graded() -> None:
    ties = [tie("a", "m"), tie("a", "n"), tie("b", "m")]
    rated = [said("a", "m", satisfaction=5), said("a", "n", satisfaction=1)]
    mine = [said("m", "a", perspective="candidate", satisfaction=5), said("m", "b", perspective="candidate", trust=1)]
    assert found(*rated, *mine, ties=ties) == {"a": {"m": 1.0, "n": 0.0}}
    unsafe = said("n", "a", wave="end", perspective="candidate", felt_unsafe=True)
    assert found(*rated, unsafe, ties=ties) == {"a": {"m": 1.0}}


def test_who_graded_fewer_than_three_or_all_alike_is_not_measured_by_a_list() -> None:
    grades = {
        "a": {("a", "m"): 1.0, ("a", "n"): 0.0},
        "b": {("b", other): 0.5 for other in "mno"},
        "c": {("c", "m"): 0.0, ("c", "n"): 1.0, ("c", "o"): 0.0},
    }
    rows = {who: {pair: n for n, pair in enumerate(sorted(of, reverse=True))} for who, of in grades.items()}
    got = Graded.of(grades, rows)
    assert got.people == ("c",)
    assert got.row.tolist() == [0, 1, 2]
    assert got.gain.tolist() == [0.0, 1.0, 0.0]
    assert Graded.of({"c": grades["c"]}, {"c": {("c", "m"): 0}}).people == ()  # two of them are not known any more


@pytest.mark.parametrize(
    ("people", "judges", "measure"),
    [
        (FEWEST_JUDGED, 2 * FEWEST_JUDGED, "ndcg@5"),
        (FEWEST_JUDGED - 1, FEWEST_JUDGED, "pairwise_accuracy"),
        (FEWEST_JUDGED, 2 * FEWEST_JUDGED + 1, "pairwise_accuracy"),
        (0, 0, "pairwise_accuracy"),
    ],
)
def test_the_measure_follows_from_two_counts_and_nothing_else(people: int, judges: int, measure: str) -> None:
    assert declared(people, judges) == measure
    assert list(inspect.signature(declared).parameters) == ["graded", "judges"]


def test_the_worth_of_a_list_is_ndcg_of_the_graded_candidates_alone() -> None:
    """Three graded candidates in the order 0, 1, .5 by the score: (0 + 1/log2 3 + .5/2) / (1 + .5/log2 3)."""
    made = graded(table(2, 3), judges=1, each=3)
    order = np.argsort(-totals(made, DEFAULT, 0.5)[made.graded.row])
    gain = np.empty(3)
    gain[order] = [0.0, 1.0, 0.5]
    got = list_worth(replace(made, graded=made.graded._replace(gain=gain)), DEFAULT)
    assert got == pytest.approx([(1 / np.log2(3) + 0.25) / (1 + 0.5 / np.log2(3))])


def test_candidates_that_the_score_does_not_tell_apart_are_averaged_over_their_orders() -> None:
    made = graded(table(2, 3), judges=1, each=3)
    alike = replace(made, values=np.full_like(made.values, 0.5))
    gained, best = 1.5 * np.mean([1, 1 / np.log2(3), 0.5]), 1 + 0.5 / np.log2(3)
    assert list_worth(alike, DEFAULT) == pytest.approx([gained / best])


def test_lists_of_people_held_out_come_nearer_to_the_best_order_by_weights_that_made_it() -> None:
    made = graded(table(90, 4, cohorts=6), judges=80, each=6)
    tried = trials(made, made.weights)
    lists = tried["ndcg@5"]
    assert set(tried) == {"ndcg@5", "pairwise_accuracy"}
    assert lists.learned.mean() > lists.default.mean() + 0.02
    assert len(lists.judges) == 80
    assert len(set(lists.clusters)) == 6
    assert list_worth(made, TRUE).mean() > lists.default.mean()


def test_who_graded_nothing_is_measured_by_preferences_alone() -> None:
    made = table(60, 4, cohorts=6)
    assert list_worth(made, DEFAULT).size == 0
    assert set(trials(made, made.weights)) == {"pairwise_accuracy"}
