"""How long matches last, how often people meet, and what it takes of mentors."""

from __future__ import annotations

import pytest

from matchengine.learning.kpi.continuity import burden, continuity, rhythm
from tests.learning.kpi.cases import day, met, person, row, tie, window

EVERY_MONTH = {"cadence": {"every": "monthly", "minutes": 60}}
FORTNIGHT = {"cadence": {"every": "biweekly", "minutes": 90}}


def test_early_ends_are_ends_in_the_first_three_months_of_those_watched() -> None:
    ties = [tie(n, 60, "ended") for n in range(5)] + [tie(n, 200, "ended") for n in range(5, 10)]
    ties += [tie(n, 365, "completed") for n in range(10, 20)]
    table = continuity(window(relationships=ties))
    assert row(table, "continuity.early_end").value == 0.25
    assert row(table, "continuity.6_months").value == 0.75
    assert row(table, "continuity.12_months").value == 0.5
    mean = (5 * 60 + 5 * 200 + 10 * 365) / 20 * 12 / 365.25
    assert row(table, "continuity.mean_months").value == pytest.approx(mean, abs=1e-3)


def test_matches_that_go_on_are_censored() -> None:
    ties = [tie(n, 60, "ended") for n in range(4)] + [tie(n, started=day(400)) for n in range(4, 14)]
    found = row(continuity(window(relationships=ties, today=day(430))), "continuity.early_end")
    assert found.hidden  # those who began lately are not known at three months, only four are
    later = row(continuity(window(relationships=ties, today=day(500))), "continuity.early_end")
    assert later.value == pytest.approx(4 / 14, abs=1e-4)


def test_an_early_completion_is_no_early_end_and_an_end_without_a_day_is_missing() -> None:
    ties = [tie(n, 50, "completed") for n in range(5)] + [tie(n) for n in range(5, 12)] + [tie(20, status="ended")]
    found = row(continuity(window(relationships=ties)), "continuity.early_end")
    assert (found.value, found.n, found.missing) == (0.0, 12, 1)


def test_an_end_that_lies_ahead_is_a_plan_and_no_end() -> None:
    ties = [tie(n, 900, "ended") for n in range(8)]
    found = row(continuity(window(relationships=ties)), "continuity.12_months")
    assert found.value == 1.0


def test_meetings_are_held_against_the_rhythm_of_each_match() -> None:
    ties = [tie(n, 59, "completed", **FORTNIGHT) for n in range(6)]
    meetings = [met(n, 10 * k) for n in range(6) for k in range(2)]
    table = rhythm(window(relationships=ties, meetings=meetings))
    assert row(table, "rhythm.held").value == 0.5  # two of the four that sixty days hold
    assert row(table, "rhythm.on_track").value == 0.0


def test_an_empty_log_or_an_unknown_rhythm_is_missing_and_not_zero() -> None:
    ties = [tie(n, 59, "completed", **FORTNIGHT) for n in range(6)] + [tie(6, 59, "completed", **FORTNIGHT), tie(7)]
    found = row(rhythm(window(relationships=ties, meetings=[met(n, 5) for n in range(6)])), "rhythm.held")
    assert (found.value, found.n, found.missing) == (0.25, 6, 2)


def test_two_entries_of_one_day_are_one_meeting_whoever_wrote_it() -> None:
    ties = [tie(n, 27, "completed", **FORTNIGHT) for n in range(5)]
    twice = [met(n, 5) for n in range(5)] + [met(n, 5, person_id=f"m{n}", other_id=f"p{n}") for n in range(5)]
    assert row(rhythm(window(relationships=ties, meetings=twice)), "rhythm.held").value == 0.5


def test_hours_are_of_logged_minutes_else_of_the_rhythm() -> None:
    ties = [tie(n, 364, "completed", **EVERY_MONTH) for n in range(6)]
    meetings = [met(n, 30 * k, minutes=120 if k else None) for n in range(6) for k in range(2)]
    found = row(burden(window(relationships=ties, meetings=meetings)), "burden.hours")
    assert found.value == pytest.approx(3 / (365 / (365.25 / 12)), abs=1e-3)


def test_mentors_without_minutes_are_missing() -> None:
    ties = [tie(n, 364, "completed", **EVERY_MONTH) for n in range(6)] + [tie(6, 364, "completed")]
    found = row(burden(window(relationships=ties, meetings=[met(n, 30) for n in range(7)])), "burden.hours")
    assert (found.n, found.missing) == (6, 1)


def test_mentees_at_a_time_and_free_places() -> None:
    ties = [tie(n, mentor=f"m{n // 2}") for n in range(12)]
    people = [person(f"m{n}", roles=["mentor"], capacity={"mentor": 2 if n else 5}) for n in range(6)]
    table = burden(window(relationships=ties, people=people))
    assert row(table, "burden.mentees").value == 2.0
    assert row(table, "burden.full").value == pytest.approx(5 / 6, abs=1e-4)
