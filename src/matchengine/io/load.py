"""What `Engine.load` accepts for each kind of record: records, dicts, or a data frame."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from matchengine.records import Event, Gathering, Group, Organisation, Project, Resource, as_records
from matchengine.records.base import RecordType, record_chunks

__all__ = ["chunks_of", "gatherings_of", "is_frame", "records_of"]

_FRAME_MARKS = ("__narwhals_dataframe__", "__narwhals_lazyframe__", "__dataframe__", "__arrow_c_stream__", "iloc")


def is_frame(value: object) -> bool:
    """Return whether a value is a DataFrame of any library, without importing one."""
    return any(hasattr(value, mark) for mark in _FRAME_MARKS)


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
    from matchengine.io.frames import records_in  # what reads spreadsheets is loaded only for one

    return records_in(source, model)
