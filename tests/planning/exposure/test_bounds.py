"""Bounds on how often anybody is shown: kept wherever brute force finds lists that keep them."""

from __future__ import annotations

from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchengine.planning.exposure.bounds import bounded
from matchengine.planning.exposure.market import Market
from tests.planning.exposure.test_market import dense, top
from tests.properties.populations import quick


@st.composite
def small(draw):
    asking, giving = draw(st.integers(1, 4)), draw(st.integers(1, 4))
    may = np.array(draw(st.lists(st.booleans(), min_size=asking * giving, max_size=asking * giving)))
    left, right = np.nonzero(may.reshape(asking, giving))
    score = np.array(draw(st.lists(st.floats(0, 1), min_size=len(left), max_size=len(left))))
    places = np.array(draw(st.lists(st.integers(1, 2), min_size=giving, max_size=giving)), float)
    return Market(asking, giving, left, right, score, places)


def every_lists(market: Market, k: int):
    """All full lists of every requester, as positions of pairs."""
    own = [np.flatnonzero(market.requester == n) for n in range(market.requesters)]
    return product(*(combinations(of, min(k, len(of))) for of in own))


@quick
@given(small(), st.integers(1, 3), st.integers(1, 3))
def test_least_is_kept_as_often_as_any_full_lists_can(market, k, least):
    chosen = top(market, market.score, k)[0]
    found = bounded(market, market.score, chosen, k, least=least)
    reach = np.bincount(market.candidate, minlength=market.candidates)
    target = np.minimum(least, reach)

    def kept(positions):
        return np.minimum(np.bincount(market.candidate[positions], minlength=market.candidates), target).sum()

    best = max(kept(np.array(sum(lists, ()), np.int64)) for lists in every_lists(market, k))
    assert kept(found.chosen) == best
    assert len(found.short) == 0
    lengths = np.bincount(market.requester[found.chosen], minlength=market.requesters)
    assert (lengths == np.minimum(np.bincount(market.requester, minlength=market.requesters), k)).all()
    shown = np.bincount(market.candidate[found.chosen], minlength=market.candidates)
    assert found.seldom.tolist() == np.flatnonzero(shown < least).tolist()


@quick
@given(small(), st.integers(1, 3))
def test_most_is_always_kept_and_lists_are_cut_evenly(market, k):
    chosen = top(market, market.score, k)[0]
    found = bounded(market, market.score, chosen, k, least=0, most=1.0)
    shown = np.bincount(market.candidate[found.chosen], minlength=market.candidates)
    assert (shown <= market.places).all()
    asked = np.minimum(np.bincount(market.requester, minlength=market.requesters), k)
    lengths = np.bincount(market.requester[found.chosen], minlength=market.requesters)
    assert found.short.tolist() == np.flatnonzero(lengths < asked).tolist()

    def fits(lists):
        held = np.bincount(market.candidate[np.array(sum(lists, ()), np.int64)], minlength=market.candidates)
        return (held <= market.places).all()

    own = [np.flatnonzero(market.requester == n) for n in range(market.requesters)]
    options = product(*([c for size in range(k + 1) for c in combinations(of, size)] for of in own))
    feasible = [tuple(map(len, lists)) for lists in options if fits(lists)]
    assert lengths.sum() == max(map(sum, feasible))
    fairest = max(sorted(sizes) for sizes in feasible if sum(sizes) == lengths.sum())
    assert sorted(lengths.tolist()) == fairest


def test_lists_within_bounds_are_left_alone():
    market = dense(2)
    chosen = np.sort(top(market, market.score)[0])
    assert bounded(market, market.score, chosen, 5, least=0).chosen.tolist() == chosen.tolist()


def test_a_repair_changes_little_and_shows_everybody():
    market = dense(3)
    chosen = top(market, market.score)[0]
    found = bounded(market, market.score, chosen, 5, least=3)
    shown = np.bincount(market.candidate[found.chosen], minlength=20)
    missing = np.maximum(3 - np.bincount(market.candidate[chosen], minlength=20), 0).sum()
    assert missing > 0
    assert shown.min() >= 3
    assert len(np.setdiff1d(chosen, found.chosen)) == missing
    assert len(found.seldom) == len(found.short) == 0


def test_who_is_asked_by_nobody_is_named():
    market = dense(1, 6, 3)
    more = Market(6, 4, market.requester, market.candidate, market.score, np.append(market.places, 2.0))
    found = bounded(more, more.score, top(more, more.score, 2)[0], 2, least=1)
    assert found.seldom.tolist() == [3]


@pytest.mark.parametrize("most", [3.0, 0.5])
def test_three_requests_for_each_free_place(most):
    market = dense(4)
    found = bounded(market, market.score, top(market, market.score)[0], 5, least=1, most=most)
    shown = np.bincount(market.candidate[found.chosen], minlength=20)
    assert (shown <= np.maximum(most * market.places, 1)).all()
    assert (shown >= 1).all()
