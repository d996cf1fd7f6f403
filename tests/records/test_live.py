"""Meetings as lines of the tracking sheet, for key figures."""

from __future__ import annotations

from datetime import date

from matchengine.learning.kpi.continuity import rhythm
from matchengine.learning.kpi.inputs import ProgrammeRecords, Window
from matchengine.records import Cadence, MeetingHeld, Relationship

START = date(2026, 1, 5)


def held(day: int, **more: bool) -> MeetingHeld:
    return MeetingHeld(person_id="a", other_id="m", held_on=date(2026, 1, day), minutes=45, **more)


def test_a_meeting_that_took_place_is_a_line_of_the_tracking_sheet_and_one_that_fell_through_is_none() -> None:
    line = held(12).logged()
    assert line is not None
    assert (line.person_id, line.other_id, line.on, line.minutes) == ("a", "m", date(2026, 1, 12), 45)
    assert held(12, happened=False).logged() is None


def test_key_figures_count_what_was_logged_live() -> None:
    weekly = Cadence(every="weekly", minutes=60)
    tie = Relationship(person_id="a", other_id="m", kind="mentoring", started=START, cadence=weekly)
    lines = [line for day in (12, 19, 26) if (line := held(day).logged()) is not None]
    window = Window(ProgrammeRecords(relationships=[tie], meetings=lines), date(2026, 2, 1), 1)
    assert rhythm(window).rows[0].value == 0.75
