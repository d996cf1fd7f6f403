"""Calibration, stability, cost and explanations."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from matchengine.comparison import Case, Cost, Lists
from matchengine.errors import DataError
from matchengine.metrics import cost, stability
from matchengine.metrics.calibration import brier, ece, log_loss, reliability
from matchengine.metrics.explanations import comprehensiveness, sign_agreement, sufficiency
from tests.metrics.lists import NAN, case_of, drawn, lists_of


def predicted(seed: int = 0, people: int = 60) -> Case:
    lists = drawn(seed, people=people, unknown=0.2)
    rng = np.random.default_rng(seed)
    probability = rng.random(len(lists.person))
    probability[rng.random(len(probability)) < 0.1] = np.nan
    return Case(lists, probability=probability)


def test_equal_to_scikit_learn():
    metrics = pytest.importorskip("sklearn.metrics")
    case = predicted()
    known = ~np.isnan(case.lists.gain + case.probability)
    truth, said = case.lists.gain[known] > 0, case.probability[known]
    assert np.array_equal(np.isnan(brier(case)), ~known)
    assert np.array_equal(np.isnan(log_loss(case)), ~known)
    assert np.nanmean(brier(case)) == pytest.approx(metrics.brier_score_loss(truth, said), abs=1e-12)
    assert np.nanmean(log_loss(case)) == pytest.approx(metrics.log_loss(truth, said), abs=1e-12)


def test_calibration_error_by_hand():
    case = replace(
        case_of([(0, 1), (0, 0), (0, 0), (0, 1), (0, NAN)]), probability=np.array([0.05, 0.01, 0.3, 1.0, 0.9])
    )
    curve = reliability(case.probability[:4], np.array([1.0, 0, 0, 1]))
    assert curve.count.tolist() == [2, 0, 0, 1, 0, 0, 0, 0, 0, 1]
    assert curve.predicted[[0, 3, 9]] == pytest.approx([0.03, 0.3, 1.0])
    assert curve.observed[[0, 3, 9]] == pytest.approx([0.5, 0, 1])
    assert np.isnan(curve.observed[1])
    assert ece(case) == pytest.approx([(2 * 0.47 + 0.3 + 0) / 4])
    assert ece(case, bins=1) == pytest.approx([abs(0.34 - 0.5)])


def test_a_certainty_that_is_wrong_is_bad_but_not_infinite():
    case = replace(case_of([(0, 1), (0, 0)]), probability=np.array([0.0, 1.0]))
    assert np.isfinite(log_loss(case)).all()
    assert log_loss(case).min() > 30
    assert brier(case).tolist() == [1, 1]


def test_nothing_known_has_no_calibration():
    case = replace(case_of([(0, NAN)]), probability=np.array([0.5]))
    assert np.isnan(ece(case)).all()
    assert np.isnan(brier(case)).all()


def test_a_list_overlaps_itself_wholly():
    lists = drawn(1, decimals=1)
    case = Case(lists, perturbed=(lists, lists.scored(lists.score * 2 + 1)))
    for values in (stability.overlap(case, k=3), stability.rbo(case, k=5)):
        assert np.array_equal(np.isnan(values), ~lists.answered)
        assert values[lists.answered] == pytest.approx(1.0, abs=1e-12)


def test_overlap_and_rank_biased_overlap_by_hand():
    before = lists_of([(0.9, 0), (0.8, 0), (0.7, 0), (0.1, 0)])
    after = before.scored(np.array([0.8, 0.9, 0.1, 0.7]))
    case = Case(before, perturbed=(after, before))
    assert stability.overlap(case, k=3) == pytest.approx([(2 / 3 + 1) / 2])
    assert stability.overlap(case, k=1) == pytest.approx([0.5])
    only = Case(before, perturbed=(after,))
    weights = np.array([1, 0.9, 0.81])
    assert stability.rbo(only, k=3) == pytest.approx([(weights * [0, 1, 2 / 3]).sum() / weights.sum()])
    assert stability.rbo(only, k=1).tolist() == [0]


def test_who_left_the_pool_is_not_held_against_a_list():
    before = lists_of([(0.9, 0), (0.8, 0), (0.7, 0)], [(0.9, 0), (0.8, 0), (0.7, 0)])
    without = before.scored(np.array([NAN, 0.8, 0.7] * 2))
    assert stability.overlap(Case(before, perturbed=(without,)), k=2) == pytest.approx([1, 1])
    dropped = before.scored(np.array([NAN, 0.8, 0.7, 0.9, 0.8, 0.7]))
    assert stability.overlap(Case(before, perturbed=(dropped,)), k=2) == pytest.approx([0.5, 1])
    person_gone = before.scored(np.array([NAN, NAN, NAN, 0.9, 0.8, 0.7]))
    assert stability.overlap(Case(before, perturbed=(person_gone,)), k=2) == pytest.approx([NAN, 1], nan_ok=True)


def test_changed_lists_may_hold_other_pairs():
    before = lists_of([(0.9, 0), (0.8, 0), (0.7, 0)])
    fewer = Lists(1, 3, np.zeros(2, np.int32), np.array([1, 2], np.int32), np.array([0.1, 0.9]), np.zeros(2))
    assert stability.overlap(Case(before, perturbed=(fewer,)), k=1).tolist() == [0]
    assert stability.overlap(Case(before, perturbed=(fewer,)), k=2).tolist() == [1]


def test_cost():
    seconds = np.array([0.1, 0.2, 0.3, NAN])
    case = case_of(*[[(0.5, 1.0)]] * 4, cost=Cost(seconds, 7.2, 3 * 2**20, 0.5))
    assert cost.latency_median(case) == pytest.approx([0.2])
    assert cost.latency_slowest(case) == pytest.approx([0.29])
    assert cost.total_seconds(case).tolist() == [7.2]
    assert cost.peak_memory(case).tolist() == [3]
    assert cost.price_per_thousand(case) == pytest.approx([7.2 / 3600 * 0.5 * 250])
    assert np.isnan(cost.price_per_thousand(replace(case, cost=Cost(seconds, 7.2, 0.0)))).all()
    assert np.isnan(cost.latency_median(replace(case, cost=Cost(np.full(4, NAN), 7.2, 0.0)))).all()


def test_parts_that_are_not_there():
    for metric in (cost.total_seconds, brier):
        with pytest.raises(DataError, match="case"):
            metric(case_of())
    with pytest.raises(DataError, match="perturbed"):
        stability.overlap(case_of(), k=1)


def test_reasons_against_the_scores_without_what_they_cite():
    score = np.array([60.0, 50.0])
    assert comprehensiveness(score, np.array([40.0, 55.0])).tolist() == [20, -5]
    assert sufficiency(score, np.array([55.0, 60.0])).tolist() == [5, 10]
    stated = np.array([[1, -1, 0], [1, 1, 0]])
    lost = np.array([[3.0, -2.0, 9.0], [-1.0, NAN, 0.0]])
    assert sign_agreement(stated, lost) == pytest.approx(2 / 3)
    assert sign_agreement(stated, lost, np.ones((2, 3), bool)) == pytest.approx(3 / 5)
    assert np.isnan(sign_agreement(np.zeros((2, 3)), lost))
    with pytest.raises(DataError, match="expected one for each"):
        comprehensiveness(score, np.zeros(3))
