"""Worst group and largest gap, against what chance shows."""

from __future__ import annotations

import numpy as np
import pytest

from matchengine.errors import DataError
from matchengine.inference import group_gaps, shrunk_means, worst_group


def test_shrinkage_follows_the_formula():
    mean, size = np.array([0.2, 0.5, 0.9]), np.array([10.0, 20.0, 30.0])
    shrunk, overall, between = shrunk_means(mean, size, 0.04)
    centre = (mean * size).sum() / 60
    q = (size * (mean - centre) ** 2).sum() / 0.04
    tau2 = (q - 2) / (60 / 0.04 - (size**2).sum() / 0.04**2 / (60 / 0.04))
    assert overall == pytest.approx(centre)
    assert between == pytest.approx(tau2)
    assert shrunk == pytest.approx(centre + tau2 / (tau2 + 0.04 / size) * (mean - centre))


def test_groups_that_differ_no_more_than_chance_are_all_alike():
    shrunk, overall, between = shrunk_means(np.array([0.49, 0.51]), np.array([8.0, 8.0]), 0.04)
    assert between == 0
    assert shrunk == pytest.approx([overall, overall])


def test_a_group_that_is_worse_is_found():
    rng = np.random.default_rng(1)
    group = np.repeat(np.arange(8), 30)
    outcome = 0.6 - 0.25 * (group == 5) + 0.2 * rng.normal(size=240)
    found = worst_group(outcome, group, draws=500)
    assert found.position == 5
    assert found.raw < found.shrunk < found.null_point < found.null_mean <= found.overall
    assert found.p_value == 1 / 501
    assert found.sizes.tolist() == [30] * 8


def test_unknown_outcomes_and_groups_are_left_out():
    outcome = np.array([0.1, 0.9, np.nan, 0.5, 0.4, 0.6])
    found = worst_group(outcome, ["a", "b", "a", None, "a", "b"], draws=50)
    assert found.sizes.tolist() == [2, 2]
    assert worst_group([np.nan], ["a"], draws=5).position == -1
    assert worst_group([0.2, 0.4], ["a", "a"], draws=5).p_value == 1.0


def test_a_group_in_a_poor_cohort_is_not_blamed_for_it():
    """Within each cohort groups fare alike; one cohort is poor and has most of one group."""
    rng = np.random.default_rng(2)
    cohort = np.repeat(np.arange(6), 40)
    group = (rng.random(240) < np.where(cohort == 0, 0.9, 0.1)).astype(int)
    outcome = np.where(cohort == 0, 0.2, 0.7) + 0.05 * rng.normal(size=240)
    assert worst_group(outcome, group, draws=300).p_value < 0.01
    within = worst_group(outcome, group, cohort, draws=300)
    assert within.scheme == "within"
    assert within.p_value > 0.05
    gaps = group_gaps(outcome, group[:, None], cohort, draws=300)
    assert gaps.p_value > 0.05
    assert abs(gaps.gaps[0].gap) > 0.2


def test_a_grouping_of_whole_cohorts_is_judged_by_cohorts():
    """Eight cohorts that differ, four of each kind: people alone would be sure of a difference that is chance."""
    rng = np.random.default_rng(8)
    cohort = np.repeat(np.arange(8), 40)
    outcome = 0.3 * rng.normal(size=8)[cohort] + 0.05 * rng.normal(size=320)
    found = group_gaps(outcome, (cohort % 2)[:, None], cohort, draws=400)
    assert found.scheme == "both"
    assert found.p_value > 0.05
    assert group_gaps(outcome, (cohort % 2)[:, None], draws=400).p_value < 0.05


def test_an_intersection_that_no_margin_shows_is_found():
    """Fairness gerrymandering: each attribute alone is balanced, their combination is not."""
    rng = np.random.default_rng(3)
    levels = rng.integers(0, 2, (400, 3))
    outcome = 0.5 + 0.3 * ((levels[:, 0] ^ levels[:, 1]) - 0.5) + 0.2 * rng.normal(size=400)
    found = group_gaps(outcome, levels, draws=500)
    first = found.gaps[0]
    assert {a for a, _level in first.group} == {0, 1}
    assert first.p_value == 1 / 501
    assert group_gaps(outcome, levels, order=1, draws=500).p_value > 0.01
    inside = np.logical_and.reduce([levels[:, a] == level for a, level in first.group])
    assert first.gap == pytest.approx(outcome[inside].mean() - outcome[~inside].mean())
    assert (first.mean, first.others) == pytest.approx((outcome[inside].mean(), outcome[~inside].mean()))


def test_small_groups_are_counted_and_not_looked_at():
    levels = np.array([[0]] * 40 + [[1]] * 6 + [[-1]] * 20)
    found = group_gaps(np.random.default_rng(4).random(66), levels, draws=50)
    assert [gap.group for gap in found.gaps] == [((0, 0),)]
    assert found.too_small == 1
    nothing = group_gaps(np.zeros(5), np.zeros((5, 1), int), draws=50)
    assert nothing.gaps == ()
    assert np.isnan(nothing.p_value)


def test_outcomes_without_spread_have_no_gap():
    levels = np.arange(60)[:, None] % 2
    found = group_gaps(np.full(60, 0.3), levels, draws=50)
    assert found.p_value == 1.0


def test_what_does_not_fit_is_refused():
    with pytest.raises(DataError, match="whole numbers"):
        group_gaps([0.1, 0.2], [[0.5], [1.0]])
    with pytest.raises(DataError, match="at least 1"):
        group_gaps([0.1], [[0]], order=0)
    with pytest.raises(DataError, match="at least 1 draw"):
        worst_group([0.1, 0.2], [0, 1], draws=0)
