"""People from spreadsheets: `read_people` turns one or more files into `Person` records and says what it left out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import get_args

from matchengine.errors import DataError, did_you_mean
from matchengine.i18n import _
from matchengine.io.assemble import PersonMaker
from matchengine.io.contacts import ContactSheet
from matchengine.io.drafts import read_drafts
from matchengine.io.identity import People
from matchengine.io.mapping import Mapping
from matchengine.io.report import Report
from matchengine.io.rows import Draft
from matchengine.io.sources import Source
from matchengine.records import ConsentGrant, Person, Relationship
from matchengine.records import vocabulary as v

__all__ = ["PeopleImport", "read_people"]


@dataclass(frozen=True, slots=True, repr=False)
class PeopleImport:
    """What `read_people` made.

    Attributes
    ----------
    people : list of Person
        One record per person, in the order of their first row.
    consents : list of ConsentGrant
        One per person, field and purpose with a clear yes.
    relationships : list of Relationship
        Present and past mentors and must-not pairs that the rows named.
    contacts : ContactSheet
        Names and addresses, those that were given included; keep it for the next import.
    report : Report
        Everything that was noticed.
    """

    people: list[Person]
    consents: list[ConsentGrant]
    relationships: list[Relationship]
    contacts: ContactSheet
    report: Report

    def __repr__(self) -> str:
        """Return sizes alone: people must not end up in logs."""
        sizes = f"{len(self.people)} people, {len(self.consents)} consents, {len(self.report.failures)} problems"
        return f"PeopleImport({sizes})"


def read_people(
    source: Source,
    mapping: Mapping | None = None,
    *,
    role: v.Role | None = None,
    strict: bool = False,
    contacts: ContactSheet | None = None,
    consents: Iterable[ConsentGrant] | None = None,
) -> PeopleImport:
    """Read people from spreadsheets, JSON Lines, dicts or a DataFrame.

    Rows of one person (same id, else same normalised e-mail) become one record. Bad values are dropped and the row is
    kept; a row is left out only if it cannot be a person. The report lists both.

    Parameters
    ----------
    source : path, list of paths, iterable of dicts or records, or DataFrame
        CSV, TSV, XLSX, JSON Lines or a table in memory.
    mapping : Mapping, optional
        What the columns mean; without it headers are guessed and each guess is listed in the report.
    role : str, optional
        A role that everybody in the source has, besides those in the rows.
    strict : bool
        Refuse the whole import if anything would be lost.
    contacts : ContactSheet, optional
        The sheet of an earlier import, so that people keep their ids; it is not changed.
    consents : iterable of ConsentGrant, optional
        For sources that are records already: sensitive fields with a grant here are kept, the others dropped.

    Raises
    ------
    ImportRefusedError
        If `strict` and anything was lost; a `DataError` with all problems.
    """
    if role is not None and role not in get_args(v.Role):
        raise DataError(
            _(
                "role: expected one of the roles; got {role!r}; {hint}",
                role=role,
                hint=did_you_mean(role, get_args(v.Role)),
            )
        )
    report = Report()
    grants = None if consents is None else list(consents)
    drafts = read_drafts(source, mapping, "people", report, role=role, sensitive_ok=grants is not None)
    drafts = [draft for draft in drafts if _can_be_a_person(draft, report)]
    people = People(drafts, contacts.copy() if contacts is not None else ContactSheet(), report)
    maker = PersonMaker(people, report, mapping.defaults.keep if mapping else "first", grants)
    made = PeopleImport([], [], [], people.contacts, report)
    for member in people.members:
        one = maker.make(member)
        if one is not None:
            made.people.append(one.person)
            made.consents.extend(one.consents)
            made.relationships.extend(one.relationships)
    report.counts["people made"] = len(made.people)
    roleless = sum(not person.roles for person in made.people)
    if roleless:
        report.add(_("all files"), _("{n} without a role; nobody is suggested to them", n=roleless), effect="note")
    report.refuse_if(strict)
    return made


def _can_be_a_person(draft: Draft, report: Report) -> bool:
    if (
        not draft.identified
        or "id" in draft.data
        or {"email", "name", "first_name", "last_name"} & draft.contact.keys()
    ):
        return True
    expected = _("an id, an e-mail address or a name; without any the row cannot be a person")
    report.add(draft.file, expected, row=draft.row, effect="row left out")
    report.counts["rows left out"] += 1
    return False
