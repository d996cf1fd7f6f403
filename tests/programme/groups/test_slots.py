"""Recurring meetings on real dates: summer time, cadence, modes, and which of them are worth a thought (H12 g)."""

from __future__ import annotations

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchengine.pool.calendar import Calendar
from matchengine.programme.groups.slots import Times, times_of, worth_a_thought
from matchengine.records.person import Availability
from tests.programme.groups.circles import day
from tests.properties.populations import quick

LONDON = ZoneInfo("Europe/London")
BEFORE = date(2026, 3, 9)
"""28 days with the end of British winter time (29 March), after that of New York (8 March)."""


def patterns(*people: list[dict[str, Any]], first: date = BEFORE) -> tuple[Calendar, list[int]]:
    calendar = Calendar(first)
    return calendar, [calendar.number([Availability.model_validate(one) for one in slots]) for slots in people]


def said(times: Times, numbers: list[int]) -> set[tuple[int, str]]:
    """Return weekday and time of every meeting to which all can come."""
    able = times.of(np.array(numbers), np.full(len(numbers), 2, np.uint32)).all(axis=0)
    found = [meeting for meeting, open_to in zip(times.meetings, able.tolist(), strict=True) if open_to]
    return {(meeting.weekday, f"{meeting.minute // 60:02}:{meeting.minute % 60:02}") for meeting in found}


def test_a_free_evening_holds_every_start_from_which_the_meeting_fits() -> None:
    calendar, numbers = patterns([day("TU", 18, 120)])
    assert said(times_of(calendar, LONDON, 60, "weekly", ["video"]), numbers) == {
        (1, "18:00"),
        (1, "18:30"),
        (1, "19:00"),
    }
    assert said(times_of(calendar, LONDON, 120, "weekly", ["video"]), numbers) == {(1, "18:00")}
    assert said(times_of(calendar, LONDON, 135, "weekly", ["video"]), numbers) == set()


def test_a_time_that_only_suits_before_the_clocks_change_suits_no_group() -> None:
    """Tuesdays 17:00 in London are 13:00 in New York, and 12:00 from 31 March on."""
    calendar, numbers = patterns([day("TU", 17, 60)], [day("TU", 13, 60, "America/New_York")])
    assert said(times_of(calendar, LONDON, 60, "weekly", ["video"]), numbers) == set()
    calendar, numbers = patterns([day("TU", 17, 60)], [day("TU", 12, 120, "America/New_York")])
    assert said(times_of(calendar, LONDON, 60, "weekly", ["video"]), numbers) == {(1, "17:00")}


@pytest.mark.parametrize("first", [BEFORE, date(2026, 6, 3), date(2026, 10, 14)])
@pytest.mark.parametrize("zone", ["Europe/London", "Asia/Kathmandu", "Pacific/Auckland", "America/New_York"])
def test_the_programmes_clock_names_the_times_and_does_not_change_who_meets(first: date, zone: str) -> None:
    calendar, numbers = patterns([day("MO", 9, 60, zone)], [day("MO", 9, 60, zone)], first=first)
    assert said(times_of(calendar, ZoneInfo(zone), 60, "weekly", ["video"]), numbers) == {(0, "09:00")}


def test_every_second_and_every_fourth_week() -> None:
    odd = day("TU", 18, 60) | {"start": "2026-03-10T18:00:00", "rrule": "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU"}
    once = day("WE", 18, 60) | {"start": "2026-03-25T18:00:00", "rrule": None}
    calendar, numbers = patterns([odd], [once])
    for every, expected in (("weekly", [0, 0]), ("biweekly", [1, 0]), ("monthly", [2, 1])):
        times = times_of(calendar, LONDON, 60, every, ["video"])  # type: ignore[arg-type]
        assert times.of(np.array(numbers), np.full(2, 2, np.uint32)).sum(axis=1).tolist() == expected
    times = times_of(calendar, LONDON, 60, "monthly", ["video"])
    able = times.of(np.array(numbers), np.full(2, 2, np.uint32))
    firsts = [
        meeting.first.date().isoformat() for meeting, one in zip(times.meetings, able[1].tolist(), strict=True) if one
    ]
    assert firsts == ["2026-03-25"]


def test_a_group_needs_one_way_of_meeting_for_all() -> None:
    calendar, numbers = patterns([day("TU", 18, 60)])
    times = times_of(calendar, LONDON, 60, "weekly", ["video", "in_person"])
    modes = np.array([0b00001, 0b00010, 0b00011, 0], np.uint32)
    able = times.of(np.array(numbers * 4), modes)
    open_to = {times.meetings[n].mode: able[:, n].tolist() for n in np.flatnonzero(able.any(axis=0)).tolist()}
    assert open_to == {"video": [False, True, True, True], "in_person": [True, False, True, True]}


def test_nobody_whose_times_are_unknown_can_come() -> None:
    calendar, _numbers = patterns([day("TU")])
    assert not times_of(calendar, LONDON, 60, "weekly", ["video"]).free[0].any()


tables = st.tuples(st.integers(1, 6), st.integers(1, 8)).flatmap(
    lambda shape: st.lists(
        st.lists(st.booleans(), min_size=shape[1], max_size=shape[1]), min_size=shape[0], max_size=shape[0]
    )
)


@quick
@given(tables)
def test_whoever_could_meet_can_still_meet_at_what_is_left(table: list[list[bool]]) -> None:
    people = np.array(table)
    kept = worth_a_thought(people, np.zeros((0, people.shape[1]), np.bool_), 2)
    for column in people.T:
        if column.sum() >= 2:
            assert (people[:, kept] >= column[:, None]).all(axis=0).any()
    assert len(np.unique(people[:, kept], axis=1).T) == len(kept)


def test_with_leaders_a_choice_of_times_is_kept() -> None:
    people = np.ones((3, 3), np.bool_)
    people[0, 2] = False
    leaders = np.array([[True, True, True], [True, False, True]])
    assert worth_a_thought(people, leaders, 2).tolist() == [0, 1, 2]
    assert worth_a_thought(people, np.zeros((0, 3), np.bool_), 2).tolist() == [0]
