"""Skill exchange, and the rules of programmes in which members teach each other."""

import numpy as np
import pytest

from matchengine.scorers.rules.learning import safe_to_speak, time_balance, wants_to_learn
from matchengine.scorers.skill_exchange import skill_exchange

NAN = np.nan


def column(*values):
    return np.array(values, np.float32)


@pytest.fixture(scope="module")
def trade(items_of):
    def run(gets, gives, wants=(1, 1), levels=(4, 4)):
        return skill_exchange(
            items_of(gets, left={"source": [wants[0]] * len(gets)}, right={"level": [levels[1]] * np.shape(gets)[1]}),
            items_of(
                gives,
                left={"level": [levels[0]] * len(gives)},
                right={"source": [wants[1]] * np.shape(gives)[1]},
                fields=("offers", "needs"),
            ),
        )

    return run


def test_harmonic_mean_of_both_directions(trade):
    scored = trade([[0.8]], [[0.4]])
    assert scored.value == pytest.approx([2 * 0.8 * 0.4 / 1.2])
    assert scored.confidence == pytest.approx([1])
    assert trade([[0.8]], [[0.4]], levels=(2, 3)).value == pytest.approx([2 * 0.68 * 0.24 / 0.92])


def test_one_direction_is_no_exchange(trade):
    assert trade([[0.8]], [[0.0]]).value == pytest.approx([0])
    assert np.isnan(trade([[0.8]], [[NAN]]).value).all()
    assert trade([[0.8]], [[NAN]]).confidence == pytest.approx([0])


def test_only_wants_count(trade):
    assert np.isnan(trade([[0.8]], [[0.4]], wants=(0, 1)).value).all()
    assert np.isnan(trade([[0.8]], [[0.4]], wants=(1, 0)).value).all()


def test_whoever_names_a_want_may_be_taught_unless_they_would_not_learn():
    asked = wants_to_learn(column(NAN, 1, 1, NAN, 0), column(1, 3, NAN, NAN, 2))
    assert asked.tolist() == [True, True, False, False, False]


def test_the_agreement_is_added_to_every_pair_and_refuses_nobody():
    ruled = safe_to_speak(np.array([True, False]))
    assert ruled.passes.tolist() == [True, True]
    assert ruled.known.tolist() == [False, False]


def test_hours_stay_within_their_bounds():
    mine, theirs = column(-5, -4.5, 5, 0, NAN, -5, NAN), column(0, 4.5, -5, 5, 0, NAN, NAN)
    ruled = time_balance(mine, theirs)
    assert ruled.passes.tolist() == [False, True, True, False, True, False, True]
    assert ruled.known.tolist() == [True, True, True, True, False, True, False]
    assert time_balance(column(-2), column(0), most=2.0).passes.tolist() == [False]
