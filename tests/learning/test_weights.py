"""Weights that made the preferences are found again; where nothing is said, the configured ones stay."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from matchengine.config import parse_config, to_toml
from matchengine.learning.features import Table
from matchengine.learning.tuning import agreement
from matchengine.learning.weights import Model, Weights, fit, of_kind, totals, with_weights, written
from matchengine.matching.combine import combine, neutral_score
from tests.learning.tables import TRUE, kind, permuted, table
from tests.support import config

DEFAULT = Weights({}, {})


def across(made: Table, power: float) -> Table:
    settings = made.kind.config.model_copy(update={"across": power})
    return replace(made, kind=replace(made.kind, config=settings))


@pytest.mark.parametrize("power", [0.0, 1.0, -2.0, 0.5])
def test_the_model_is_the_score_that_the_engine_combines(power: float) -> None:
    made = across(table(20, 3, missing=0.3), power)
    model = Model(made)
    neutral = neutral_score(made.kind, made.values, made.confidences)
    sure = np.ones_like(made.confidences)
    for weights in (DEFAULT, TRUE):
        chosen = with_weights(made.kind, weights)
        base = combine(chosen, made.values, sure, neutral).total
        told, _gradient = model.utility(model.parameters(weights))
        assert np.allclose(np.exp(told), base, atol=1e-12)


@pytest.mark.parametrize("power", [0.0, 1.0, -2.0])
def test_the_gradient_is_that_of_the_score(power: float) -> None:
    model = Model(across(table(20, 3, missing=0.3), power))
    at = model.prior * 1.1 + 0.02
    step = 1e-6 * np.eye(len(at))
    numeric = np.stack([(model.utility(at + s)[0] - model.utility(at - s)[0]) / 2e-6 for s in step], axis=1)
    assert np.allclose(model.utility(at)[1], numeric, atol=1e-7)


def test_known_weights_are_found_again() -> None:
    found = fit(table(300, 8), 10.0).weights
    for name, weight in TRUE.blocks.items():
        assert found.blocks[name] == pytest.approx(weight, abs=0.04)
    for name, weight in TRUE.scorers.items():
        assert found.scorers[name] == pytest.approx(weight, abs=0.06)


def test_known_weights_are_found_although_a_fifth_of_all_values_is_unknown() -> None:
    made = table(300, 8, missing=0.2)
    found = fit(made, 10.0)
    assert found.weights.blocks["relate"] == pytest.approx(0.6, abs=0.05)
    assert found.weights.scorers["interests"] == pytest.approx(0.8, abs=0.08)
    assert agreement(made, found.weights).mean() > agreement(made, DEFAULT).mean() + 0.1


def test_few_preferences_move_weights_less_than_many_do() -> None:
    moved = [abs(fit(table(judges, 2), 100.0).weights.blocks["relate"] - 0.35) for judges in (2, 20, 200)]
    assert moved[0] < moved[1] < moved[2]
    assert moved[0] < 0.02
    few, many = fit(table(2, 2), 100.0), fit(table(200, 2), 100.0)
    for name in few.shrinkage:
        assert 0 <= many.shrinkage[name] < few.shrinkage[name] <= 1
    assert min(few.shrinkage.values()) > 0.5


def test_a_stronger_prior_holds_the_configured_weights() -> None:
    made = table(40, 4)
    moved = [abs(fit(made, tau).weights.blocks["relate"] - 0.35) for tau in (10.0, 1000.0, 1e7)]
    assert moved[0] > moved[1] > moved[2]
    assert moved[2] < 0.001


def test_preferences_without_meaning_leave_the_weights_where_they_are() -> None:
    found = fit(permuted(table(200, 5)), 1000.0)
    default = of_kind(kind())
    assert found.sharpness < 0.5
    for name, weight in found.weights.blocks.items():
        assert weight == pytest.approx(default.blocks[name], abs=0.03)


def test_weights_are_never_zero_and_every_set_keeps_its_sum() -> None:
    found = fit(table(200, 8, Weights({"need": 1e-6, "relate": 1, "feasible": 1e-6}, {})), 0.1).weights
    assert min(found.blocks.values()) > 0
    assert sum(found.blocks.values()) == pytest.approx(1, abs=2e-4)
    assert sum(found.scorers.values()) == pytest.approx(1, abs=2e-4)
    assert set(found.scorers) == {"interests", "values", "style"}


def test_a_preference_that_counts_nothing_changes_nothing() -> None:
    made = table(60, 4)
    counts = made.weights
    counts[:120] = 0
    assert fit(made, 30.0, None, counts).weights == fit(made, 30.0, np.arange(120, 240)).weights


def test_weights_of_a_goal_stay_as_the_programme_set_them() -> None:
    text = "[match.mentor.goal_blocks]\nconfidence = { need = 0.1, relate = 0.8, feasible = 0.1 }\n"
    chosen = kind(text)
    made = table(80, 4, of=chosen)
    goals = np.zeros(len(made.values), np.int64)
    goals[: len(goals) // 2] = 1 << 2  # confidence
    with_goals = replace(made, goals=goals)
    model = Model(with_goals)
    utility, gradient = model.utility(model.prior)
    assert not gradient[: len(goals) // 2, :3].any()
    assert gradient[len(goals) // 2 :, :3].any()
    neutral = neutral_score(chosen, made.values, made.confidences, goals)
    assert np.allclose(np.exp(utility), combine(chosen, made.values, made.confidences, neutral, goals).total)


def test_learned_weights_make_a_valid_configuration_and_touch_nothing_else() -> None:
    before = config()
    found = fit(table(100, 4), 30.0).weights
    after = written(before, "mentor", found)
    assert parse_config(to_toml(after)) == after
    assert after.match["mentor"].blocks == dict(found.blocks)
    assert after.match["mentor"].scorers["interests"].weight == found.scorers["interests"]
    assert after.match["mentor"].scorers["goals"] == before.match["mentor"].scorers["goals"]
    assert after.match["group"] == before.match["group"]
    back = written(after, "mentor", of_kind(kind()))
    assert back == before


def test_scores_under_other_weights_are_those_of_the_combination() -> None:
    made = table(10, 2)
    by_hand = combine(with_weights(made.kind, TRUE), made.values, made.confidences, 0.5).total
    assert np.array_equal(totals(made, TRUE, 0.5), by_hand)
    assert not np.array_equal(totals(made, DEFAULT, 0.5), by_hand)
