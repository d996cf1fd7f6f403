"""Wishes for a round of swaps from spreadsheets: `read_swap_wishes`.

One row is one mentoring relationship that was asked; a row with a mentor alone is a free place. What protects a person
is never lost in part: where an agreement to be left alone, a date or the least gain is not understood, the whole row is
left out and reported. A yes that is not understood is no yes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from matchengine.errors import nearest
from matchengine.i18n import N_, _
from matchengine.io.build import build
from matchengine.io.contacts import ContactSheet
from matchengine.io.masking import mask_contacts, mask_names
from matchengine.io.report import HIDDEN, Effect, Report, shown
from matchengine.io.sources import Source, open_tables
from matchengine.io.standards import BadValueError, as_text, parse_date, parse_email
from matchengine.io.tables import FileOptions, RawTable, is_blank
from matchengine.io.targets import Target
from matchengine.io.values import Look, parse
from matchengine.io.words import NOTHING, normalise
from matchengine.records.swaps import SwapPlace, SwapWish

__all__ = ["HEADERS", "SwapWishImport", "read_swap_wishes"]

_TARGETS: dict[str, Target] = {
    target.name: target
    for target in (
        Target("person_id", "reference", N_("id or e-mail of the mentee"), hidden=True),
        Target("other_id", "reference", N_("id or e-mail of the mentor"), hidden=True),
        Target("mentee_agrees", "yes_no", N_("whether the mentee would swap")),
        Target("mentor_agrees", "yes_no", N_("whether the mentor would swap; 'any' for anybody who suits the rules")),
        Target("mentor_any", "yes_no", N_("whether the mentor takes anybody whom the rules allow")),
        Target("mentor_pauses", "yes_no", N_("whether the mentor takes nobody for the period")),
        Target("earliest", "date", N_("first day on which a swap may begin")),
        Target("latest", "date", N_("last day of the period")),
        Target("floor", "share", N_("the least gain the mentee asks for, 0 to 1")),
        Target("perspective", "text", N_("what other perspective the mentee wishes for"), hidden=True),
        Target("perspective_language", "language_tag", N_("language of these words")),
        Target("for_mentor", "text", N_("what the mentee wrote for the other mentor"), hidden=True),
        Target(
            "ranking", "reference", N_("ids or e-mails of mentors, the most wished for first"), many=True, hidden=True
        ),
        Target("fragile", "yes_no", N_("a coordinator's mark: not this time"), hidden=True),
        Target("waited", "integer", N_("earlier rounds without a swap"), low=0, high=100),
        Target("places", "integer", N_("free places of a mentor who gives nobody away"), low=1, high=20),
    )
}
HEADERS: Mapping[str, tuple[str, ...]] = {
    "person_id": ("mentee", "mentee id", "mentee number", "mentee email", "mentee e-mail", "person"),
    "other_id": ("mentor", "mentor id", "mentor number", "mentor email", "mentor e-mail", "other"),
    "mentee_agrees": ("mentee agrees", "mentee yes", "mentee would swap", "mentee opted in"),
    "mentor_agrees": ("mentor agrees", "mentor yes", "mentor would swap", "mentor opted in"),
    "mentor_any": ("mentor takes anybody", "anybody", "any mentee"),
    "mentor_pauses": ("mentor pauses", "mentor takes nobody", "pause"),
    "earliest": ("earliest", "from", "first day", "free from"),
    "latest": ("latest", "until", "to", "last day", "free until"),
    "floor": ("floor", "least gain", "at least"),
    "perspective": ("perspective", "wished perspective", "other perspective", "wish"),
    "perspective_language": ("perspective language", "language of the wish", "language"),
    "for_mentor": ("for mentor", "for the other mentor", "note for the mentor", "note"),
    "ranking": ("ranking", "mentors ranked", "ranked mentors"),
    "fragile": ("fragile", "not this time", "leave alone"),
    "waited": ("waited", "rounds waited", "earlier rounds"),
    "places": ("places", "free places"),
}
"""Headers that each field is known by, beside its own name; case and punctuation do not matter."""
_WHOLE = frozenset({"earliest", "latest", "floor", "mentor_pauses", "fragile", "person_id", "other_id", "places"})
"""Fields that protect somebody or say who is meant: a row where one of them is not understood is left out."""
_ANY = frozenset({"any", "anybody", "anyone", "everybody"})
_MENTOR = "mentor_id"
_MASKED = ("perspective", "for_mentor")
RecordType = TypeVar("RecordType", SwapWish, SwapPlace)


@dataclass(frozen=True, slots=True, repr=False)
class SwapWishImport:
    """What `read_swap_wishes` made, in file order, and the report."""

    wishes: list[SwapWish | SwapPlace]
    report: Report

    def __repr__(self) -> str:
        """Return sizes alone."""
        return f"SwapWishImport({len(self.wishes)} wishes, {len(self.report.failures)} problems)"


def read_swap_wishes(
    source: Source, *, strict: bool = False, contacts: ContactSheet | None = None, date_order: str = "day-month-year"
) -> SwapWishImport:
    """Read the wishes for a round of swaps.

    Parameters
    ----------
    source : path, list of paths, iterable of dicts or records, or DataFrame
        CSV, TSV, XLSX, JSON or JSON Lines, one row each. Headers are those of `HEADERS`, or the names of the fields.
        People are named by id, or by e-mail if the contacts sheet has it. An empty cell says no.
    strict : bool
        Refuse everything if anything would be lost.
    contacts : ContactSheet, optional
        The sheet of the people's import; their own names, e-mails and telephone numbers are masked in what they wrote.
    date_order : str
        Order in dates that do not begin with the year.

    Raises
    ------
    ImportRefusedError
        If `strict` and anything was lost.
    """
    report = Report()
    sheet = contacts or ContactSheet()
    made = SwapWishImport([], report)
    seen: set[tuple[str | None, str]] = set()
    for table in open_tables(source, lambda _name: FileOptions(), report):
        columns = _columns(table, report)
        if not columns:
            continue
        for number, cells in table.rows:
            report.counts["rows read"] += 1
            row = _Row(table, number, report, sheet, Look(date_order=date_order))
            given = {name: cells[place] for name, place in columns.items() if not is_blank(cells[place])}
            if _MENTOR in given:
                given.setdefault("other_id", given.pop(_MENTOR))
            record = row.record(given, columns)
            if record is not None and _key(record) in seen:
                report.add(table.name, _("each tie once; it was kept once"), row=number, effect="row left out")
                record = None
            if record is None:
                report.counts["rows left out"] += 1
            else:
                seen.add(_key(record))
                made.wishes.append(record)
    report.counts["records made"] = len(made.wishes)
    report.refuse_if(strict)
    return made


def _key(record: SwapWish | SwapPlace) -> tuple[str | None, str]:
    return (record.person_id, record.other_id) if isinstance(record, SwapWish) else (None, record.mentor_id)


def _columns(table: RawTable, report: Report) -> dict[str, int]:
    """Which column holds which field; unknown columns are reported, and a table without people is refused."""
    known = {normalise(word): name for name, words in HEADERS.items() for word in (name, *words)}
    found: dict[str, int] = {}
    for place, header in enumerate(table.headers):
        name = known.get(normalise(header)) if header else None
        name = _MENTOR if name == "other_id" and header == _MENTOR else name  # the field of a place
        if name is None or name in found:
            expected = _("a column of swap wishes, each once; it was not read")
            report.add(table.name, expected, column=header or None, nearest=nearest(normalise(header), known))
        else:
            found[name] = place
    if "other_id" in found or _MENTOR in found:
        return found
    report.add(table.name, _("a column that names the mentor, and one that names the mentee"), effect="file refused")
    return {}


@dataclass
class _Row:
    """One row on its way to a record."""

    table: RawTable
    number: int
    report: Report
    contacts: ContactSheet
    look: Look
    lost: bool = False
    columns: dict[str, int] = field(default_factory=dict)

    def record(self, cells: Mapping[str, object], columns: dict[str, int]) -> SwapWish | SwapPlace | None:
        """Return the record of the row; None, and a report, where it has none."""
        self.columns = columns
        data = dict(self._values(cells))
        if self.lost:
            return None
        if "other_id" not in data:
            self._problem("other_id", _("{meaning}; without it the row is no wish", meaning=self._meaning("other_id")))
            return None
        if "person_id" not in data:
            return self._place(data)
        if "places" in data:
            expected = _("places only in a row without a mentee; a mentee was named")
            self._problem("places", expected)
            return None
        self._mask(data)
        return self._built(SwapWish, data)

    def _place(self, data: dict[str, Any]) -> SwapPlace | None:
        fields = ("mentor_agrees", "mentor_any", "earliest", "latest", "places")
        for name in data.keys() - {*fields, "other_id"}:
            if data[name] not in (False, 0, 0.0):
                self._problem(name, _("a mentee in this row; without one only a free place can be read"))
        place = {name: data[name] for name in fields if name in data}
        return None if self.lost else self._built(SwapPlace, {_MENTOR: data["other_id"], **place})

    def _built(self, model: type[RecordType], data: dict[str, Any]) -> RecordType | None:
        built = build(model, data)
        for name, expected in built.removed:
            self._problem(name, expected, effect="value dropped" if built.record else "row left out")
        if built.record is None and not built.removed:
            self._problem("", _("a wish that holds together"))
        protects = {name for name, _expected in built.removed} & (_WHOLE | {""})
        return None if protects else built.record

    def _values(self, cells: Mapping[str, object]) -> Iterator[tuple[str, Any]]:
        for name, raw in cells.items():
            try:
                value = self._value(name, raw)
            except BadValueError as error:
                effect: Effect = "row left out" if name in _WHOLE else "value dropped"
                self._problem(name, str(error), raw, error.nearest, effect)
                continue
            if name == "mentor_agrees" and value == "any":
                yield "mentor_any", True
                value = True
            if value is not None:
                yield name, value
        self.look.warnings.clear()

    def _value(self, name: str, raw: object) -> Any:
        target = _TARGETS[name]
        if name == "ranking":
            return self._ranked(raw)
        if target.kind == "reference":
            return None if self._means_nobody(raw) else self._person(as_text(raw))
        if name == "mentor_agrees" and isinstance(raw, str) and normalise(raw) in _ANY:
            return "any"
        if target.kind == "date":
            return parse_date(raw, self.look.date_order).date()
        value = parse(raw, target, self.look)
        for warning in self.look.warnings:
            self._problem(name, warning, raw, effect="value dropped")
        self.look.warnings.clear()
        return value

    def _means_nobody(self, raw: object) -> bool:
        return normalise(as_text(raw)) in {*NOTHING, "-", "–", "—"}

    def _ranked(self, raw: object) -> list[str]:
        told = raw if isinstance(raw, (list, tuple)) else as_text(raw).replace(",", ";").split(";")
        return list(dict.fromkeys(self._person(as_text(each)) for each in told if not is_blank(each)))

    def _person(self, text: str) -> str:
        """Return the id that a cell means; an e-mail must be in the contacts sheet."""
        if "@" not in text:
            return str(parse(text, Target("id", "id", ""), self.look))
        found = self.contacts.id_for(parse_email(text))
        if found is None:
            raise BadValueError(_("an id, or the e-mail of somebody in the contacts sheet"))
        return found

    def _mask(self, data: dict[str, Any]) -> None:
        """Mask what tells who somebody is in what they wrote themselves."""
        contact = self.contacts.get(data["person_id"])
        for name in _MASKED:
            if name in data:
                plain = mask_contacts(str(data[name]))
                data[name] = mask_names(plain, contact.names) if contact is not None else plain

    def _meaning(self, name: str) -> str:
        return _TARGETS[name].meaning

    def _problem(
        self, name: str, expected: str, raw: object = None, close: str | None = None, effect: Effect = "row left out"
    ) -> None:
        named = "other_id" if name == _MENTOR else name
        place = self.columns.get(named, self.columns.get(_MENTOR) if named == "other_id" else None)
        target = _TARGETS.get(name)
        value = None if raw is None else shown(raw, hidden=target is None or target.hidden)
        self.report.add(
            self.table.name,
            expected,
            row=self.number,
            column=None if place is None else self.table.headers[place],
            value=value,
            nearest=None if value == HIDDEN else close,
            effect=effect,
        )
        self.lost = self.lost or effect == "row left out"
