"""For one table: what each column means, decided once before any row is read."""

from __future__ import annotations

from collections.abc import Mapping as MappingABC
from dataclasses import dataclass, field

from matchengine.io.fields import Reads, Target, find_target
from matchengine.io.guess import guess_target, nearest_target
from matchengine.io.mapping import ColumnRule, ConsentRule, Mapping
from matchengine.io.report import Report
from matchengine.io.tables import RawTable, is_blank
from matchengine.io.words import normalise

__all__ = ["ColumnPlan", "ConsentPlan", "TablePlan", "plan_table"]

_FIRST = ("time_zone", "contact.", "id", "roles")


@dataclass(frozen=True, slots=True)
class ConsentPlan:
    """A consent rule with the positions of its columns."""

    rule: ConsentRule
    column: int
    date_column: int | None


@dataclass(frozen=True, slots=True)
class ColumnPlan:
    """One column that is read.

    Attributes
    ----------
    position : int
        Of the cell in the row.
    header : str
        As written in the file.
    target : Target
        What it means.
    rule : ColumnRule
        How it is read.
    parts : dict
        Positions of the columns that hold parts of its entries.
    consents : tuple of ConsentPlan
        For a sensitive column; at least one of them must have a clear yes.
    """

    position: int
    header: str
    target: Target
    rule: ColumnRule
    parts: MappingABC[str, int]
    consents: tuple[ConsentPlan, ...] = ()


@dataclass(slots=True)
class TablePlan:
    """All columns of a table that are read, in the order in which a row needs them, and its constants."""

    columns: list[ColumnPlan] = field(default_factory=list)
    constants: list[tuple[Target, object]] = field(default_factory=list)
    targets: set[str] = field(default_factory=set)


def plan_table(
    table: RawTable, mapping: Mapping, reads: Reads, report: Report, *, sensitive_ok: bool = False
) -> TablePlan:
    """Decide what each column of a table means, and report whatever is not read.

    Parameters
    ----------
    table : RawTable
        The table.
    mapping : Mapping
        What the programme says; an empty one leaves everything to guesses.
    reads : str
        Which records are wanted.
    report : Report
        Receives guesses, unknown headers and sensitive columns without consent.
    sensitive_ok : bool
        Whether sensitive columns may be read without a rule because consents are checked person by person later.
    """
    rules = _rules(table, mapping)
    positions = _Positions(table.headers)
    used = _helper_columns(rules, mapping, positions)
    plan = TablePlan()
    mapped = {rule.to for rule in rules.values()}
    guessed: set[str] = set()
    for position, header in enumerate(table.headers):
        rule = rules.get(position)
        if rule is None and position not in used and not _ignored(header, table.name, mapping):
            rule = _guess(table, position, mapping, reads, mapped | guessed, report)
            guessed |= {rule.to} if rule else set()
        if rule is not None:
            _add(plan, table, position, rule, mapping, reads, report, positions, sensitive_ok)
    plan.columns.sort(key=lambda column: not column.target.name.startswith(_FIRST))
    constants = {**mapping.constants, **mapping.file_rule(table.name).constants}
    plan.constants = [(target, value) for name, value in constants.items() if (target := find_target(name, reads))]
    plan.targets = {column.target.name for column in plan.columns} | set(constants)
    return plan


class _Positions:
    """Finds a column by its header: exactly as written first, then normalised."""

    def __init__(self, headers: list[str]) -> None:
        self.exact = {header: position for position, header in reversed(list(enumerate(headers)))}
        self.loose = {normalise(header): position for header, position in self.exact.items() if header}

    def find(self, header: str) -> int | None:
        text = " ".join(header.split())
        return self.exact.get(text, self.loose.get(normalise(text)))


def _rules(table: RawTable, mapping: Mapping) -> dict[int, ColumnRule]:
    """Return the rule of each mapped column; the file's own section goes before the shared one."""
    columns = {**mapping.columns, **mapping.file_rule(table.name).columns}
    exact = {" ".join(header.split()): rule for header, rule in columns.items()}
    loose = {normalise(header): rule for header, rule in exact.items()}
    rules = {}
    for position, header in enumerate(table.headers):
        rule = exact.get(header) or (loose.get(normalise(header)) if header else None)
        if rule is not None:
            rules[position] = rule
    return rules


def _helper_columns(rules: MappingABC[int, ColumnRule], mapping: Mapping, positions: _Positions) -> set[int]:
    headers = [header for rule in rules.values() for header in rule.from_columns.values()]
    for consent in mapping.consent:
        headers += [consent.column, *([consent.date_column] if consent.date_column else [])]
    return {position for header in headers if (position := positions.find(header)) is not None}


def _ignored(header: str, file: str, mapping: Mapping) -> bool:
    ignored = [*mapping.ignore, *mapping.file_rule(file).ignore]
    return bool(header) and normalise(header) in {normalise(name) for name in ignored}


def _guess(
    table: RawTable, position: int, mapping: Mapping, reads: Reads, taken: set[str], report: Report
) -> ColumnRule | None:
    header = table.headers[position]
    filled = sum(not is_blank(row[position]) for _, row in table.rows)
    field_name = table.typed and (target := find_target(header, reads)) is not None and target.name
    name = field_name or (guess_target(header, reads) if header and mapping.defaults.guess else None)
    if name and name not in taken:
        if name != header:
            note = f"read as {name}, a guess; confirm it by adding {header!r} = {name!r} to the mapping"
            report.add(table.name, note, column=header, effect="note")
        return ColumnRule(to=name)
    if filled or header:
        what = f"a header for column {position + 1}" if not header else "a header of the mapping, or listed in ignore"
        if name in taken:
            what = f"one column for {name}, which another column gives already; map this one or list it in ignore"
        expected = f"{what}; its {filled} value(s) were not read"
        near = None if name or not header else nearest_target(header, reads)
        report.add(table.name, expected, column=header or None, nearest=near, effect="value dropped" if filled else "note")
    return None


def _add(
    plan: TablePlan,
    table: RawTable,
    position: int,
    rule: ColumnRule,
    mapping: Mapping,
    reads: Reads,
    report: Report,
    positions: _Positions,
    sensitive_ok: bool,
) -> None:
    target = find_target(rule.to, reads)
    if target is None:
        return
    header = table.headers[position]
    parts = {}
    for part, source in rule.from_columns.items():
        found = positions.find(source)
        if found is None:
            report.add(table.name, f"a column {source!r} with the {part}; the file has none", column=header)
        else:
            parts[part] = found
    consents = _consents(target, mapping, positions) if target.sensitive else ()
    if target.sensitive and not consents and not (sensitive_ok and not mapping.consent):
        filled = sum(not is_blank(row[position]) for _, row in table.rows)
        expected = f"a [[consent]] for {target.name} in the mapping, with its column in this file, because it is sensitive"
        report.add(table.name, f"{expected}; {filled} value(s) were not read", column=header)
        return
    plan.columns.append(ColumnPlan(position, header, target, rule, parts, consents))


def _consents(target: Target, mapping: Mapping, positions: _Positions) -> tuple[ConsentPlan, ...]:
    plans = []
    for rule in mapping.consent:
        column = positions.find(rule.column)
        date_column = positions.find(rule.date_column) if rule.date_column else None
        dated = rule.date is not None or date_column is not None
        if target.name in rule.fields and column is not None and dated:
            plans.append(ConsentPlan(rule, column, date_column))
    return tuple(plans)
