"""Each world does what it says; the null world does nothing at all (domain.md H11)."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
import pytest

from matchengine.errors import ConfigError
from matchengine.simulation import (
    WORLDS,
    Knobs,
    PairOutcomes,
    deep_similarity,
    expected_utility,
    populate,
    run_groups,
    run_pairs,
    true_group_utility,
    true_utility,
    unmatched_utility,
    world,
)
from matchengine.simulation.factors import pair_factors
from tests.simulation.twins import random_pairs, rank_correlation, twin


def same(one: object, other: object) -> None:
    """Assert that two results hold exactly the same numbers."""
    for field in fields(one):
        assert np.array_equal(getattr(one, field.name), getattr(other, field.name), equal_nan=True), field.name


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_w1_deep_similarity_and_outcome_correlate_as_in_the_literature(seed: int) -> None:
    population = twin("W1", 300, seed)
    i, j = random_pairs(population)
    outcome = run_pairs(population, world("W1"), i, j, 11)
    likeness = deep_similarity(population.mentees, population.mentors, i, j)
    assert 0.4 < rank_correlation(outcome.utility, likeness) < 0.6


@pytest.mark.parametrize(("name", "driver"), [("W1", "deep"), ("W2", "cover"), ("W4", "logistics"), ("W6", "cover")])
def test_what_drives_a_world_explains_most_of_it(name: str, driver: str) -> None:
    population = twin(name)
    i, j = random_pairs(population)
    expected, factors = expected_utility(population, world(name), i, j), pair_factors(population, i, j)
    found = {f: rank_correlation(expected, getattr(factors, f)) for f in ("deep", "cover", "identity", "logistics")}
    assert found[driver] > 0.7
    assert max(value for name, value in found.items() if name != driver) < 0.4


def test_w3_shared_experience_counts_for_some_and_only_for_them() -> None:
    population = twin("W3", 1_000)
    i, j = random_pairs(population, 8_000)
    expected, shared = expected_utility(population, world("W3"), i, j), pair_factors(population, i, j).identity
    strong = population.mentees.traits.reaction[i] >= 1
    assert np.corrcoef(expected[strong], shared[strong])[0, 1] > 0.65
    assert strong.mean() == pytest.approx(0.25, abs=0.05)
    own = population.mentees.tokens[i].astype(float) * population.mentors.tokens[j]
    others = np.abs(population.mentees.traits.reaction[i]) < 0.1
    assert abs(np.corrcoef(expected[others], own.sum(axis=1)[others])[0, 1]) < 0.2


def test_w5_the_mentor_explains_more_than_the_fit() -> None:
    for name, least, most in (("W5", 0.6, 1.0), ("W1", 0.0, 0.3)):
        utility = true_utility(twin(name), world(name))
        within = utility - utility.mean(axis=1, keepdims=True)
        explained = within.mean(axis=0).var() / within.var()
        assert least < explained < most


def test_w7_seats_are_missing() -> None:
    assert len(twin("W7").mentors) == 60
    assert twin("W7").seats.sum() < 0.7 * len(twin("W7").mentees)
    assert twin("W1").seats.sum() > 0.9 * len(twin("W1").mentees)


def test_w6_supports_of_groups_are_overstated() -> None:
    def excess(name: str) -> float:
        groups = twin(name, 300, 1, 200).groups
        return float(np.nanmean(groups.told - groups.supports))

    assert excess("W6") > excess("W1") + 0.15


@pytest.mark.parametrize("mentees", [500, pytest.param(1_000, marks=pytest.mark.slow)])
@pytest.mark.parametrize("name", sorted(WORLDS))
def test_a_random_match_is_worth_the_programme_effect(name: str, mentees: int) -> None:
    population = twin(name, mentees)
    i, j = random_pairs(population, 20 * mentees)
    matched = run_pairs(population, world(name), i, j, 17).utility
    everybody, nobody = np.arange(mentees), np.full(mentees, -1)
    drawn = [run_pairs(population, world(name), everybody, nobody, 90 + s).utility for s in range(12)]
    alone = np.concatenate(drawn)
    effect = (matched.mean() - alone.mean()) / matched.std()
    assert effect == pytest.approx(0.0 if name == "W0" else 0.2, abs=0.06)


# ---------------------------------------------------------------- the null world


def test_w0_every_pair_has_the_same_expectation_and_so_has_nobody() -> None:
    population = twin("W0")
    utility = true_utility(population, world("W0"))
    assert np.ptp(utility) == 0
    assert np.array_equal(unmatched_utility(population, world("W0")), utility[:, 0])
    assert np.ptp(true_group_utility(population, world("W0"))) == 0


def test_w0_the_fate_of_a_pair_does_not_depend_on_who_they_are() -> None:
    """Two programmes with nobody in common: the same noise gives the same fate, on the side of mentors too."""
    one, other = twin("W0", 300, 1), twin("W0", 300, 2)
    i, j = random_pairs(one, 500)
    same(run_pairs(one, world("W0"), i, j, 5), run_pairs(other, world("W0"), i, j, 5))
    g = np.random.default_rng(1).integers(0, 24, 300)
    same(run_groups(one, world("W0"), np.arange(300), g, 5), run_groups(other, world("W0"), np.arange(300), g, 5))
    changed = run_pairs(one, world("W1"), i, j, 5).utility != run_pairs(other, world("W1"), i, j, 5).utility
    assert changed.mean() > 0.9


def test_w0_matchings_differ_by_noise_alone() -> None:
    population, w = twin("W0"), world("W0")
    rng = np.random.default_rng(8)
    everyone = np.arange(300)
    crowded, spread = np.full(300, 7), rng.permutation(300) % 120
    columns = ("utility", "mentor_utility", "months", "meetings", "gain")
    differences = []
    for seed in range(60):
        a, b = (run_pairs(population, w, everyone, m, seed) for m in (crowded, spread))
        differences.append([getattr(a, c).mean() - getattr(b, c).mean() for c in columns])
    t = np.mean(differences, axis=0) / (np.std(differences, axis=0, ddof=1) / np.sqrt(60))
    assert np.abs(t).max() < 3.0
    share = np.mean(np.abs([d[0] for d in differences]) > 1.96 * np.std([d[0] for d in differences]))
    assert share < 0.15


def test_w0_answers_are_missing_by_what_happened_and_not_by_who_it_was() -> None:
    population, w = twin("W0"), world("W0")
    a, b = (run_pairs(population, w, np.arange(300), np.full(300, m), 4) for m in (1, 2))
    assert np.isnan(a.satisfaction).mean() == pytest.approx(np.isnan(b.satisfaction).mean(), abs=0.12)


# ---------------------------------------------------------------- names and weights


def test_worlds_are_w0_to_w7_and_their_knobs_are_valid() -> None:
    assert list(WORLDS) == [f"W{n}" for n in range(8)]
    assert all(isinstance(w.knobs(Knobs()), Knobs) for w in WORLDS.values())
    assert WORLDS["W1"].knobs(Knobs(mentees=7)).mentees == 7
    assert all(w.title and w.about.endswith(".") for w in WORLDS.values())


def test_an_unknown_world_or_weight_is_refused_by_name() -> None:
    with pytest.raises(ConfigError, match="W9"):
        world("W9")
    with pytest.raises(ConfigError, match="deep"):
        world("W1", depp=1.0)
    assert world("W1", deep=2.0).deep == 2.0


def test_two_worlds_share_their_people() -> None:
    one, other = (populate(WORLDS[name].knobs(Knobs(mentees=50)), 9) for name in ("W1", "W7"))
    assert np.array_equal(one.mentees.values, other.mentees.values)
    assert np.array_equal(one.mentors.traits.warmth[: len(other.mentors)], other.mentors.traits.warmth)


def test_pair_outcomes_say_what_they_are() -> None:
    assert isinstance(run_pairs(twin("W2"), world("W2"), [0, 1], [3, -1], 1), PairOutcomes)
