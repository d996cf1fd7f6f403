"""Calibration: monotone, refused where too little is known, equal to independent implementations."""

from __future__ import annotations

import inspect

import numpy as np
import pytest
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression

from matchengine.errors import DataError
from matchengine.learning import calibration
from matchengine.learning.calibration import (
    brier,
    calibration_error,
    fit_calibration,
    mid_ranks,
    pool_adjacent_violators,
)


def drawn(n: int = 400, seed: int = 0, decimals: int = 3) -> tuple[np.ndarray, np.ndarray]:
    """Scores with ties, and outcomes whose chance rises with them."""
    rng = np.random.default_rng(seed)
    scores = np.round(rng.random(n), decimals)
    return scores, (rng.random(n) < scores**2).astype(float)


@pytest.mark.parametrize("seed", range(5))
def test_pool_adjacent_violators_equals_an_independent_implementation(seed: int) -> None:
    rng = np.random.default_rng(seed)
    values, weights = rng.normal(size=60), rng.uniform(0.2, 3, 60)
    theirs = IsotonicRegression().fit_transform(np.arange(60), values, sample_weight=weights)
    assert np.allclose(pool_adjacent_violators(values, weights), theirs)


@pytest.mark.parametrize("decimals", [1, 2, 6])
def test_isotonic_equals_an_independent_implementation_at_seen_and_unseen_scores(decimals: int) -> None:
    scores, outcomes = drawn(decimals=decimals)
    theirs = IsotonicRegression(out_of_bounds="clip").fit(scores, outcomes)
    asked = np.linspace(-0.2, 1.2, 301)
    assert np.allclose(fit_calibration("isotonic", scores, outcomes).apply(asked), theirs.predict(asked))


def test_platt_equals_logistic_regression_on_smoothed_targets() -> None:
    scores, outcomes = drawn()
    yes = outcomes.sum()
    target = np.where(outcomes == 1, (yes + 1) / (yes + 2), 1 / (len(outcomes) - yes + 2))
    both, said = np.tile(scores, 2)[:, None], np.repeat([1, 0], len(scores))
    theirs = LogisticRegression(C=1e10, tol=1e-10, max_iter=5_000)
    theirs.fit(both, said, sample_weight=np.concatenate([target, 1 - target]))
    slope, intercept = fit_calibration("platt", scores, outcomes).constants
    assert slope == pytest.approx(theirs.coef_[0, 0], abs=1e-3)
    assert intercept == pytest.approx(theirs.intercept_[0], abs=1e-3)


def test_platt_never_turns_the_order_round() -> None:
    scores, outcomes = drawn()
    upside_down = fit_calibration("platt", scores, 1 - outcomes)
    assert upside_down.constants[0] == 0
    assert upside_down.apply(scores) == pytest.approx(1 - outcomes.mean(), abs=0.01)


@pytest.mark.parametrize("method", ["identity", "z_logistic", "isotonic", "platt"])
def test_every_method_is_monotone_and_keeps_the_unknown_unknown(method: calibration.Method) -> None:
    scores, outcomes = drawn()
    fitted = fit_calibration(method, scores, outcomes)
    mapped = fitted.apply(np.append(np.linspace(0, 1, 200), np.nan))
    assert (np.diff(mapped[:-1]) >= 0).all()
    assert ((mapped[:-1] >= 0) & (mapped[:-1] <= 1)).all()
    assert np.isnan(mapped[-1])


def test_z_logistic_by_hand() -> None:
    fitted = fit_calibration("z_logistic", np.array([0.2, 0.6]))
    assert fitted.constants == pytest.approx((0.4, 0.2))
    assert fitted.apply(np.array([0.4, 0.6])) == pytest.approx([0.5, 1 / (1 + np.exp(-1))])


def test_mid_ranks_by_hand() -> None:
    scores = np.array([0.3, 0.9, 0.3, np.nan, 0.5, 0.1])
    owner = np.array([0, 0, 0, 0, 1, 1])
    assert mid_ranks(scores, owner)[[0, 1, 2, 4, 5]] == pytest.approx([1 / 3, 5 / 6, 1 / 3, 0.75, 0.25])
    assert np.isnan(mid_ranks(scores, owner)[3])


@pytest.mark.parametrize(
    ("method", "n", "yes", "told"),
    [
        ("isotonic", 199, 100, "isotonic needs 200 outcomes with 30 of each kind; there are 199 with 99 of the rarer"),
        ("isotonic", 300, 29, "there are 300 with 29 of the rarer"),
        ("platt", 49, 20, "platt needs 50 outcomes with 1 of each kind; there are 49 with 20 of the rarer"),
        ("platt", 80, 0, "there are 80 with 0 of the rarer"),
    ],
)
def test_too_few_outcomes_are_refused(method: calibration.Method, n: int, yes: int, told: str) -> None:
    outcomes = np.zeros(n)
    outcomes[:yes] = 1
    with pytest.raises(DataError, match=told):
        fit_calibration(method, np.linspace(0, 1, n), outcomes)


@pytest.mark.parametrize("method", ["z_logistic", "platt", "isotonic"])
def test_scores_that_cannot_be_calibrated_are_refused(method: calibration.Method) -> None:
    told = np.tile([0.0, 1.0], 150)
    with pytest.raises(DataError, match="two different scores"):
        fit_calibration(method, np.full(300, 0.4), told)
    with pytest.raises(DataError, match="1 scores are unknown"):
        fit_calibration(method, np.append(np.linspace(0, 1, 299), np.nan), told)


def test_outcomes_must_be_yes_or_no_for_each_score() -> None:
    for wrong in (None, np.zeros(59), np.full(60, 0.5)):
        with pytest.raises(DataError, match="one outcome, 0 or 1, for each score"):
            fit_calibration("platt", np.linspace(0, 1, 60), wrong)


def test_brier_and_calibration_error_by_hand() -> None:
    chances, outcomes = np.array([0.1, 0.1, 0.9, 0.9]), np.array([0, 1, 1, 1])
    assert brier(chances, outcomes) == pytest.approx((0.01 + 0.81 + 0.01 + 0.01) / 4)
    assert calibration_error(chances, outcomes) == pytest.approx((abs(0.2 - 1) + abs(1.8 - 2)) / 4)
    assert np.isnan(brier(np.zeros(0), np.zeros(0)))
    assert np.isnan(calibration_error(np.zeros(0), np.zeros(0)))


def test_calibrating_lowers_the_error_on_outcomes_it_has_not_seen() -> None:
    scores, outcomes = drawn(1_000)
    fresh, told = drawn(4_000, seed=9)
    for method in ("isotonic", "platt"):
        fitted = fit_calibration(method, scores, outcomes)  # type: ignore[arg-type]
        assert calibration_error(fitted.apply(fresh), told) < calibration_error(fresh, told) / 2


def test_nothing_here_can_be_told_a_group() -> None:
    for name in calibration.__all__:
        thing = getattr(calibration, name)
        if callable(thing) and inspect.isfunction(thing):
            assert not {"group", "groups", "attribute", "attributes"} & set(inspect.signature(thing).parameters)
