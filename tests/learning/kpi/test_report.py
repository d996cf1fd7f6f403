"""The whole report: the invented programme, what it shows to whom, and that it shows nobody."""

from __future__ import annotations

import importlib.util
import random
import sys
from dataclasses import fields, replace
from datetime import date
from pathlib import Path
from types import ModuleType

import pytest

from matchengine.cli.kpi import programme_records
from matchengine.errors import DataError
from matchengine.io import read_folder
from matchengine.io.outcome_files import read_outcomes
from matchengine.learning.kpi import ProgrammeRecords, kpi_report
from matchengine.records import Person
from matchengine.records.kpi import KpiReport

ROOT = Path(__file__).resolve().parents[3]
AS_OF = date(2026, 6, 30)


def generator() -> ModuleType:
    """Return the module that invents the programme."""
    path = ROOT / "examples" / "kpi_programme" / "generate.py"
    spec = importlib.util.spec_from_file_location("kpi_programme_generate", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory) -> ProgrammeRecords:
    folder = tmp_path_factory.mktemp("programme")
    generator().write_programme(folder)
    return programme_records(read_folder(folder / "records"), read_outcomes(folder / "records"))


@pytest.fixture(scope="module")
def report(records: ProgrammeRecords) -> KpiReport:
    return kpi_report(records, AS_OF, by=["region"])


def test_the_invented_programme_has_a_figure_of_every_kind(report: KpiReport) -> None:
    told = {table.key for table in report.tables if any(row.value is not None for row in table.rows)}
    assert told == {table.key for table in report.tables}
    assert len(told) == 16


def test_nobody_is_named_in_it(records: ProgrammeRecords, report: KpiReport) -> None:
    text = report.model_dump_json()
    for who in {person.id for person in records.people} | {step.person_id for step in records.programme_steps}:
        assert who not in text


def test_every_figure_that_is_told_has_enough_behind_it(report: KpiReport) -> None:
    for table in report.tables:
        for row in table.rows:
            if row.hidden:
                assert row.value is None
                assert row.low is None
            elif row.value is not None:
                assert row.n is not None
                assert row.n >= report.min_cell or row.value == 0


def test_every_interval_holds_its_value(report: KpiReport) -> None:
    some = 0
    for row in report.measures().values():
        if row.low is not None and row.high is not None:
            assert row.value is not None
            assert row.low <= row.value <= row.high, row.key
            some += 1
    assert some > 50


def test_the_order_of_the_records_changes_nothing(records: ProgrammeRecords, report: KpiReport) -> None:
    shuffled = {}
    for each in fields(records):
        value = getattr(records, each.name)
        if isinstance(value, list):
            shuffled[each.name] = random.Random(3).sample(value, len(value))
    assert kpi_report(replace(records, **shuffled), AS_OF, by=["region"]) == report


def test_other_names_of_people_change_no_figure(records: ProgrammeRecords, report: KpiReport) -> None:
    """Each id written backwards, which also turns their order."""
    changed = {}
    for each in fields(records):
        value = getattr(records, each.name)
        if isinstance(value, list):
            changed[each.name] = [_renamed(one) for one in value]
    again = kpi_report(replace(records, **changed), AS_OF, by=["region"])
    for key, row in report.measures().items():
        assert again.measures()[key].value == pytest.approx(row.value), key


def _renamed(record: object) -> object:
    told = {}
    for name in ("id", "person_id", "other_id", "about_id"):
        value = getattr(record, name, None)
        if isinstance(value, str) and not value.startswith("G-"):
            told[name] = value[::-1]
    return record.model_copy(update=told)  # type: ignore[attr-defined]


def test_nothing_after_the_day_is_counted(records: ProgrammeRecords) -> None:
    early = date(2025, 3, 1)
    cut = replace(
        records,
        meetings=[m for m in records.meetings if m.on <= early],
        outcomes=[e for e in records.outcomes if e.on <= early],
        surveys=[s for s in records.surveys if s.on <= early],
        skills=[s for s in records.skills if s.on <= early],
        programme_steps=[s for s in records.programme_steps if s.on <= early],
        relationships=[t for t in records.relationships if t.started is not None and t.started <= early],
        feedback=[f for f in records.feedback if f.given_at is not None and f.given_at.date() <= early],
        contributions=[c for c in records.contributions if c.on <= early],
    )
    assert kpi_report(cut, early) == kpi_report(records, early)


def test_members_see_no_thin_field_and_no_share_of_few(records: ProgrammeRecords) -> None:
    coordinator, members = kpi_report(records, AS_OF), kpi_report(records, AS_OF, audience="members")
    assert [alert.field for alert in coordinator.alerts] == ["nace:R"]
    assert members.alerts == ()
    assert "nace:R" not in members.model_dump_json()
    for row in members.measures().values():
        if row.unit == "share" and row.value is not None and row.n is not None:
            some = round(row.value * row.n)
            assert min(some, row.n - some) >= 10, row.key
    assert any(row.hidden and not coordinator.measures()[key].hidden for key, row in members.measures().items())


def test_an_empty_programme_has_no_value_and_invents_none() -> None:
    found = kpi_report(ProgrammeRecords(), AS_OF)
    values = {key: row.value for key, row in found.measures().items() if row.value}
    assert values == {}
    assert not any(row.unit != "count" and row.value is not None for row in found.measures().values())
    one = kpi_report(ProgrammeRecords(people=[Person(id="a", roles=("mentee",))]), AS_OF)
    assert one.measures()["funnel.registered"].hidden


@pytest.mark.parametrize("wrong", [{"min_cell": 4}, {"planned_months": 2}, {"by": ["nothing"]}])
def test_what_cannot_be_reported_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(DataError):
        kpi_report(ProgrammeRecords(), AS_OF, **wrong)  # type: ignore[arg-type]


def test_what_it_cannot_tell_stands_in_every_report(report: KpiReport) -> None:
    text = " ".join(report.cannot_tell)
    assert "who did not answer" in text
    assert "Growth from satisfaction" in text
    assert kpi_report(ProgrammeRecords(), AS_OF).cannot_tell == report.cannot_tell
