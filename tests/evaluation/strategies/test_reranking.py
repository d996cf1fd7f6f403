"""Lists of any strategy under prices: attention spreads, nobody full is shown, plain stays plain."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from matchengine.errors import ConfigError
from matchengine.evaluation.strategies.reranking import check_method, reranked
from matchengine.testing.strategies import question, relisted


def crowd():
    """Everybody likes the first candidate a little better."""
    asked = replace(question(3, 40, 8, density=1.0), seats=np.full(8, 5.0))
    score = 0.5 + 0.02 * np.random.default_rng(0).random(len(asked)) + 0.05 * (asked.candidate == 0)
    return asked, score


def first_places(asked, score):
    best = [
        asked.candidate[a:b][np.nanargmax(score[a:b])] for a, b in zip(asked.starts, asked.starts[1:], strict=False)
    ]
    return np.bincount(best, minlength=asked.candidates)


@pytest.mark.parametrize("method", ["priced", "matching"])
def test_prices_spread_the_first_places(method):
    asked, score = crowd()
    assert first_places(asked, score)[0] == 40
    after = first_places(asked, reranked(asked, score, method))
    assert after.max() < 20
    assert (after > 0).all()


@pytest.mark.parametrize("method", ["none", "plain"])
def test_plain_lists_are_the_scores_themselves(method):
    asked, score = crowd()
    assert reranked(asked, score, method) is score


def test_who_has_no_place_is_shown_to_nobody():
    asked, score = crowd()
    seats = np.full(8, np.nan)
    seats[2] = 0
    found = reranked(replace(asked, seats=seats), score, "priced")
    assert np.array_equal(np.isnan(found), asked.candidate == 2)


def test_where_nobody_has_a_limit_there_are_no_prices():
    asked, score = crowd()
    assert reranked(replace(asked, seats=np.full(8, np.nan)), score, "priced") is score


@pytest.mark.parametrize("method", ["priced", "matching"])
def test_pairs_that_are_not_suggested_stay_out_and_order_decides_nothing(method):
    asked, score = crowd()
    score = np.where(np.arange(len(score)) % 5 == 0, np.nan, score)
    found = reranked(asked, score, method)
    assert np.array_equal(np.isnan(found), np.isnan(score))
    rng = np.random.default_rng(1)
    moved, old = relisted(asked, rng.permutation(40), rng.permutation(8))
    assert np.array_equal(reranked(moved, score[old], method), found[old], equal_nan=True)


def test_nothing_suggested_gives_nothing():
    asked, score = crowd()
    assert np.isnan(reranked(asked, np.full(len(score), np.nan), "priced")).all()


def test_an_unknown_method_is_told_the_nearest():
    with pytest.raises(ConfigError, match="priced"):
        check_method("prised")
