"""Where pairs stand, ties kept as ties."""

from __future__ import annotations

import numpy as np
import pytest

from matchengine.comparison import Lists
from matchengine.errors import DataError
from matchengine.metrics.order import Ranked, discounts, expected
from tests.metrics.lists import NAN, drawn, lists_of


def test_places_before_and_size_of_the_block():
    ranked = Ranked.of(lists_of([(0.5, 0), (0.9, 0), (NAN, 1), (0.5, 0)], [(-1.0, 0), (0.0, 0), (-0.0, 0)]))
    assert ranked.before[[0, 1, 3]].tolist() == [1, 0, 1]
    assert ranked.tied.tolist() == [2, 1, 0, 2, 1, 2, 2]
    assert ranked.before[4:].tolist() == [2, 0, 0]
    assert ranked.length.tolist() == [3, 3]
    assert ranked.longest == 3


@pytest.mark.parametrize("decimals", [0, 1, 9])
def test_equal_to_counting_pair_by_pair(decimals):
    lists = drawn(3, people=30, candidates=17, decimals=decimals)
    ranked = Ranked.of(lists)
    for person in range(lists.people):
        of = slice(lists.starts[person], lists.starts[person + 1])
        score = lists.score[of]
        for n, value in enumerate(score):
            place = lists.starts[person] + n
            if np.isnan(value):
                assert ranked.tied[place] == 0
            else:
                assert (ranked.before[place], ranked.tied[place]) == ((score > value).sum(), (score == value).sum())


def test_lists_of_very_different_lengths():
    rng = np.random.default_rng(0)
    counts = np.concatenate([rng.integers(0, 4, 300), [900, 1, 0, 257]])
    person = np.repeat(np.arange(len(counts)), counts).astype(np.int32)
    candidate = np.concatenate([np.arange(count) for count in counts]).astype(np.int32)
    lists = Lists(len(counts), 900, person, candidate, rng.random(len(person)), np.zeros(len(person)))
    ranked = Ranked.of(lists)
    assert ranked.length.tolist() == counts.tolist()
    order = np.lexsort((-lists.score, person))
    assert np.array_equal(ranked.before[order], np.concatenate([np.arange(count) for count in counts]))


def test_the_chance_to_be_shown_adds_up_to_the_places():
    ranked = Ranked.of(drawn(4, decimals=1))
    for k in (1, 3, 30):
        total = np.bincount(ranked.lists.person, ranked.chance(k), ranked.lists.people)
        assert total == pytest.approx(np.minimum(ranked.length, k))


def test_attention_adds_up_to_the_discounts():
    ranked = Ranked.of(drawn(4, decimals=1))
    total = np.bincount(ranked.lists.person, ranked.attention(3), ranked.lists.people)
    assert total == pytest.approx([discounts(3)[: min(n, 3)].sum() for n in ranked.length])
    assert expected(discounts, np.array([0]), np.array([2]))[0] == pytest.approx((1 + 1 / np.log2(3)) / 2)


def test_lots_do_not_depend_on_who_else_is_there():
    both = lists_of([(0.5, 0)] * 6, [(0.5, 0)] * 6)
    one = lists_of([(0.5, 0)] * 6)
    assert np.array_equal(Ranked.of(both, ties="lottery").before[:6], Ranked.of(one, ties="lottery").before)
    assert sorted(Ranked.of(one, ties="lottery").before.tolist()) == list(range(6))
    drawn_lots = {tuple(Ranked.of(one, ties="lottery", seed=seed).before.tolist()) for seed in range(20)}
    assert len(drawn_lots) > 15


@pytest.mark.parametrize(
    ("person", "candidate", "score", "told"),
    [
        ([0, 0], [1, 0], [1.0, 1.0], "not ordered"),
        ([1, 0], [0, 0], [1.0, 1.0], "not ordered"),
        ([0, 0], [1, 1], [1.0, 1.0], "twice"),
        ([0, 2], [0, 0], [1.0, 1.0], "position outside"),
        ([0, 0], [0, 5], [1.0, 1.0], "position outside"),
        ([0, 0], [0, 1], [1.0, np.inf], "infinite"),
    ],
)
def test_lists_that_break_their_contract_are_refused(person, candidate, score, told):
    with pytest.raises(DataError, match=told):
        Lists(2, 2, np.array(person, np.int32), np.array(candidate, np.int32), np.array(score), np.zeros(2))
