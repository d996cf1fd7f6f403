"""Ties between people from spreadsheets: `read_relationships`."""

from __future__ import annotations

from dataclasses import dataclass

from matchengine.i18n import _, ngettext
from matchengine.io.build import build, cap_lists
from matchengine.io.contacts import ContactSheet
from matchengine.io.drafts import read_drafts
from matchengine.io.identity import People, resolve
from matchengine.io.mapping import Mapping
from matchengine.io.report import Effect, Report
from matchengine.io.rows import Draft
from matchengine.io.sources import Source
from matchengine.records import Relationship

__all__ = ["RelationshipImport", "read_relationships"]

_HARD = frozenset({"must_not", "line_management", "household", "family"})


@dataclass(frozen=True, slots=True, repr=False)
class RelationshipImport:
    """What `read_relationships` made; `contacts` also holds ids reserved for must-not e-mails nobody has yet."""

    relationships: list[Relationship]
    contacts: ContactSheet
    report: Report

    def __repr__(self) -> str:
        """Return sizes alone."""
        return f"RelationshipImport({len(self.relationships)} relationships, {len(self.report.failures)} problems)"


def read_relationships(
    source: Source, mapping: Mapping | None = None, *, strict: bool = False, contacts: ContactSheet | None = None
) -> RelationshipImport:
    """Read relationships from spreadsheets, JSON Lines, dicts or a DataFrame.

    Parameters
    ----------
    source : path, list of paths, iterable of dicts or records, or DataFrame
        As for `read_people`. People are named by id, or by e-mail if the contacts sheet has it.
    mapping : Mapping, optional
        With `reads = "relationships"`; without it headers are guessed, `Mentee Email Address` among them.
    strict : bool
        Refuse the whole import if anything would be lost.
    contacts : ContactSheet, optional
        The sheet of the people's import; it is not changed.

    Raises
    ------
    ImportRefusedError
        If `strict` and anything was lost.
    """
    report = Report()
    people = People((), contacts.copy() if contacts is not None else ContactSheet(), report)
    made = RelationshipImport([], people.contacts, report)
    for draft in read_drafts(source, mapping, "relationships", report):
        tie = _make(draft, people, report)
        if tie is None:
            report.counts["rows left out"] += 1
        elif tie in made.relationships[-1:] or tie in made.relationships:
            report.add(draft.file, _("each tie once; it was kept once"), row=draft.row, effect="note")
        else:
            made.relationships.append(tie)
    report.counts["relationships made"] = len(made.relationships)
    report.refuse_if(strict)
    return made


def _make(draft: Draft, people: People, report: Report) -> Relationship | None:
    data = draft.data
    before = len(report.failures)
    for target, reference, header in draft.references:
        known = people.find(reference)
        if known is None and reference.is_email:
            known = resolve(reference, target, header, draft, people, report, hard=data.get("kind") in _HARD)
        data.setdefault(target.name, known if reference.is_email else known or reference.text)
    missing = [name for name in ("person_id", "other_id", "kind") if not data.get(name)]
    if missing or data["person_id"] == data["other_id"]:
        expected = (
            _("{names}; without it the row cannot be a tie", names=", ".join(missing))
            if missing
            else _("two different people")
        )
        report.add(draft.file, expected, row=draft.row, effect="row left out")
        return None
    if data.get("started") and data.get("ends") and str(data["ends"]) < str(data["started"]):
        report.add(
            draft.file, _("ends not before started; ends was dropped"), row=draft.row, column=draft.columns.get("ends")
        )
        del data["ends"]
    for name, cap, dropped in cap_lists(data, "relationships"):
        expected = _("at most {cap} {name}; the first {cap} were kept", cap=cap, name=name)
        report.add(
            draft.file,
            expected,
            row=draft.row,
            column=draft.columns.get(name),
            value=ngettext("{n} entry", "{n} entries", cap + dropped),
        )
    built = build(Relationship, data)
    effect: Effect = "value dropped" if built.record else "row left out"
    for name, expected in built.removed:
        report.add(draft.file, expected, row=draft.row, column=draft.columns.get(name, name) or None, effect=effect)
    if built.record is None and len(report.failures) == before:
        report.add(draft.file, _("a tie between two people"), row=draft.row, effect="row left out")
    return built.record
