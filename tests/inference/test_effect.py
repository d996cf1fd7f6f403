"""Three readings of size."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from matchengine.inference import effects


def test_mean_and_standardised_difference():
    values = np.random.default_rng(1).normal(0.4, 1, 80)
    found = effects(values)
    assert found.mean.estimate == pytest.approx(values.mean())
    assert (found.mean.low, found.mean.high) == pytest.approx(stats.ttest_1samp(values, 0).confidence_interval(0.95))
    assert found.standardised.estimate == pytest.approx(values.mean() / values.std(ddof=1))


def test_the_interval_of_d_is_near_the_exact_one_for_normal_differences():
    values = np.random.default_rng(2).normal(0.4, 1, 200)
    found = effects(values).standardised
    size, t = 200, np.sqrt(200) * values.mean() / values.std(ddof=1)
    grid = np.linspace(-1, 1.5, 20_001)
    inside = np.abs(stats.nct.cdf(t, size - 1, grid * np.sqrt(size)) - 0.5) <= 0.475
    assert (found.low, found.high) == pytest.approx((grid[inside].min(), grid[inside].max()), abs=0.03)


def test_who_gained_and_how_often():
    found = effects([1.0, 2.0, 0.0, -1.0, np.nan, 3.0, 0.0])
    assert (found.gained, found.lost, found.tied) == (3, 1, 2)
    assert found.superiority.estimate == pytest.approx(4 / 6)
    assert 0 <= found.superiority.low < 4 / 6 < found.superiority.high <= 1


def test_a_share_of_all_is_not_certain():
    found = effects(np.arange(1.0, 11.0)).superiority
    assert found.estimate == 1.0
    assert 0.5 < found.low < 0.9
    assert found.high == 1.0


def test_independent_shares_have_wilsons_interval():
    won = np.repeat([1.0, -1.0], [60, 40])
    found = effects(won).superiority
    wilson = stats.binomtest(60, 100).proportion_ci(0.95, "wilson")
    assert (found.low, found.high) == pytest.approx((wilson.low, wilson.high), abs=0.004)


def test_clusters_widen_every_interval():
    rng = np.random.default_rng(3)
    group = np.repeat(np.arange(12), 20)
    values = rng.normal(size=12)[group] + 0.3 * rng.normal(size=240)
    for one, other in zip(
        (effects(values, group).mean, effects(values, group).standardised, effects(values, group).superiority),
        (effects(values).mean, effects(values).standardised, effects(values).superiority),
        strict=True,
    ):
        assert one.high - one.low > 1.5 * (other.high - other.low)


def test_little_says_little():
    few = effects([0.1, 0.4, 0.2])
    assert few.mean.estimate == pytest.approx(0.7 / 3)
    assert math.isnan(few.mean.low)
    assert math.isnan(few.superiority.low)
    assert math.isnan(effects([]).mean.estimate)
    assert math.isnan(effects([0.2] * 9).standardised.estimate)
    nothing = effects(np.zeros(9))
    assert (nothing.standardised.low, nothing.standardised.high) == (0.0, 0.0)
    assert nothing.superiority.estimate == 0.5
