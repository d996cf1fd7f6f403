"""Events, resources, projects, organisations, consents, feedback, contributions: spreadsheets, or records already.

Spreadsheets go the way of groups: a mapping, else guessed headers. JSON Lines, dicts and DataFrames without a mapping
hold records already, one column a field.
"""

from __future__ import annotations

from collections.abc import Mapping as MappingABC
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar, get_origin

from pydantic import ValidationError

from matchengine.errors import did_you_mean
from matchengine.i18n import _
from matchengine.io.build import build
from matchengine.io.contacts import ContactSheet
from matchengine.io.drafts import chosen_mapping, drafts_of, opened
from matchengine.io.gatherings import make_gatherings
from matchengine.io.identity import People, resolve
from matchengine.io.mapping import Mapping
from matchengine.io.plan import report_unused
from matchengine.io.report import Report
from matchengine.io.rows import Draft
from matchengine.io.sources import Source, open_tables
from matchengine.io.tables import FileOptions, RawTable, is_blank
from matchengine.io.write_sheets import plain_cell
from matchengine.records import (
    ConsentGrant,
    Contribution,
    Event,
    Feedback,
    Organisation,
    Project,
    Resource,
    describe_validation,
)
from matchengine.records.base import Record

__all__ = [
    "RecordImport",
    "read_consents",
    "read_contributions",
    "read_events",
    "read_feedback",
    "read_organisations",
    "read_projects",
    "read_records",
    "read_resources",
]

RecordType = TypeVar("RecordType", bound=Record)


@dataclass(frozen=True, slots=True, repr=False)
class RecordImport(Generic[RecordType]):
    """Records in file order, and the report."""

    records: list[RecordType]
    report: Report

    def __repr__(self) -> str:
        """Return sizes alone."""
        return f"RecordImport({len(self.records)} records, {len(self.report.failures)} problems)"


def read_events(
    source: Source, mapping: Mapping | None = None, *, strict: bool = False, contacts: ContactSheet | None = None
) -> RecordImport[Event]:
    """Read events; an invalid optional field is dropped and reported.

    `source`, `mapping` (with `reads = "events"`), `strict` and `contacts` are as in `read_groups`.
    """
    return _gatherings(source, Event, chosen_mapping(mapping, "events"), (mapping, strict, contacts))


def read_resources(source: Source, mapping: Mapping | None = None, *, strict: bool = False) -> RecordImport[Resource]:
    """Read resources; an invalid optional field is dropped and reported; see `read_events`."""
    return _gatherings(source, Resource, chosen_mapping(mapping, "resources"), (mapping, strict, None))


def read_projects(
    source: Source, mapping: Mapping | None = None, *, strict: bool = False, contacts: ContactSheet | None = None
) -> RecordImport[Project]:
    """Read projects; an invalid optional field is dropped and reported; see `read_events`."""
    return _gatherings(source, Project, chosen_mapping(mapping, "projects"), (mapping, strict, contacts))


def read_organisations(
    source: Source, mapping: Mapping | None = None, *, strict: bool = False
) -> RecordImport[Organisation]:
    """Read organisations; partners may be named by id or title; see `read_events`."""
    return _gatherings(source, Organisation, chosen_mapping(mapping, "organisations"), (mapping, strict, None))


def read_consents(source: Source, *, strict: bool = False) -> RecordImport[ConsentGrant]:
    """Read consents; a consent that is not valid as a whole is left out, since half a consent is none."""
    return _whole_records(source, ConsentGrant, strict)


def read_contributions(source: Source, *, strict: bool = False) -> RecordImport[Contribution]:
    """Read contributions; one that is not valid as a whole is left out and reported."""
    return _whole_records(source, Contribution, strict)


def read_records(source: Source, model: type[RecordType], *, strict: bool = False) -> RecordImport[RecordType]:
    """Read records of any kind whose columns are its fields; one that is not valid as a whole is left out and reported.

    In a spreadsheet several values of one field stand in one cell, with semicolons between them.
    """
    report = Report()
    made: RecordImport[RecordType] = RecordImport([], report)
    for table in open_tables(source, lambda _: FileOptions(), report):
        typed = table if table.typed else _split_lists(table, model)
        made.records.extend(_records_of(typed, model, report, whole=True))
    return _counted(made, "records made", strict)


def _split_lists(table: RawTable, model: type[Record]) -> RawTable:
    """Return a spreadsheet with empty cells as None and cells of fields that hold several values as lists."""
    fields = [model.model_fields.get(header) for header in table.headers]
    several = [field is not None and get_origin(field.annotation) is tuple for field in fields]

    def cell(raw: object, many: bool) -> object:
        value = plain_cell(raw)
        if is_blank(value):
            return None
        return [part.strip() for part in str(value).split(";") if part.strip()] if many else value

    rows = [
        (number, [cell(raw, many) for raw, many in zip(cells, several, strict=True)]) for number, cells in table.rows
    ]
    return replace(table, rows=rows)


def read_feedback(
    source: Source, mapping: Mapping | None = None, *, strict: bool = False, contacts: ContactSheet | None = None
) -> RecordImport[Feedback]:
    """Read feedback; an answer that is not valid as a whole is left out and reported; see `read_events`.

    In a spreadsheet an answer without a person counts as anonymous.
    """
    chosen, report = chosen_mapping(mapping, "feedback"), Report()
    people = People((), contacts or ContactSheet(), report)
    made: RecordImport[Feedback] = RecordImport([], report)
    for table in _tables(source, mapping, chosen, report):
        if table.typed and mapping is None:
            made.records.extend(_records_of(table, Feedback, report, whole=True))
            continue
        for draft in drafts_of(table, chosen, report):
            data = _answer(draft, people, report)
            record = _whole(data, Feedback, (draft.file, draft.row), report) if data is not None else None
            if record is None:
                report.counts["rows left out"] += 1
            else:
                made.records.append(record)
    return _counted(made, "answers made", strict)


def _tables(source: Source, mapping: Mapping | None, chosen: Mapping, report: Report) -> list[RawTable]:
    tables = opened(source, chosen, report)
    if mapping:
        report_unused(mapping, tables, report)
    return tables


def _gatherings(
    source: Source, model: type[RecordType], chosen: Mapping, given: tuple[Mapping | None, bool, ContactSheet | None]
) -> RecordImport[RecordType]:
    mapping, strict, contacts = given
    report = Report()
    people = People((), contacts or ContactSheet(), report)
    made: RecordImport[RecordType] = RecordImport([], report)
    drafts: list[Draft] = []
    for table in _tables(source, mapping, chosen, report):
        if table.typed and mapping is None:
            made.records.extend(_records_of(table, model, report, whole=False))
        else:
            drafts += drafts_of(table, chosen, report)
    made.records.extend(make_gatherings(drafts, model, people, report))
    return _counted(made, f"{chosen.reads} made", strict)


def _whole_records(source: Source, model: type[RecordType], strict: bool) -> RecordImport[RecordType]:
    report = Report()
    made: RecordImport[RecordType] = RecordImport([], report)
    for table in open_tables(source, lambda _: FileOptions(), report):
        made.records.extend(_records_of(table, model, report, whole=True))
    return _counted(made, "records made", strict)


def _counted(made: RecordImport[RecordType], count: str, strict: bool) -> RecordImport[RecordType]:
    made.report.counts[count] = len(made.records)
    made.report.refuse_if(strict)
    return made


def _answer(draft: Draft, people: People, report: Report) -> dict[str, Any] | None:
    """Return the fields of one answer; None where it names somebody nobody knows, who then is reported."""
    data = draft.data
    for target, reference, header in draft.references:
        known = people.find(reference)
        if known is None and reference.is_email:
            resolve(reference, target, header, draft, people, report, hard=False)
            return None
        data[target.name] = known or reference.text
    data.setdefault("items", {})
    if "person_id" not in data:
        data.setdefault("anonymous", True)
    return data


def _records_of(table: RawTable, model: type[RecordType], report: Report, *, whole: bool) -> list[RecordType]:
    """Read a table whose columns are the fields of a record."""
    unknown = [header for header in table.headers if header not in model.model_fields]
    for header in unknown:
        expected = _(
            "a field of {model}; {hint}; it was not read",
            model=model.__name__,
            hint=did_you_mean(header, model.model_fields),
        )
        report.add(table.name, expected, column=header)
    made = []
    for number, cells in table.rows:
        report.counts["rows read"] += 1
        data = {
            header: cell
            for header, cell in zip(table.headers, cells, strict=True)
            if cell is not None and header not in unknown
        }
        where = table.name, number
        record = _whole(data, model, where, report) if whole else _one(data, model, where, report)
        if record is None:
            report.counts["rows left out"] += 1
        else:
            made.append(record)
    return made


def _whole(
    data: MappingABC[str, Any], model: type[RecordType], where: tuple[str, int], report: Report
) -> RecordType | None:
    """Return a record that is valid as it stands."""
    try:
        return model.model_validate(data)
    except ValidationError as error:
        for sentence in describe_validation(error, model):
            report.add(where[0], sentence, row=where[1], effect="row left out")
        return None


def _one(
    data: MappingABC[str, Any], model: type[RecordType], where: tuple[str, int], report: Report
) -> RecordType | None:
    """Return a record without the optional fields that are invalid."""
    built = build(model, dict(data))
    for name, expected in built.removed:
        if built.record is None:
            report.add(where[0], expected, row=where[1], column=name or None, effect="row left out")
        else:
            report.add(where[0], expected, row=where[1], column=name or None)
    return built.record
