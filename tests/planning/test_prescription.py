"""The cheapest supports that make a gathering reachable."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from matchengine.errors import DataError
from matchengine.planning.prescription import prescribe, prescribe_all, reached

NAN = np.nan


def of(barriers: Any, supports: Any, costs: Any, after: Any, target: float = 0.5) -> Any:
    return prescribe(*(np.array(array, float) for array in (barriers, supports, costs, after)), target)


def test_nothing_is_prescribed_where_the_target_is_reached_already():
    assert of([0.6], [0.5], [1], [1]) == ((), 0.0, pytest.approx(0.7))
    assert of([NAN, 0], [0, 0], [1, 1], [1, 1], 1.0).supports == ()


def test_none_where_all_supports_together_are_not_enough():
    assert of([1, 0.3], [0, 0], [1, 1], [0.4, 1]) is None
    assert of([1], [0], [1], [0]) is None


def test_two_cheap_ones_beat_a_dear_one_and_one_beats_two_at_the_same_cost():
    barriers, supports, after = [0.6, 0.6, 0.6], [0, 0, 0], [0.5, 0.5, 1]
    assert of(barriers, supports, [1, 1, 4], after, 0.15).supports == (0, 1)
    assert of(barriers, supports, [1, 1, 2], after, 0.15).supports == (2,)


def test_of_equal_sets_the_one_that_reaches_further_then_the_first():
    assert of([1, 1], [0.5, 0.5], [1, 1], [0.9, 1], 0.4).supports == (1,)
    assert of([1, 1], [0.5, 0.5], [1, 1], [1, 1], 0.4).supports == (0,)


def test_a_support_never_makes_worse_what_is_there():
    assert of([0.6], [0.9], [1], [0.2], 0.99) is None
    assert reached(np.array([[1.0]]), np.array([[0.9]]), np.array([0.2]), [(0,)], 0.9).tolist() == [[True]]


def test_all_fourteen_barriers_are_weighed_exactly():
    """Fourteen equal barriers: any ten of them reach the target, so the ten cheapest are the answer."""
    costs = np.random.default_rng(3).permutation(14) + 1.0
    fix = of([0.6] * 14, [0] * 14, costs, [1] * 14, 0.4**4)
    assert fix.cost == sum(sorted(costs)[:10])
    assert set(fix.supports) == set(np.argsort(costs)[:10].tolist())


def test_who_reaches_the_target_once_some_are_arranged():
    barriers, there = np.array([[1, 0], [1, 1], [NAN, NAN]]), np.zeros((3, 2))
    after = np.array([0.9, 0.9])
    found = reached(barriers, there, after, [(), (0,), (0, 1)], 0.5)
    assert found.T.tolist() == [[False, False, True], [True, False, True], [True, True, True]]
    assert reached(barriers, there, after, [()], 0.0).all()
    assert not there.any()


def test_many_people_are_solved_as_each_alone():
    random = np.random.default_rng(5)
    barriers, there = random.choice([0, 0, 0.3, 0.6, 1, NAN], (300, 6)), random.random((300, 6)) / 2
    costs, after = random.integers(0, 4, 6).astype(float), 0.5 + random.random(6) / 2
    together = prescribe_all(barriers, there, costs, after, 0.4)
    assert together == [prescribe(felt, has, costs, after, 0.4) for felt, has in zip(barriers, there, strict=True)]
    for row, fix in enumerate(together):
        every = [()] if fix is None else [(), fix.supports]
        found = reached(barriers[[row]], there[[row]], after, every, 0.4)[0].tolist()
        assert found == ([False] if fix is None else [not fix.supports, True])
    assert prescribe_all(np.zeros((0, 3)), np.zeros((0, 3)), np.zeros(3), np.zeros(3), 0.5) == []


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (([1.2], [0], [1], [1]), "barriers"),
        (([1], [NAN], [1], [1]), "supports"),
        (([1], [0], [-1], [1]), "costs"),
        (([1], [0], [np.inf], [1]), "costs"),
        (([1], [0], [1], [2]), "after"),
        (([1], [0], [1], [1], 1.5), "target"),
        (([1, 1], [0], [1], [1]), "length"),
        (([1] * 21, [0] * 21, [1] * 21, [1] * 21), "at most 20"),
    ],
)
def test_numbers_out_of_their_range_are_refused(arguments, named):
    with pytest.raises(DataError, match=named):
        of(*arguments)
