"""Nothing about a few people can be worked out from reports, whatever is subtracted from whatever (SEC19).

Readers reckon with all margins of random tables of at most 200 people, and with two reports that differ by one person.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest

from matchengine.inference import suppress
from matchengine.learning.kpi.report import kpi_report
from matchengine.records import ConsentGrant
from matchengine.records.kpi import KpiReport
from tests.inference.attackers import determined, every_value, finest, span
from tests.inference.test_suppression import safe
from tests.learning.kpi.cases import TODAY, ProgrammeRecords, answer, person, tie

LEAST = 10


def crowd(rng: np.random.Generator, attributes: int) -> np.ndarray:
    """Return a random crowd of at most 200 people with attributes of two to four levels, some of which few hold."""
    people = int(rng.integers(20, 201))
    sizes = rng.integers(2, 5, attributes)
    shares = [rng.dirichlet(np.full(size, 0.8)) for size in sizes]
    levels = np.column_stack([rng.choice(size, people, p=share) for size, share in zip(sizes, shares, strict=True)])
    levels[rng.random(levels.shape) < 0.05] = -1
    return levels


@pytest.mark.parametrize("tables", [6, pytest.param(120, marks=pytest.mark.slow)])
def test_no_hidden_cell_of_a_random_table_can_be_worked_out(tables: int) -> None:
    rng, hidden, shown = np.random.default_rng(8), 0, 0
    for number in range(tables):
        crossed = [[0, 1]] if number % 2 else [[0, 1], [1, 2]]
        found = suppress(crowd(rng, 3), crossed, least=LEAST)
        safe(found)
        hidden += int(found.hidden.sum())
        shown += int((~found.hidden).sum())
        assert not found.hidden[found.counts[:, 0] >= 0][found.counts[:, 0] < 0].any()
        assert found.hidden[(found.counts[:, 0] < LEAST)].all(), "zeros and small cells are hidden"
    assert hidden > tables * 3
    assert shown > tables


def test_every_table_that_fits_leaves_a_wide_choice() -> None:
    """A reader who lists every possible table of whole people finds no small cell narrowed to less than the least."""
    rng, looked = np.random.default_rng(9), 0
    for _ in range(12):
        people = rng.choice(2, (int(rng.integers(8, 22)), 2), p=[0.75, 0.25])
        found = suppress(people, [[0, 1]], least=3, sizes=[2, 2])
        system, counts = finest(found.keys), found.counts[:, 0].astype(float)
        possible = every_value(system, counts, ~found.hidden, int(counts.max()))
        for cell in np.flatnonzero(found.small):
            values = possible[:, cell]
            looked += 1
            assert found.hidden.all() or len(set(values)) > 1
    assert looked > 10


def test_the_reader_succeeds_where_only_small_cells_are_hidden() -> None:
    rng, caught = np.random.default_rng(8), 0
    for _ in range(12):
        found = suppress(crowd(rng, 2), [[0, 1]], least=LEAST)
        system, counts = finest(found.keys), found.counts[:, 0].astype(float)
        shown = ~found.small
        caught += any(
            determined(system, shown, n) or span(system, counts, shown, n) < 1 for n in np.flatnonzero(~shown)
        )
    assert caught > 3


@pytest.mark.parametrize("pairs", [6, pytest.param(100, marks=pytest.mark.slow)])
def test_two_reports_that_differ_by_one_person_tell_nothing_of_them(pairs: int) -> None:
    rng = np.random.default_rng(10)
    for _ in range(pairs):
        people = crowd(rng, 2)
        first = suppress(people, [[0, 1]], least=LEAST)
        later = np.delete(people, int(rng.integers(len(people))), axis=0)
        second = suppress(later, [[0, 1]], least=LEAST, earlier=[first])
        before = {
            key: int(n) for key, n, gone in zip(first.keys, first.counts[:, 0], first.hidden, strict=True) if not gone
        }
        for key, count, gone in zip(second.keys, second.counts[:, 0], second.hidden, strict=True):
            assert gone or key not in before or before[key] == count, "what moved by one person is not told"


# ---------------------------------------------------------------- reports of key figures


def grant(who: str) -> ConsentGrant:
    """Return a consent to be counted by region."""
    told = {"person_id": who, "field": "attributes.region", "purpose": "fairness_audit", "text_version": "1"}
    return ConsentGrant.model_validate(told | {"language": "en", "granted_at": datetime(2024, 1, 1, tzinfo=UTC)})


def records(rng: np.random.Generator, people: int, without: int | None = None) -> ProgrammeRecords:
    """Return a programme of mentees in three regions, each content or not; one of them may be left out."""
    told = [
        (str(rng.choice(["north", "south", "west"], p=[0.5, 0.35, 0.15])), int(rng.choice([2, 5])))
        for _ in range(people)
    ]
    kept = [n for n in range(people) if n != without]
    regions = {n: [{"dimension": "region", "value": told[n][0]}] for n in kept}
    return ProgrammeRecords(
        people=[person(f"p{n}", roles=["mentee"], attributes=regions[n]) for n in kept],
        relationships=[tie(n) for n in kept],
        feedback=[answer(n, "90_days", told[n][1]) for n in kept],
        consents=[grant(f"p{n}") for n in kept],
    )


def report(made: ProgrammeRecords, audience: Any = "members") -> KpiReport:
    """Return the report for members by region."""
    return kpi_report(made, TODAY, by=["region"], audience=audience, min_cell=LEAST)


@pytest.mark.parametrize("programmes", [6, pytest.param(60, marks=pytest.mark.slow)])
def test_no_figure_of_a_report_rests_on_few(programmes: int) -> None:
    rng, told = np.random.default_rng(11), 0
    for _ in range(programmes):
        made = report(records(rng, int(rng.integers(5, 120))))
        for row in (row for table in made.tables for row in table.rows):
            if row.hidden:
                assert (row.value, row.low, row.high) == (None, None, None)
            elif row.n:
                told += 1
                assert row.n >= LEAST
                if row.unit == "share" and row.value is not None and row.group is None:
                    some = round(row.value * row.n)
                    assert min(some, row.n - some) >= LEAST
    assert told > programmes


def test_figures_by_group_are_rounded_so_that_one_person_hardly_ever_shows() -> None:
    rng = np.random.default_rng(12)
    changed = looked = 0
    for _ in range(6):
        seed, people = int(rng.integers(1 << 30)), int(rng.integers(60, 140))
        one = report(records(np.random.default_rng(seed), people))
        other = report(records(np.random.default_rng(seed), people, without=people // 2))
        after = rows(other)
        for key, row in rows(one).items():
            if row.group is not None and not row.hidden and not after[key].hidden:
                looked += 1
                changed += (row.value, row.n) != (after[key].value, after[key].n)
    assert looked > 5
    assert changed / looked < 0.5


def rows(made: KpiReport) -> dict[str, Any]:
    """Return figures by key."""
    return {row.key: row for table in made.tables for row in table.rows}


def test_two_reports_of_key_figures_that_differ_by_one_person_tell_nothing_of_them() -> None:
    seed, people = 13, 80
    first = report(records(np.random.default_rng(seed), people))
    made = records(np.random.default_rng(seed), people, without=3)
    second = kpi_report(made, TODAY, by=["region"], audience="members", min_cell=LEAST, earlier=first)
    one, other = rows(first), rows(second)
    moved = [k for k, r in one.items() if not r.hidden and (r.value, r.n) != (other[k].value, other[k].n)]
    assert moved == []
