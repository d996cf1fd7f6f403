"""Availability on real dates: zones, daylight saving, stretches, broken rules."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchengine.errors import DataError
from matchengine.pool.calendar import Calendar, common_minutes, expand
from matchengine.records import Availability

LONDON = ("2020-01-07T18:00:00", 120, "Europe/London", "FREQ=WEEKLY;BYDAY=TU")
NEW_YORK = ("2020-01-07T13:00:00", 120, "America/New_York", "FREQ=WEEKLY;BYDAY=TU")
SUMMER_CHANGE_IN_NEW_YORK = date(2026, 3, 8)
"""New York changes three weeks before London."""


def minutes(one: tuple, other: tuple, day: date) -> float:
    return float(common_minutes(expand([one], day), expand([other], day))[0])


def test_same_instants_in_winter_overlap_wholly() -> None:
    assert minutes(LONDON, NEW_YORK, date(2026, 1, 5)) == 120


def test_daylight_saving_weeks_between_london_and_new_york() -> None:
    assert minutes(LONDON, NEW_YORK, SUMMER_CHANGE_IN_NEW_YORK) == 60
    assert minutes(LONDON, NEW_YORK, date(2026, 4, 6)) == 120


@given(st.integers(0, 23), st.integers(3, 16), st.sampled_from(["Asia/Kolkata", "America/Sao_Paulo", "Asia/Kathmandu"]))
def test_writing_the_same_instants_in_another_zone_changes_nothing(hour: int, quarters: int, zone: str) -> None:
    from datetime import datetime
    from zoneinfo import ZoneInfo

    day = date(2026, 6, 1)
    here = datetime(2026, 6, 3, hour, tzinfo=ZoneInfo("UTC"))
    there = here.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    weekly = "FREQ=WEEKLY"
    one = expand([(here.replace(tzinfo=None).isoformat(), 15 * quarters, "UTC", weekly)], day)
    other = expand([(there.isoformat(), 15 * quarters, zone, weekly)], day)
    assert (one == other).all()
    assert common_minutes(one, other)[0] == (15 * quarters if quarters >= 3 else 0)


def test_stretches_below_45_minutes_do_not_count() -> None:
    late = ("2020-01-07T19:30:00", 120, "Europe/London", "FREQ=WEEKLY;BYDAY=TU")
    later = ("2020-01-07T19:15:00", 120, "Europe/London", "FREQ=WEEKLY;BYDAY=TU")
    assert minutes(LONDON, late, date(2026, 1, 5)) == 0
    assert minutes(LONDON, later, date(2026, 1, 5)) == 45


def test_adding_slots_never_lowers_common_time() -> None:
    day = date(2026, 1, 5)
    one, both = expand([LONDON], day), expand([LONDON, NEW_YORK], day)
    assert common_minutes(both, one)[0] >= common_minutes(one, one)[0]


def test_a_slot_that_happens_once_is_not_weekly_time() -> None:
    once = ("2026-01-06T18:00:00", 120, "Europe/London", None)
    assert minutes(once, once, date(2026, 1, 5)) == 0


def test_an_old_rule_costs_no_more_and_says_the_same() -> None:
    ancient = ("1990-01-02T18:00:00", 120, "Europe/London", "FREQ=WEEKLY;BYDAY=TU")
    assert (expand([ancient], date(2026, 1, 5)) == expand([LONDON], date(2026, 1, 5))).all()
    fortnightly = ("1990-01-02T18:00:00", 120, "Europe/London", "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU")
    assert np.bitwise_count(expand([fortnightly], date(2026, 1, 5))).sum() == 2 * 8


def test_a_rule_that_cannot_be_read_is_a_clear_error() -> None:
    with pytest.raises(DataError, match="RFC 5545"):
        expand([("2026-01-06T18:00:00", 60, "UTC", "FREQ=WEEKLY;BYDAY=XX")], date(2026, 1, 5))


def slot(start: str, zone: str = "Europe/London") -> Availability:
    return Availability(start=start, duration_minutes=120, time_zone=zone, rrule="FREQ=WEEKLY")  # type: ignore[arg-type]


def test_calendar_stores_equal_patterns_once_and_knows_the_unknown() -> None:
    calendar = Calendar(date(2026, 1, 5))
    a = calendar.number([slot("2026-01-06T18:00")])
    again = calendar.number([slot("2026-01-06T18:00")])
    b = calendar.number([slot("2026-01-06T19:00")])
    assert (a, again, b, calendar.number([])) == (1, 1, 2, 0)
    got = calendar.minutes(a, np.array([a, b, 0]))
    assert got[:2].tolist() == [120, 60]
    assert np.isnan(got[2])
    assert np.isnan(calendar.minutes(0, np.array([a, b]))).all()


def test_calendar_round_trip_moves_to_another_day() -> None:
    calendar = Calendar(date(2026, 1, 5))
    calendar.number([slot("2026-01-06T18:00")])
    calendar.number([slot("2026-01-06T13:00", "America/New_York")])
    again = Calendar.from_json(calendar.to_json(), SUMMER_CHANGE_IN_NEW_YORK)
    assert calendar.minutes(1, np.array([2]))[0] == 120
    assert again.minutes(1, np.array([2]))[0] == 60
