"""Reads the rows of one planned table into drafts: plain data on its way to a record."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from matchengine.i18n import _, ngettext
from matchengine.io.consent import answer_of
from matchengine.io.entries import Entry, entries_of, is_empty_answer, translated
from matchengine.io.fields import Target, find_target
from matchengine.io.mapping import ColumnRule, Mapping
from matchengine.io.plan import ColumnPlan, TablePlan
from matchengine.io.report import Report, shown
from matchengine.io.standards import BadValueError
from matchengine.io.tables import RawTable, is_blank
from matchengine.io.values import Look, Reference, parse, part_target
from matchengine.io.words import normalise

__all__ = ["Draft", "RowReader"]

_NEEDED = {"language": "level", "barrier": "strength", "wish": "strength", "support": "value"}
_CONSTANT = ColumnRule(to="constant")


@dataclass(slots=True)
class Draft:
    """One row on its way to a record.

    Attributes
    ----------
    file, row : str, int
        Where it stands.
    data : dict
        Fields of the record so far.
    contact : dict
        Name, e-mail and telephone.
    references : list of (Target, Reference, str)
        Other people that the row names, with the header.
    grants : list of dict
        Consent grants without `person_id`.
    refused : set of str
        Sensitive fields for which the row holds an answer that is not a clear yes.
    columns : dict
        For each field the header it came from.
    typed : bool
        Whether it came as records and not as spreadsheet text.
    identified : bool
        Whether its table has a column with an id, an e-mail or a name.
    """

    file: str
    row: int
    data: dict[str, Any] = field(default_factory=dict)
    contact: dict[str, str] = field(default_factory=dict)
    references: list[tuple[Target, Reference, str]] = field(default_factory=list)
    grants: list[dict[str, Any]] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)
    columns: dict[str, str] = field(default_factory=dict)
    typed: bool = False
    identified: bool = True


class RowReader:
    """Reads the rows of one table as its plan says; bad values are dropped and reported, rows are kept."""

    def __init__(self, table: RawTable, plan: TablePlan, mapping: Mapping, report: Report) -> None:
        self._table, self._plan, self._mapping, self._report = table, plan, mapping, report
        self._blanks = frozenset(normalise(word) for word in mapping.defaults.blank)
        self._withheld: Counter[str] = Counter()

    def drafts(self) -> Iterator[Draft]:
        """Yield a draft for each row; afterwards report how many sensitive values were withheld."""
        for number, cells in self._table.rows:
            self._report.counts["rows read"] += 1
            yield self._read(number, cells)
        for header, count in self._withheld.items():
            note = ngettext(
                "{n} value without a clear yes in the consent column was not read",
                "{n} values without a clear yes in the consent column were not read",
                count,
            )
            self._report.add(self._table.name, note, column=header, effect="note")

    def _read(self, number: int, cells: Sequence[object]) -> Draft:
        draft = Draft(self._table.name, number, typed=self._table.typed)
        defaults = self._mapping.defaults
        look = Look(defaults.time_zone, defaults.date_order, self._mapping.day_parts)
        for target, value in self._plan.constants:
            if target.name in {"roles", "time_zone"}:
                self._constant(draft, target, value, look)
        for column in self._plan.columns:
            raw = cells[column.position]
            if is_blank(raw) or is_empty_answer(raw, self._blanks):
                continue
            if column.consents and not self._consented(draft, column, cells):
                continue
            self._cell(draft, column, raw, cells, look)
        for target, value in self._plan.constants:
            if not _is_set(draft, target):
                self._constant(draft, target, value, look)
        if defaults.text_language and find_target("text_language", self._mapping.reads):
            draft.data.setdefault("text_language", defaults.text_language)
        return draft

    def _consented(self, draft: Draft, column: ColumnPlan, cells: Sequence[object]) -> bool:
        answer = answer_of(column, cells, self._table, draft.row, self._mapping, self._report)
        if answer.refused and not answer.grants:
            draft.refused.add(column.target.consent)
        if not answer.grants:
            self._withheld[column.header] += 1
        draft.grants += answer.grants
        return bool(answer.grants)

    def _cell(self, draft: Draft, column: ColumnPlan, raw: object, cells: Sequence[object], look: Look) -> None:
        target = column.target
        try:
            entries = entries_of(raw, target, column.rule, self._mapping.defaults.split, look)
        except BadValueError as error:
            self._problem(draft, column.header, raw, target, error)
            return
        parts = self._parts(draft, column, cells, look) if entries else {}
        for entry, given in entries:
            self._entry(draft, target, column.header, (entry, {**column.rule.fixed, **parts, **given}), look)

    def _parts(self, draft: Draft, column: ColumnPlan, cells: Sequence[object], look: Look) -> dict[str, object]:
        parts: dict[str, object] = {}
        for part, position in column.parts.items():
            raw = cells[position]
            if is_blank(raw) or is_empty_answer(raw, self._blanks):
                continue
            meant = translated(raw, column.rule.values)
            if meant:
                parts[part] = meant[0]
        for part, raw in list(parts.items()):
            try:
                parse(raw, part_target(column.target, part), look)
            except BadValueError as error:
                header = self._table.headers[column.parts[part]]
                self._problem(draft, header, raw, column.target, error)
                del parts[part]
        return parts

    def _entry(self, draft: Draft, target: Target, header: str, entry: Entry, look: Look) -> None:
        raw, parts = entry
        if isinstance(raw, dict):
            _assign(draft, target, raw, header)
            return
        if is_empty_answer(raw, self._blanks):
            return
        try:
            value = parse(raw, target, look)
            extra = {part: parse(given, part_target(target, part), look) for part, given in parts.items()}
            for warning in look.warnings:
                self._warn(draft, header, raw, target, warning)
            for one in value if isinstance(value, list) else [value]:
                self._store(draft, target, header, _with_parts(one, extra), look)
        except BadValueError as error:
            self._problem(draft, header, raw, target, error)
        look.warnings.clear()

    def _store(self, draft: Draft, target: Target, header: str, value: Any, look: Look) -> None:
        if value is None:
            return
        needed = _NEEDED.get(target.kind)
        if needed and needed not in value:
            raise BadValueError(
                _(
                    "its {needed} too: in brackets behind it, or with fixed or from_columns in the mapping",
                    needed=needed,
                )
            )
        if target.name == "time_zone":
            look.time_zone = value
            return
        if not _assign(draft, target, value, header):
            raise BadValueError(
                _("one answer; another column of this row gave a different {name}, which was kept", name=target.name)
            )

    def _constant(self, draft: Draft, target: Target, value: object, look: Look) -> None:
        for one in value if isinstance(value, list) else [value]:
            self._entry(draft, target, _("constant {name}", name=target.name), (one, {}), look)

    def _problem(self, draft: Draft, header: str, raw: object, target: Target, error: BadValueError) -> None:
        value = shown(raw, hidden=target.hidden)
        self._report.add(draft.file, str(error), row=draft.row, column=header, value=value, nearest=error.nearest)

    def _warn(self, draft: Draft, header: str, raw: object, target: Target, warning: str) -> None:
        self._report.add(draft.file, warning, row=draft.row, column=header, value=shown(raw, hidden=target.hidden))


def _with_parts(value: Any, parts: dict[str, Any]) -> Any:
    if isinstance(value, Reference):
        return Reference(value.text, (*parts.items(), *value.extra))
    if isinstance(value, dict):
        return (
            {**parts, **value}
            if "language" not in parts
            else {**value, **{k: v for k, v in parts.items() if k not in value}}
        )
    return value


def _is_set(draft: Draft, target: Target) -> bool:
    if target.name in {"roles", "time_zone"}:
        return True
    if target.kind == "capacity":
        return "capacity" in draft.data
    place: Any = draft.data
    for key in target.path:
        if not isinstance(place, dict) or key not in place:
            return False
        place = place[key]
    return True


_GIVING = ("mentor", "sponsor", "buddy", "facilitator")


def _capacity_roles(data: dict[str, Any]) -> list[str]:
    return [role for role in data.get("roles", []) if role in _GIVING] or ["mentor"]


def _assign(draft: Draft, target: Target, value: Any, header: str) -> bool:
    """Put a value into the draft; return False if a different one is there already."""
    root, *rest = target.path
    draft.columns.setdefault(root, header)
    draft.columns.setdefault(target.name, header)
    if isinstance(value, Reference):
        draft.references.append((target, value, header))
        return True
    if root == "contact":
        return bool(draft.contact.setdefault(rest[0], value) == value)
    if target.kind == "tie":
        return _append(draft.data.setdefault(root, {}).setdefault("ties", []), value)
    if target.kind in {"attribute", "boundary"}:
        return _append(draft.data.setdefault(root, []), value)
    if target.kind == "capacity" and not isinstance(value, dict):
        for role in _capacity_roles(draft.data):
            draft.data.setdefault("capacity", {}).setdefault(role, value)
        return True
    place = draft.data
    for key in target.path[:-1]:
        place = place.setdefault(key, {})
    last = target.path[-1]
    if target.many:
        return _append(place.setdefault(last, []), value)
    if isinstance(value, dict) and isinstance(place.get(last), dict):
        place[last] = {**value, **place[last]}
        return True
    return bool(place.setdefault(last, value) == value)


def _append(items: list[Any], value: Any) -> bool:
    if value not in items:
        items.append(value)
    return True
