"""From all rows of one person to one `Person` with consents and ties."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

from matchengine.i18n import _, ngettext
from matchengine.io.build import build, cap_lists
from matchengine.io.fields import PEOPLE
from matchengine.io.identity import Member, People, resolve
from matchengine.io.masking import mask_contacts, mask_names
from matchengine.io.merge import merge_data, united
from matchengine.io.report import HIDDEN, Report, shown
from matchengine.io.rows import Draft
from matchengine.records import ConsentGrant, Person, Relationship
from matchengine.records import vocabulary as v
from matchengine.records.base import MAX_TEXT
from matchengine.records.moments import in_utc

__all__ = ["Made", "PersonMaker"]

_HIDDEN_FIELDS = frozenset(target.path[0] for target in PEOPLE.values() if target.hidden)
_MASKED_FIELDS = tuple(name for name, target in PEOPLE.items() if target.names_masked)
_TIES: dict[str, dict[str, Any]] = {
    "relationships.mentor": {"kind": "mentoring"},
    "relationships.mentee": {"kind": "mentoring"},
    "relationships.past_mentor": {"kind": "mentoring", "status": "completed", "do_not_rematch": True},
    "relationships.must_not": {"kind": "must_not"},
}
_HARD = frozenset({"line_manager", "boundaries.person", "relationships.must_not"})
"""References that must hold even for somebody who joins later."""


@dataclass(frozen=True, slots=True)
class Made:
    """One person, their consents, and the ties their rows named."""

    person: Person
    consents: list[ConsentGrant]
    relationships: list[Relationship]


class PersonMaker:
    """Makes the records of one person after another.

    Parameters
    ----------
    people : People
        Everybody, with ids.
    report : Report
        Receives conflicts and what was dropped.
    keep : str
        `first` or `last`: which of two different answers stays.
    consents : list of ConsentGrant or None
        If given, only sensitive fields with a grant here stay.
    """

    def __init__(self, people: People, report: Report, keep: str, consents: list[ConsentGrant] | None) -> None:
        self._people, self._report, self._keep = people, report, keep
        self._given = None if consents is None else {(grant.person_id, grant.field) for grant in consents}

    def make(self, member: Member) -> Made | None:
        """Return the records of one person, or None and a reported row if too little is left of it."""
        draft, data = member.drafts[0], member.drafts[0].data
        for each in member.drafts:
            united(each.data, "languages", partial(self._conflict, each), keep=self._keep)
        for other in member.drafts[1:]:
            merge_data(data, other.data, partial(self._conflict, other), keep=self._keep)
            draft.columns = {**other.columns, **draft.columns}
            self._contact_conflict(draft, other)
        data["id"] = member.person_id
        united(data, "barriers", partial(self._conflict, draft))
        ties = self._references(member, data)
        grants = self._consents(member, data)
        self._mask(member.person_id, data)
        self._cap(draft, data)
        built = build(Person, data)
        for name, expected in built.removed:
            self._report.add(draft.file, expected, row=draft.row, column=draft.columns.get(name, name))
        if built.record is None:
            expected = _("a person; after its invalid values were dropped too little was left")
            self._report.add(draft.file, expected, row=draft.row, effect="row left out")
            self._report.counts["rows left out"] += 1
            return None
        return Made(built.record, [grant for grant in grants if _holds(data, grant.field)], ties)

    def _conflict(self, other: Draft, name: str, value: object) -> None:
        if self._keep == "last":
            expected = _("the same {name} in every row of this person; the last answer was kept", name=name)
        else:
            expected = _("the same {name} in every row of this person; the first answer was kept", name=name)
        if name in {"adult", "guardian_consent"}:
            expected = _("the same {name} in every row of this person; the no was kept", name=name)
        root = name.partition(".")[0]
        column = other.columns.get(name) or other.columns.get(root, name)
        text = shown(value, hidden=root in _HIDDEN_FIELDS)
        self._report.add(other.file, expected, row=other.row, column=column, value=text)

    def _contact_conflict(self, draft: Draft, other: Draft) -> None:
        for name, value in other.contact.items():
            known = draft.contact.setdefault(name, value)
            if known.casefold() != value.casefold():
                expected = _("the same {name} in every row of this person; the first was kept", name=name)
                header = other.columns.get(f"contact.{name}", name)
                self._report.add(other.file, expected, row=other.row, column=header, value=HIDDEN)

    def _references(self, member: Member, data: dict[str, Any]) -> list[Relationship]:
        """Turn the people a row names into fields of the record, and return the ties among them."""
        ties: dict[tuple[str, ...], Relationship] = {}
        for draft in member.drafts:
            for target, reference, header in draft.references:
                other = resolve(reference, target, header, draft, self._people, self._report, hard=target.name in _HARD)
                if other == member.person_id:
                    self._report.add(
                        draft.file, _("somebody else; this names the person"), row=draft.row, column=header
                    )
                elif other is not None and target.name in _TIES:
                    pair = (other, member.person_id) if target.name.endswith("mentee") else (member.person_id, other)
                    tie = Relationship(person_id=pair[0], other_id=pair[1], **_TIES[target.name])
                    ties[(*pair, tie.kind, tie.status)] = tie
                elif other is not None and target.name == "line_manager":
                    if data.setdefault("line_manager", other) != other:
                        self._conflict(draft, "line_manager", HIDDEN)
                elif other is not None:
                    boundary = {"kind": "person", "value": other}
                    if boundary not in data.setdefault("boundaries", []):
                        data["boundaries"].append(boundary)
        return list(ties.values())

    def _consents(self, member: Member, data: dict[str, Any]) -> list[ConsentGrant]:
        """Return the grants of a person, and take out what another row of theirs refuses."""
        refused = {name for draft in member.drafts for name in draft.refused}
        latest: dict[tuple[str, str, str], dict[str, Any]] = {}
        for draft in member.drafts:
            for grant in draft.grants:
                key = (grant["field"], grant["purpose"], grant["audience"])
                if key not in latest or in_utc(latest[key]["granted_at"]) < in_utc(grant["granted_at"]):
                    latest[key] = grant
        for name in sorted(refused & {key[0] for key in latest}):
            last = member.drafts[-1]
            note = _("one row of this person consents to {name} and another does not; it was not read", name=name)
            self._report.add(last.file, note, row=last.row, effect="note")
            _take_out(data, name)
        if self._given is not None:
            self._keep_granted(member, data, self._given)
        kept = [grant for key, grant in latest.items() if key[0] not in refused]
        return [ConsentGrant(person_id=member.person_id, **grant) for grant in kept]

    def _keep_granted(self, member: Member, data: dict[str, Any], given: set[tuple[str, str]]) -> None:
        """Take out the sensitive fields of a record without a consent among those that were given."""
        draft, person_id = member.drafts[0], member.person_id
        names = [name for name in sorted(v.SENSITIVE_PERSON_FIELDS) if data.get(name) and name != "attributes"]
        names += sorted({f"attributes.{item.get('dimension')}" for item in data.get("attributes", ())})
        for name in names:
            covered_by = PEOPLE[name].consent if name in PEOPLE else name
            if not {(person_id, covered_by), (person_id, covered_by.partition(".")[0])} & given:
                _take_out(data, name)
                expected = _("a consent for {name} of this person; without it the value was not read", name=name)
                self._report.add(draft.file, expected, row=draft.row, column=name, value=HIDDEN)

    def _mask(self, person_id: str, data: dict[str, Any]) -> None:
        contact = self._people.contacts.get(person_id)
        names = contact.names if contact else ()
        for name in _MASKED_FIELDS:
            value = data.get(name)
            if isinstance(value, str):
                data[name] = self._masked(value, names)
            for position, item in enumerate(value if isinstance(value, list) else ()):
                if isinstance(item, str):
                    data[name][position] = self._masked(item, names)
                elif isinstance(item, dict) and isinstance(item.get("text"), str):
                    item["text"] = self._masked(item["text"], names)

    def _masked(self, text: str, names: tuple[str, ...]) -> str:
        plain = mask_contacts(text)
        masked = mask_names(plain, names) if names else plain
        if plain != text:
            self._report.counts["texts with an e-mail or telephone number masked"] += 1
        if masked != plain:
            self._report.counts["texts with a name masked"] += 1
        return text if masked == text else masked[:MAX_TEXT]

    def _cap(self, draft: Draft, data: dict[str, Any]) -> None:
        for name, cap, dropped in cap_lists(data, "people"):
            expected = _("at most {cap} {name}; the first {cap} were kept", cap=cap, name=name)
            value = HIDDEN if name in _HIDDEN_FIELDS else ngettext("{n} entry", "{n} entries", cap + dropped)
            self._report.add(draft.file, expected, row=draft.row, column=draft.columns.get(name, name), value=value)


def _holds(data: dict[str, Any], name: str) -> bool:
    root, _, dimension = name.partition(".")
    if not dimension:
        return any(data.get(covered) for covered in _covered(root))
    return any(item.get("dimension") == dimension for item in data.get(root, ()))


def _take_out(data: dict[str, Any], name: str) -> None:
    root, _, dimension = name.partition(".")
    if dimension:
        data[root] = [item for item in data.get(root, ()) if item.get("dimension") != dimension]
    else:
        for covered in _covered(root):
            data.pop(covered, None)


def _covered(name: str) -> list[str]:
    """Fields that the consent for a field covers."""
    return [target.name for target in PEOPLE.values() if target.sensitive and target.consent == name] or [name]
