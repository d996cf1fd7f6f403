"""Kaplan-Meier and Aalen-Johansen against a textbook, brute force, and another package."""

from __future__ import annotations

import numpy as np
import pytest

from matchengine.learning.kpi.survival import aalen_johansen, kaplan_meier, log_log_interval, restricted_mean

# Remission in weeks of the 21 patients under 6-mercaptopurine of Freireich et al. 1963, as printed in every textbook.
WEEKS = np.array([6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35], np.float64)
RELAPSE = np.array([1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0], bool)


def test_kaplan_meier_and_greenwood_are_those_of_the_textbook() -> None:
    curve = kaplan_meier(WEEKS, RELAPSE)
    assert curve.times.tolist() == [6, 7, 10, 13, 16, 22, 23]
    assert curve.at_risk.tolist() == [21, 17, 15, 12, 11, 7, 6]
    assert np.round(curve.share, 3).tolist() == [0.857, 0.807, 0.753, 0.690, 0.627, 0.538, 0.448]
    assert np.round(np.sqrt(curve.variance), 4).tolist() == [0.0764, 0.0869, 0.0963, 0.1068, 0.1141, 0.1282, 0.1346]


def test_the_curve_stands_still_between_events_and_is_unknown_beyond_the_longest_watch() -> None:
    curve = kaplan_meier(WEEKS, RELAPSE)
    assert curve.at(5.9) == (1.0, 0.0)
    assert curve.at(12) == curve.at(10)
    assert np.isnan(curve.at(35.5)[0])
    everybody = kaplan_meier(np.array([1.0, 2.0]), np.array([True, True]))
    assert everybody.at(9) == (0.0, 0.0)  # nobody is left, so it is known


def test_the_restricted_mean_is_the_area_below_the_curve() -> None:
    curve = kaplan_meier(WEEKS, RELAPSE)
    fine = np.arange(0, 30, 0.001)
    area = sum(curve.at(float(time))[0] for time in fine) * 0.001
    assert restricted_mean(curve, 30)[0] == pytest.approx(area, abs=0.01)
    assert np.isnan(restricted_mean(curve, 36)[0])


def test_without_censoring_the_restricted_mean_is_a_mean_with_its_variance() -> None:
    days = np.array([2.0, 5.0, 5.0, 9.0, 14.0, 30.0])
    curve = kaplan_meier(days, np.ones(6, bool))
    capped = np.minimum(days, 12)
    mean, variance = restricted_mean(curve, 12)
    assert mean == pytest.approx(capped.mean())
    assert variance == pytest.approx(capped.var() / 6)


def test_without_censoring_incidence_is_a_share_with_the_variance_of_a_share() -> None:
    days, causes = np.array([1.0, 2, 2, 3, 4, 4, 5, 6, 7, 8]), np.array([1, 2, 1, 1, 2, 1, 2, 1, 1, 2])
    found = aalen_johansen(days, causes, 1)
    for time in (1.0, 3.0, 4.5, 8.0):
        share = float(((days <= time) & (causes == 1)).mean())
        assert found.at(time)[0] == pytest.approx(share)
        if time < 8:  # at the last time nobody is left and the estimate of the variance is a limit
            assert found.at(time)[1] == pytest.approx(share * (1 - share) / 10)


def test_one_cause_alone_is_one_less_kaplan_meier_with_greenwoods_variance() -> None:
    curve, found = kaplan_meier(WEEKS, RELAPSE), aalen_johansen(WEEKS, RELAPSE.astype(int), 1)
    assert found.share == pytest.approx(1 - curve.share)
    assert found.variance == pytest.approx(curve.variance)


def test_all_causes_together_with_nothing_yet_are_everybody() -> None:
    rng = np.random.default_rng(3)
    days, causes = rng.integers(1, 40, 200).astype(float), rng.integers(0, 4, 200)
    parts = sum(aalen_johansen(days, causes, cause).at(25)[0] for cause in (1, 2, 3))
    assert parts + kaplan_meier(days, causes > 0).at(25)[0] == pytest.approx(1.0)


def test_competing_events_are_not_taken_for_people_who_would_still_have_it() -> None:
    days, causes = np.array([1.0, 2, 3, 4]), np.array([2, 2, 1, 0])
    assert aalen_johansen(days, causes, 1).at(4)[0] == pytest.approx(0.25)
    assert 1 - kaplan_meier(days, causes == 1).at(4)[0] == pytest.approx(0.5)  # what censoring them would say


def test_statsmodels_agrees() -> None:
    survfunc = pytest.importorskip("statsmodels.duration.survfunc")
    rng = np.random.default_rng(11)
    days, causes = rng.integers(1, 60, 150).astype(float), rng.integers(0, 3, 150)
    right = survfunc.SurvfuncRight(days, causes > 0)
    curve = kaplan_meier(days, causes > 0)
    assert curve.share == pytest.approx(right.surv_prob)
    assert np.sqrt(curve.variance) == pytest.approx(right.surv_prob_se)
    other = survfunc.CumIncidenceRight(days, causes)
    for cause in (1, 2):
        found = aalen_johansen(days, causes, cause)
        theirs = dict(zip(other.times.tolist(), other.cinc[cause - 1].tolist(), strict=True))
        assert [theirs[time] for time in found.times.tolist()] == pytest.approx(found.share.tolist())


def test_the_interval_stays_between_nobody_and_everybody() -> None:
    low, high = log_log_interval(0.98, 0.02**2)
    assert 0 < low < 0.98 < high < 1
    assert all(np.isnan(log_log_interval(1.0, 0.0)))


def test_intervals_cover_as_often_as_they_say() -> None:
    rng, held = np.random.default_rng(5), 0
    for _ in range(400):
        event, lost = rng.exponential(10, 80), rng.exponential(15, 80)
        curve = kaplan_meier(np.minimum(event, lost), event <= lost)
        low, high = log_log_interval(*curve.at(8.0))
        held += low <= np.exp(-0.8) <= high
    assert 0.92 <= held / 400 <= 0.98


def test_incidence_intervals_cover_with_competing_events() -> None:
    rng, held = np.random.default_rng(8), 0
    for _ in range(400):
        one, two, lost = rng.exponential(20, 100), rng.exponential(30, 100), rng.exponential(25, 100)
        days = np.minimum(np.minimum(one, two), lost)
        causes = np.where(days == lost, 0, np.where(days == one, 1, 2))
        low, high = log_log_interval(*aalen_johansen(days, causes, 1).at(10.0))
        rate = 1 / 20 + 1 / 30
        held += low <= (1 / 20) / rate * (1 - np.exp(-10 * rate)) <= high
    assert 0.92 <= held / 400 <= 0.98
