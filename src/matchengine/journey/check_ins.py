"""How a running match keeps to its rhythm, and when both could meet next (domain.md S2-16)."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

from matchengine.errors import DataError
from matchengine.i18n import N_, _, ngettext
from matchengine.planning.cadence import DRIFT_AFTER, common_starts, missed_meetings, next_check_ins
from matchengine.pool.pool import Pool
from matchengine.records import Cadence, Relationship
from matchengine.records.follow_up import CheckIns

__all__ = ["check_ins"]

_USUAL = Cadence(every="biweekly", minutes=60)
"""Rhythm of a pair that agreed on none; an assumption."""


def check_ins(
    pool: Pool, relationship: Relationship, last_met: date | None, today: date, time_zone: str = "UTC"
) -> CheckIns:
    """Count the meetings that a pair missed and suggest the next ones.

    Parameters
    ----------
    relationship : Relationship
        An active tie of two people whom this pool holds; `cadence` is its rhythm, else once in two weeks for an hour.
    last_met : date or None
        None where they have not met: then days count from the start of the tie, or from today.
    today : date
    time_zone : str
        In which the dates are told.

    Raises
    ------
    DataError
        When the tie is not active, or one of the two is not known: availability is nobody else's business.
    """
    one, other = relationship.person_id, relationship.other_id
    people = pool.tables["people"]
    if relationship.status != "active" or one not in people.row_of or other not in people.row_of:
        told = N_("{one!r} and {other!r}: check-ins need an active relationship of two known people")
        raise DataError(_(told, one=one, other=other))
    rhythm = relationship.cadence or _USUAL
    since = last_met or relationship.started or today
    missed = missed_meetings(rhythm.every, since, today)
    calendar, availability = pool.shared.calendar, people.column("availability")
    patterns = [calendar.patterns[int(availability[people.row_of[who]])] for who in (one, other)]
    starts = [
        start.astimezone(ZoneInfo(time_zone))
        for start in common_starts(patterns[0], patterns[1], calendar.first_day, rhythm.minutes)
    ]
    drifting = missed >= DRIFT_AFTER
    return CheckIns(
        person_id=one,
        other_id=other,
        missed=missed,
        drifting=drifting,
        dates=tuple(next_check_ins(starts, rhythm.every, last_met, today)),
        text=_drift(missed) if drifting else "",
    )


def _drift(missed: int) -> str:
    return ngettext(
        "{n} meeting that was due did not take place; a short message may help.",
        "{n} meetings in a row that were due did not take place; a short message may help.",
        missed,
    )
