"""Outcomes of pairs that another strategy showed."""

from __future__ import annotations

import numpy as np
import pytest

from matchengine.errors import DataError
from matchengine.inference import doubly_robust, effective_sample, judged_share, snips

ACTIONS = 4
TRUE = np.array([0.2, 0.4, 0.6, 0.8])
LOGGING = np.array([0.4, 0.3, 0.2, 0.1])
TARGET = np.array([0.1, 0.2, 0.3, 0.4])
WORTH = float(TRUE @ TARGET)


def logged(size: int, seed: int = 0):
    """Pairs that the logging strategy showed, with their outcomes."""
    rng = np.random.default_rng(seed)
    shown = rng.choice(ACTIONS, size, p=LOGGING)
    return shown, (rng.random(size) < TRUE[shown]).astype(float)


def test_judged_share_counts_filled_places_only():
    found = judged_share([[True, False], [True, True], [False, False]], [[True, True], [True, False], [False, False]])
    assert (found.known, found.shown, found.share) == (2, 3, pytest.approx(2 / 3))
    assert found.per_unit[:2].tolist() == [0.5, 1.0]
    assert np.isnan(found.per_unit[2])
    assert np.isnan(judged_share(np.zeros((0, 5), bool)).share)


def test_effective_sample():
    assert effective_sample([2.0, 2.0, 2.0]) == pytest.approx(3)
    assert effective_sample([1.0, 0.0, 0.0]) == 1
    assert effective_sample([3.0, 1.0]) == pytest.approx(16 / 10)
    assert effective_sample([0.0]) == effective_sample([]) == 0


def test_snips_is_a_weighted_mean():
    shown, outcome = logged(400)
    weight = TARGET[shown] / LOGGING[shown]
    found = snips(outcome, LOGGING[shown], TARGET[shown])
    assert found.estimate == pytest.approx(np.average(outcome, weights=weight))
    assert found.effective == pytest.approx(weight.sum() ** 2 / (weight**2).sum())
    assert (found.clipped, found.pairs, found.reason) == (0.0, 400, None)
    assert snips(outcome, LOGGING[shown], TARGET[shown], clip=1.5).clipped == pytest.approx((weight > 1.5).mean())


def test_both_estimates_cover_the_truth():
    hits = {"snips": 0, "dr": 0}
    for seed in range(200):
        shown, outcome = logged(400, seed)
        chances = LOGGING[shown], TARGET[shown]
        wrong = np.full(400, 0.3)
        one, two = snips(outcome, *chances), doubly_robust(outcome, *chances, wrong, wrong)
        hits["snips"] += one.low <= WORTH <= one.high
        hits["dr"] += two.low <= WORTH <= two.high
    assert min(hits.values()) >= 180, hits


def test_a_right_model_saves_wrong_chances_and_narrows():
    shown, outcome = logged(600, 1)
    model, expected = TRUE[shown], np.full(600, WORTH)
    wrong_chances = np.full(600, 0.25)
    biased = snips(outcome, wrong_chances, np.full(600, 0.25))
    saved = doubly_robust(outcome, wrong_chances, np.full(600, 0.25), model, expected)
    assert abs(biased.estimate - WORTH) > 0.1
    assert saved.estimate == pytest.approx(WORTH, abs=0.06)


def test_few_effective_pairs_are_refused():
    shown, outcome = logged(60)
    target = np.where(shown == 3, 1.0, 0.01)
    found = snips(outcome, LOGGING[shown], target)
    assert (found.estimate, found.reason) == (None, "few_effective")
    assert found.effective < 50
    assert np.isnan(found.low)
    assert doubly_robust(outcome, LOGGING[shown], target, outcome, outcome).estimate is None


def test_the_limit_is_fifty():
    outcome = np.arange(50) % 2 * 1.0
    assert snips(outcome, np.full(50, 0.5), np.full(50, 0.5)).estimate == pytest.approx(0.5)
    assert snips(outcome[:49], np.full(49, 0.5), np.full(49, 0.5)).reason == "few_effective"


@pytest.mark.parametrize(
    ("outcome", "target", "cluster", "reason"),
    [
        (np.full(80, np.nan), 0.5, None, "no_outcomes"),
        (np.zeros(80), 0.0, None, "no_overlap"),
        (np.zeros(80), 0.5, np.arange(80) % 3, "few_clusters"),
    ],
)
def test_other_refusals_have_their_reason(outcome, target, cluster, reason):
    found = snips(outcome, np.full(80, 0.5), np.full(80, target), cluster)
    assert (found.estimate, found.reason) == (None, reason)


def test_clusters_widen_the_interval():
    rng = np.random.default_rng(4)
    group = np.repeat(np.arange(20), 20)
    outcome = np.clip(0.5 + 0.3 * rng.normal(size=20)[group] + 0.05 * rng.normal(size=400), 0, 1)
    half = np.full(400, 0.5)
    narrow, wide = snips(outcome, half, half), snips(outcome, half, half, group)
    assert wide.high - wide.low > 3 * (narrow.high - narrow.low)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: snips([1.0], [0.0], [0.5]), "propensities"),
        (lambda: snips([1.0], [np.nan], [0.5]), "propensities"),
        (lambda: snips([1.0], [0.5], [1.5]), "target chances"),
        (lambda: snips([1.0], [0.5], [0.5], clip=0), "clip"),
        (lambda: doubly_robust([1.0], [0.5], [0.5], [np.nan], [0.5]), "predictions"),
        (lambda: judged_share([True]), "judged share"),
        (lambda: effective_sample([-1.0]), "weights"),
    ],
)
def test_what_cannot_be_reckoned_is_told(call, message):
    with pytest.raises(DataError, match=message):
        call()
