"""Groups from spreadsheets: `read_groups`."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from matchengine.i18n import _, listing, ngettext
from matchengine.io.build import build, cap_lists
from matchengine.io.contacts import ContactSheet
from matchengine.io.drafts import read_drafts
from matchengine.io.identity import People, resolve
from matchengine.io.mapping import Mapping
from matchengine.io.report import Report, shown
from matchengine.io.rows import Draft
from matchengine.io.sources import Source
from matchengine.io.words import normalise
from matchengine.records import Group

__all__ = ["GroupImport", "read_groups"]


@dataclass(frozen=True, slots=True, repr=False)
class GroupImport:
    """The groups that `read_groups` made, in file order, and its report."""

    groups: list[Group]
    report: Report

    def __repr__(self) -> str:
        """Return sizes alone."""
        return f"GroupImport({len(self.groups)} groups, {len(self.report.failures)} problems)"


def read_groups(
    source: Source, mapping: Mapping | None = None, *, strict: bool = False, contacts: ContactSheet | None = None
) -> GroupImport:
    """Read groups from spreadsheets, JSON Lines, dicts or a DataFrame.

    Parameters
    ----------
    source : path, list of paths, iterable of dicts or records, or DataFrame
        As for `read_people`.
    mapping : Mapping, optional
        With `reads = "groups"`; without it headers are guessed.
    strict : bool
        Refuse the whole import if anything would be lost.
    contacts : ContactSheet, optional
        Finds the greeters that are named by e-mail.

    Returns
    -------
    GroupImport
        A group without an id of its own gets one made from its title, so that a re-import finds it again.

    Raises
    ------
    ImportRefusedError
        If `strict` and anything was lost.
    """
    report = Report()
    people = People((), contacts or ContactSheet(), report)
    made = GroupImport([], report)
    known: dict[str, int] = {}
    for draft in read_drafts(source, mapping, "groups", report):
        group = _make(draft, people, report)
        if group is None:
            report.counts["rows left out"] += 1
        elif group.id in known:
            expected = _("each group once; row {row} has the same id or title", row=known[group.id])
            report.add(draft.file, expected, row=draft.row, effect="row left out")
            report.counts["rows left out"] += 1
        else:
            known[group.id] = draft.row
            made.groups.append(group)
    report.counts["groups made"] = len(made.groups)
    report.refuse_if(strict)
    return made


def _make(draft: Draft, people: People, report: Report) -> Group | None:
    data = draft.data
    missing = [name for name in ("title", "kind") if not data.get(name)]
    if missing:
        expected = _("a title; without it the row cannot be a group")
        if "kind" in missing:
            expected = _("a kind; without it the row cannot be a group")
        if len(missing) > 1:
            expected = _("a title and a kind; without it the row cannot be a group")
        report.add(draft.file, expected, row=draft.row, effect="row left out")
        return None
    if "id" not in data:
        data["id"] = "g-" + hashlib.sha256(normalise(str(data["title"])).encode()).hexdigest()[:12]
    _add_contacts(draft, people, report)
    _one_support_each(draft, report)
    if (
        isinstance(data.get("size_min"), int)
        and isinstance(data.get("size_max"), int)
        and data["size_min"] > data["size_max"]
    ):
        expected = _("size_min not above size_max; both were dropped")
        report.add(
            draft.file, expected, row=draft.row, value=listing([str(data.pop("size_min")), str(data.pop("size_max"))])
        )
    for name, cap, dropped in cap_lists(data, "groups"):
        expected = _("at most {cap} {name}; the first {cap} were kept", cap=cap, name=name)
        report.add(
            draft.file,
            expected,
            row=draft.row,
            column=draft.columns.get(name),
            value=ngettext("{n} entry", "{n} entries", cap + dropped),
        )
    built = build(Group, data)
    effect = "value dropped" if built.record else "row left out"
    for name, expected in built.removed:
        report.add(draft.file, expected, row=draft.row, column=draft.columns.get(name, name), effect=effect)  # type: ignore[arg-type]
    return built.record


def _add_contacts(draft: Draft, people: People, report: Report) -> None:
    for target, reference, header in draft.references:
        person_id = resolve(reference, target, header, draft, people, report, hard=False)
        contact = {"person_id": person_id, **dict(reference.extra)}
        if person_id is not None and contact not in draft.data.setdefault("contacts", []):
            draft.data["contacts"].append(contact)


def _one_support_each(draft: Draft, report: Report) -> None:
    supports: dict[object, dict[str, Any]] = {}
    for item in draft.data.get("supports", ()):
        item.setdefault("source", "unknown")
        known = supports.setdefault(item.get("kind"), item)
        if known is not item:
            header = draft.columns.get("supports")
            expected = _("each kind of support once; the first was kept")
            report.add(draft.file, expected, row=draft.row, column=header, value=shown(item.get("kind")))
    if supports:
        draft.data["supports"] = list(supports.values())
