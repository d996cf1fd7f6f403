"""Partnerships across generations: gaps, parts, quotes."""

import numpy as np
import pytest

from matchengine.scorers.cross_generational import cross_generational, gap_worth, gap_years

NAN = np.nan
NOTHING = np.zeros((0, 1))


def column(*values):
    return np.array(values, np.float32)


def cards(mask):
    return np.array([[mask]], np.uint64)


@pytest.fixture(scope="module")
def partners(items_of):
    def run(interests=NOTHING, gets=NOTHING, gives=NOTHING, values=(0, 0), ages=(1, 4), stages=(NAN, NAN), **settings):
        return cross_generational(
            *(column(each) for each in (*ages, *stages)),
            items_of(interests, fields=("interests", "interests")),
            items_of(gets, right={"level": [4] * np.shape(gets)[1]}),
            items_of(gives, left={"level": [4] * len(gives)}, fields=("offers", "needs")),
            *(cards(mask) for mask in values),
            **settings,
        )

    return run


def test_years_between_age_bands_or_else_stages():
    nobody = column(NAN, NAN, NAN, NAN)
    ages, others = column(0, 7, 1, NAN), column(0, 0, NAN, 3)
    assert gap_years(ages, others, nobody, nobody) == pytest.approx([0, 63.5, NAN, NAN], nan_ok=True)
    stages, later = column(6, 6, 0, 2), column(0, 0, 3, 2)
    assert gap_years(ages, others, stages, later) == pytest.approx([0, 63.5, 21, 0])


def test_the_worth_of_a_gap_rises_stays_and_falls():
    worth = gap_worth(np.arange(0.0, 90))
    assert (np.diff(worth[:36]) >= 0).all()
    assert (np.diff(worth[35:]) <= 0).all()
    assert worth[8] == 0
    assert worth[15] == worth[35] == 1
    assert worth[60] == worth[89] == 0.5
    assert np.isnan(gap_worth(np.array([NAN]))).all()


def test_turning_points_in_a_wrong_order_stay_within_bounds():
    worth = gap_worth(np.arange(0.0, 90), (30.0, 15.0, 20.0, 10.0), 0.2)
    assert ((worth >= 0) & (worth <= 1)).all()


def test_parts_that_are_unknown_are_dropped(partners):
    everything = partners([[1.0]], [[0.5]], [[0.5]], (0b11, 0b01))
    assert everything.value == pytest.approx([0.4 * 0.6 + 0.4 * 0.5 + 0.2 * 1])
    assert everything.confidence == pytest.approx([1])
    interests = partners([[1.0]])
    assert interests.value == pytest.approx([0.6])
    assert interests.confidence == pytest.approx([0.4])
    one_way = partners([[1.0]], [[0.5]])
    assert one_way.value == pytest.approx([0.6])
    assert np.isnan(partners().value).all()


def test_unknown_ages_and_stages_abstain(partners):
    assert np.isnan(partners([[1.0]], ages=(NAN, 3)).value).all()
    assert partners([[1.0]], ages=(NAN, 3), stages=(1, 4)).value == pytest.approx([0.6])
    assert partners([[1.0]], ages=(NAN, 3), stages=(4, 4)).value == pytest.approx([0])


def test_it_names_a_task_and_both_gifts(partners):
    told = partners([[0.1, 0.2]], [[0.4], [0.6]], [[0.7]]).evidence
    assert {name: quotes.texts.tolist() for name, quotes in told.items()} == {
        "interest": [0],
        "theirs": [1],
        "need": [1],
        "offer": [0],
        "gift": [0],
        "aim": [0],
    }
