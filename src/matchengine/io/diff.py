"""What a new import changes: who and what is new, changed or gone, by id and field name and never by value."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Any

from pydantic import Field

from matchengine.i18n import N_, _, ngettext
from matchengine.io.contacts import ContactSheet
from matchengine.io.fields import PEOPLE
from matchengine.io.words import normalise
from matchengine.io.write import Folder
from matchengine.records import ConsentGrant, Gathering, Relationship
from matchengine.records.base import Record

__all__ = ["KINDS", "PRIVATE", "Changes", "Difference", "difference"]

KINDS = ("people", "groups", "events", "resources", "projects", "organisations", "relationships", "consents")
PRIVATE = N_("a sensitive field")
"""Stands for every field whose name alone would say something about a person."""
_PRIVATE_FIELDS = frozenset(
    target.path[0] for target in PEOPLE.values() if target.sensitive or (target.hidden and target.words)
) | {"boundaries"}
_SHOWN = 10
_Items = dict[str, dict[str, Any]]


class Changes(Record):
    """What changed in one kind of record.

    Attributes
    ----------
    added : tuple of str
        Ids that were not there before.
    changed : dict
        For each id that stayed and differs, the names of the fields that differ, sorted; `PRIVATE` for sensitive ones.
    gone : tuple of str
        Ids that are no longer there.
    """

    added: tuple[str, ...] = ()
    changed: dict[str, tuple[str, ...]] = Field(default={})
    gone: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Return whether anything differs."""
        return bool(self.added or self.changed or self.gone)

    @property
    def fields(self) -> tuple[str, ...]:
        """The names of all fields that changed for anybody, most frequent first."""
        counted = Counter(name for names in self.changed.values() for name in names)
        return tuple(sorted(counted, key=lambda name: (-counted[name], name)))


class Difference(Record):
    """What an import changes, by kind.

    Attributes
    ----------
    people, groups, events, resources, projects, organisations : Changes
        By id. A change of contact data counts for its person, as `contact.email` and the like.
    relationships : Changes
        By both ids and the kind, as in `p-1 p-2 mentoring`; whom a `must_not` is about is not named.
    consents : Changes
        By the id of the person; which field a consent is about is not named.
    perhaps_same : dict
        New ids whose name is that of somebody who is gone, and that person's id: perhaps a corrected e-mail address.
    """

    people: Changes = Changes()
    groups: Changes = Changes()
    events: Changes = Changes()
    resources: Changes = Changes()
    projects: Changes = Changes()
    organisations: Changes = Changes()
    relationships: Changes = Changes()
    consents: Changes = Changes()
    perhaps_same: dict[str, str] = Field(default={})

    def __bool__(self) -> bool:
        """Return whether anything differs."""
        return any(getattr(self, kind) for kind in KINDS)

    def summary(self) -> list[str]:
        """Return one sentence for each kind that differs, and what to know about who is gone."""
        lines = [_counted(kind, getattr(self, kind)) for kind in KINDS if getattr(self, kind)]
        if not lines:
            return [_("Nothing has changed since the last import.")]
        if self.people.gone:
            named = ", ".join(self.people.gone[:_SHOWN])
            more = len(self.people.gone) - _SHOWN
            lines.append(
                _("No longer in the programme: {ids}.", ids=named)
                if more <= 0
                else _("No longer in the programme: {ids} and {n} more.", ids=named, n=more)
            )
        return lines + self._perhaps_same()

    def render(self) -> list[str]:
        """Return the whole difference as lines: ids and names of fields, never values."""
        lines: list[str] = []
        for kind in KINDS:
            changes: Changes = getattr(self, kind)
            if changes:
                lines.append(_counted(kind, changes))
            if changes.added:
                lines.append("  " + _("Added: {ids}", ids=", ".join(changes.added)))
            for identity, names in changes.changed.items():
                told = ", ".join(_said(name) for name in names)
                lines.append("  " + _("Changed: {id} ({fields})", id=identity, fields=told))
            if changes.gone:
                lines.append("  " + _gone(kind, ", ".join(changes.gone)))
        return [*lines, *self._perhaps_same()] or self.summary()

    def _perhaps_same(self) -> list[str]:
        if not self.perhaps_same:
            return []
        pairs = ", ".join(f"{new} = {old}" for new, old in self.perhaps_same.items())
        told = _(
            "The same name under a new id (new = old): {pairs}. If only the e-mail address was corrected, give"
            " everybody an id in a column of its own, then ids stay.",
            pairs=pairs,
        )
        return [told]


def difference(before: Folder, after: Folder) -> Difference:
    """Compare what a folder held with what it holds after an import.

    Parameters
    ----------
    before, after : Folder
        Everything of both but feedback and contributions, which are not compared.

    Returns
    -------
    Difference
        The order of a list is no difference, and a field with its default equals one that is not stated.
    """
    people = [_people(folder) for folder in (before, after)]
    ties = [_ties(folder.relationships) for folder in (before, after)]
    consents = [_consents(folder.consents) for folder in (before, after)]
    changes = _changes(*people, private=_PRIVATE_FIELDS)
    return Difference(
        people=changes,
        groups=_changes(_listed(before.groups), _listed(after.groups)),
        events=_changes(_listed(before.events), _listed(after.events)),
        resources=_changes(_listed(before.resources), _listed(after.resources)),
        projects=_changes(_listed(before.projects), _listed(after.projects)),
        organisations=_changes(_listed(before.organisations), _listed(after.organisations)),
        relationships=_changes(*ties),
        consents=_changes(*consents, private=frozenset({"consents"})),
        perhaps_same=_perhaps_same(changes, before.contacts, after.contacts),
    )


def _listed(records: Iterable[Gathering]) -> _Items:
    return {record.id: record.model_dump(exclude_defaults=True) for record in records}


def _people(folder: Folder) -> _Items:
    items = {}
    for person in folder.people:
        item = person.model_dump(exclude_defaults=True)
        contact = folder.contacts.get(person.id)
        known = contact.model_dump(exclude_none=True) if contact else {}
        items[person.id] = item | {f"contact.{name}": value for name, value in known.items() if name != "id"}
    return items


def _ties(relationships: Iterable[Relationship]) -> _Items:
    """Several ties of one kind between the same two people are numbered, the oldest first; a must-not names one."""
    seen: Counter[str] = Counter()
    items = {}
    for tie in sorted(relationships, key=lambda tie: (str(tie.started or ""), tie.status)):
        other = () if tie.kind == "must_not" else (tie.other_id,)
        name = " ".join((tie.person_id, *other, tie.kind))
        seen[name] += 1
        items[name if seen[name] == 1 else f"{name} {seen[name]}"] = tie.model_dump(exclude_defaults=True)
    return items


def _consents(grants: Iterable[ConsentGrant]) -> _Items:
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for grant in grants:
        found[grant.person_id].append(grant.model_dump(exclude={"person_id"}))
    return {person_id: {"consents": given} for person_id, given in found.items()}


def _changes(before: _Items, after: _Items, *, private: frozenset[str] = frozenset()) -> Changes:
    changed: dict[str, tuple[str, ...]] = {}
    for identity in before.keys() & after.keys():
        old, new = before[identity], after[identity]
        differs = {name for name in old.keys() | new.keys() if _plain(old.get(name)) != _plain(new.get(name))}
        if differs:
            changed[identity] = tuple(sorted({PRIVATE if name in private else name for name in differs}))
    return Changes(
        added=tuple(sorted(after.keys() - before.keys())),
        changed={identity: changed[identity] for identity in sorted(changed)},
        gone=tuple(sorted(before.keys() - after.keys())),
    )


def _plain(value: object) -> object:
    """Return a value as it is compared: lists without order, since no list of a record has one."""
    if isinstance(value, (list, tuple)):
        return sorted(json.dumps(item, default=str, sort_keys=True) for item in value)
    return value


def _perhaps_same(people: Changes, before: ContactSheet, after: ContactSheet) -> dict[str, str]:
    gone: dict[str, list[str]] = defaultdict(list)
    for identity in people.gone:
        gone[_name(before, identity)].append(identity)
    added = Counter(_name(after, identity) for identity in people.added)
    found = {}
    for identity in people.added:
        name = _name(after, identity)
        if name and added[name] == 1 and len(gone.get(name, ())) == 1:
            found[identity] = gone[name][0]
    return found


def _name(contacts: ContactSheet, person_id: str) -> str:
    contact = contacts.get(person_id)
    return normalise(contact.full_name) if contact and contact.full_name else ""


def _gone(kind: str, ids: str) -> str:
    return _("Gone, no longer in the programme: {ids}", ids=ids) if kind == "people" else _("Gone: {ids}", ids=ids)


def _said(name: str) -> str:
    return _(PRIVATE) if name == PRIVATE else name


def _counted(kind: str, changes: Changes) -> str:
    """Return the counts of one kind as a sentence; fields are named where any changed."""
    fields = ", ".join(_said(name) for name in changes.fields)
    n, changed, gone = len(changes.added), len(changes.changed), len(changes.gone)
    if kind == "consents":
        return ngettext(
            "consents: {n} person added, {changed} changed, {gone} gone",
            "consents: {n} people added, {changed} changed, {gone} gone",
            n,
            changed=changed,
            gone=gone,
        )
    return _with_fields(kind, n, changed, gone, fields) if fields else _without_fields(kind, n, gone)


def _with_fields(kind: str, n: int, changed: int, gone: int, fields: str) -> str:
    values = {"changed": changed, "gone": gone, "fields": fields}
    if kind == "people":
        return ngettext(
            "{n} person added, {changed} changed ({fields}), {gone} gone",
            "{n} people added, {changed} changed ({fields}), {gone} gone",
            n,
            **values,
        )
    if kind == "groups":
        return ngettext(
            "{n} group added, {changed} changed ({fields}), {gone} gone",
            "{n} groups added, {changed} changed ({fields}), {gone} gone",
            n,
            **values,
        )
    if kind == "events":
        return ngettext(
            "{n} event added, {changed} changed ({fields}), {gone} gone",
            "{n} events added, {changed} changed ({fields}), {gone} gone",
            n,
            **values,
        )
    if kind == "resources":
        return ngettext(
            "{n} resource added, {changed} changed ({fields}), {gone} gone",
            "{n} resources added, {changed} changed ({fields}), {gone} gone",
            n,
            **values,
        )
    if kind == "projects":
        return ngettext(
            "{n} project added, {changed} changed ({fields}), {gone} gone",
            "{n} projects added, {changed} changed ({fields}), {gone} gone",
            n,
            **values,
        )
    if kind == "organisations":
        return ngettext(
            "{n} organisation added, {changed} changed ({fields}), {gone} gone",
            "{n} organisations added, {changed} changed ({fields}), {gone} gone",
            n,
            **values,
        )
    return ngettext(
        "{n} relationship added, {changed} changed ({fields}), {gone} gone",
        "{n} relationships added, {changed} changed ({fields}), {gone} gone",
        n,
        **values,
    )


def _without_fields(kind: str, n: int, gone: int) -> str:
    if kind == "people":
        return ngettext(
            "{n} person added, 0 changed, {gone} gone", "{n} people added, 0 changed, {gone} gone", n, gone=gone
        )
    if kind == "groups":
        return ngettext(
            "{n} group added, 0 changed, {gone} gone", "{n} groups added, 0 changed, {gone} gone", n, gone=gone
        )
    if kind == "events":
        return ngettext(
            "{n} event added, 0 changed, {gone} gone", "{n} events added, 0 changed, {gone} gone", n, gone=gone
        )
    if kind == "resources":
        return ngettext(
            "{n} resource added, 0 changed, {gone} gone", "{n} resources added, 0 changed, {gone} gone", n, gone=gone
        )
    if kind == "projects":
        return ngettext(
            "{n} project added, 0 changed, {gone} gone", "{n} projects added, 0 changed, {gone} gone", n, gone=gone
        )
    if kind == "organisations":
        return ngettext(
            "{n} organisation added, 0 changed, {gone} gone",
            "{n} organisations added, 0 changed, {gone} gone",
            n,
            gone=gone,
        )
    return ngettext(
        "{n} relationship added, 0 changed, {gone} gone",
        "{n} relationships added, 0 changed, {gone} gone",
        n,
        gone=gone,
    )
