"""Variety and calibration of lists: plain where nothing is asked, otherwise what the formula says (domain.md G4)."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from matchengine.planning.exposure.calibrated import calibrated, divergence
from matchengine.planning.exposure.mmr import diverse
from tests.properties.populations import quick


@st.composite
def lists(draw):
    items, goals = draw(st.integers(0, 6)), draw(st.integers(1, 4))
    relevance = np.sort(draw(arrays(np.float64, items, elements=st.floats(0, 1))))[::-1]
    likeness = draw(arrays(np.float64, (items, items), elements=st.floats(0, 1)))
    mixes = np.eye(goals)[draw(arrays(np.int64, items, elements=st.integers(0, goals - 1)))]
    wished = draw(arrays(np.float64, goals, elements=st.floats(0.01, 1)))
    return relevance, np.maximum(likeness, likeness.T), mixes.reshape(items, goals), wished / wished.sum()


@quick
@given(lists(), st.integers(1, 7), st.floats(0, 1))
def test_weight_1_and_a_list_of_one_are_the_plain_ranking(case, k, weight):
    relevance, likeness, mixes, wished = case
    plain = list(range(min(k, len(relevance))))
    assert diverse(relevance, likeness, k, weight=1).tolist() == plain
    assert calibrated(relevance, mixes, wished, k, weight=1).tolist() == plain
    assert diverse(relevance, likeness, 1, weight=weight).tolist() == plain[:1]
    assert calibrated(relevance, mixes, wished, 1, weight=weight).tolist() == plain[:1]


@quick
@given(lists(), st.integers(2, 7), st.floats(0, 0.99))
def test_mmr_picks_the_best_by_its_formula_at_every_place(case, k, weight):
    relevance, likeness, _mixes, _wished = case
    found = diverse(relevance, likeness, k, weight=weight).tolist()
    assert len(set(found)) == len(found) == min(k, len(relevance))
    for place, item in enumerate(found):
        before = found[:place]
        worth = {
            other: weight * relevance[other] - (1 - weight) * max((likeness[b, other] for b in before), default=0)
            for other in range(len(relevance))
            if other not in before
        }
        assert worth[item] >= max(worth.values()) - 1e-12


@quick
@given(lists(), st.integers(2, 7), st.floats(0, 0.99))
def test_calibration_picks_the_cheapest_by_its_formula_at_every_place(case, k, weight):
    relevance, _likeness, mixes, wished = case
    found = calibrated(relevance, mixes, wished, k, weight=weight).tolist()
    k = min(k, len(relevance))
    assert len(set(found)) == len(found) == k
    for place, item in enumerate(found):
        before = found[:place]
        cost = {
            other: weight * (1 - relevance[[*before, other]]).sum() / k
            + (1 - weight) * divergence(wished, mixes[[*before, other]].mean(axis=0))
            for other in range(len(relevance))
            if other not in before
        }
        assert cost[item] <= min(cost.values()) + 1e-9


def test_calibration_alone_finds_the_mix_that_no_other_list_beats():
    mixes = np.eye(2)[[0, 0, 0, 0, 1, 1]]
    wished = np.array([0.5, 0.5])
    found = calibrated(np.linspace(0.9, 0.4, 6), mixes, wished, 4, weight=0.0)
    best = min(divergence(wished, mixes[list(some)].mean(axis=0)) for some in permutations(range(6), 4))
    assert divergence(wished, mixes[found].mean(axis=0)) == pytest.approx(best)
    assert found.tolist()[:1] == [0]


def test_what_is_not_known_to_be_alike_is_not_alike():
    unknown = np.full((3, 3), np.nan)
    assert diverse(np.array([0.9, 0.8, 0.7]), unknown, 3).tolist() == [0, 1, 2]


def test_nobody_wishes_for_anything():
    assert calibrated(np.array([0.9, 0.8]), np.eye(2), np.zeros(2), 2, weight=0.1).tolist() == [0, 1]
