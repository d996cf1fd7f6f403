"""The most people who can be served at once, and where too many share too few places."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment

from matchengine.readiness import served
from matchengine.readiness.served import Served, serve
from tests.readiness.programmes import checked, spoken
from tests.support import group, mentee, mentor


def packed(eligible: np.ndarray) -> np.ndarray:
    """Return a bool array (R, C) as packed bits."""
    return np.packbits(eligible, axis=1)


def by_assignment(eligible: np.ndarray, capacities: np.ndarray) -> int:
    """Return the most that can be served, with one column for each single place."""
    copies = np.where(np.isinf(capacities), len(eligible), capacities).astype(int)
    places = np.repeat(eligible, copies, axis=1)
    if not places.size:
        return 0
    rows, columns = linear_sum_assignment(places.astype(float), maximize=True)
    return int(places[rows, columns].sum())


@st.composite
def markets(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray]:
    """Draw who may meet whom, and places."""
    requesters, candidates = draw(st.integers(0, 12)), draw(st.integers(0, 9))
    share = draw(st.sampled_from((0.1, 0.3, 0.7, 1.0)))
    chance = np.random.default_rng(draw(st.integers(0, 10**6)))
    capacities = [draw(st.sampled_from((0.0, 1.0, 1.0, 2.0, 3.0, np.inf))) for _ in range(candidates)]
    return chance.random((requesters, candidates)) < share, np.array(capacities, float)


@settings(max_examples=300, deadline=None, derandomize=True, database=None)
@given(market=markets(), edges=st.sampled_from((1, 2, 64)))
def test_as_many_are_served_as_an_assignment_of_single_places_serves(
    market: tuple[np.ndarray, np.ndarray], edges: int
) -> None:
    eligible, capacities = market
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(served, "_EDGES", edges)
        found = serve(packed(eligible), capacities)
    assert found.total == by_assignment(eligible, capacities)
    check_bottleneck(found, eligible, capacities)


def check_bottleneck(found: Served, eligible: np.ndarray, capacities: np.ndarray) -> None:
    """A bottleneck is a proof: its requesters have nobody but its candidates, who have fewer places."""
    usable = eligible & (capacities > 0)
    if found.bottleneck is None:
        assert found.total == usable.any(axis=1).sum()
        return
    requesters, candidates, places = found.bottleneck
    assert places == capacities[candidates].sum() < len(requesters)
    assert set(np.flatnonzero(usable[requesters].any(axis=0))) == set(candidates)


@pytest.mark.parametrize("edges", [1, 64])
def test_the_part_that_lacks_most_places_is_named(edges: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(served, "_EDGES", edges)
    eligible = np.zeros((9, 4), np.bool_)
    eligible[:5, :2] = True  # five for three places
    eligible[5:7, 2] = True  # two for one place
    eligible[7:, 3] = True  # two for two places
    found = serve(packed(eligible), np.array([1.0, 2.0, 1.0, 2.0]))
    assert found.total == 6
    assert found.bottleneck is not None
    assert [part.tolist() for part in found.bottleneck[:2]] == [[0, 1, 2, 3, 4], [0, 1]]
    assert found.bottleneck.places == 3


def test_a_large_dense_market_needs_no_pair_that_the_first_try_left_out() -> None:
    assert serve(packed(np.ones((700, 600), np.bool_)), np.ones(600)).total == 600


def test_the_bottleneck_is_a_sentence() -> None:
    people = [mentee(f"s{n}", languages=spoken("es C1")) for n in range(4)]
    people += [mentee(f"e{n}") for n in range(2)]
    people += [mentor("m", languages=spoken("es C1"), capacity={"mentor": 1}), mentor("n", capacity={"mentor": 9})]
    found = checked(people)
    assert found.servable == 3
    assert "At most 3 of 6 people with a possible candidate can be served at once." in found.summary
    assert "4 people compete for 1 free place of 1 mentor." in found.summary


def test_fewer_places_than_people_is_a_sentence_and_no_bottleneck() -> None:
    found = checked([*(mentee(f"a{n}") for n in range(5)), mentor("m"), mentor("n", capacity={"mentor": 1})])
    assert found.summary[:2] == (
        "2 mentors have 3 free places, and 5 people could be suggested to them.",
        "At most 3 of 5 people with a possible candidate can be served at once.",
    )
    assert not any("compete" in sentence for sentence in found.summary)


def test_unknown_places_are_one_for_a_person_and_no_limit_for_a_group() -> None:
    peers = (
        '[match.peer]\nrequester = "mentee"\ncandidate = "peer"\n[match.peer.scorers.values]\nuse = "values_overlap"\n'
    )
    people = [*(mentee(f"a{n}") for n in range(4)), mentor("p", roles=["peer"], capacity={})]
    found = checked(people, peers, "peer")
    assert (found.places, found.servable) == (None, 1)
    groups = checked(people, kind="group", groups=[group("g", size_now=None, size_max=None)])
    assert (groups.places, groups.servable) == (None, 5)
