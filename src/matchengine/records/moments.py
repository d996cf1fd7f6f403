"""What a moment in a record means: one without a zone is of UTC, and whatever lies beyond the calendar at its end."""

from __future__ import annotations

from datetime import UTC, datetime

__all__ = ["FIRST_MOMENT", "LAST_MOMENT", "in_utc"]

FIRST_MOMENT = datetime.min.replace(tzinfo=UTC)
LAST_MOMENT = datetime.max.replace(tzinfo=UTC)


def in_utc(moment: datetime) -> datetime:
    """Return the same moment in UTC; without a zone it is one of UTC already."""
    if moment.tzinfo is None:
        return moment.replace(tzinfo=UTC)
    try:
        return moment.astimezone(UTC)
    except OverflowError:  # the last hours of the year 9999 west of Greenwich, the first of the year 1 east of it
        return LAST_MOMENT if moment.year > 1 else FIRST_MOMENT
