"""Interests, values and style; topics of groups."""

from dataclasses import replace
from math import prod, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchengine.scorers.interest_affinity import interest_affinity
from matchengine.scorers.style_fit import style_fit
from matchengine.scorers.topic_cover import topic_cover
from matchengine.scorers.topic_interest import topic_interest
from matchengine.scorers.values_overlap import values_overlap

NAN = np.nan
SHARE = st.floats(0, 1, width=32)
GRID = st.tuples(st.integers(1, 4), st.integers(1, 4)).flatmap(
    lambda size: st.lists(st.lists(SHARE, min_size=size[1], max_size=size[1]), min_size=size[0], max_size=size[0])
)


@given(grid=GRID, beta=SHARE)
def test_affinity_is_the_closed_form_and_symmetric(items_of, grid, beta):
    matrix = np.array(grid)
    wanted = 1 - sqrt(prod(1 - beta * matrix.max(axis=1)) * prod(1 - beta * matrix.max(axis=0)))
    assert interest_affinity(items_of(matrix), beta=beta).value == pytest.approx([wanted], abs=1e-6)
    assert interest_affinity(items_of(matrix.T), beta=beta).value == pytest.approx([wanted], abs=1e-6)


def test_one_equal_interest_gives_beta(items_of):
    assert interest_affinity(items_of([[1.0]])).value == pytest.approx([0.6])
    assert interest_affinity(items_of([[1.0]]), beta=1.0).value == pytest.approx([1.0])


def test_unknown_interests_have_no_part(items_of):
    result = interest_affinity(items_of([[1.0, NAN], [NAN, NAN]], [[NAN]], np.zeros((0, 3))))
    assert result.value == pytest.approx([0.6, NAN, NAN], nan_ok=True)
    assert result.confidence == pytest.approx([0.5, 0, 0])


def test_it_quotes_the_requesters_own_interest(items_of):
    result = interest_affinity(items_of([[0.1, 0.2], [0.9, 0.3]], [[0.2]]))
    quote = result.evidence["interest"]
    assert (quote.side, quote.texts.tolist()) == ("requester", [1, -1])


def test_topics_cover_needs_by_priority(items_of):
    priorities, nothing = (
        {"priority": [3, 1]},
        replace(items_of(np.zeros((0, 1)), fields=("needs", "past")), recorded=False),
    )
    topics = items_of([[0.9, 0.2], [0.1, 0.5]], left=priorities, fields=("needs", "topics"))
    result = topic_cover(topics, nothing)
    assert result.value == pytest.approx([0.8])
    assert result.evidence["need"].texts.tolist() == [0]
    assert result.evidence["work"].texts.tolist() == [-1]
    past = items_of([[0.95, 0.2], [0.5, 0.5]], left=priorities, fields=("needs", "past"))
    done = (3 * 0.95 * 1.8 / 3 + 0.5 * 2.4 / 3) / 4
    result = topic_cover(topics, past)
    assert result.value == pytest.approx([(0.8 + 2 * done) / 3])
    assert result.evidence["work"].texts.tolist() == [0]
    assert result.evidence["topic"].texts.tolist() == [-1]


def test_topics_and_interests_use_the_affinity_formula(items_of):
    grid = [[0.9, 0.2], [0.1, 0.5]]
    assert topic_interest(items_of(grid)).value == pytest.approx(interest_affinity(items_of(grid)).value)


def masks(*sets):
    return np.array(
        [[sum(1 << n for n in words if n < 64), sum(1 << (n - 64) for n in words if n >= 64)] for words in sets],
        np.uint64,
    )


def test_values_overlap_by_the_shorter_list():
    result = values_overlap(masks({1, 2, 70}, {1}, {1}, set()), masks({2, 70, 3, 4}, {1, 2}, {2}, {1}))
    assert result.value == pytest.approx([2 / 3, 1, 0, NAN], nan_ok=True)
    assert result.evidence["shared"] == pytest.approx([2, 1, NAN, NAN], nan_ok=True)
    assert result.confidence == pytest.approx([1, 1, 1, 0])


def style(*rows):
    return np.array(rows, np.float32)


def test_style_is_the_mean_distance_of_shared_sliders():
    mine = style([2, 2, 0, NAN, NAN], [1, 1, 1, 1, 1], [2, NAN, NAN, NAN, NAN], [-2] * 5)
    theirs = style([-2, 1, NAN, 0, NAN], [1, 1, 1, 1, 1], [2, 1, 1, 1, 1], [2] * 5)
    result = style_fit(mine, theirs)
    assert result.value == pytest.approx([1 - 2.5 / 4, 1, NAN, 0], nan_ok=True)
    assert result.confidence == pytest.approx([0.4, 1, 0, 1])
    assert result.evidence["alike"] == pytest.approx([NAN, 5, NAN, NAN], nan_ok=True)
