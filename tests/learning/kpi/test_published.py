"""Figures for members: rounding, and what is hidden instead."""

from __future__ import annotations

from itertools import pairwise

import pytest

from matchengine.learning.kpi.published import fives, for_members, share_step
from matchengine.records.kpi import KpiMeasure, KpiTable, KpiUnit


def shown(unit: KpiUnit, value: float, n: int, low: float | None = None, high: float | None = None) -> KpiMeasure:
    """Return one figure as members see it, at a smallest cell of 5."""
    row = KpiMeasure(key="k", label="l", unit=unit, value=value, low=low, high=high, n=n, missing=3)
    return for_members(KpiTable(key="t", title="t", counts="c", rows=(row,)), 5).rows[0]


def test_numbers_of_people_are_rounded_to_fives() -> None:
    assert [fives(n) for n in (0, 2, 3, 7, 8, 12, 13)] == [0, 0, 5, 5, 10, 10, 15]
    row = shown("count", 48.0, 48)
    assert (row.value, row.n, row.missing) == (50.0, 50, 5)


def test_the_step_of_a_share_is_what_five_people_make_or_more() -> None:
    assert [share_step(n) for n in (10, 20, 50, 99, 100, 1000)] == [0.5, 0.25, 0.1, 0.1, 0.05, 0.05]
    for n in range(10, 400):
        assert share_step(n) * n >= 5 - 1e-9


@pytest.mark.parametrize("n", [25, 50, 100, 200])
def test_a_share_and_its_opposite_add_up_to_one(n: int) -> None:
    for some in range(10, n - 9):
        one, other = shown("share", round(some / n, 4), n), shown("share", round(1 - some / n, 4), n)
        assert one.hidden == other.hidden
        if one.value is not None and other.value is not None:
            assert one.value + other.value == pytest.approx(1)


@pytest.mark.parametrize("n", [40, 100, 200])
def test_one_person_moves_a_share_by_one_step_in_one_of_five_cases_at_most(n: int) -> None:
    values = [shown("share", round(some / n, 4), n).value for some in range(10, n - 9)]
    moved = [abs(one - other) for one, other in pairwise(values) if one is not None and other is not None]
    assert max(moved) <= share_step(n) + 1e-9
    assert sum(each > 0 for each in moved) <= len(moved) / 5 + 1


def test_a_mean_has_the_step_of_a_quarter_of_its_interval_and_ends_outwards() -> None:
    row = shown("mean", 3.62, 50, 3.31, 3.93)  # width .62, a quarter .155, so .2
    assert (row.value, row.low, row.high) == (3.6, 3.2, 4.0)
    assert shown("change", -0.45, 50, -0.61, -0.29).value == -0.4  # a quarter .08, so .1; halves go to the even step
    assert shown("score", 53.1, 30, 49.0, 57.2).value == 55.0  # a quarter 2.05, so 5


def test_a_mean_that_says_the_same_of_everybody_is_hidden() -> None:
    for low, high in ((None, None), (5.0, 5.0)):
        row = shown("mean", 5.0, 30, low, high)
        assert row.hidden
        assert (row.value, row.n) == (None, None)


def test_a_share_that_would_look_as_if_few_stood_behind_it_is_hidden() -> None:
    assert shown("share", 0.025, 200).hidden  # 5 of 200 would be printed as nobody
    assert not shown("share", 0.1, 150).hidden
