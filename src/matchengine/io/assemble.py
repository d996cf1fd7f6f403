"""From all rows of one person to one `Person` with consents and ties."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

from matchengine.io.fields import PEOPLE
from matchengine.io.identity import Member, People
from matchengine.io.merge import merge_data
from matchengine.io.report import Report
from matchengine.records import ConsentGrant, Person, Relationship

__all__ = ["Made", "PersonMaker"]

_HIDDEN_FIELDS = frozenset(target.path[0] for target in PEOPLE.values() if target.hidden)
_MASKED_FIELDS = tuple(name for name, target in PEOPLE.items() if target.names_masked)
_TIES: dict[str, dict[str, Any]] = {
    "relationships.mentor": {"kind": "mentoring"},
    "relationships.mentee": {"kind": "mentoring"},
    "relationships.past_mentor": {"kind": "mentoring", "status": "completed", "do_not_rematch": True},
    "relationships.must_not": {"kind": "must_not"},
}


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
        for other in member.drafts[1:]:
            merge_data(data, other.data, partial(self._conflict, other), keep=self._keep)
