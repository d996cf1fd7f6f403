"""Two published reports of key figures that differ by one person print the same, whoever it is (SEC19)."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest

from matchengine.learning.kpi.report import kpi_report
from matchengine.records import ConsentGrant
from matchengine.records.kpi import KpiMeasure, KpiReport
from tests.learning.kpi.cases import (
    START,
    TODAY,
    ProgrammeRecords,
    answer,
    event,
    met,
    person,
    reading,
    scored,
    step,
    tie,
)

LEAST = 10
REGIONS = ["north", "south", "west", "east"]


def programme(rng: np.random.Generator, pairs: int, mentors: int) -> ProgrammeRecords:
    """Return a programme of pairs with records of every kind, of which some mentors have many mentees."""
    whose = [f"m{int(n)}" for n in rng.choice(mentors, pairs)]
    region = [str(each) for each in rng.choice(REGIONS, pairs, p=[0.45, 0.3, 0.2, 0.05])]
    grants = [f"p{n}" for n in range(pairs) if rng.random() < 0.8]
    sides = [
        (n, side, wave) for n in range(pairs) for side in ("requester", "candidate") for wave in ("90_days", "end")
    ]
    told = [(n, side, wave, int(rng.integers(1, 6))) for n, side, wave in sides if rng.random() < 0.6]
    ends = {n: int(rng.integers(20, 500)) for n in range(pairs) if rng.random() < 0.5}
    how = {n: str(rng.choice(["completed", "ended"])) for n in ends}
    some = [n for n in range(pairs) if rng.random() < 0.5]
    return ProgrammeRecords(
        people=[
            person(f"p{n}", roles=["mentee"], attributes=[{"dimension": "region", "value": region[n]}])
            for n in range(pairs)
        ]
        + [person(who, roles=["mentor"], capacity={"mentor": 2}) for who in sorted(set(whose))],
        relationships=[tie(n, ends.get(n), how.get(n, "active"), mentor=whose[n]) for n in range(pairs)],
        feedback=[both(answer(n, wave, rating, side), whose[n]) for n, side, wave, rating in told],
        meetings=[both(met(n, int(on), minutes=60), whose[n]) for n in some for on in rng.integers(0, 90, 3)],
        consents=[grant(who) for who in grants],
        outcomes=[event(n, int(rng.integers(1, 400))) for n in some],
        skills=[
            each for n in some for each in (reading(n, 0, 1, target=True), reading(n, 90, int(rng.integers(0, 5))))
        ],
        surveys=[
            scored(n, wave, on, float(rng.integers(1, 6))) for n in some for wave, on in (("start", 0), ("end", 200))
        ],
        programme_steps=[step(f"p{n}", "became_mentor", 520) for n in some],
    )


def both(record: Any, mentor: str) -> Any:
    """Return a record of pair n with its mentor in the place of `m{n}`."""
    names = {
        name: mentor for name in ("person_id", "other_id", "about_id") if str(getattr(record, name, ""))[:1] == "m"
    }
    return record.model_copy(update=names)


def grant(who: str) -> ConsentGrant:
    """Return a consent to be counted by region."""
    told = {"person_id": who, "field": "attributes.region", "purpose": "fairness_audit", "text_version": "1"}
    return ConsentGrant.model_validate(told | {"language": "en", "granted_at": datetime(2024, 1, 1, tzinfo=UTC)})


def without(made: ProgrammeRecords, who: str) -> ProgrammeRecords:
    """Return a programme that never knew a person."""
    names = ("id", "person_id", "other_id", "about_id")
    kept = {
        each.name: [one for one in getattr(made, each.name) if who not in [getattr(one, name, None) for name in names]]
        for each in fields(made)
        if each.name != "gatherings"
    }
    return replace(made, **kept)


def report(made: ProgrammeRecords, earlier: KpiReport | None = None, days: int = 0, **more: Any) -> KpiReport:
    """Return a report for members by region, read back from what is published."""
    told = {"by": ["region"], "audience": "members", "min_cell": LEAST} | more
    found = kpi_report(made, TODAY + timedelta(days=days), earlier=earlier, **told)
    assert KpiReport.model_validate_json(found.model_dump_json()) == found
    return KpiReport.model_validate_json(found.model_dump_json())


def printed(made: KpiReport) -> dict[str, tuple[Any, ...]]:
    """Return all that is printed of each figure, but the day."""
    return {key: row[:-1] for key, row in _cells(made).items()}


def _cells(made: KpiReport) -> dict[str, tuple[Any, ...]]:
    return {
        key: (row.label, row.wave, row.group, row.value, row.low, row.high, row.n, row.missing, row.hidden, row.as_of)
        for key, row in made.measures().items()
    }


def somebody(rng: np.random.Generator, made: ProgrammeRecords) -> list[str]:
    """Return a mentee, the mentor with most mentees, and anybody."""
    mentors = [each.other_id for each in made.relationships]
    people = [each.id for each in made.people]
    return [
        str(rng.choice([p for p in people if p[0] == "p"])),
        max(set(mentors), key=mentors.count),
        str(rng.choice(people)),
    ]


@pytest.mark.parametrize("programmes", [3, pytest.param(10, marks=pytest.mark.slow)])
def test_one_person_more_or_less_changes_nothing_that_is_printed(programmes: int) -> None:
    rng, told, would = np.random.default_rng(21), 0, 0
    for _ in range(programmes):
        pairs = int(rng.integers(15, 150))
        full = programme(rng, pairs, int(rng.integers(3, max(4, 200 - pairs))))
        with_all = report(full)
        for who in somebody(rng, full):
            less = without(full, who)
            alone = report(less)
            would += printed(alone) != printed(with_all)
            assert printed(report(less, with_all)) == printed(with_all), "somebody left"
            after = report(full, alone)
            assert printed(after) == printed(alone), "somebody came"
            assert after.instruments == alone.instruments
            assert after.summary == alone.summary
            told += sum(row.value is not None for row in after.measures().values())
    assert told > 30 * programmes
    assert would > programmes, "without the earlier report they do differ"


@pytest.mark.parametrize("programmes", [2, pytest.param(6, marks=pytest.mark.slow)])
def test_a_later_report_tells_anew_only_what_many_changed(programmes: int) -> None:
    """Whatever happened in between, a number that moved had moved by the smallest cell, or it was printed nowhere."""
    rng, anew, same = np.random.default_rng(22), 0, 0
    for _ in range(programmes):
        made = programme(rng, 60, 40)
        first = report(made)
        grown = joined(made, programme(rng, int(rng.integers(2, 90)), 60))
        second = report(grown, first, days=90)
        for key, row in second.measures().items():
            before = first.measures().get(key)
            if row.as_of is not None:
                same += 1
                assert before is not None
                assert (row.value, row.low, row.high, row.n) == (before.value, before.low, before.high, before.n)
            elif before is not None and before.value is not None and row.value is not None:
                moved = abs((row.n or 0) - (before.n or 0))
                anew += moved > 0
                assert moved >= LEAST or (row.value, row.low, row.high) == (before.value, before.low, before.high)
    assert same
    assert anew


LATER = TODAY + timedelta(days=10)


def joined(one: ProgrammeRecords, other: ProgrammeRecords) -> ProgrammeRecords:
    """Return a programme in which people with names of their own came ten days later, with all their records."""
    kept = {}
    for each in fields(one):
        if each.name != "gatherings":
            kept[each.name] = [*getattr(one, each.name), *(_new(record) for record in getattr(other, each.name))]
    return replace(one, **kept)


def _new(record: Any) -> Any:
    names = {
        name: f"new-{value}"
        for name in ("id", "person_id", "other_id", "about_id")
        if isinstance(value := getattr(record, name, None), str)
    }
    moved = {
        name: LATER + (value - START)
        for name in ("started", "ends", "on")
        if (value := getattr(record, name, None)) is not None
    }
    return record.model_copy(update=names | moved)


def test_many_new_people_are_told() -> None:
    rng = np.random.default_rng(23)
    made = programme(rng, 60, 50)
    first = report(made)
    second = report(joined(made, programme(rng, 80, 70)), first, days=30)
    row = second.measures()["funnel.registered"]
    assert row.as_of is None
    assert row.n_before == (first.measures()["funnel.registered"].n,)
    assert (row.n or 0) >= (first.measures()["funnel.registered"].n or 0) + LEAST


def test_a_number_that_swings_back_is_not_told_against_the_first_report() -> None:
    rng = np.random.default_rng(24)
    made = programme(rng, 60, 50)
    first = report(made)
    second = report(joined(made, programme(rng, 80, 70)), first, days=30)
    third = report(without(made, "p3"), second, days=60)
    for key, row in third.measures().items():
        if row.value is not None and row.as_of is None:
            old = first.measures()[key]
            assert printed(third)[key] == printed(first)[key] or abs((row.n or 0) - (old.n or 0)) >= LEAST
    assert third.measures()["funnel.registered"].as_of == second.today
    assert third.measures()["funnel.registered"].value == second.measures()["funnel.registered"].value


@pytest.mark.parametrize("programmes", [3, pytest.param(8, marks=pytest.mark.slow)])
def test_what_is_printed_never_contradicts_itself(programmes: int) -> None:
    rng, looked = np.random.default_rng(25), 0
    for _ in range(programmes):
        made = programme(rng, int(rng.integers(40, 120)), 70)
        first = report(made)
        grown = joined(made, programme(rng, int(rng.integers(5, 90)), 60))
        for found in (first, report(grown, first, days=120)):
            known = found.measures()
            steps = [row.value for key, row in known.items() if key.startswith("funnel.") and row.value is not None]
            assert steps == sorted(steps, reverse=True)
            for one, other in (("continuity.early_end", "continuity.3_months"), ("repair.repaired", "repair.ended")):
                looked += _adds_up(known[one], known[other])
            for row in known.values():
                if row.value is not None and row.low is not None and row.high is not None:
                    assert row.low <= row.value <= row.high
                assert row.n is None or row.n % 5 == 0
    assert looked


def _adds_up(one: KpiMeasure, other: KpiMeasure) -> bool:
    if one.value is None or other.value is None:
        assert one.hidden == other.hidden
        return False
    assert one.value + other.value == pytest.approx(1)
    assert one.n == other.n
    return True
