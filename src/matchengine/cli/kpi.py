"""`matchengine kpi`: what became of people and pairs, with what is missing, and nothing about one person."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import ValidationError

from matchengine.cli.files import add_files, write_files
from matchengine.cli.locations import add_programme, folder_of, outcomes_of
from matchengine.cli.output import Output, paragraph
from matchengine.cli.person import at_least_one
from matchengine.errors import DataError
from matchengine.i18n import _, fill, listing, ngettext
from matchengine.io.kpi_sheets import SIDES, sheets_of_kpi
from matchengine.io.outcome_files import Outcomes
from matchengine.io.write import Folder
from matchengine.records.kpi import KpiMeasure, KpiReport, KpiTable, ObjectiveResult

if TYPE_CHECKING:
    from matchengine.learning.kpi import ProgrammeRecords

__all__ = ["add_kpi", "programme_records"]

_FIGURES = 1
"""The sheet that a CSV holds."""
_MOST_BYTES = 1 << 24
"""Largest earlier report that is read."""


def add_kpi(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `kpi`."""
    parser.add_argument("data", metavar="DATA", help=_("folder that an import wrote, or a store"))
    add_programme(parser)
    parser.add_argument(
        "--as-of", type=date.fromisoformat, metavar="DATE", help=_("nothing after this day is counted (today)")
    )
    parser.add_argument(
        "--objectives", type=Path, metavar="FILE", help=_("what the programme wants to reach, as TOML, declared before")
    )
    parser.add_argument("--final", action="store_true", help=_("a final report; needs one primary objective"))
    told = _("also tell some figures by an attribute, an age band or a career stage; may be given several times")
    parser.add_argument("--by", action="append", default=[], metavar="DIMENSION", help=told)
    told = _("who reads it: coordinator, or members for a report that is published (coordinator)")
    parser.add_argument("--audience", choices=("coordinator", "members"), default="coordinator", help=told)
    told = _(
        "with --audience members: the report published before, as --json printed it; no figure changes by few people"
    )
    parser.add_argument("--earlier", type=Path, metavar="FILE", help=told)
    told = _("hide figures behind which fewer stand; at least 5 (10)")
    parser.add_argument("--min-cell", type=at_least_one, default=10, metavar="N", help=told)
    told = _("months that a match is planned for (12)")
    parser.add_argument("--planned-months", type=at_least_one, default=12, metavar="N", help=told)
    add_files(parser)
    parser.set_defaults(run=_kpi)


def _kpi(arguments: argparse.Namespace, output: Output) -> int:
    from matchengine.learning.kpi import kpi_report, read_objectives

    report = kpi_report(
        programme_records(folder_of(arguments), outcomes_of(arguments)),
        arguments.as_of or datetime.now(UTC).date(),
        by=arguments.by,
        objectives=read_objectives(arguments.objectives) if arguments.objectives else (),
        final=arguments.final,
        audience=arguments.audience,
        min_cell=arguments.min_cell,
        planned_months=arguments.planned_months,
        earlier=_read(arguments.earlier) if arguments.earlier else None,
    )
    output.document(report, "\n".join(_render(report)))
    if arguments.csv or arguments.xlsx or arguments.html:
        write_files(arguments, output, sheets_of_kpi(report), _FIGURES, report)
    return 0


def _read(path: Path) -> KpiReport:
    """Return the report of a file that `kpi --json` printed."""
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise DataError(_("{path}: larger than {most} bytes", path=path, most=_MOST_BYTES))
        return KpiReport.model_validate_json(path.read_bytes().removeprefix(b"\xef\xbb\xbf"))
    except OSError as error:
        raise DataError(_("{path}: cannot be read ({reason})", path=path, reason=type(error).__name__)) from error
    except ValidationError as error:
        raise DataError(_("{path}: no report of key figures; give what kpi --json printed", path=path)) from error


def programme_records(found: Folder, more: Outcomes) -> ProgrammeRecords:
    """Return the records of a programme as key figures read them."""
    from matchengine.learning.kpi import ProgrammeRecords

    return ProgrammeRecords(
        people=found.people,
        relationships=found.relationships,
        feedback=found.feedback,
        consents=found.consents,
        contributions=found.contributions,
        meetings=more.meetings,
        outcomes=more.outcomes,
        skills=more.skills,
        goal_scales=more.goal_scales,
        surveys=more.surveys,
        programme_steps=more.programme_steps,
        planned_steps=more.planned_steps,
        gatherings=frozenset(record.id for record in (*found.groups, *found.events, *found.projects)),
    )


def _render(report: KpiReport) -> Iterator[str]:
    """The report in lines of at most 80 columns."""
    kind = _("final") if report.status == "final" else _("draft")
    head = _("Key figures of the programme as of {day} ({status}).", day=report.today, status=kind)
    yield paragraph(head)
    yield from (paragraph(sentence, "  ") for sentence in report.summary)
    if report.objectives:
        yield "\n" + _("Objectives")
        for one in report.objectives:
            yield from _objective(one)
    for table in report.tables:
        yield from _table(table)
    if report.instruments:
        yield "\n" + _("Instruments, and under which licence")
        for each in report.instruments:
            yield paragraph(f"{each.instrument}: {'; '.join(each.licence_notes)}", "  - ", "    ")
    if report.alerts:
        yield "\n" + _("Fields that rest on two mentors or fewer (for coordinators only)")
        yield paragraph(listing([f"{alert.field} ({alert.mentors})" for alert in report.alerts]), "  ")
    yield "\n" + _("What this cannot tell you")
    yield from (paragraph(sentence, "  - ", "    ") for sentence in report.cannot_tell)


def _objective(one: ObjectiveResult) -> Iterator[str]:
    primary = _(" (primary)") if one.objective.primary else ""
    yield paragraph(f"{one.objective.says}{primary}: {one.text}", "  - ", "    ")
    yield paragraph(_line(one.measure, ""), "    ", "      ")


def _table(table: KpiTable) -> Iterator[str]:
    """A table in lines; figures of which the programme keeps no record at all are named in one line."""
    told = [row for row in table.rows if row.value is not None]
    hidden, empty = sum(row.hidden for row in table.rows), [r for r in table.rows if r.value is None and not r.hidden]
    yield "\n" + table.title
    lines = _both(told, table.counts) if table.key == "both_sides" else (_line(row, table.counts) for row in told)
    yield from (paragraph(line, "  - ", "    ") for line in lines)
    if hidden:
        yield paragraph(
            ngettext("{n} figure is hidden: too few people.", "{n} figures are hidden: too few people.", hidden), "  "
        )
    if empty:
        words = ngettext("{n} figure without any record.", "{n} figures without any record.", len(empty))
        yield paragraph(words, "  ")


def _both(rows: list[KpiMeasure], counts: str) -> Iterator[str]:
    """Both sides of one question in one line."""
    together: dict[tuple[str, str], dict[str, KpiMeasure]] = {}
    for row in rows:
        _table, item, wave, part = row.key.split(".")
        together.setdefault((item, wave), {})[part] = row
    for parts in together.values():
        one = next(iter(parts.values()))
        since = _("as of {day}", day=one.as_of) if one.as_of else ""
        label = ", ".join(filter(None, (parts.get("requester", one).label, one.wave, since)))
        found = [
            f"{words} {said(parts[part], parts[part].value or 0.0)}"
            for part, words in (
                *((side, _(SIDES[side])) for side in ("requester", "candidate")),
                *(("gap", _("gap")), ("agree", _("at most one point apart"))),
            )
            if part in parts
        ]
        behind = _("{n} {counts}, {missing} missing", n=one.n, counts=counts, missing=one.missing)
        yield f"{label}: {'; '.join(found)}; {behind}"


def _line(row: KpiMeasure, counts: str) -> str:
    side = _(SIDES[row.side]) if row.side and row.key.startswith(("surveys", "trajectories")) else ""
    since = _("as of {day}", day=row.as_of) if row.as_of else ""
    label = ", ".join(filter(None, (row.label, side, row.wave, row.group, since)))
    if row.value is None:
        return _("{label}: no value", label=label)
    value = said(row, row.value)
    if row.low is not None and row.high is not None:
        low, high = (said(row, end, short=True) for end in (row.low, row.high))
        value = _("{value} ({low} to {high})", value=value, low=low, high=high)
    if row.unit == "count" or not counts:
        return f"{label}: {value}"
    n = _("{n} {counts}, {missing} missing", n=row.n, counts=counts, missing=row.missing)
    if row.missing is None:
        n = _("about {n} {counts}", n=row.n, counts=counts) if row.n is not None else ""
    return f"{label}: {value}; {n}" if n else f"{label}: {value}"


def said(row: KpiMeasure, number: float, *, short: bool = False) -> str:
    """Return a number of a figure in words of its unit; a short one without the unit."""
    if row.unit == "share":
        return str(round(100 * number)) if short else _("{n} in every 100", n=round(100 * number))
    if row.unit == "count":
        return str(round(number))
    return fill("{number:+.2f}" if row.unit == "change" else "{number:.2f}", {"number": number + 0.0})
