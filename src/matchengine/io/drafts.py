"""From a source and a mapping to the drafts of all its rows."""

from __future__ import annotations

from dataclasses import replace

from matchengine.errors import ConfigError
from matchengine.i18n import _
from matchengine.io.fields import PEOPLE, RELATIONSHIPS, Reads
from matchengine.io.guess import guess_role, speaks_of_mentoring
from matchengine.io.mapping import ColumnRule, Mapping
from matchengine.io.plan import TablePlan, plan_table, report_unused
from matchengine.io.report import Report
from matchengine.io.rows import Draft, RowReader
from matchengine.io.sheets import PAIR_MARKS, pairs_beside_ties
from matchengine.io.sources import Source, open_tables
from matchengine.io.tables import RawTable

__all__ = ["chosen_mapping", "drafts_of", "opened", "read_drafts"]

_IDENTIFYING = ("id", "contact.email", "contact.name", "contact.first_name", "contact.last_name")
_PAIR_COLUMNS = {"requester_id": "person_id", "candidate_id": "other_id", "kind": "kind", "status": "status"}


def read_drafts(
    source: Source,
    mapping: Mapping | None,
    reads: Reads,
    report: Report,
    *,
    role: str | None = None,
    sensitive_ok: bool = False,
) -> list[Draft]:
    """Open a source and read all its rows into drafts; files without a known column are refused and reported."""
    chosen = chosen_mapping(mapping, reads)
    tables = opened(source, chosen, report)
    if mapping:
        report_unused(mapping, tables, report)
    drafts: list[Draft] = []
    for table in tables:
        drafts += drafts_of(table, chosen, report, role=role, sensitive_ok=sensitive_ok)
    return drafts


def chosen_mapping(mapping: Mapping | None, reads: Reads) -> Mapping:
    """Return the mapping that was given, or an empty one.

    Raises
    ------
    ConfigError
        If it reads something else.
    """
    chosen = mapping or Mapping(reads=reads)
    if chosen.reads != reads:
        raise ConfigError(
            _(
                "the mapping says reads = {found!r}; expected {expected!r}. Use the mapping for {expected}",
                found=chosen.reads,
                expected=reads,
            )
        )
    return chosen


def opened(source: Source, mapping: Mapping, report: Report) -> list[RawTable]:
    """Open a source as a mapping says."""
    marks = PAIR_MARKS if mapping.reads == "relationships" else frozenset[str]()
    return open_tables(source, lambda name: replace(mapping.file_rule(name).options, marks=marks), report)


def drafts_of(
    table: RawTable, mapping: Mapping, report: Report, *, role: str | None = None, sensitive_ok: bool = False
) -> list[Draft]:
    """Read the rows of one table into drafts; a table without a known column is refused and reported."""
    reads = mapping.reads
    plan = plan_table(table, _without_own(mapping, table), report, sensitive_ok=sensitive_ok)
    if not plan.columns and table.headers:
        report.add(table.name, _("at least one header that the mapping or the guesses know"), effect="file refused")
        return []
    if reads == "people":
        _add_role(plan, table, role, report)
    if reads == "relationships":
        _add_kind(plan, table, report)
    rows = list(RowReader(table, plan, mapping, report).drafts())
    identified = any(name in plan.targets for name in _IDENTIFYING)
    if reads == "people" and rows and not identified:
        report.add(table.name, _("no column with an id, e-mail or name; everybody gets a new id"), effect="note")
    for draft in rows:
        draft.identified = identified
    return rows


def _without_own(mapping: Mapping, table: RawTable) -> Mapping:
    """Return the mapping for a table; what the pairs we write hold besides a tie is left out without a word."""
    own = () if mapping.reads != "relationships" or mapping.columns else pairs_beside_ties(table.headers)
    if not own:
        return mapping
    columns = {header: ColumnRule(to=target) for header, target in _PAIR_COLUMNS.items()}
    return mapping.model_copy(update={"columns": columns, "ignore": (*mapping.ignore, *own)})


def _add_role(plan: TablePlan, table: RawTable, role: str | None, report: Report) -> None:
    if role is None and "roles" not in plan.targets:
        role = guess_role(table.name)
        if role:
            report.add(
                table.name,
                _("everybody here is read as {role}, a guess from the file's name", role=role),
                effect="note",
            )
    if role:
        plan.constants.append((PEOPLE["roles"], role))


def _add_kind(plan: TablePlan, table: RawTable, report: Report) -> None:
    headers = [column.header for column in plan.columns if column.target.name in {"person_id", "other_id"}]
    if "kind" not in plan.targets and speaks_of_mentoring(headers):
        plan.constants.append((RELATIONSHIPS["kind"], "mentoring"))
        report.add(table.name, _("every row is read as a mentoring pair, a guess from the headers"), effect="note")
