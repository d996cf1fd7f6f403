"""Records as documents of a store, and back: of which kind, under which id, and whom they involve."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from matchengine.errors import StoreError
from matchengine.i18n import _
from matchengine.records import (
    ConsentGrant,
    Contribution,
    Event,
    Feedback,
    Group,
    GroupRequest,
    MeetingHeld,
    Organisation,
    Pause,
    Person,
    Project,
    Record,
    Relationship,
    Resource,
)
from matchengine.records.moments import in_utc
from matchengine.records.outcomes import (
    GoalScale,
    OutcomeEvent,
    PlannedStep,
    ProgrammeStep,
    SkillReading,
    SurveyAnswer,
)
from matchengine.store.base import Change, Entry

__all__ = [
    "GATHERINGS",
    "KINDS",
    "LOADED",
    "Gone",
    "change_of",
    "id_of",
    "involved",
    "kind_of",
    "read_document",
    "records_in",
]

KINDS: Mapping[str, type[Record]] = {
    "person": Person,
    "group": Group,
    "event": Event,
    "resource": Resource,
    "project": Project,
    "organisation": Organisation,
    "relationship": Relationship,
    "consent": ConsentGrant,
    "feedback": Feedback,
    "pause": Pause,
    "meeting": MeetingHeld,
    "group_request": GroupRequest,
    "contribution": Contribution,
    "outcome": OutcomeEvent,
    "skill": SkillReading,
    "goal_scale": GoalScale,
    "survey": SurveyAnswer,
    "programme_step": ProgrammeStep,
    "planned_step": PlannedStep,
}
"""Records that a store holds, by the names of their kinds. Other kinds hold what the engine itself keeps."""
GATHERINGS = ("group", "event", "resource", "project", "organisation")
LOADED = ("person", *GATHERINGS, "relationship", "consent", "feedback")
"""Kinds that a whole load replaces."""
_NAMES = {model: name for name, model in KINDS.items()}
_KEYS: Mapping[str, tuple[str, ...]] = {
    "relationship": ("kind", "person_id", "other_id", "started"),
    "consent": ("person_id", "field", "purpose", "audience", "granted_at"),
    "meeting": ("person_id", "other_id", "held_on"),
    "pause": ("person_id",),
    "group_request": ("person_id",),
    "contribution": ("person_id", "kind", "on", "text"),
    "outcome": ("person_id", "kind", "on"),
    "skill": ("person_id", "skill", "on"),
    "goal_scale": ("person_id", "goal", "agreed_on"),
    "survey": ("person_id", "instrument", "wave", "on", "side"),
    "programme_step": ("person_id", "step"),
    "planned_step": ("person_id", "planned_on"),
}
"""What makes two records the same one, where they have no id; of other kinds, all of it."""
_ID_FIELDS = ("person_id", "other_id", "about_id", "anchor_of", "decided_by", "line_manager", "led_by", "household")


@dataclass(frozen=True)
class Gone:
    """Somebody or something with this id is taken out."""

    id: str


def kind_of(record: Record) -> str:
    """Return the name of a record's kind."""
    return _NAMES[type(record)]


def id_of(record: Record) -> str:
    """Return the id of a record among its kind: its own one, or a hash of what makes it this record."""
    own = getattr(record, "id", None)
    if own is not None:
        return str(own)
    kind = kind_of(record)
    if kind not in _KEYS:
        return _hash(record.model_dump_json(exclude_defaults=True))
    return _hash("\n".join([kind, *(_plain(getattr(record, name)) for name in _KEYS[kind])]))


def involved(record: Record) -> tuple[str, ...]:
    """Return the ids of everybody and everything that a record is about or names, sorted."""
    ids = {str(value) for name in ("id", *_ID_FIELDS) if (value := getattr(record, name, None)) is not None}
    ids.update(boundary.value for boundary in getattr(record, "boundaries", ()) if boundary.kind == "person")
    ids.update(contact.person_id for contact in getattr(record, "contacts", ()))
    return tuple(sorted(ids))


def change_of(record: Record) -> Change:
    """Return the change that brings a record, or puts it in the place of the one before."""
    expires = getattr(record, "expires_at", None) if isinstance(record, GroupRequest) else None
    document = record.model_dump_json(exclude_defaults=True)
    return Change(kind_of(record), id_of(record), document, involved(record), expires and in_utc(expires))


def read_document(entry: Entry) -> Record:
    """Return the record of an entry.

    Raises
    ------
    StoreError
        Where the document does not fit this version's data model; its content is not repeated.
    """
    model = KINDS[entry.kind]
    try:
        return model.model_validate_json(entry.document or "")
    except ValueError:
        told = _("store: {kind} of change {n} cannot be read", kind=entry.kind, n=entry.generation)
        raise StoreError(told + "; " + _("was it written by a later version? Update matchengine")) from None


def records_in(entries: Iterator[Entry]) -> dict[str, list[Any]]:
    """Read entries into lists of records by kind, each in the order of the entries."""
    found: dict[str, list[Any]] = {name: [] for name in KINDS}
    for entry in entries:
        found[entry.kind].append(read_document(entry))
    return found


def _plain(value: object) -> str:
    return in_utc(value).isoformat() if isinstance(value, datetime) else str(value)


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]
