"""For one table: what each column means, decided once before any row is read."""

from __future__ import annotations

from collections.abc import Mapping as MappingABC
from dataclasses import dataclass, field

from matchengine.errors import nearest
from matchengine.i18n import _, ngettext
from matchengine.io.fields import Target, find_target
from matchengine.io.guess import guess_target, nearest_target
from matchengine.io.mapping import ColumnRule, ConsentRule, Mapping
from matchengine.io.report import Report
from matchengine.io.tables import RawTable, is_blank
from matchengine.io.words import normalise

__all__ = ["ColumnPlan", "ConsentPlan", "TablePlan", "plan_table", "report_unused"]

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


def plan_table(table: RawTable, mapping: Mapping, report: Report, *, sensitive_ok: bool = False) -> TablePlan:
    """Decide what each column of a table means, and report whatever is not read.

    Parameters
    ----------
    table : RawTable
        The table.
    mapping : Mapping
        What the programme says; an empty one leaves everything to guesses.
    report : Report
        Receives guesses, unknown headers and sensitive columns without consent.
    sensitive_ok : bool
        Whether sensitive columns may be read without a rule because consents are checked person by person later.
    """
    return _Planner(table, mapping, report, sensitive_ok).plan()


class _Positions:
    """Finds a column by its header: exactly as written first, then normalised."""

    def __init__(self, headers: list[str]) -> None:
        self.exact = {header: position for position, header in reversed(list(enumerate(headers)))}
        self.loose = {normalise(header): position for header, position in self.exact.items() if header}

    def find(self, header: str) -> int | None:
        text = " ".join(header.split())
        return self.exact.get(text, self.loose.get(normalise(text)))


class _Planner:
    def __init__(self, table: RawTable, mapping: Mapping, report: Report, sensitive_ok: bool) -> None:
        self.table, self.mapping, self.reads, self.report = table, mapping, mapping.reads, report
        self.sensitive_ok = sensitive_ok and not mapping.consent
        self.positions = _Positions(table.headers)
        self.section = mapping.file_rule(table.name)
        self.ignored = {normalise(name) for name in (*mapping.ignore, *self.section.ignore)}

    def plan(self) -> TablePlan:
        """Return the plan; what a row needs first stands first."""
        rules = _rules(self.table.headers, {**self.mapping.columns, **self.section.columns})
        used = self._helper_columns(list(rules.values()))
        plan = TablePlan()
        taken = {rule.to for rule in rules.values()}
        for position, header in enumerate(self.table.headers):
            rule = rules.get(position)
            if rule is None and position not in used and not (header and normalise(header) in self.ignored):
                rule = self._guess(position, taken)
                taken |= {rule.to} if rule else set()
            column = self._column(position, rule) if rule else None
            plan.columns += [column] if column else []
        plan.columns.sort(key=lambda column: not column.target.name.startswith(_FIRST))
        constants = {**self.mapping.constants, **self.section.constants}
        plan.constants = [(t, value) for name, value in constants.items() if (t := find_target(name, self.reads))]
        plan.targets = {column.target.name for column in plan.columns} | set(constants)
        return plan

    def _helper_columns(self, rules: list[ColumnRule]) -> set[int]:
        headers = [header for rule in rules for header in rule.from_columns.values()]
        for consent in self.mapping.consent:
            headers += [consent.column, *([consent.date_column] if consent.date_column else [])]
        return {position for header in headers if (position := self.positions.find(header)) is not None}

    def _filled(self, position: int) -> int:
        return sum(not is_blank(row[position]) for _, row in self.table.rows)

    def _guess(self, position: int, taken: set[str]) -> ColumnRule | None:
        """Return a rule for a column that the mapping does not name, or report that it is not read."""
        file, header = self.table.name, self.table.headers[position]
        name = header if self.table.typed and find_target(header, self.reads) else None
        if name is None and header and self.mapping.defaults.guess:
            name = guess_target(header, self.reads)
        if name and name not in taken:
            if name != header:
                note = _("headers read by a guess; confirm each with a line in the mapping")
                self.report.add(file, note, column=header, nearest=name, effect="note")
            return ColumnRule(to=name)
        filled = self._filled(position)
        if not filled and not header:
            return None
        expected = (
            _("a header that the mapping names, in [columns] or ignore; it was not read") if header else _("a header")
        )
        if name in taken:
            expected = _(
                "one column for {name}, which another column gives already; map this one or list it in ignore",
                name=name,
            )
        near = None if name or not header else nearest_target(header, self.reads)
        self.report.add(
            file,
            expected,
            value=ngettext("{n} value", "{n} values", filled),
            column=header or _("number {n}", n=position + 1),
            nearest=near,
            effect="value dropped" if filled else "note",
        )
        return None

    def _column(self, position: int, rule: ColumnRule) -> ColumnPlan | None:
        file, header = self.table.name, self.table.headers[position]
        target = find_target(rule.to, self.reads)
        if target is None:
            return None
        parts = {}
        for part, source in rule.from_columns.items():
            found = self.positions.find(source)
            if found is None:
                self.report.add(
                    file,
                    _("a column {source!r} with the {part}; the file has none", source=source, part=part),
                    column=header,
                )
            else:
                parts[part] = found
        consents = self._consents(target) if target.sensitive else ()
        if target.sensitive and not consents and not self.sensitive_ok:
            expected = _(
                "a [[consent]] for {name} in the mapping and its column in this file; it was not read",
                name=target.consent,
            )
            self.report.add(
                file, expected, column=header, value=ngettext("{n} value", "{n} values", self._filled(position))
            )
            return None
        return ColumnPlan(position, header, target, rule, parts, consents)

    def _consents(self, target: Target) -> tuple[ConsentPlan, ...]:
        plans = []
        for rule in self.mapping.consent:
            column = self.positions.find(rule.column)
            date_column = self.positions.find(rule.date_column) if rule.date_column else None
            dated = rule.date is not None or date_column is not None
            if target.consent in rule.fields and column is not None and dated:
                plans.append(ConsentPlan(rule, column, date_column))
        return tuple(plans)


def _rules(headers: list[str], columns: MappingABC[str, ColumnRule]) -> dict[int, ColumnRule]:
    """Return the rule of each mapped column."""
    exact = {" ".join(header.split()): rule for header, rule in columns.items()}
    loose = {normalise(header): rule for header, rule in exact.items()}
    rules = {}
    for position, header in enumerate(headers):
        rule = exact.get(header) or (loose.get(normalise(header)) if header else None)
        if rule is not None:
            rules[position] = rule
    return rules


def report_unused(mapping: Mapping, tables: list[RawTable], report: Report) -> None:
    """Note the headers of a mapping that no file has: a header may be misspelt there."""
    headers = {normalise(header): header for table in tables for header in table.headers}
    for header in mapping.columns:
        if normalise(header) not in headers:
            found = nearest(normalise(header), headers, 0.75)
            near = headers[found] if found else None
            report.add(_("mapping"), _("no file has this column"), column=header, nearest=near, effect="note")
