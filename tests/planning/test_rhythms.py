"""Dates of groups, check-ins of pairs, bridges a month and the check after two visits."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import pytest

from matchengine.planning.bridges import bridges_left, next_bridges
from matchengine.planning.cadence import common_starts, is_drifting, missed_meetings, next_check_ins
from matchengine.planning.dates import occurrences
from matchengine.planning.follow_up import help_check, help_checks, outcome
from matchengine.pool.calendar import expand
from matchengine.records import Availability, Relationship
from tests.support import EVENING

MONDAY = date(2026, 3, 9)


def slot(**more: Any) -> Availability:
    """Return a weekly evening in London, changed."""
    return Availability.model_validate(EVENING | more)


def test_a_group_keeps_its_wall_clock_time_across_daylight_saving() -> None:
    found = occurrences([slot()], datetime(2026, 3, 20, tzinfo=UTC), 3)
    assert [one.start.isoformat() for one in found] == [
        "2026-03-24T18:00:00+00:00", "2026-03-31T18:00:00+01:00", "2026-04-07T18:00:00+01:00",
    ]  # fmt: skip
    assert found[1].end.isoformat() == "2026-03-31T20:00:00+01:00"


def test_what_has_begun_is_left_out_and_what_begins_now_is_not() -> None:
    now = datetime(2026, 3, 10, 18, tzinfo=UTC)
    assert occurrences([slot()], now, 1)[0].start == now
    assert occurrences([slot()], now + timedelta(minutes=1), 1)[0].start == now + timedelta(days=7)


def test_several_slots_come_in_the_order_of_their_moments() -> None:
    early = slot(start="2026-01-06T18:30:00", time_zone="Asia/Kolkata")
    found = occurrences([slot(), early, early], datetime(2026, 3, 9, tzinfo=UTC), 3)
    assert [str(one.start.tzinfo) for one in found] == ["Asia/Kolkata", "Europe/London", "Asia/Kolkata"]


def test_a_slot_that_happens_once_is_there_once_or_is_over() -> None:
    once = slot(start="2026-03-12T10:00:00", rrule=None)
    assert len(occurrences([once], datetime(2026, 3, 9, tzinfo=UTC), 5)) == 1
    assert occurrences([once], datetime(2026, 3, 13, tzinfo=UTC), 5) == []


def test_a_rule_that_ends_at_a_moment_ends() -> None:
    ending = slot(rrule="FREQ=WEEKLY;BYDAY=TU;UNTIL=20260318T000000Z")
    assert len(occurrences([ending], datetime(2026, 3, 9, tzinfo=UTC), 5)) == 2


def test_a_monthly_group_has_two_dates() -> None:
    monthly = slot(rrule="FREQ=MONTHLY;BYDAY=1TU")
    found = occurrences([monthly], datetime(2026, 3, 9, tzinfo=UTC), 2)
    assert [one.start.date() for one in found] == [date(2026, 4, 7), date(2026, 5, 5)]


@pytest.mark.parametrize(
    ("every", "days", "missed"),
    [
        ("weekly", 0, 0), ("weekly", 7, 0), ("weekly", 8, 1), ("weekly", 14, 1), ("weekly", 15, 2),
        ("biweekly", 28, 1), ("biweekly", 29, 2), ("monthly", 31, 0), ("monthly", 32, 1), ("monthly", 61, 1),
        ("monthly", 62, 2),
    ],
)  # fmt: skip
def test_a_meeting_is_missed_when_its_day_has_passed(every: Any, days: int, missed: int) -> None:
    """From 9 March: a month later is 9 April, two are 9 May (61 days)."""
    today = MONDAY + timedelta(days=days)
    assert missed_meetings(every, MONDAY, today) == missed
    assert is_drifting(every, MONDAY, today) == (missed >= 2)


def test_common_starts_are_those_of_stretches_that_are_long_enough() -> None:
    one = expand([("2026-03-10T18:00:00", 120, "Europe/London", "FREQ=WEEKLY;BYDAY=TU")], MONDAY)
    other = expand([("2026-03-10T19:00:00", 120, "Europe/London", "FREQ=WEEKLY;BYDAY=TU")], MONDAY)
    assert common_starts(one, other, MONDAY, 60)[:2] == [
        datetime(2026, 3, 10, 19, tzinfo=UTC), datetime(2026, 3, 17, 19, tzinfo=UTC),
    ]  # fmt: skip
    assert common_starts(one, other, MONDAY, 75) == []
    assert common_starts(one, np.zeros_like(one), MONDAY, 15) == []


def test_check_ins_keep_their_distance() -> None:
    starts = [datetime(2026, 3, 9 + day, 18, tzinfo=UTC) for day in range(20)]
    days = [start.day for start in next_check_ins(starts, "weekly", date(2026, 3, 5), MONDAY)]
    assert days == [12, 19, 26]
    assert [s.day for s in next_check_ins(starts, "biweekly", None, MONDAY)] == [9, 23]
    assert next_check_ins(starts, "weekly", date(2026, 1, 1), MONDAY)[0].date() == MONDAY
    assert next_check_ins([], "weekly", None, MONDAY) == []


def test_two_bridges_a_month() -> None:
    assert bridges_left([], MONDAY) == 2
    assert bridges_left([MONDAY], MONDAY) == 1
    assert bridges_left([MONDAY, date(2026, 2, 10)], MONDAY) == 0
    assert bridges_left([date(2026, 2, 9), date(2026, 2, 9)], MONDAY) == 2
    assert bridges_left([MONDAY + timedelta(days=3)] * 5, MONDAY) == 0
    assert next_bridges(["best", "second", "third"], [MONDAY], MONDAY) == ("best",)


def test_the_check_is_due_the_day_after_the_second_visit() -> None:
    visits = [date(2026, 3, 24), date(2026, 3, 10), date(2026, 3, 17), date(2026, 3, 3)]
    assert help_check("a", "g", MONDAY, visits).due == date(2026, 3, 18)
    assert help_check("a", "g", MONDAY, visits[:1]).due == date(2026, 4, 6)
    assert help_check("a", "g", MONDAY).question.endswith("Did this help?")


def test_every_active_membership_gets_its_check() -> None:
    base = {"person_id": "a", "other_id": "g", "kind": "membership"}
    ties = [
        Relationship.model_validate(base | {"started": "2026-03-02"}),
        Relationship.model_validate(base | {"person_id": "b"}),
        Relationship.model_validate(base | {"person_id": "c", "status": "proposed"}),
        Relationship.model_validate(base | {"person_id": "d", "kind": "mentoring"}),
    ]
    checks = help_checks(ties, MONDAY)
    assert [(check.person_id, check.due) for check in checks] == [("a", date(2026, 3, 30)), ("b", date(2026, 4, 6))]


def test_an_answer_that_is_not_there_is_no_answer() -> None:
    assert [outcome(helped=helped) for helped in (True, False, None)] == ["go_on", "offer_alternative", "ask_again"]
