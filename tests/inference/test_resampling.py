"""Draws: repeatable, complete, inside their blocks."""

from __future__ import annotations

import numpy as np

from matchengine.inference.resampling import (
    bca_interval,
    bootstrap_means,
    cluster_weights,
    generator,
    random_signs,
    shuffled,
)


def test_purposes_have_draws_of_their_own():
    assert generator(1, "a").random() == generator(1, "a").random()
    assert len({generator(1, "a").random(), generator(1, "b").random(), generator(2, "a").random()}) == 3


def test_many_draws_come_in_steps_and_all_come():
    rng = generator(0, "steps")
    weights = list(cluster_weights(3_000, 1_500, rng))
    assert len(weights) > 1
    assert sum(len(step) for step in weights) == 1_500
    assert all((step.sum(axis=1) == 3_000).all() for step in weights)
    signs = np.concatenate(list(random_signs(3_001, 1_500, rng)))
    assert signs.shape == (1_500, 3_001)
    assert set(np.unique(signs)) == {-1.0, 1.0}
    assert abs(signs.mean()) < 0.01
    assert len(bootstrap_means(np.arange(3_000.0), 1_500, rng)) == 1_500


def test_nobody_leaves_their_block():
    block = np.array([0, 1, 0, 2, 1, 0, 1])
    placed = np.concatenate(list(shuffled(block, 400, generator(0, "x"))))
    assert (np.sort(placed, axis=1) == np.arange(7)).all()
    assert (block[placed] == block).all()
    seen = placed[:, 0]
    assert set(seen.tolist()) == {0, 2, 5}
    assert np.bincount(seen)[[0, 2, 5]].min() > 90


def test_bca_of_no_spread_is_a_point():
    assert bca_interval(np.full(5, 0.25), np.full(9, 0.25), 0.05) == (0.25, 0.25)
