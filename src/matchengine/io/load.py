"""What `Engine.load` accepts for each kind of record: records, dicts, or a data frame."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
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
from matchengine.io.sources import is_frame
from matchengine.records import (
    ConsentGrant,
    Event,
    Feedback,
    Gathering,
    Group,
    Organisation,
    Person,
    Project,
    Relationship,
    Resource,
    as_records,
)
from matchengine.records.base import RecordType, record_chunks

__all__ = ["chunks_of", "gatherings_of", "records_of"]


_READERS: dict[Any, Any] = {
    Event: read_events,
    Resource: read_resources,
    Project: read_projects,
    Organisation: read_organisations,
    ConsentGrant: read_consents,
    Feedback: read_feedback,
}


def chunks_of(source: Any, model: type[RecordType]) -> Iterator[list[RecordType]]:
    """Do what `records_of` does, chunk by chunk; see `record_chunks`."""
    if source is None or is_frame(source):
        yield records_of(source, model)
    else:
        yield from record_chunks(source, model)


_GATHERINGS: dict[str, type[Gathering]] = {
    "groups": Group,
    "events": Event,
    "resources": Resource,
    "projects": Project,
    "organisations": Organisation,
}


def gatherings_of(**sources: Any) -> dict[str, Sequence[Gathering]]:
    """Turn what was given for each kind of gathering, by the name of its list, into records as `records_of` does."""
    return {name: records_of(source, _GATHERINGS[name]) for name, source in sources.items()}


def records_of(source: Any, model: type[RecordType]) -> list[RecordType]:
    """Turn what was given for one kind of record into records.

    Parameters
    ----------
    source : None, iterable of records or dicts, or a data frame
        A data frame of people, groups or relationships may use any headers that the importer understands; the
        other kinds need one column per field.
    model : type of Record

    Raises
    ------
    DataError
        With every problem of every record; nothing is dropped.
    """
    if source is None:
        return []
    if not is_frame(source):
        return as_records(source, model)
    records: Any
    if model is Person:
        records = read_people(source, strict=True).people
    elif model is Group:
        records = read_groups(source, strict=True).groups
    elif model is Relationship:
        records = read_relationships(source, strict=True).relationships
    else:
        records = _READERS[model](source, strict=True).records
    made: list[RecordType] = records
    return made
