"""Events, resources, projects, consents and feedback: records already, as JSON Lines, dicts or a DataFrame."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pydantic import ValidationError

from matchengine.errors import did_you_mean
from matchengine.i18n import _
from matchengine.io.build import build
from matchengine.io.report import Report
from matchengine.io.sources import Source, open_tables
from matchengine.io.tables import FileOptions
from matchengine.records import ConsentGrant, Event, Feedback, Project, Resource, describe_validation
from matchengine.records.base import Record

__all__ = ["RecordImport", "read_consents", "read_events", "read_feedback", "read_projects", "read_resources"]

RecordType = TypeVar("RecordType", bound=Record)


@dataclass(frozen=True, slots=True, repr=False)
class RecordImport(Generic[RecordType]):
    """Records in file order, and the report."""

    records: list[RecordType]
    report: Report

    def __repr__(self) -> str:
        """Return sizes alone."""
        return f"RecordImport({len(self.records)} records, {len(self.report.failures)} problems)"


def read_events(source: Source, *, strict: bool = False) -> RecordImport[Event]:
    """Read events; an invalid optional field is dropped and reported, see `read_people` for sources."""
    return _read(source, Event, strict, whole=False)


def read_resources(source: Source, *, strict: bool = False) -> RecordImport[Resource]:
    """Read resources; an invalid optional field is dropped and reported, see `read_people` for sources."""
    return _read(source, Resource, strict, whole=False)


def read_projects(source: Source, *, strict: bool = False) -> RecordImport[Project]:
    """Read projects; an invalid optional field is dropped and reported, see `read_people` for sources."""
    return _read(source, Project, strict, whole=False)


def read_consents(source: Source, *, strict: bool = False) -> RecordImport[ConsentGrant]:
    """Read consents; a consent that is not valid as a whole is left out, since half a consent is none."""
    return _read(source, ConsentGrant, strict, whole=True)


def read_feedback(source: Source, *, strict: bool = False) -> RecordImport[Feedback]:
    """Read feedback; an answer that is not valid as a whole is left out and reported."""
    return _read(source, Feedback, strict, whole=True)


def _read(source: Source, model: type[RecordType], strict: bool, *, whole: bool) -> RecordImport[RecordType]:
    report = Report()
    made: RecordImport[RecordType] = RecordImport([], report)
    for table in open_tables(source, lambda _: FileOptions(), report):
        unknown = [header for header in table.headers if header not in model.model_fields]
        for header in unknown:
            expected = _(
                "a field of {model}; {hint}; it was not read",
                model=model.__name__,
                hint=did_you_mean(header, model.model_fields),
            )
            report.add(table.name, expected, column=header)
        for number, cells in table.rows:
            report.counts["rows read"] += 1
            data = {
                header: cell
                for header, cell in zip(table.headers, cells, strict=True)
                if cell is not None and header not in unknown
            }
            record = _one(data, model, whole, (table.name, number), report)
            if record is None:
                report.counts["rows left out"] += 1
            else:
                made.records.append(record)
    report.counts["records made"] = len(made.records)
    report.refuse_if(strict)
    return made


def _one(
    data: Mapping[str, Any], model: type[RecordType], whole: bool, where: tuple[str, int], report: Report
) -> RecordType | None:
    file, row = where
    if whole:
        try:
            return model.model_validate(data)
        except ValidationError as error:
            for sentence in describe_validation(error, model):
                report.add(file, sentence, row=row, effect="row left out")
            return None
    built = build(model, dict(data))
    for name, expected in built.removed:
        if built.record is None:
            report.add(file, expected, row=row, column=name or None, effect="row left out")
        else:
            report.add(file, expected, row=row, column=name or None)
    return built.record
