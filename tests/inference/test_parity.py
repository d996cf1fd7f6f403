"""Differential fairness and exposure per seat."""

from __future__ import annotations

import numpy as np
import pytest

from matchengine.errors import DataError
from matchengine.inference import differential_fairness, exposure_gaps, smoothed_epsilon


def test_epsilon_is_the_largest_ratio_of_any_two_groups():
    counts = np.array([[3, 5, 2], [10, 1, 4], [0, 0, 0], [6, 6, 6]])
    smooth = (counts + 1) / (counts.sum(axis=1, keepdims=True) + 3)
    told = smooth[[0, 1, 3]]
    ratios = [abs(np.log(a[y] / b[y])) for a in told for b in told for y in range(3)]
    assert smoothed_epsilon(counts) == pytest.approx(max(ratios))
    assert np.isnan(smoothed_epsilon([[3, 4], [0, 0]]))


def test_labels_are_counted_as_the_table_is():
    outcome = ["yes", "no", "yes", "no", "no", "yes", None]
    group = ["a", "a", "a", "b", "b", "b", "b"]
    found = differential_fairness(outcome, group, draws=50)
    assert found.epsilon == pytest.approx(smoothed_epsilon([[1, 2], [2, 1]]))
    assert (found.groups, found.outcomes, found.people) == (2, 2, 6)
    assert np.isnan(differential_fairness(["yes"], ["a"]).epsilon)


def test_many_small_groups_look_unequal_and_are_not():
    rng = np.random.default_rng(1)
    found = differential_fairness(rng.random(128) < 0.6, np.repeat(np.arange(16), 8), draws=500)
    assert found.epsilon > 0.9
    assert found.p_value > 0.05
    assert found.null_mean < found.null_point


def test_a_true_inequality_is_found():
    rng = np.random.default_rng(2)
    group = np.repeat(np.arange(4), 50)
    found = differential_fairness(rng.random(200) < np.where(group == 2, 0.25, 0.75), group, draws=500)
    assert found.epsilon > found.null_point
    assert found.p_value == 1 / 501


def test_exposure_counts_per_seat():
    found = exposure_gaps([4.0, 6.0, 9.0, 1.0], [1, 1, 3, 2], ["a", "a", "b", "b"], draws=50)
    assert found.rates == pytest.approx([5.0, 2.0])
    assert found.overall == pytest.approx(20 / 7)
    assert found.largest == pytest.approx(3.0)
    assert found.sizes.tolist() == [2, 2]


def test_unequal_exposure_is_told_from_chance():
    rng = np.random.default_rng(3)
    seats, group = rng.integers(1, 4, 120), np.arange(120) % 3
    fair = rng.poisson(3 * seats)
    assert exposure_gaps(fair, seats, group, draws=500).p_value > 0.05
    found = exposure_gaps(fair * np.where(group == 1, 0.4, 1.0), seats, group, draws=500)
    assert found.p_value == 1 / 501
    assert found.rates.argmin() == 1
    assert found.p_values[1] == found.p_value


def test_a_group_without_seats_has_no_rate():
    found = exposure_gaps([1.0, 2.0, 0.0], [1, 1, 0], [0, 1, 2], draws=20)
    assert np.isnan(found.rates[2])
    assert np.isnan(exposure_gaps([1.0], [1], [0]).p_value)
    assert np.isnan(exposure_gaps([], [], []).overall)


def test_what_does_not_fit_is_refused():
    with pytest.raises(DataError, match="counts"):
        smoothed_epsilon([[-1, 2], [1, 1]])
    with pytest.raises(DataError, match="seats"):
        exposure_gaps([1.0], [-1], [0])
    with pytest.raises(DataError, match="at least 1 draw"):
        differential_fairness([0], [0], draws=0)
