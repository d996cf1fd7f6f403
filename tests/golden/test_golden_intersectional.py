"""Golden number GN1 of domain.md, annex 1 (tolerance 1e-4): the parts of intersectional fit, the lift and the score."""

from __future__ import annotations

import numpy as np
import pytest
from tests.golden.test_golden_combination import kind

from matchengine.batch import JointSets
from matchengine.matching.combine import combine
from matchengine.scorers.intersectional_fit import intersectional_fit, rarity, share_by_worth, worth

NAMES = ("none", "a", "b", "both")
SHARED = {"none": (0, 0, 0), "a": (1, 0, 0), "b": (0, 1, 0), "both": (1, 1, 1)}
HOLDERS, SIZES, ONES = np.array([20, 10, 2]), np.array([1, 1, 2], np.int8), np.ones(3)
"""Sets a, b and ab of a population of 100."""


def close(values: object) -> object:
    return pytest.approx(values, abs=1e-4)


def gn1(level: float) -> JointSets:
    """Four candidates who share nothing, a, b and both."""
    return JointSets(
        case=np.arange(4),
        of_case=np.repeat(np.arange(4), 3),
        size=np.tile(SIZES, 4),
        importance=np.ones(12, np.float32),
        holders=np.tile(HOLDERS, 4).astype(np.int32),
        shared=np.array([SHARED[name] for name in NAMES], np.bool_).ravel(),
        wished_holders=np.full(4, 2, np.int32),
        shared_holders=np.array([100, 20, 10, 2], np.int32),
        level=np.full(4, level, np.float32),
        population=100,
    )


def test_gn1_rarity_of_a_b_and_both() -> None:
    assert rarity(HOLDERS, 100, 5.0) == close([1.4351, 1.9459, 2.3514])


def test_gn1_worth_and_shares() -> None:
    each = worth(HOLDERS, SIZES, ONES, 100, (1.0, 2.0, 3.0), 5.0)
    assert each.sum() == close(8.0837)
    sets = gn1(1)
    shares = share_by_worth(np.tile(each, 4), sets.shared, sets.of_case, 4)
    assert shares == close([0, 0.1775, 0.2407, 1])
    assert shares[3] == 1


@pytest.mark.parametrize(
    ("level", "lift", "wanted"),
    [
        (1, 0.10, [0.6000, 0.6071, 0.6096, 0.6400]),
        (2, 0.20, [0.6000, 0.6142, 0.6193, 0.6800]),
        (3, 0.35, [0.6000, 0.6249, 0.6337, 0.7400]),
    ],
)
def test_gn1_scores(level: float, lift: float, wanted: list[float]) -> None:
    value = intersectional_fit(gn1(level))
    assert value == close([0, 0.1775 * lift, 0.2407 * lift, lift])
    values = np.stack([np.full(4, 0.60), value], axis=1)
    table = combine(kind(("need", None)), values, np.ones_like(values), 0.5)
    assert table.total == close(wanted)
    assert (table.total - table.lift) == close([0.6] * 4)


def test_gn1_a_set_that_two_people_hold_is_scored_as_if_five_did() -> None:
    assert rarity(np.array([0, 1, 2, 4, 5]), 100, 5.0).tolist() == [rarity(np.array([5]), 100, 5.0)[0]] * 5
    assert rarity(np.array([6]), 100, 5.0) < rarity(np.array([5]), 100, 5.0)
