"""For how long a store keeps what comes to an end; what has run out is never served, and goes with the next purge."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from matchengine.config import RetentionConfig
from matchengine.records import Feedback, GroupRequest, MeetingHeld, Pause, Record, Relationship
from matchengine.records.moments import LAST_MOMENT, in_utc

__all__ = ["expires", "expires_after"]

_OVER = ("completed", "ended")


def expires(record: Record, retention: RetentionConfig, written: datetime) -> datetime | None:
    """Return from when a record is no longer served (UTC); None where it stays.

    Parameters
    ----------
    record : Record
        Any of `matchengine.store.documents.KINDS`; most never run out.
    retention : RetentionConfig
    written : datetime
        Counts where the record does not say when what it tells of took place.
    """
    if isinstance(record, GroupRequest):
        return in_utc(record.expires_at)
    days, begin = _kept(record, retention)
    return None if days is None else expires_after(written if begin is None else _moment(begin), days)


def expires_after(begin: datetime, days: int | None) -> datetime | None:
    """Return when so many days after a moment are over; None where nothing ends."""
    if days is None:
        return None
    begin = in_utc(begin)
    return begin + min(timedelta(days=days), LAST_MOMENT - begin)


def _kept(record: Record, retention: RetentionConfig) -> tuple[int | None, date | None]:
    """For how many days a record is kept, and from when they count (None: from when it is written)."""
    if isinstance(record, Feedback):
        return retention.feedback, record.given_at
    if isinstance(record, MeetingHeld):
        return retention.meeting, record.held_on
    if isinstance(record, Relationship) and record.status in _OVER:
        return retention.relationship, record.ends
    if isinstance(record, Pause) and (record.lifted or record.until is not None):
        return retention.pause, None if record.lifted else record.until
    return None, None


def _moment(day: date) -> datetime:
    """Return a moment: itself, or the end of a day."""
    return day if isinstance(day, datetime) else datetime.combine(day, time.max, UTC)
