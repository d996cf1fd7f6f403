"""The draw of a pair: made of both lottery numbers, of nothing else, and too small to outweigh a score."""

from __future__ import annotations

import numpy as np

from matchengine.planning.assign.ties import TIE, drawn, pair_lottery
from tests.planning.assign.problems import permuted, problem_of


def test_every_pair_draws_its_own_number_whoever_stands_where():
    problem = problem_of(np.full((40, 30), 0.5))
    numbers = pair_lottery(problem)
    assert len(np.unique(numbers)) == len(problem)
    renamed, old = permuted(problem, np.random.default_rng(0))
    assert np.array_equal(pair_lottery(renamed), numbers[old])


def test_the_smaller_number_is_worth_more_and_never_much():
    problem = problem_of(np.full((40, 30), 0.5))
    worth = drawn(problem)
    assert (worth > 0).all()
    assert worth.max() <= TIE
    assert np.array_equal(np.argsort(-worth), np.argsort(pair_lottery(problem)))
    assert abs(worth.mean() - TIE / 2) < 0.05 * TIE
