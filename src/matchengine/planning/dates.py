"""When a group meets: recurring slots as moments in the group's own time zone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr

from matchengine.records import Availability

__all__ = ["HORIZON_DAYS", "Occurrence", "occurrences"]

HORIZON_DAYS = 62
"""How far ahead dates are looked for: two months, so that a monthly group has two."""


class Occurrence(NamedTuple):
    """One meeting: its start with its time zone, and its length in minutes."""

    start: datetime
    minutes: int

    @property
    def end(self) -> datetime:
        """End of the meeting, in the time zone of its start."""
        return datetime.fromtimestamp(self.start.timestamp() + 60 * self.minutes, self.start.tzinfo)


def occurrences(slots: Sequence[Availability], after: datetime, count: int) -> list[Occurrence]:
    """Return the next meetings of a group, earliest first.

    Parameters
    ----------
    slots : sequence of Availability
        Local starts with their zones; wall-clock times hold across daylight saving, skipped and repeated times follow
        PEP 495.
    after : datetime
        With a time zone; meetings that begin before it are left out.
    count : int
        At most so many, within two months.
    """
    found = set()
    for slot in slots:
        zone = ZoneInfo(slot.time_zone)
        early = after.astimezone(zone).replace(tzinfo=None) - timedelta(days=1)
        for start in _starts(slot, early, early + timedelta(days=HORIZON_DAYS)):
            begins = start.replace(tzinfo=zone)
            if begins.timestamp() >= after.timestamp():
                found.add(Occurrence(begins, slot.duration_minutes))
    return sorted(found, key=lambda one: (one.start.timestamp(), one.minutes))[:count]


def _starts(slot: Availability, early: datetime, late: datetime) -> list[datetime]:
    if slot.rrule is None:
        return [slot.start] if early <= slot.start <= late else []
    rule = rrulestr(slot.rrule.replace("Z", ""), dtstart=slot.start)
    return list(rule.between(early, late, inc=True))
