"""From drafts to groups, events, projects, resources, organisations: one record a row, known again by id or title."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any

from matchengine.i18n import _, listing, ngettext
from matchengine.io.build import build, cap_lists
from matchengine.io.fields import Reads
from matchengine.io.identity import People, resolve
from matchengine.io.report import Report, shown
from matchengine.io.rows import Draft
from matchengine.io.words import normalise
from matchengine.records import Event, Group, Organisation, Project, Resource
from matchengine.records.base import RecordType

__all__ = ["make_gatherings"]

_WHAT: dict[Any, tuple[Reads, str, tuple[str, ...]]] = {
    Group: ("groups", "g", ("title", "kind")),
    Event: ("events", "e", ("title", "kind")),
    Project: ("projects", "p", ("title",)),
    Resource: ("resources", "r", ("title", "type")),
    Organisation: ("organisations", "o", ("title", "kind")),
}
"""Of each kind of record the table of its columns, the letter of made-up ids, and what it cannot be without."""


def make_gatherings(
    drafts: Iterable[Draft], model: type[RecordType], people: People, report: Report
) -> list[RecordType]:
    """Return one record for each draft that holds enough; the others are reported and counted.

    A record without an id of its own gets one made from its title (an event from its start too), so that a re-import
    finds it again. Of two rows with the same id or title the first is kept.
    """
    made: list[RecordType] = []
    known: dict[str, int] = {}
    if model is Organisation:
        drafts = list(drafts)
        _find_partners(drafts, report)
    for draft in drafts:
        record = _make(draft, model, people, report)
        if record is None:
            report.counts["rows left out"] += 1
            continue
        identity = str(getattr(record, "id"))  # noqa: B009
        if identity in known:
            expected = _("each record once; row {row} has the same id or title", row=known[identity])
            if model is Group:
                expected = _("each group once; row {row} has the same id or title", row=known[identity])
            report.add(draft.file, expected, row=draft.row, effect="row left out")
            report.counts["rows left out"] += 1
        else:
            known[identity] = draft.row
            made.append(record)
    return made


def _make(draft: Draft, model: type[RecordType], people: People, report: Report) -> RecordType | None:
    reads, letter, needed = _WHAT[model]
    data = draft.data
    missing = [name for name in needed if not data.get(name)]
    if missing:
        report.add(draft.file, _lacks(missing, model), row=draft.row, effect="row left out")
        return None
    data.setdefault("id", f"{letter}-{_digest(data)}")
    _add_people(draft, people, report)
    _one_support_each(draft, report)
    _sizes_in_order(draft, report)
    for name, cap, dropped in cap_lists(data, reads):
        expected = _("at most {cap} {name}; the first {cap} were kept", cap=cap, name=name)
        report.add(
            draft.file,
            expected,
            row=draft.row,
            column=draft.columns.get(name),
            value=ngettext("{n} entry", "{n} entries", cap + dropped),
        )
    built = build(model, data)
    effect = "value dropped" if built.record else "row left out"
    for name, expected in built.removed:
        report.add(draft.file, expected, row=draft.row, column=draft.columns.get(name, name), effect=effect)  # type: ignore[arg-type]
    return built.record


def _lacks(missing: list[str], model: Any) -> str:
    """Say what a row lacks to be a record."""
    if model is not Group:
        named = listing(missing)
        return _("{names}; without it the row cannot be used", names=named)
    if len(missing) > 1:
        return _("a title and a kind; without it the row cannot be a group")
    if "kind" in missing:
        return _("a kind; without it the row cannot be a group")
    return _("a title; without it the row cannot be a group")


def _digest(data: dict[str, Any]) -> str:
    start = data.get("start")
    words = normalise(str(data["title"])) + (f" {start}" if start else "")
    return hashlib.sha256(words.encode()).hexdigest()[:12]


def _add_people(draft: Draft, people: People, report: Report) -> None:
    """Put the people that a row names where they belong: greeters into a list, who leads into a field."""
    for target, reference, header in draft.references:
        person_id = resolve(reference, target, header, draft, people, report, hard=False)
        if person_id is None:
            continue
        if not target.many:
            draft.data.setdefault(target.name, person_id)
            continue
        contact = {"person_id": person_id, **dict(reference.extra)}
        if contact not in draft.data.setdefault("contacts", []):
            draft.data["contacts"].append(contact)


def _find_partners(drafts: Sequence[Draft], report: Report) -> None:
    """Replace the partners of organisations, told by id or title, by ids; what no row has is reported and dropped."""
    ids: dict[str, str] = {}
    for draft in drafts:
        if title := draft.data.get("title"):
            own = draft.data.setdefault("id", f"{_WHAT[Organisation][1]}-{_digest(draft.data)}")
            ids |= {normalise(str(title)): own, normalise(str(own)): own}
    for draft in drafts:
        found: list[str] = []
        for told in draft.data.pop("partners", ()):
            partner = ids.get(normalise(str(told)))
            if partner is None:
                expected = _("the id or name of an organisation in these files; this partner was dropped")
                report.add(draft.file, expected, row=draft.row, column=draft.columns.get("partners"), value=shown(told))
            elif partner != draft.data.get("id") and partner not in found:
                found.append(partner)
        if found:
            draft.data["partners"] = found


def _sizes_in_order(draft: Draft, report: Report) -> None:
    data = draft.data
    low, high = data.get("size_min"), data.get("size_max")
    if isinstance(low, int) and isinstance(high, int) and low > high:
        expected = _("size_min not above size_max; both were dropped")
        value = listing([str(data.pop("size_min")), str(data.pop("size_max"))])
        report.add(draft.file, expected, row=draft.row, value=value)


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
