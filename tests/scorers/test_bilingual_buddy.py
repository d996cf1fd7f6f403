"""Bilingual buddies: levels, tandems, place."""

import numpy as np
import pytest

from matchengine.scorers.bilingual_buddy import bilingual_buddy

NAN = np.nan
A1, A2, B1, B2, C1, C2, NATIVE = range(1, 8)
NOTHING = np.zeros((0, 1))
LEARNER, BUDDY = (NATIVE, B2, 0), (B2, NATIVE, 0)
SECOND = (False, True, False)
NONE = (False, False, False)


@pytest.fixture(scope="module")
def buddies(items_of):
    def run(mine, theirs, wants=SECOND, their_wants=NONE, interests=NOTHING, km=NAN, online=NAN, **settings):
        return bilingual_buddy(
            np.array([mine], np.int8),
            np.array([theirs], np.int8),
            np.array([wants]),
            np.array([their_wants]),
            items_of(interests, fields=("interests", "interests")),
            np.array([km], np.float32),
            np.array([online], np.float32),
            **settings,
        )

    return run


@pytest.mark.parametrize(
    ("mine", "theirs", "wanted"),
    [
        ((NATIVE, A1, 0), (B2, NATIVE, 0), 0.8),
        ((NATIVE, A1, 0), (C1, B2, 0), 0.95),
        ((NATIVE, A1, 0), (C2, B2, 0), 1),
        ((NATIVE, A1, 0), (B1, NATIVE, 0), 0),
        ((B1, A1, 0), (NATIVE, NATIVE, 0), 0),
        ((NATIVE, A1, 0), (NATIVE, B1, 0), 0),
        ((NATIVE, A1, 0), (NATIVE, 0, NATIVE), 0),
        ((0, 0, 0), (NATIVE, NATIVE, 0), NAN),
        ((NATIVE, 0, 0), (0, 0, 0), NAN),
    ],
)
def test_the_language_to_learn_and_one_to_talk_in(buddies, mine, theirs, wanted):
    assert buddies(mine, theirs).value == pytest.approx([wanted], nan_ok=True)


def test_whoever_wants_no_language_gets_no_opinion(buddies):
    assert np.isnan(buddies(LEARNER, BUDDY, NONE).value).all()


def test_a_tandem_raises_the_value(buddies):
    one_way = buddies((B2, A1, 0), BUDDY, interests=[[1.0]])
    mutual = buddies((B2, B2, 0), BUDDY, their_wants=(False, True, False), interests=[[1.0]])
    alone = buddies((B2, B2, 0), BUDDY, their_wants=(False, True, False), interests=[[1.0]], tandem=0.0)
    assert one_way.value == alone.value == pytest.approx([0.8 * 0.6])
    assert mutual.value == pytest.approx([0.48 + 0.52 * 0.48])
    assert ~np.isnan(mutual.evidence["helps"][0])
    assert np.isnan(one_way.evidence["helps"][0])


def test_interests_and_nearness_weigh_what_they_weigh(buddies):
    met = buddies(LEARNER, BUDDY, interests=[[1.0]], km=5.0, online=0)
    assert met.value == pytest.approx([0.8 * (0.6 * 0.6 + 0.4 * 0.5)])
    assert met.confidence == pytest.approx([1])
    unknown = buddies(LEARNER, BUDDY, interests=[[1.0]], km=5.0)
    assert unknown.value == pytest.approx([0.8 * (0.6 * 0.6 + 0.2 * 0.5) / 0.8])
    far = buddies(LEARNER, BUDDY, interests=[[1.0]], km=5000.0, online=1)
    assert far.value == pytest.approx([0.8 * 0.6])
    assert buddies(LEARNER, BUDDY).confidence == pytest.approx([0.5])
