"""Records out of a data frame, by the reader of spreadsheets for their kind."""

from __future__ import annotations

from typing import Any

from matchengine.io.groups import read_groups
from matchengine.io.people import read_people
from matchengine.io.record_files import (
    read_consents,
    read_events,
    read_feedback,
    read_organisations,
    read_projects,
    read_resources,
)
from matchengine.io.relationships import read_relationships
from matchengine.records import (
    ConsentGrant,
    Event,
    Feedback,
    Group,
    Organisation,
    Person,
    Project,
    Relationship,
    Resource,
)
from matchengine.records.base import RecordType

__all__ = ["records_in"]

_READERS: dict[Any, Any] = {
    Event: read_events,
    Resource: read_resources,
    Project: read_projects,
    Organisation: read_organisations,
    ConsentGrant: read_consents,
    Feedback: read_feedback,
}


def records_in(frame: Any, model: type[RecordType]) -> list[RecordType]:
    """Return the records of a data frame; see `matchengine.io.load.records_of`."""
    records: Any
    if model is Person:
        records = read_people(frame, strict=True).people
    elif model is Group:
        records = read_groups(frame, strict=True).groups
    elif model is Relationship:
        records = read_relationships(frame, strict=True).relationships
    else:
        records = _READERS[model](frame, strict=True).records
    made: list[RecordType] = records
    return made
