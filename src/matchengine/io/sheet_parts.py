"""What sheets are made of: the sheet itself, who stands in it, key figures, and one row per person of a side."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from matchengine.i18n import N_, _
from matchengine.io.contacts import ContactSheet
from matchengine.io.limits import DEFAULT_LIMITS
from matchengine.records import Change, Obstacle
from matchengine.records.result import Fingerprint

__all__ = [
    "Cell",
    "Figure",
    "Match",
    "Sheet",
    "called",
    "made_by",
    "numbered",
    "person_keys",
    "please_note",
    "role_name",
    "side_keys",
    "side_sheet",
    "side_titles",
    "summary_sheet",
    "told",
    "who",
    "yes",
]

Cell = str | int | float | date | None
"""What one cell may hold; None is an empty cell."""
Figure = tuple[str, Cell]
"""A key figure in words, and its value."""

_ROLES = {
    "anyone": N_("anyone"),
    "mentee": N_("mentee"),
    "mentor": N_("mentor"),
    "peer": N_("peer"),
    "sponsor": N_("sponsor"),
    "protege": N_("protege"),
    "buddy": N_("buddy"),
    "facilitator": N_("facilitator"),
    "volunteer": N_("volunteer"),
    "group": N_("group"),
    "event": N_("event"),
    "resource": N_("resource"),
    "organisation": N_("organisation"),
}


@dataclass(frozen=True, slots=True, repr=False)
class Sheet:
    """One sheet of a workbook, or one CSV file.

    Attributes
    ----------
    title : str
        In the reader's language; may be longer than a spreadsheet program allows.
    header : tuple of str
        One name per column.
    rows : tuple of tuples of Cell
        As many cells as the header has, in every row.
    listing : bool
        Whether the rows are of one kind, so that filtering and sorting them makes sense.
    """

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    listing: bool = True

    def __repr__(self) -> str:
        """Return title and size alone: cells may hold names."""
        return f"Sheet({self.title!r}, {len(self.header)} columns, {len(self.rows)} rows)"


class Match(NamedTuple):
    """Somebody with whom a person is matched or suggested, with the score and what to tell the person."""

    person_id: str
    other_id: str
    score: float
    text: str


def role_name(role: str) -> str:
    """Return a role in words; one that the programme made up as it stands."""
    return _(_ROLES[role]) if role in _ROLES else role


def side_titles(requester: str, candidate: str) -> tuple[str, str]:
    """Return the titles of the sheets of both sides, different where both have one role."""
    looking, giving = role_name(requester), role_name(candidate)
    if looking == giving:
        return _("{role} (looking)", role=looking), _("{role} (suggested)", role=giving)
    return looking, giving


def person_keys(contacts: ContactSheet | None) -> tuple[str, ...]:
    """Return the headers of the cells that say who, the same in every language."""
    return ("id",) if contacts is None else ("id", "name", "email")


def side_keys(side: str, contacts: ContactSheet | None) -> tuple[str, ...]:
    """Return the same headers for a row that names several people, such as `requester_id`."""
    return tuple(f"{side}_{key}" for key in person_keys(contacts))


def who(person_id: str | None, contacts: ContactSheet | None) -> tuple[Cell, ...]:
    """Return the cells that say who: the id, and with contacts the name and the e-mail address; empty for nobody."""
    if contacts is None:
        return (person_id,)
    contact = None if person_id is None else contacts.get(person_id)
    return (person_id, contact.full_name, contact.email) if contact else (person_id, None, None)


def called(person_id: str, contacts: ContactSheet | None) -> str:
    """Return the name of a person where contacts are joined and know it, else the id."""
    contact = contacts.get(person_id) if contacts is not None else None
    return (contact.full_name if contact else None) or person_id


def told(sentences: Sequence[Obstacle | Change]) -> str:
    """Return sentences below each other."""
    return "\n".join(sentence.text for sentence in sentences)


def yes(holds: bool) -> str | None:
    """Return "yes" or an empty cell, so that a filter finds what holds."""
    return _("yes") if holds else None


def numbered(label: str, texts: Iterable[str]) -> list[Figure]:
    """Return one row per text; `label` has a place for the number `n`."""
    return [(_(label, n=number), text) for number, text in enumerate(texts, 1)]


def made_by(fingerprint: Fingerprint | None) -> list[Figure]:
    """Return what made a result."""
    if fingerprint is None:
        return []
    return [
        (_("Configuration"), fingerprint.config),
        (_("Model"), fingerprint.model),
        (_("Generation of the data"), fingerprint.generation),
    ]


def please_note() -> Figure:
    """Return what a reader of any draft must know."""
    return _("Please note"), _("These are drafts: nothing is decided until the people themselves agree.")


def summary_sheet(figures: Iterable[Figure]) -> Sheet:
    """Return the sheet that stands first."""
    return Sheet(_("Summary"), (_("Key figure"), _("Value")), tuple(figures), listing=False)


def side_sheet(title: str, person_ids: Sequence[str], matches: Iterable[Match], contacts: ContactSheet | None) -> Sheet:
    """Return one row per person of a side, with columns `match 1`, `match 2` … in the order of `matches`.

    There are columns for as many matches as the importer reads columns; the sheet of pairs always holds all.
    """
    found: dict[str, list[Match]] = {person: [] for person in person_ids}
    for match in matches:
        found.setdefault(match.person_id, []).append(match)
    keys = person_keys(contacts)
    room = (DEFAULT_LIMITS.columns - len(keys) - 2) // (len(keys) + 1)
    shown = min(room, max(map(len, found.values()), default=0))
    header = [*keys, _("number of matches")]
    for n in range(1, shown + 1):
        named = [] if contacts is None else [_("match {n} name", n=n), _("match {n} email", n=n)]
        header += [_("match {n}", n=n), *named, _("match {n} score", n=n)]
    rows = []
    for person, members in found.items():
        cells = [*who(person, contacts), len(members)]
        for member in members[:shown]:
            cells += [*who(member.other_id, contacts), member.score]
        cells += [None] * (len(header) - len(cells))
        details = [f"{n}. {called(m.other_id, contacts)}\n{m.text}" for n, m in enumerate(members, 1) if m.text]
        rows.append((*cells, "\n\n".join(details)))
    return Sheet(title, (*header, _("match details")), tuple(rows))
