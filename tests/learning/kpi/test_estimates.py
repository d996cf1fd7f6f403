"""Means, shares, rates and goal attainment against known values and brute force."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from matchengine.learning.kpi.estimates import change_of, goal_attainment_score, mean_of, rate_of, share_of


def test_goal_attainment_is_the_formula_of_kiresuk_and_sherman() -> None:
    assert goal_attainment_score([0, 0], [1, 2]) == 50.0
    assert goal_attainment_score([1], [3]) == pytest.approx(60.0)
    assert goal_attainment_score([1, 1], [1, 1]) == pytest.approx(50 + 20 / np.sqrt(2.6))
    assert goal_attainment_score([2, -1], [2, 1]) == pytest.approx(50 + 10 * 3 / np.sqrt(0.7 * 5 + 0.3 * 9))
    assert np.isnan(goal_attainment_score([], []))


def test_a_mean_without_clusters_has_students_interval() -> None:
    values = [3, 4, 4, 5, 2, 5, 4, 3]
    found = mean_of(values)
    low, high = stats.t.interval(0.95, 7, np.mean(values), stats.sem(values))
    assert (found.value, found.low, found.high) == pytest.approx((np.mean(values), low, high))


def test_values_of_one_mentor_that_are_alike_count_for_less() -> None:
    values, mentors = [1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4, 5, 5, 5], [n // 3 for n in range(15)]
    alone, together = mean_of(values), mean_of(values, mentors)
    assert together.value == alone.value
    assert together.high - together.low > 1.5 * (alone.high - alone.low)


def test_with_few_clusters_no_interval_is_told() -> None:
    for found in (mean_of([1, 2, 3, 4], [1, 1, 2, 2]), rate_of([1, 2], [1, 1]), change_of([1, 0, 1, 0])):
        assert np.isnan(found.low)
        assert np.isnan(found.high)
    assert mean_of([]).n == 0
    assert np.isnan(mean_of([]).value)


def test_a_rate_is_a_sum_over_a_sum() -> None:
    found = rate_of([2, 4, 0, 3, 6], [1.0, 2.0, 1.0, 1.0, 5.0])
    residual = np.array([2, 4, 0, 3, 6]) - 1.5 * np.array([1, 2, 1, 1, 5])
    error = np.sqrt(5 / 4 * (residual**2).sum()) / 10
    assert found.value == 1.5
    assert found.high == pytest.approx(1.5 + stats.t.ppf(0.975, 4) * error)


def test_a_share_has_wilsons_interval() -> None:
    found = share_of([True] * 8 + [False] * 2)
    assert (round(found.low, 4), round(found.high, 4)) == (0.4902, 0.9433)
    nobody = share_of([False] * 20)
    assert nobody.low == 0.0
    assert 0.1 < nobody.high < 0.2


def test_clusters_make_a_share_less_sure_and_never_surer() -> None:
    holds, mentors = [True] * 10 + [False] * 10, [n // 4 for n in range(20)]
    alone, together = share_of(holds), share_of(holds, mentors)
    assert together.low < alone.low < alone.high < together.high
    even = share_of([n % 2 == 0 for n in range(20)], mentors)
    assert (even.low, even.high) == pytest.approx((alone.low, alone.high))


def test_intervals_with_clusters_cover_as_often_as_they_say() -> None:
    rng, held = np.random.default_rng(2), 0
    mentors = np.repeat(np.arange(25), 4)
    for _ in range(400):
        values = np.repeat(rng.normal(0, 1, 25), 4) + rng.normal(0, 1, 100)
        found = mean_of(values, mentors.tolist())
        held += found.low <= 0 <= found.high
    assert 0.92 <= held / 400 <= 0.98


def test_a_change_is_what_inference_makes_of_it() -> None:
    rng = np.random.default_rng(1)
    values, mentors = rng.normal(0.5, 1, 40), [n // 2 for n in range(40)]
    found = change_of(values, mentors)
    assert found.value == pytest.approx(values.mean())
    assert found.low < 0.5 < found.high
    nobody = change_of([0.0] * 12)
    assert nobody.value == 0.0
    assert np.isnan(nobody.low)


def test_the_order_of_values_changes_nothing() -> None:
    rng = np.random.default_rng(4)
    values, mentors = rng.normal(0, 1, 30).tolist(), (rng.integers(0, 9, 30)).tolist()
    order = rng.permutation(30)
    again = change_of([values[n] for n in order], [mentors[n] for n in order])
    assert again == change_of(values, mentors)
