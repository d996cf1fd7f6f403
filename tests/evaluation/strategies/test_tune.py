"""Choosing weights: the honest value is not fooled, the apparent one is."""

from __future__ import annotations

import time

import numpy as np
import pytest

from matchengine.errors import DataError
from matchengine.evaluation.strategies.sweep import sweep_ndcg
from matchengine.evaluation.strategies.tune import leave_one_cluster_out, tune
from matchengine.evaluation.strategies.weighting import configured
from tests.evaluation.strategies.worlds import matrices_of


def by_hand(values, clusters):
    known = ~np.isnan(values).any(axis=0)
    total, people = 0.0, 0
    for cluster in np.unique(clusters[known]):
        inside = known & (clusters == cluster)
        best = int(np.argmax(values[:, known & (clusters != cluster)].mean(axis=1)))
        total, people = total + values[best, inside].sum(), people + int(inside.sum())
    return total / people


def test_nested_values_are_those_of_a_loop():
    rng = np.random.default_rng(0)
    for _case in range(10):
        values = rng.random((20, 37))
        values[:, rng.random(37) < 0.2] = np.nan
        clusters = rng.integers(0, 5, 37)
        found = leave_one_cluster_out(values, clusters)
        assert found.honest == pytest.approx(by_hand(values, clusters))
        known = ~np.isnan(values).any(axis=0)
        assert found.apparent == pytest.approx(values[:, known].mean(axis=1).max())
        assert found.best == int(np.argmax(values[:, known].mean(axis=1)))


def test_without_any_true_difference_the_apparent_value_flatters_and_the_honest_one_does_not():
    """evaluation.md 0, finding 7: the best of 50 on 100 people looks better by some hundredths."""
    honest, apparent = [], []
    for seed in range(60):
        values = np.random.default_rng(seed).normal(0.4, 0.15, (50, 100))
        found = leave_one_cluster_out(values, np.arange(100) // 10)
        honest.append(found.honest - 0.4)
        apparent.append(found.apparent - 0.4)
    assert 0.02 < np.mean(apparent) < 0.05
    assert abs(np.mean(honest)) < 0.006
    assert np.mean(honest) < np.mean(apparent) / 5


def test_a_true_difference_is_found_and_both_values_agree():
    values = np.random.default_rng(1).normal(0.4, 0.1, (30, 400))
    values[17] += 0.2
    found = leave_one_cluster_out(values, np.arange(400) // 20)
    assert found.best == 17
    assert (found.chosen == 17).all()
    assert found.optimism == pytest.approx(0, abs=1e-12)


def test_the_order_of_people_and_the_names_of_clusters_change_nothing():
    rng = np.random.default_rng(2)
    values, clusters = rng.random((15, 60)), rng.integers(0, 6, 60)
    order = rng.permutation(60)
    one, other = leave_one_cluster_out(values, clusters), leave_one_cluster_out(values[:, order], clusters[order] * 7)
    assert one.best == other.best
    assert one.honest == pytest.approx(other.honest)


def test_one_cluster_is_not_enough():
    with pytest.raises(DataError, match="two"):
        leave_one_cluster_out(np.ones((3, 5)), np.zeros(5, int))
    with pytest.raises(DataError, match="two"):
        leave_one_cluster_out(np.full((3, 5), np.nan), np.arange(5))


def test_two_hundred_settings_and_a_thousand_people_take_milliseconds():
    values = np.random.default_rng(0).random((200, 1000))
    leave_one_cluster_out(values, np.arange(1000) // 25)
    best = min(_timed(lambda: leave_one_cluster_out(values, np.arange(1000) // 25)) for _round in range(5))
    assert best < 0.1


def _timed(work):
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def test_weights_are_found_where_one_scorer_alone_knows():
    matrices, starts, _gain = matrices_of(60, 20, gaps=0.0, scorers=4, seed=6)
    truth = matrices.values[:, 1]
    gain = np.where(truth >= 0.9, 1.0, 0.0)
    clusters = np.arange(60) // 6
    best, tuned = tune(matrices, starts, gain, clusters, configured(matrices), trials=100, seed=1)
    before = np.nanmean(sweep_ndcg(matrices, starts, gain, [configured(matrices)]))
    assert tuned.honest > before + 0.1
    assert max(tuned.weights, key=lambda name: tuned.weights[name]) == "s1"
    assert sum(tuned.weights.values()) == pytest.approx(1)
    assert tuned.optimism == tuned.apparent - tuned.honest >= -1e-12
    again, same = tune(matrices, starts, gain, clusters, configured(matrices), trials=100, seed=1)
    assert (again, same) == (best, tuned)


def test_where_nothing_is_better_the_configured_weights_stay():
    matrices, starts, gain = matrices_of(20, 10, scorers=1)
    best, tuned = tune(matrices, starts, gain, np.arange(20), configured(matrices), trials=5, seed=1)
    assert best == configured(matrices)
    assert tuned.optimism == pytest.approx(0)
