"""The heaviest flow: both ways of solving it, the counts before the sum, and prices that prove it."""

from __future__ import annotations

import numpy as np
import pytest

from matchengine.planning.assign import flow
from matchengine.planning.assign.flow import (
    Network,
    fullest,
    heaviest,
    most_matched,
    network_of,
    supporting_prices,
)
from tests.planning.assign.problems import permuted, random_problem


def network(people, others, listed, seed, most=1):
    rng = np.random.default_rng(seed)
    taste, offer = rng.normal(size=(people, 4)), rng.normal(size=(others, 4))
    scores = 1 / (1 + np.exp(-(taste @ offer.T) / 2 - 0.4 * rng.normal(size=others)))
    lists = np.sort(np.argsort(-scores, axis=1)[:, :listed], axis=1)
    made = Network(
        np.repeat(np.arange(people), listed),
        lists.ravel(),
        np.full(people, most),
        rng.integers(2, 4, others),
    )
    return made, np.take_along_axis(scores, lists, 1).ravel() + 1e-8 * rng.random(people * listed)


def sparse_only(monkeypatch):
    monkeypatch.setattr(flow, "DENSE_CELLS", 0)
    monkeypatch.setattr(flow, "_LARGEST_MATRIX", 0)


def test_prices_and_the_full_matrix_choose_the_same_pairs(monkeypatch):
    problems = [network(people, others, listed, seed) for seed, (people, others, listed) in enumerate(
        [(60, 25, 6), (200, 80, 10), (300, 90, 20), (50, 50, 3), (5, 2, 2)]
    )]  # fmt: skip
    dense = [heaviest(*one).chosen for one in problems]
    sparse_only(monkeypatch)
    for (made, value), expected in zip(problems, dense, strict=True):
        assert np.array_equal(heaviest(made, value).chosen, expected)


def test_lists_longer_than_the_auction_reads_are_no_less_right(monkeypatch):
    made, value = network(150, 100, 90, 3)
    dense = heaviest(made, value).chosen
    sparse_only(monkeypatch)
    assert np.array_equal(heaviest(made, value).chosen, dense)


def test_several_pairs_for_a_requester_are_the_heaviest_flow(monkeypatch):
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import coo_array, vstack

    made, value = network(80, 30, 8, 5, most=2)
    chosen = heaviest(made, value).chosen
    every = np.arange(len(value))
    rows = vstack([coo_array((np.ones(len(value)), (side, every))) for side in (made.requester, made.candidate)])
    limit = np.concatenate([made.most, made.places])
    exact = milp(-value, constraints=LinearConstraint(rows, -np.inf, limit), bounds=Bounds(0, 1), integrality=1)
    assert value[chosen].sum() == pytest.approx(-exact.fun, abs=1e-7)


def test_prices_from_nowhere_still_end_at_the_best(monkeypatch):
    made, value = network(120, 50, 12, 8)
    expected = heaviest(made, value).chosen
    sparse_only(monkeypatch)
    monkeypatch.setattr(flow, "_first_prices", lambda network, value: np.zeros(len(network.places)))
    assert np.array_equal(heaviest(made, value).chosen, expected)


@pytest.mark.parametrize("dense", [True, False])
def test_most_people_come_before_the_sum_and_kept_pairs_between(dense, monkeypatch):
    if not dense:
        sparse_only(monkeypatch)
    # 0 may have a or b, 1 only a: without the count 0 takes a, worth .9, and 1 goes without
    made = Network(np.array([0, 0, 1]), np.array([0, 1, 0]), np.array([1, 1]), np.array([1, 1]))
    value = np.array([0.9, 0.05, 0.1])
    assert heaviest(made, value).chosen.tolist() == [0]
    assert most_matched(made) == 2
    assert fullest(made, value).chosen.tolist() == [1, 2]
    # both can be served either way: the kept pair decides although it weighs less
    made = Network(np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1]), np.array([1, 1]), np.array([1, 1]))
    value = np.array([0.9, 0.1, 0.1, 0.9])
    assert fullest(made, value).chosen.tolist() == [0, 3]
    assert fullest(made, value, np.array([False, True, False, False])).chosen.tolist() == [1, 2]


def test_nothing_to_choose_from_is_an_empty_choice():
    made = Network(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(2, np.int64), np.ones(1, np.int64))
    assert len(heaviest(made, np.zeros(0)).chosen) == 0 == most_matched(made)


def test_an_answer_short_of_the_best_says_by_how_much_at_most(monkeypatch):
    made, value = network(300, 90, 20, 2)
    best = value[heaviest(made, value).chosen].sum()
    sparse_only(monkeypatch)
    found = heaviest(made, value, within=0.02 * best)
    assert 0 <= found.short <= 0.02 * best
    assert best - found.short - 1e-9 <= value[found.chosen].sum() <= best + 1e-9
    assert heaviest(made, value).short == 0


def test_prices_bound_every_choice_and_nearly_reach_the_best():
    made, value = network(300, 90, 20, 6)
    best = value[heaviest(made, value).chosen].sum()
    price = supporting_prices(made, value)
    gain = np.zeros(300)
    np.maximum.at(gain, made.requester, value - price[made.candidate])
    bound = made.places @ price + gain.sum()
    assert best - 1e-9 <= bound <= 1.002 * best


def test_in_the_order_of_the_lottery_nobodys_place_in_the_data_is_left():
    problem = random_problem(np.random.default_rng(1), 12, 7)
    renamed, old = permuted(problem, np.random.default_rng(2))
    ours, at = network_of(problem, by_lot=True)
    theirs, again = network_of(renamed, by_lot=True)
    assert np.array_equal(at, old[again])
    for name in ("requester", "candidate", "most", "places"):
        assert np.array_equal(getattr(ours, name), getattr(theirs, name))
