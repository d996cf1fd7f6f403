"""What holds for every programme: orders, spellings and units decide nothing; weights are always usable."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchengine.config import parse_config, to_toml
from matchengine.learning.calibration import Calibration, fit_calibration, mid_ranks, pool_adjacent_violators
from matchengine.learning.features import Table
from matchengine.learning.preferences import Said
from matchengine.learning.tuning import trial
from matchengine.learning.weights import Model, Weights, fit, written
from matchengine.records.learning import WeightProposal
from matchengine.records.plan import Ranking
from tests.learning.programme import cohorts, learned, rankings
from tests.learning.tables import TRUE, permuted, table
from tests.properties.populations import programme, quick
from tests.support import config, engine

seeds = st.integers(0, 10_000)


@given(seeds, st.floats(0, 0.9), st.sampled_from((0.1, 10.0, 1000.0)))
@quick
def test_learned_weights_are_always_a_valid_configuration(seed: int, missing: float, tau: float) -> None:
    found = fit(table(6, 4, seed=seed, missing=missing), tau)
    after = written(config(), "mentor", found.weights)
    assert parse_config(to_toml(after)) == after
    assert all(0 <= share <= 1 for share in found.shrinkage.values())
    assert np.isfinite(found.loss)


@given(seeds)
@quick
def test_a_scorer_about_which_nothing_is_known_keeps_its_share(seed: int) -> None:
    made = table(40, 4, seed=seed)
    column = [s.name for s in made.kind.scorers].index("values")
    values, confidences = made.values.copy(), made.confidences.copy()
    values[:, column], confidences[:, column] = np.nan, 0
    found = fit(replace(made, values=values, confidences=confidences), 100.0)
    assert found.shrinkage["scorers.values"] == pytest.approx(1)


@given(seeds)
@quick
def test_turning_every_preference_round_turns_what_is_learned_away(seed: int) -> None:
    made = table(60, 4, seed=seed)
    turned = replace(made, better=made.worse, worse=made.better)
    straight, other = fit(made, 30.0), fit(turned, 30.0)
    assert straight.sharpness > other.sharpness
    assert straight.loss < other.loss


def shuffled(made: Table, seed: int) -> Table:
    order = np.random.default_rng(seed).permutation(len(made.preferences))
    said = tuple(made.preferences[n] for n in order)
    return replace(made, better=made.better[order], worse=made.worse[order], preferences=said)


@pytest.mark.parametrize("seed", [0, 1])
def test_the_order_of_preferences_decides_nothing(seed: int) -> None:
    made = table(30, 4, seed=seed, cohorts=6)
    one, other = trial(made, made.weights), trial(shuffled(made, seed), made.weights)
    assert one is not None
    assert other is not None
    assert one.judges == other.judges
    assert np.allclose(one.learned, other.learned)
    assert np.array_equal(one.default, other.default)


@given(seeds, st.floats(0.2, 5))
@quick
def test_scaling_the_weights_of_a_block_scales_what_is_learned(seed: int, factor: float) -> None:
    made = table(30, 4, seed=seed)
    scaled = [replace(s, weight=s.weight * factor) if s.block == "relate" else s for s in made.kind.scorers]
    other = replace(made, kind=replace(made.kind, scorers=tuple(scaled)))
    one, two = fit(made, 30.0).weights, fit(other, 30.0).weights
    for name, weight in one.scorers.items():
        assert two.scorers[name] == pytest.approx(weight * factor, rel=2e-3, abs=2e-3)
    assert two.blocks == pytest.approx(one.blocks, abs=1e-3)


@given(seeds, st.floats(0, 0.6))
@quick
def test_scaling_all_weights_changes_no_score(seed: int, missing: float) -> None:
    model = Model(table(5, 3, TRUE, seed=seed, missing=missing))
    at = np.random.default_rng(seed).uniform(0.1, 1, len(model.prior))
    blocks, rest = at[:3], at[3:]
    told = model.utility(at)[0]
    assert np.allclose(model.utility(np.concatenate([blocks * 3, rest]))[0], told)
    assert np.allclose(model.utility(np.concatenate([blocks, rest * 3]))[0], told)


values = st.lists(st.floats(-5, 5, allow_nan=False), min_size=1, max_size=40).map(np.array)


@given(values)
@quick
def test_pool_adjacent_violators_rises_keeps_the_mean_and_is_done_after_once(given_values: np.ndarray) -> None:
    weights = np.ones(len(given_values))
    found = pool_adjacent_violators(given_values, weights)
    assert (np.diff(found) >= -1e-9).all()
    assert found.mean() == pytest.approx(given_values.mean(), abs=1e-9)
    assert np.allclose(pool_adjacent_violators(found, weights), found)


@given(seeds, st.sampled_from(("z_logistic", "platt", "isotonic")))
@quick
def test_calibration_keeps_the_order(seed: int, method: str) -> None:
    rng = np.random.default_rng(seed)
    scores, outcomes = rng.random(300), (rng.random(300) < 0.5).astype(float)
    found: Calibration = fit_calibration(method, scores, outcomes)  # type: ignore[arg-type]
    assert (np.diff(found.apply(np.sort(scores))) >= 0).all()


@given(seeds)
@quick
def test_mid_ranks_depend_on_the_order_alone_and_average_a_half(seed: int) -> None:
    rng = np.random.default_rng(seed)
    scores, owner = np.round(rng.random(30), 1), rng.integers(0, 3, 30)
    found = mid_ranks(scores, owner)
    assert np.array_equal(found, mid_ranks(np.exp(3 * scores), owner))
    for who in np.unique(owner):
        assert found[owner == who].mean() == pytest.approx(0.5)


def numbers(proposal: WeightProposal) -> dict[str, object]:
    return proposal.model_dump(exclude={"seal", "fingerprint", "weights", "sharpness"})


@pytest.fixture(scope="module")
def first() -> tuple[list[dict[str, Any]], list[Ranking], dict[str, str], WeightProposal]:
    """People, what they said, their cohorts, and what is proposed."""
    people, one = programme(45, 9), engine()
    one.load(people)
    told, named = rankings(one), cohorts(one)
    return people, told, named, learned(one, Said(rankings=told, cohorts=named))


@pytest.mark.parametrize("change", ["people", "rankings", "ids"])
def test_a_proposal_is_the_same_whatever_the_order_and_the_spelling(change: str, first: Any) -> None:
    people, told, named, proposal = first
    rename: Callable[[str], str] = (lambda i: f"x{hash_of(i)}") if change == "ids" else (lambda i: i)
    other = engine()
    again = [each | {"id": rename(each["id"])} for each in people]
    other.load(again[::-1] if change == "people" else again)
    listed = [
        Ranking(person_id=rename(each.person_id), ranked=tuple(rename(mentor) for mentor in each.ranked))
        for each in (told[::-1] if change == "rankings" else told)
    ]
    got = learned(other, Said(rankings=listed, cohorts={rename(person): name for person, name in named.items()}))
    assert got.held_out == proposal.held_out
    if change != "ids":  # lists break ties by a lottery over ids, so attention may differ by a tie
        assert numbers(got) == numbers(proposal)
    for mine, theirs in zip(got.weights, proposal.weights, strict=True):
        assert (mine.name, mine.default) == (theirs.name, theirs.default)
        assert mine.learned == pytest.approx(theirs.learned, abs=1e-3)


def hash_of(text: str) -> str:
    """Spell an id so that its order is another one."""
    return sha256(text.encode()).hexdigest()[:12]


def test_coins_and_clear_preferences_can_be_told_apart() -> None:
    made = table(60, 5)
    assert fit(made, 100.0).sharpness > 5 * fit(permuted(made), 100.0).sharpness


def test_weights_that_nobody_contradicts_stay() -> None:
    found = fit(table(80, 5, Weights({}, {})), 1000.0).weights
    for name, weight in found.blocks.items():
        assert weight == pytest.approx(config().match["mentor"].blocks[name], abs=0.06)
