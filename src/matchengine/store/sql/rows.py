"""Rows of the tables as what the rest of the program knows, and back."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matchengine.errors import DataError, StoreError
from matchengine.i18n import _
from matchengine.records.moments import in_utc
from matchengine.store.base import AuditLine, Change, Entry, Event
from matchengine.store.sql.sealer import Sealer, document_context

__all__ = ["audit_line", "audit_row", "checked", "entry", "is_text", "micros", "moment", "record_row", "vector_of"]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_FLOATS = np.dtype("<f4")


def micros(at: datetime | None) -> int | None:
    """Return a moment as microseconds since 1970; one without a time zone is in UTC."""
    if at is None:
        return None
    return (in_utc(at) - _EPOCH) // _MICROSECOND


def moment(number: int | None) -> datetime | None:
    """Return the moment, in UTC, of microseconds since 1970."""
    return None if number is None else _EPOCH + timedelta(microseconds=number)


def is_text(text: str) -> bool:
    """Tell whether every database can hold a text: no NUL, no half of a surrogate pair."""
    return "\0" not in text and (text.isascii() or _encodes(text))


def _encodes(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def checked(where: str, *texts: str) -> None:
    """Refuse texts that not every database can hold.

    Raises
    ------
    DataError
        It names `where`, not the text.
    """
    if not all(map(is_text, texts)):
        raise DataError(
            _("{where}: expected text without NUL and without halves of characters, got another", where=where)
        )


def record_row(programme: str, change: Change, generation: int, now: int | None, sealer: Sealer) -> dict[str, Any]:
    """Return the row of a change, whose ids were checked."""
    document = change.document
    if document is not None and not _encodes(document):
        checked("document", document)
    return {
        "programme": programme,
        "id": change.id,
        "kind": change.kind,
        "generation": generation,
        "written_at": now if change.written_at is None else micros(change.written_at),
        "expires_at": micros(change.expires_at),
        "people": "[]" if document is None else json.dumps(change.people),
        "document": None
        if document is None
        else sealer.seal(document.encode(), document_context(programme, change.kind, change.id)),
    }


def entry(programme: str, row: Any, now: int, sealer: Sealer) -> Entry:
    """Return what is served of a row of `record`: what expired by now reads as gone."""
    gone = row.document is None or (row.expires_at is not None and row.expires_at <= now)
    document = None if gone else sealer.unseal(row.document, document_context(programme, row.kind, row.id)).decode()
    people = () if gone else tuple(json.loads(row.people))
    written = moment(row.written_at) or _EPOCH
    return Entry(row.kind, row.id, document, people, row.generation, written, moment(row.expires_at))


def audit_row(programme: str, line: AuditLine) -> dict[str, Any]:
    """Return the row of a line of the record of events."""
    event = line.event
    checked("event", event.actor, event.action, event.why)
    return {
        "programme": programme,
        "number": line.number,
        "at": micros(line.at),
        "actor": event.actor,
        "action": event.action,
        "subjects": json.dumps(list(event.subjects)),
        "details": json.dumps(dict(event.details)),
        "why": event.why,
        "previous": line.previous,
        "hash": line.hash,
    }


def audit_line(row: Any) -> AuditLine:
    """Return the line of a row; one that cannot be read comes out as a line that breaks the chain."""
    try:
        subjects, details = tuple(json.loads(row.subjects)), dict(json.loads(row.details))
    except (ValueError, TypeError):
        subjects, details = (), {"damaged": "row"}
    event = Event(row.actor, row.action, subjects, details, row.why)
    return AuditLine(row.number, moment(row.at) or _EPOCH, event, row.previous, row.hash)


def vector_of(data: bytes, dimension: int) -> NDArray[np.float32]:
    """Return a vector (dimension,) of its bytes.

    Raises
    ------
    StoreError
        Where they are those of another dimension.
    """
    found = np.frombuffer(data, _FLOATS) if len(data) % 4 == 0 else np.empty(0, _FLOATS)
    if len(found) != dimension:
        raise StoreError(_("a stored vector has another length than the others of its model; load the data again"))
    return found.astype(np.float32, copy=False)
