"""Reach, the first visit, the ladder, and all of them in one score."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from matchengine.records.vocabulary import BARRIER_KINDS
from matchengine.scorers.entry import entry, smallness
from matchengine.scorers.ladder import LEVELS, ladder, ladder_of_any_level
from matchengine.scorers.low_threshold import low_threshold
from matchengine.scorers.reach import reach, supports_at_hand

NAN = np.nan
FEATURES = ("size", "beginner_friendly", "named_contact", "regular", "accompanied", "try_once", "activity_first")
ALIKE = [[0.9]]
NOTHING = np.zeros((0, 0))


def row(rest: float = 0, **told: float) -> Any:
    return np.array([[told.get(kind, rest) for kind in BARRIER_KINDS]], np.float32)


def number(value: float = NAN) -> Any:
    return np.array([value], np.float32)


@pytest.fixture
def scored(items_of):
    """Score one pair about which nothing is known but what is given."""

    def of(grid: Any = ALIKE, *, felt: Any = None, there: Any = None, usual: Any = None, **more: float) -> Any:
        settings = {name: more.pop(name) for name in ("beta", "too_big", "too_small") if name in more}
        told = [number(more.pop(name, NAN)) for name in (*FEATURES, "rung", "level")]
        assert not more
        items = items_of(grid, fields=("interests", "topics"))
        felt = row(NAN) if felt is None else felt
        there = row(NAN) if there is None else there
        return low_threshold(items, felt, there, row(0.2) if usual is None else usual, *told, **settings)

    return of


def test_no_barrier_is_full_reach_and_each_one_counts_by_what_is_left_of_it():
    assert reach(row(), row()) == pytest.approx([1])
    assert reach(row(NAN), row()) == pytest.approx([1])
    assert reach(row(cost=0.6), row(cost=0.5)) == pytest.approx([0.7])
    assert reach(row(cost=0.6, time=0.3), row(cost=0.5)) == pytest.approx([0.7 * 0.7])


def test_a_blocking_barrier_without_any_support_is_no_reach():
    assert reach(row(childcare=1), row(1, childcare=0)) == pytest.approx([0])
    assert reach(row(childcare=1), row(0, childcare=1)) == pytest.approx([1])


def test_an_unknown_support_is_what_is_usual_and_never_looks_met_to_a_blocking_barrier():
    at_hand = supports_at_hand(row(cost=0.6, time=1), row(NAN, place=0.7), row(0.9))
    found = dict(zip(BARRIER_KINDS, at_hand[0].tolist(), strict=True))
    assert (found["cost"], found["place"]) == (pytest.approx(0.9), pytest.approx(0.7))
    assert found["time"] == pytest.approx(0.2)
    assert supports_at_hand(row(), row(NAN), row(NAN)) == pytest.approx(row(0.2))


def test_small_is_full_up_to_six_and_none_from_twenty_five():
    assert smallness(np.array([1.0, 6, 15.5, 25, 300, NAN])) == pytest.approx([1, 1, 0.5, 0, 0, NAN], nan_ok=True)


def test_entry_is_the_weighted_mean_of_what_is_known():
    known = {"size": 6.0, "beginner_friendly": 0.0, "regular": 0.5}
    told = [number(known.get(name, NAN)) for name in FEATURES]
    assert entry(*told) == pytest.approx([(0.20 + 0 + 0.15 * 0.5) / (0.20 + 0.20 + 0.15)])
    assert entry(*(number(1) for _ in FEATURES)) == pytest.approx([1])
    assert np.isnan(entry(*(number() for _ in FEATURES))).all()


def test_every_feature_weighs_as_the_document_says():
    weights = (0.20, 0.20, 0.20, 0.15, 0.10, 0.10, 0.05)
    for place, weight in enumerate(weights):
        told = [number(0 if name != "size" else 99) for name in FEATURES]
        told[place] = number(1)
        assert entry(*told) == pytest.approx([weight])


@pytest.mark.parametrize("rung", range(5))
def test_the_ladder_is_highest_near_the_rung_and_falls_faster_when_the_step_is_too_big(rung):
    step = ladder(LEVELS, np.full(5, float(rung)))
    assert int(step.argmax()) == rung
    if rung < 4:
        assert step[rung] > step[rung + 1]
    assert ladder(number(rung + 2), number(rung)) < ladder(number(rung - 1), number(rung))
    assert ladder_of_any_level(number(rung)) == pytest.approx([step.mean()])


def test_without_interests_reach_alone_counts_and_a_sentence_says_so(scored):
    felt, there = row(cost=0.6), row(cost=0.5)
    assert scored(NOTHING, felt=felt, there=there).value == pytest.approx([0.7])
    assert scored(felt=felt, there=there).value == pytest.approx([(0.6 * 0.9) ** 0.55 * 0.7**0.45])
    assert scored(NOTHING, felt=felt, there=there).evidence["uncompared"].tolist() == [1]
    assert np.isnan(scored(felt=felt, there=there).evidence["uncompared"]).all()


def test_nothing_known_abstains(scored):
    result = scored(NOTHING)
    assert np.isnan(result.value).all()
    assert result.confidence.tolist() == [0]
    assert scored(NOTHING, felt=row()).value.tolist() == [1]
    assert scored(NOTHING, rung=1, level=1).value == pytest.approx([0.9460], abs=1e-4)


def test_no_similarity_at_all_is_zero_and_not_unknown(scored):
    assert scored([[0.0]]).value.tolist() == [0]


def test_the_first_visit_counts_by_half_the_barrier_confidence(scored):
    hard = scored(felt=row(confidence=0.6), there=row(confidence=1), beginner_friendly=0, try_once=1).value
    easy = scored(felt=row(confidence=0), there=row(confidence=1), beginner_friendly=0, try_once=1).value
    assert hard / easy == pytest.approx([(0.10 / 0.30) ** 0.3])
    untold = scored(felt=row(confidence=0.6), there=row(confidence=1)).value
    assert untold / easy == pytest.approx([0.5**0.3])


def test_a_group_gains_nothing_by_not_telling_how_big_the_step_is(scored):
    plain = scored().value
    assert scored(level=4).value == plain  # nobody said what feels all right
    silent = scored(rung=1).value
    assert silent / plain == pytest.approx(ladder_of_any_level(np.array([1.0])))
    assert scored(rung=1, level=4).value < silent < scored(rung=1, level=1).value


def test_the_confidence_does_not_grow_with_what_a_group_offers(scored):
    bare = scored(felt=row(cost=0.3)).confidence
    full = scored(felt=row(cost=0.3), there=row(1), **dict.fromkeys(FEATURES, 1)).confidence
    assert bare == full == pytest.approx([0.8])
    assert scored(rung=1, level=1).confidence == pytest.approx([1])
    assert scored([[0.9, NAN], [NAN, NAN]]).confidence == pytest.approx([0.4 * 0.5 + 0.4])


def test_sentences_tell_facts_of_the_group_alone(scored):
    told = scored(size=7, beginner_friendly=1, accompanied=0, try_once=1).evidence
    assert [told[name].tolist() for name in ("size", "newcomers", "once")] == [[7], [1], [1]]
    assert np.isnan(told["met"]).all()
    for size in (2, 40, NAN):
        assert np.isnan(scored(size=size).evidence["size"]).all()
    silent, stated = scored(size=7), scored(size=7, felt=row(1), there=row(0))
    for name, array in silent.evidence.items():
        if name not in ("interest", "topic"):
            assert np.array_equal(array, stated.evidence[name], equal_nan=True), name


def test_interests_far_from_it_are_told_too(scored):
    """A friendly sentence beside a low score would promise too much without it."""
    assert scored([[0.1, 0.39]]).evidence["apart"].tolist() == [1]
    for grid in ([[0.9]], NOTHING):
        assert np.isnan(scored(grid).evidence["apart"]).all()


def test_widths_of_the_ladder_are_settings(scored):
    assert scored(rung=0, level=4, too_big=5.0).value > scored(rung=0, level=4).value
    assert scored(rung=4, level=0, too_small=5.0).value > scored(rung=4, level=0).value
