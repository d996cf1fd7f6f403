"""A figure against the one that was published before."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from matchengine.learning.kpi.cells import Counted
from matchengine.learning.kpi.earlier import against
from matchengine.records.kpi import KpiMeasure, KpiReport, KpiTable

FIRST = date(2025, 1, 1)
LEAST = 10


def now(n: int, people: int | None = None, **more: Any) -> Counted:
    """Return a share of today behind which n stand."""
    told = {"key": "burden.full", "label": "l", "unit": "share", "value": 0.5, "n": n, "missing": 0}
    return Counted.model_validate(told | {"behind": n, "people": n if people is None else people} | more)


def before(n: int | None, **more: Any) -> KpiMeasure:
    """Return the figure as printed in the earlier report."""
    told = {"key": "burden.full", "label": "l", "unit": "share", "value": 0.25, "n": n, "missing": 0}
    return KpiMeasure.model_validate(told | more)


def merged(rows: list[KpiMeasure], old: list[KpiMeasure], then: Mapping[str, KpiMeasure]) -> dict[str, KpiMeasure]:
    """Return the figures that are printed."""
    earlier = KpiReport(today=FIRST, audience="members", tables=(table(old),))
    found = against([table(rows)], earlier, lambda _day: then, LEAST)
    return {row.key: row for each in found for row in each.rows}


def table(rows: list[KpiMeasure]) -> KpiTable:
    """Return a table of rows."""
    return KpiTable(key="burden", title="t", counts="c", rows=tuple(rows))


@pytest.mark.parametrize(
    ("today", "people", "then", "who", "fresh"),
    [
        (52, 52, 40, 40, True),
        (51, 51, 40, 40, False),  # the number printed was rounded by up to two
        (28, 28, 40, 40, True),
        (60, 44, 40, 40, False),  # twenty values of four people
        (60, 60, 55, 55, False),  # today's records say that five came
    ],
)
def test_both_bounds_must_reach_the_smallest_cell(today: int, people: int, then: int, who: int, fresh: bool) -> None:
    row = merged([now(today, people)], [before(40)], {"burden.full": now(then, who)})["burden.full"]
    assert (row.value, row.n) == ((0.5, today) if fresh else (0.25, 40))
    assert row.as_of == (None if fresh else FIRST)
    assert row.n_before == ((40,) if fresh else ())


def test_a_number_printed_long_before_holds_a_figure_too() -> None:
    old = before(80, n_before=(40,))
    assert merged([now(45)], [old], {"burden.full": now(80)})["burden.full"].n == 80
    assert merged([now(60)], [old], {"burden.full": now(80)})["burden.full"].n_before == (40, 80)


def test_a_figure_repeated_twice_keeps_its_first_day() -> None:
    older = date(2024, 1, 1)
    assert merged([now(41)], [before(40, as_of=older)], {"burden.full": now(40)})["burden.full"].as_of == older


def test_what_was_hidden_stays_hidden_until_enough_came() -> None:
    hidden = KpiMeasure(key="burden.full", label="l", unit="share", hidden=True)
    assert merged([now(12)], [hidden], {"burden.full": now(9)})["burden.full"].hidden
    assert merged([now(19)], [hidden], {"burden.full": now(9)})["burden.full"].n == 19


def test_a_new_line_comes_only_with_a_value_of_enough() -> None:
    gone = now(3).model_copy(update={"value": None, "n": None, "hidden": True})
    assert merged([gone], [], {}) == {}
    assert merged([now(9)], [], {}) == {}
    assert set(merged([now(12)], [], {})) == {"burden.full"}


def test_figures_that_belong_together_are_of_one_day() -> None:
    keys = ["repair.repaired", "repair.ended"]
    rows: list[KpiMeasure] = [now(60, key=keys[0]), now(41, key=keys[1])]
    found = merged(rows, [before(40, key=key) for key in keys], {key: now(40, key=key) for key in keys})
    assert [row.as_of for row in found.values()] == [FIRST, FIRST]
    alone = ["burden.full", "burden.mentees"]
    rows = [now(60, key=alone[0]), now(41, key=alone[1])]
    found = merged(rows, [before(40, key=key) for key in alone], {key: now(40, key=key) for key in alone})
    assert [found[key].as_of for key in alone] == [None, FIRST]


def test_a_figure_that_the_records_lost_is_repeated() -> None:
    assert merged([], [before(40)], {})["burden.full"].as_of == FIRST
