"""Properties of domain.md annex 2 for the scorers between people: C3 inversion, C4 age swap and no bridge, C6, C8."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchengine.batch import ItemPairs, PairBatch, Scored
from matchengine.components import specs_in
from matchengine.scorers.bilingual_buddy import bilingual_buddy
from matchengine.scorers.cross_generational import cross_generational, gap_worth, gap_years
from matchengine.scorers.peer import peer, stage_fit
from matchengine.scorers.reverse_mentoring import inversion, reverse_mentoring, reverse_value
from matchengine.scorers.skill_exchange import skill_exchange
from matchengine.scorers.sponsorship import sponsorship
from matchengine.testing import World
from tests.properties.populations import holds_for

SHARE = st.floats(0, 1)
SEEDS = st.integers(0, 2**32 - 1)


def scored(function: Any, inputs: dict[str, Any], **settings: Any) -> Scored:
    """Run a scorer on inputs by name."""
    (spec,) = specs_in(function)
    result: Scored = function(*(inputs[name] for name in spec.inputs), **settings)
    return result


def drawn(function: Any, seed: int, missing: float = 0.1, pairs: int = 150) -> tuple[World, PairBatch, dict[str, Any]]:
    """Return a world, a batch of it and the inputs of a scorer."""
    (spec,) = specs_in(function)
    world = World(seed=seed, missing=missing)
    batch = world.batch(pairs)
    return world, batch, world.inputs(spec.inputs, batch)


@holds_for(
    ahead=st.floats(-60, 60), there=st.tuples(SHARE, SHARE), back=st.tuples(SHARE, SHARE), least=st.floats(0, 30),
    width=st.floats(0.1, 10),
)  # fmt: skip
def test_c3_nobody_is_the_reverse_mentor_of_both(
    ahead: float, there: tuple[float, float], back: tuple[float, float], least: float, width: float
) -> None:
    """Whatever both teach each other, at most one direction is above one half: R is at most the inversion."""
    one, other = (
        reverse_value(inversion(np.array([gap]), least, width), np.array([teach]), np.array([returned]))[0]
        for gap, (teach, returned) in ((ahead, there), (-ahead, back))
    )
    assert min(one, other) <= 0.5


@holds_for(seed=SEEDS)
def test_c3_exchanging_the_two_never_leaves_both_above_one_half(seed: int) -> None:
    world, batch, inputs = drawn(reverse_mentoring, seed)
    there = scored(reverse_mentoring, inputs).value
    turned = world.inputs(list(inputs), PairBatch(batch.candidate_rows, batch.requester_rows))
    back = scored(reverse_mentoring, turned).value
    assert not ((there > 0.5) & (back > 0.5)).any()


@holds_for(seed=SEEDS)
def test_c3_inverting_the_experience_never_raises_a_learner_who_was_ahead(seed: int) -> None:
    _world, _batch, inputs = drawn(reverse_mentoring, seed)
    years = inputs["requester_experience_years"], inputs["candidate_experience_years"]
    stages = inputs["requester_career_stage"], inputs["candidate_career_stage"]
    turned = inputs | {
        "requester_experience_years": years[1], "candidate_experience_years": years[0],
        "requester_career_stage": stages[1], "candidate_career_stage": stages[0],
    }  # fmt: skip
    ahead = np.where(np.isnan(years[0]), 4 * stages[0], years[0]) > np.where(
        np.isnan(years[1]), 4 * stages[1], years[1]
    )
    there, back = scored(reverse_mentoring, inputs).value, scored(reverse_mentoring, turned).value
    assert ahead.any()
    assert (back[ahead & ~np.isnan(there)] <= there[ahead & ~np.isnan(there)] + 1e-12).all()


@holds_for(seed=SEEDS)
def test_c4_exchanging_the_ages_changes_nothing(seed: int) -> None:
    """Only the ages and stages change hands; everything else stays where it is: no number knows who is older."""
    _world, _batch, inputs = drawn(cross_generational, seed)
    turned = dict(inputs)
    for name in ("age_band", "career_stage"):
        turned[f"requester_{name}"], turned[f"candidate_{name}"] = (
            inputs[f"candidate_{name}"],
            inputs[f"requester_{name}"],
        )
    plain, other = scored(cross_generational, inputs), scored(cross_generational, turned)
    assert np.array_equal(plain.value, other.value, equal_nan=True)
    assert np.array_equal(plain.confidence, other.confidence)
    for name, quotes in plain.evidence.items():
        assert np.array_equal(quotes.texts, other.evidence[name].texts)


def nothing_in_common(items: ItemPairs) -> ItemPairs:
    """The same item pairs with known likeness 0."""
    return replace(items, similarity=np.zeros_like(items.similarity))


@holds_for(seed=SEEDS)
def test_c4_without_a_bridge_years_count_nothing(seed: int) -> None:
    _world, _batch, inputs = drawn(cross_generational, seed)
    bare = {n: nothing_in_common(v) if isinstance(v, ItemPairs) else v for n, v in inputs.items()}
    bare["candidate_values"] = np.zeros_like(inputs["candidate_values"])
    value = scored(cross_generational, bare).value
    assert (value[~np.isnan(value)] == 0).all()
    assert (~np.isnan(value)).any()


@given(ages=st.tuples(st.integers(0, 7), st.integers(0, 7)), years=st.floats(0, 120))
def test_c4_gaps_have_no_sign_and_their_worth_stays_in_bounds(ages: tuple[int, int], years: float) -> None:
    one, other, blank = np.array([ages[0]], float), np.array([ages[1]], float), np.array([np.nan])
    assert gap_years(one, other, blank, blank) == gap_years(other, one, blank, blank)
    assert 0 <= gap_worth(np.array([years]))[0] <= 1


@holds_for(seed=SEEDS, more=st.floats(0, 5))
def test_c6_a_wider_gap_of_stages_never_raises_a_peer(seed: int, more: float) -> None:
    _world, _batch, inputs = drawn(peer, seed)
    mine, theirs = inputs["requester_career_stage"], inputs["candidate_career_stage"]
    wider = inputs | {"candidate_career_stage": theirs + np.where(theirs >= mine, more, -more)}
    plain, other = scored(peer, inputs).value, scored(peer, wider).value
    assert np.array_equal(np.isnan(plain), np.isnan(other))
    assert (other[~np.isnan(other)] <= plain[~np.isnan(plain)] + 1e-12).all()


@given(stages=st.tuples(st.floats(0, 6), st.floats(0, 6)))
def test_c6_stage_fit_is_symmetric(stages: tuple[float, float]) -> None:
    one, other = np.array([stages[0]]), np.array([stages[1]])
    assert stage_fit(one, other) == pytest.approx(stage_fit(other, one))


@holds_for(seed=SEEDS)
def test_c8_an_exchange_is_worth_at_most_twice_its_weaker_direction(seed: int) -> None:
    """Harmonic mean: between the weaker direction and twice that; nothing in one direction is nothing at all."""
    _world, _batch, inputs = drawn(skill_exchange, seed)
    value = scored(skill_exchange, inputs).value
    one_sided = inputs | {"items_offers_needs": nothing_in_common(inputs["items_offers_needs"])}
    bare = scored(skill_exchange, one_sided).value
    assert (bare[~np.isnan(bare)] == 0).all()
    assert ((value >= 0) & (value <= 1) | np.isnan(value)).all()
    assert (value > 0).any()


@holds_for(seed=SEEDS)
def test_c8_a_tandem_never_counts_less_than_one_way(seed: int) -> None:
    _world, _batch, inputs = drawn(bilingual_buddy, seed)
    alone = inputs | {"candidate_languages_to_learn": np.zeros_like(inputs["candidate_languages_to_learn"])}
    both, one_way = scored(bilingual_buddy, inputs).value, scored(bilingual_buddy, alone).value
    known = ~np.isnan(both)
    assert (both[known] >= one_way[known] - 1e-12).all()
    assert (both[known] <= 1).all()


@holds_for(seed=SEEDS)
def test_c7_nothing_of_a_protege_counts_but_aims_and_stage(seed: int) -> None:
    (spec,) = specs_in(sponsorship)
    assert [n for n in spec.inputs if n.startswith("requester_")] == ["requester_career_stage"]
    _world, _batch, inputs = drawn(sponsorship, seed)
    lower = inputs | {"requester_career_stage": np.maximum(inputs["requester_career_stage"] - 1, 0)}
    plain, younger = scored(sponsorship, inputs).value, scored(sponsorship, lower).value
    known = ~np.isnan(plain)
    assert (younger[known] >= plain[known] - 1e-12).all()
