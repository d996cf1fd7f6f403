"""Golden numbers GN4 and GN5 of domain.md, annex 1 (tolerance 1e-4): reverse mentoring and generations."""

import numpy as np
import pytest

from matchengine.batch import ItemPairs
from matchengine.scorers.cross_generational import cross_generational, gap_worth, gap_years
from matchengine.scorers.reverse_mentoring import inversion, reverse_mentoring, reverse_value
from matchengine.testing.item_pairs import make_item_pairs

NAN = np.nan
GN4 = [(12.0, 0.5, 0.6040), (12.0, NAN, 0.4739), (3.0, 0.5, 0.1673)]
"""Gap in years, what comes back, value; the teaching is .7."""


def close(values):
    return pytest.approx(values, abs=1e-4)


def one(similarity: float, level: float = NAN, other_level: float = NAN, source: int = 0) -> ItemPairs:
    """One item on each side of one pair of people."""

    def side(skill, source):
        columns = {"text": np.zeros(1, np.int32), "priority": np.ones(1, np.float32)}
        return columns | {"level": np.array([skill], np.float32), "source": np.array([source], np.int8)}

    alike = np.array([[similarity]])
    items = [np.array([0])]
    likeness = {"phi": alike, "lexical": alike, "similarity": alike}
    names = ("goals", "wants")
    left, right = side(level, source), side(other_level, 0)
    return make_item_pairs(items, items, left, right, likeness, sources=(names, names))


@pytest.mark.parametrize(("gap", "back", "wanted"), GN4)
def test_gn4_reverse_by_the_formula(gap, back, wanted):
    value = reverse_value(inversion(np.array([gap]), 5.0, 2.0), np.array([0.7]), np.array([back]))
    assert value == close([wanted])


@pytest.mark.parametrize(("gap", "back", "wanted"), GN4)
def test_gn4_reverse_through_the_scorer(gap, back, wanted):
    taught = one(0.7, level=1, other_level=3, source=1)  # a want; two levels ahead count fully
    returned = one(back, level=4)
    blank = np.array([NAN], np.float32)
    years = np.array([gap + 3], np.float32), np.array([3], np.float32)
    assert reverse_mentoring(taught, returned, *years, blank, blank).value == close([wanted])


def test_gn5_worth_of_gaps():
    assert gap_worth(np.array([5.0, 12, 15, 25, 35, 50, 70])) == close([0, 0.5714, 1, 1, 1, 0.7, 0.5])


def test_gn5_cross_generational_through_the_scorer():
    """A gap of 30 years counts as one of 25 does, fully; affinity .6, exchange .5, values .7: .58."""
    age, other = np.array([3], np.float32), np.array([6], np.float32)
    blank = np.array([NAN], np.float32)
    assert gap_years(age, other, blank, blank) == close([30])
    shared = one(1.0)  # one equal interest: affinity .6
    taught, given = one(0.5, other_level=4), one(0.5, level=4)
    cards = np.array([[0b11_1111_1111]], np.uint64), np.array([[0b111_0000_0111_1111]], np.uint64)  # 7 of 10 shared
    scored = cross_generational(age, other, blank, blank, shared, taught, given, *cards)
    assert scored.value == close([0.58])
    assert scored.confidence == close([1])
