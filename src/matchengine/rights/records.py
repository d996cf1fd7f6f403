"""What is handed over when a person asks for their data, and what remains on paper of an erasure."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from pydantic import Field

from matchengine.records import ConsentGrant, Feedback, GroupRequest, Pause, Person, Record
from matchengine.store.results import Copy

__all__ = ["Derived", "Erasure", "Held", "InResult", "Outside", "PersonRecord", "Purged", "Seen"]


class Held(Record):
    """One document that is held: of which kind, when it was written, with which change, and when it ends."""

    kind: str
    written_at: datetime
    generation: int
    expires_at: datetime | None = None


class InResult(Record):
    """One person's part of a draft that was kept: numbers, days and closed words, nothing of anybody else.

    Neither its name, which may name somebody, nor whether it is stale is told: somebody else in it may have made it so.
    """

    kind: str
    kept_at: datetime
    parts: tuple[dict[str, Any], ...] = ()


class Seen(Record):
    """One line of the programme's record that concerns the person, or everybody; nothing that tells of somebody else.

    `actor` is the role of who acted, or the person. Of changes those are told that concern the person alone, and those
    that wrote what is held now; of decisions about a draft the person's own.
    """

    at: datetime
    actor: str
    action: str
    details: dict[str, str] = Field(default={})


class Outside(Record):
    """Data of the programme that were written outside its store: what and when; not where, which may name others."""

    what: str
    written_on: date


class Derived(Record):
    """What was made out of what a person said.

    Attributes
    ----------
    texts : dict
        Per text field exactly what the embedder sees.
    model : str
        Which model made vectors of these texts; the vectors themselves are never handed out.
    vectors : int
        How many of them there are.
    tokens : dict
        How many hashed tokens stand for what they confided, by field.
    suggestions : dict
        Per kind of match what they would read now about whom they are suggested, without words of others.
    """

    texts: dict[str, tuple[str, ...]] = Field(default={})
    model: str = ""
    vectors: int = 0
    tokens: dict[str, int] = Field(default={})
    suggestions: dict[str, tuple[dict[str, Any], ...]] = Field(default={})


class PersonRecord(Record):
    """Everything that is held about one person, without the id, a text or an attribute of anybody else.

    Other people are `somebody-1`, `somebody-2` and so on, the same throughout one document. What others confided about
    the person is theirs and is not here: their boundaries, their answers one by one. `feedback_about` tells in steps of
    five how many people answered, and the mean of each rating anew with every fifth who gave one, so that two records
    do not tell one answer. `generation` is that of the last change in `held`: others' changes count on. `record`,
    `consents` and `pauses` can be loaded again.
    """

    person_id: str
    programme: str
    made_at: datetime
    generation: int
    record: Person | None = None
    consents: tuple[ConsentGrant, ...] = ()
    pauses: tuple[Pause, ...] = ()
    requests: tuple[GroupRequest, ...] = ()
    relationships: tuple[dict[str, Any], ...] = ()
    meetings: tuple[dict[str, Any], ...] = ()
    feedback_given: tuple[Feedback, ...] = ()
    feedback_about: dict[str, float | str] = Field(default={})
    named_in: dict[str, int] = Field(default={})
    results: tuple[InResult, ...] = ()
    derived: Derived = Derived()
    seen: tuple[Seen, ...] = ()
    held: tuple[Held, ...] = ()
    copies: tuple[Outside, ...] = ()


class Erasure(Record):
    """What an erasure removed. It names nobody: `subject` is a keyed hash.

    Attributes
    ----------
    documents : int
        Documents that are gone: the person's own, and those about them and somebody else.
    rewritten : int
        Documents of others that no longer name the person.
    flags_kept : int
        Safety flags on groups that stay, without a name, to protect others.
    vectors : int
        Vectors that nobody else's text needs.
    results : int
        Drafts that were kept and named the person.
    cached : int
        Entries of the cache of vectors that engines without a store share. The cache beside a store goes as a whole.
    copies : tuple of Copy
        Where data were written outside the store, and a cache beside it that could not be deleted. People must delete
        those by hand; those written before the person came hold nothing of them.
    """

    subject: str
    at: datetime
    documents: int
    rewritten: int = 0
    flags_kept: int = 0
    vectors: int = 0
    results: int = 0
    cached: int = 0
    copies: tuple[Copy, ...] = ()


class Purged(Record):
    """What a purge deleted because its time was over: documents by kind, and the record up to a line's number."""

    at: datetime
    documents: dict[str, int] = Field(default={})
    audit_up_to: int | None = None
