"""Events: interests, reach, gaps and the ladder, and what happens where one of them is unknown."""

import numpy as np
import pytest

from matchengine.scorers.affinity import affinity
from matchengine.scorers.events import event_fit
from matchengine.scorers.ladder import ladder

NAN = np.nan
NO_KIND = np.zeros(1, np.uint32)


def wide(value, width):
    return np.full((1, width), value, np.float32)


def scored(items, *, barriers=NAN, supports=NAN, importance=NAN, fills=0.5, rung=NAN, level=NAN):
    return event_fit(
        items,
        wide(barriers, 14),
        wide(supports, 14),
        wide(0.5, 14),
        wide(0 if importance == importance else NAN, 6),
        wide(importance, 6),
        wide(fills, 6),
        NO_KIND,
        np.array([rung], np.float32),
        np.array([level], np.float32),
    )


@pytest.fixture
def close(items_of):
    return items_of([[0.9, 0.2]], fields=("interests", "topics"))


@pytest.fixture
def unknown(items_of):
    return items_of([[NAN]], fields=("interests", "topics"))


def test_the_formula(close):
    alike = affinity(close, 0.6).value[0]
    way_in = (1 - 0.3 * (1 - 0.8)) ** 14
    step = ladder(np.array([2.0]), np.array([2.0]))[0]
    result = scored(close, barriers=0.3, supports=0.8, importance=1, fills=0.4, rung=2, level=2)
    assert result.value == pytest.approx([alike**0.5 * way_in**0.3 * 0.4**0.2 * step], rel=1e-5)
    assert result.confidence == pytest.approx([1])


def test_without_a_map_the_other_exponents_grow(close):
    alike = affinity(close, 0.6).value[0]
    way_in = (1 - 0.3 * (1 - 0.8)) ** 14
    result = scored(close, barriers=0.3, supports=0.8)
    assert result.value == pytest.approx([alike ** (5 / 8) * way_in ** (3 / 8)], rel=1e-5)
    assert result.confidence == pytest.approx([0.6])


def test_without_interests_reach_and_contacts_count_and_a_sentence_says_so(unknown, close):
    way_in = (1 - 0.3 * (1 - 0.8)) ** 14
    result = scored(unknown, barriers=0.3, supports=0.8, importance=1, fills=0.4)
    assert result.value == pytest.approx([way_in**0.6 * 0.4**0.4], rel=1e-5)
    assert result.evidence["uncompared"].tolist() == [1]
    assert np.isnan(scored(close).evidence["uncompared"]).all()


def test_nothing_known_is_nothing_said(unknown):
    result = scored(unknown)
    assert np.isnan(result.value).all()
    assert result.confidence.tolist() == [0]


def test_a_blocking_barrier_without_any_support_leaves_nothing(close):
    assert scored(close, barriers=1, supports=0).value.tolist() == [0]
    assert scored(close, barriers=1, supports=1).value[0] > 0.5


def test_a_step_that_is_too_big_counts_against_it(close):
    small, big = (scored(close, rung=1, level=level).value[0] for level in (1, 4))
    assert big < 0.1 * small


def test_what_the_coordinator_reads_does_not_depend_on_barriers(unknown):
    assert np.isnan(scored(unknown, barriers=0.3, supports=0.8).evidence["uncompared"]).all()
    assert np.isnan(scored(unknown).evidence["uncompared"]).all()
