"""Who is who: rows that are one person are found by the programme's id or by normalised e-mail, and by nothing else."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from matchengine.i18n import _
from matchengine.io.contacts import Contact, ContactSheet, new_id
from matchengine.io.fields import Target
from matchengine.io.report import HIDDEN, Report, place
from matchengine.io.rows import Draft
from matchengine.io.values import Reference
from matchengine.io.words import normalise

__all__ = ["Member", "People", "resolve"]


@dataclass(slots=True)
class Member:
    """One person with all rows that are about them, first row first."""

    drafts: list[Draft] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    email: str | None = None
    person_id: str = ""


class People:
    """Sorts drafts into people and gives each person an id.

    Parameters
    ----------
    drafts : iterable of Draft
        In the order of the files; their contact e-mails may be taken out where they lead to somebody else.
    contacts : ContactSheet
        Known contacts; is changed.
    report : Report
        Receives merges, conflicts and new ids.
    """

    def __init__(self, drafts: Iterable[Draft], contacts: ContactSheet, report: Report) -> None:
        self.members: list[Member] = []
        self.contacts = contacts
        self._report = report
        self._by_id: dict[str, Member] = {}
        self._by_email: dict[str, Member] = {}
        for draft in drafts:
            self._place(draft)
        for member in self.members:
            self._name(member)

    def _place(self, draft: Draft) -> None:
        own, email = draft.data.pop("id", None), draft.contact.get("email")
        if own is None and email is None:
            note = _("no id or e-mail; this person got a new id and cannot be recognised at the next import")
            self._report.add(draft.file, note, row=draft.row, effect="note")
        member = self._by_id.get(own) if own else None
        by_email = self._by_email.get(email) if email else None
        if member is not None and by_email is not None and member is not by_email:
            expected = _("an e-mail that is not another person's; the id was believed and the e-mail not used")
            self._email_conflict(draft, expected)
            email = None
        elif member is None and by_email is not None and self._same(draft, own, by_email):
            member = by_email
        elif member is None and by_email is not None:
            expected = _(
                "an e-mail of one's own; this e-mail belongs to somebody else in these files; kept as a "
                "second person without e-mail"
            )
            self._email_conflict(draft, expected)
            email = None
        if member is None:
            member = Member()
            self.members.append(member)
        else:
            self._note_merge(draft, own, member)
        member.drafts.append(draft)
        if own and own not in member.ids:
            member.ids.append(own)
            self._by_id[own] = member
        if email:
            member.email = member.email or email
            self._by_email.setdefault(email, member)

    def _email_conflict(self, draft: Draft, expected: str) -> None:
        header = draft.columns.get("contact")
        self._report.add(draft.file, expected, row=draft.row, column=header, value=HIDDEN)
        del draft.contact["email"]

    def _same(self, draft: Draft, own: str | None, other: Member) -> bool:
        """Return whether a row with a known e-mail is that person although it brings an id of its own."""
        if own is None or not other.ids or all(known.file != draft.file for known in other.drafts):
            return True
        names = {_name(known) for known in other.drafts} - {""}
        return not names or _name(draft) in {*names, ""}

    def _note_merge(self, draft: Draft, own: str | None, member: Member) -> None:
        first = member.drafts[0]
        where = _("row {row}", row=first.row) if first.file == draft.file else place(first.file, first.row)
        note = _("the same person as {where}; the rows were merged into one person", where=where)
        if own and member.ids and own not in member.ids:
            note = _(
                "the same person as {where}; the rows were merged into one person, whose id is {id!r} and not {own!r}",
                **{"where": where, "id": member.ids[0], "own": own},
            )
        self._report.add(draft.file, note, row=draft.row, effect="note")
        self._report.counts["rows merged into another"] += 1

    def _name(self, member: Member) -> None:
        """Give a person an id: that of who was erased, else the programme's own, the sheet's, or a random one."""
        known = self.contacts.id_for(member.email) if member.email else None
        own = member.ids[0] if member.ids else None
        erased = self.contacts.erased_id(member.email, own, known) if member.email else None
        member.person_id = erased or own or known or new_id()
        if erased and known:
            self.contacts.remove(known)
        elif known and known != member.person_id:
            note = _(
                "the contacts sheet knew this e-mail under another id; the programme's own id is used from now on. "
                "Import again what names the old id"
            )
            first = member.drafts[0]
            self._report.add(first.file, note, row=first.row, effect="note")
            self.contacts.remove(known)
        values: dict[str, str] = {}
        for draft in member.drafts:
            values = {**draft.contact, **values}
        old = self.contacts.get(member.person_id)
        if values or old is not None:
            before = old.model_dump(exclude_none=True) if old else {}
            self.contacts.add(Contact.model_validate({**before, **values, "id": member.person_id}))

    def find(self, reference: Reference) -> str | None:
        """Return the id of the person a reference means, among these rows or the contacts sheet."""
        if reference.is_email:
            member = self._by_email.get(reference.text)
            return member.person_id if member else self.contacts.id_for(reference.text)
        member = self._by_id.get(reference.text)
        if member is not None:
            return member.person_id
        return reference.text if reference.text in self.contacts else None


def _name(draft: Draft) -> str:
    contact = draft.contact
    return normalise(contact.get("name") or f"{contact.get('first_name', '')} {contact.get('last_name', '')}")


def resolve(
    reference: Reference, target: Target, header: str, draft: Draft, people: People, report: Report, *, hard: bool
) -> str | None:
    """Return the id that a reference means, or None and a reported problem.

    Parameters
    ----------
    reference, target, header : Reference, Target, str
        What the cell says, what its column means, and its header.
    draft : Draft
        The row.
    people : People
        Everybody known.
    report : Report
        Receives unknown references.
    hard : bool
        Whether the reference is a rule that must hold even for somebody who joins later: then an unknown e-mail gets a
        reserved id in the contacts sheet, and an unknown id is kept if it holds a digit.
    """
    found = people.find(reference)
    if found is not None:
        return found
    exact = draft.typed and header == target.name  # a record's own field: an id whatever it looks like
    if reference.is_email and hard:
        note = _(
            "nobody here has this e-mail yet; an id is reserved in the contacts sheet, so that the rule holds later"
        )
        report.add(draft.file, note, row=draft.row, column=header, effect="note")
        return people.contacts.reserve(reference.text)
    if not reference.is_email and (exact or (hard and any(letter.isdigit() for letter in reference.text))):
        return reference.text
    expected = _(
        "{meaning}: somebody in these files or in the contacts sheet; names do not identify people",
        meaning=target.meaning,
    )
    report.add(draft.file, expected, row=draft.row, column=header, value=HIDDEN)
    return None
