"""The programme twin for any seed: fates belong to pairs, numbers stay in range, the null world stays null (H11)."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from matchengine.simulation import WORLDS, Knobs, populate, run_groups, run_pairs, true_utility
from matchengine.simulation.noise import normal, uniform
from tests.properties.populations import holds_for, quick

seeds = st.integers(0, 2**63)
worlds = st.sampled_from(sorted(WORLDS))
pairs = st.lists(st.tuples(st.integers(0, 29), st.integers(-1, 11)), min_size=1, max_size=40)
SMALL = Knobs(mentees=30, groups=6)
TWIN = populate(SMALL, 1)


@quick
@given(pairs, st.randoms(use_true_random=False), worlds, seeds)
def test_the_fate_of_a_pair_is_its_own(chosen, random, name, seed):
    i, j = map(np.array, zip(*chosen, strict=True))
    order = np.array(random.sample(range(len(i)), random.randint(1, len(i))))
    whole, part = (run_pairs(TWIN, WORLDS[name], i[o], j[o], seed) for o in (np.arange(len(i)), order))
    assert np.array_equal(whole.met[:, order], part.met)
    for column in ("utility", "mentor_utility", "gain", "months", "satisfaction", "mentor_satisfaction", "ended"):
        one, other = getattr(whole, column)[order].astype(float), getattr(part, column).astype(float)
        assert np.allclose(one, other, atol=1e-9, equal_nan=True), column


@holds_for(worlds, st.integers(0, 2**40), seeds)
def test_outcomes_stay_in_range_and_are_numbers(name, born, seed):
    w = WORLDS[name]
    twin = populate(w.knobs(SMALL), born)
    i = np.arange(len(twin.mentees))
    pair = run_pairs(twin, w, i, i % len(twin.mentors), seed)
    visit = run_groups(twin, w, i, i % len(twin.groups), seed)
    expected = true_utility(twin, w)
    for values in (pair.utility, pair.gain, pair.mentor_utility, visit.utility, visit.belonging, expected):
        assert np.isfinite(values).all()
        assert ((values >= 0) & (values <= 1)).all()
    assert len(twin.records()["people"]) == len(twin.mentees) + len(twin.mentors)


@holds_for(st.integers(0, 2**40), st.integers(0, 2**40), seeds)
def test_in_the_null_world_nobody_and_nothing_about_them_counts(one, other, seed):
    w, i, j = WORLDS["W0"], np.arange(30), np.arange(30) % 12
    fates = [run_pairs(populate(SMALL, born), w, i, j, seed) for born in (one, other)]
    for column in ("utility", "mentor_utility", "months", "meetings", "satisfaction", "mentor_satisfaction"):
        assert np.array_equal(*(getattr(f, column) for f in fates), equal_nan=True)
    assert np.ptp(true_utility(populate(SMALL, one), w)) == 0


@quick
@given(seeds, st.text(max_size=20), st.lists(st.integers(0, 2**40), min_size=1, max_size=4))
def test_noise_follows_from_its_keys_alone(seed, stream, keys):
    one = uniform(seed, stream, *keys)
    assert 0 < one[0] < 1
    column = np.append(np.arange(50), keys[0])
    assert uniform(seed, stream, column, *keys[1:])[-1] == one[0]
    assert np.isfinite(normal(seed, stream, *keys)).all()
    assert uniform(seed + 1, stream, *keys)[0] != one[0]


def test_noise_is_uniform_and_normal():
    drawn = uniform(3, "test", np.arange(400)[:, None], np.arange(200))
    assert np.abs(np.sort(drawn.ravel()) - np.linspace(0, 1, drawn.size)).max() < 0.006
    assert abs(np.corrcoef(drawn[:, :-1].ravel(), drawn[:, 1:].ravel())[0, 1]) < 0.015
    bell = normal(3, "test", np.arange(400)[:, None], np.arange(200))
    assert abs(bell.mean()) < 0.015
    assert abs(bell.std() - 1) < 0.015
