"""Draws follow from seed, purpose and ids, look even, and do not know positions."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from matchengine.evaluation.strategies.drawing import lottery, pair_draws, shaken
from matchengine.testing.strategies import question, relisted


def test_lots_differ_by_seed_purpose_and_id():
    ids = [f"p{n}" for n in range(500)]
    drawn = [lottery(ids, seed, purpose) for seed in (0, 1) for purpose in ("a", "b")]
    assert len({number for one in drawn for number in one.tolist()}) == 2000
    assert np.array_equal(drawn[0], lottery(ids, 0, "a"))


def test_draws_of_pairs_are_even_and_independent_of_each_other():
    asked = question(1, 80, 80, density=1.0)
    found = pair_draws(asked, "x").reshape(80, 80)
    assert np.histogram(found, 10, (0, 1))[0].min() > 540
    assert np.abs(np.corrcoef(found) - np.eye(80)).max() < 0.55
    assert np.abs(np.corrcoef(found.T) - np.eye(80)).max() < 0.55
    assert np.corrcoef(found.ravel(), pair_draws(asked, "y"))[0, 1] == pytest.approx(0, abs=0.05)


def test_draws_follow_people_and_not_positions():
    asked = question(2)
    rng = np.random.default_rng(0)
    moved, old = relisted(asked, rng.permutation(asked.requesters), rng.permutation(asked.candidates))
    assert np.array_equal(pair_draws(moved, "x"), pair_draws(asked, "x")[old])


def test_the_same_two_people_draw_differently_when_they_change_sides():
    asked = question(3, 9, 9, density=1.0)
    names = tuple(f"p{n}" for n in range(9))
    both = pair_draws(replace(asked, requester_ids=names, candidate_ids=names), "x").reshape(9, 9)
    assert not np.allclose(both, both.T)


def test_shaken_scores_stay_near():
    asked = question(4, 40, 40)
    score = np.where(np.arange(len(asked)) % 3 == 0, np.nan, 0.5)
    moved = shaken(asked, score, 0.02, "x")
    assert np.array_equal(np.isnan(moved), np.isnan(score))
    off = np.abs(moved - score)[~np.isnan(score)]
    assert off.max() <= 0.02
    assert off.mean() == pytest.approx(0.01, abs=0.001)
