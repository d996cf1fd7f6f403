"""What a pulse shows: which answer belongs to which pulse, what stands, what lasts (domain.md S2-19)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from matchengine.journey.mismatch import Finding, Said, became, findings, persists, standing
from matchengine.records import Cadence, Feedback, MeetingHeld, Relationship

START = date(2026, 1, 5)
DAYS = (30, 90, 180)
TIE = Relationship(person_id="a", other_id="m", kind="mentoring", started=START)


def says(who: str, wave: str = "follow_up", day: int | None = None, **items: Any) -> Feedback:
    """Return an answer about the other one, given so many days after the start."""
    at = None if day is None else datetime(2026, 1, 5, 12, tzinfo=UTC) + timedelta(days=day)
    other = "m" if who == "a" else "a"
    told = {"about_id": other, "person_id": who, "wave": wave, "perspective": "requester", "items": items}
    return Feedback.model_validate(told | {"given_at": at})


def found(*said: Feedback, day: int = 200, tie: Relationship = TIE, meetings: tuple[MeetingHeld, ...] = ()) -> Any:
    """Return the findings of all pulses reached after so many days."""
    return findings(tie, Said.of(said, meetings), START + timedelta(days=day), DAYS)


@pytest.mark.parametrize(
    ("answer", "pulse"),
    [
        (says("a", "30_days", satisfaction=1), 30),
        (says("a", "30_days", 95, satisfaction=1), 30),
        (says("a", "follow_up", 31, satisfaction=1), 30),
        (says("a", "follow_up", 89, satisfaction=1), 30),
        (says("a", "follow_up", 90, satisfaction=1), 90),
        (says("a", "follow_up", 190, satisfaction=1), 180),
        (says("a", "follow_up", 10, satisfaction=1), None),
        (says("a", "follow_up", 201, satisfaction=1), None),
        (says("a", "start", 40, satisfaction=1), None),
        (says("a", "end", 40, satisfaction=1), None),
        (says("a", "follow_up", satisfaction=1), None),
    ],
)
def test_an_answer_belongs_to_the_pulse_of_its_wave_else_of_its_day(answer: Feedback, pulse: int | None) -> None:
    strained = [each.day for each in found(answer) if each.strained]
    assert strained == ([] if pulse is None else [pulse])


def test_only_pulses_that_were_reached_count_and_none_without_a_first_day() -> None:
    assert [each.day for each in found(day=95)] == [30, 90]
    assert [each.day for each in found(tie=TIE.model_copy(update={"ends": START + timedelta(days=40)}))] == [30]
    assert found(tie=TIE.model_copy(update={"started": None})) == []


def test_of_two_answers_to_one_pulse_the_last_one_counts() -> None:
    first, last = says("a", "30_days", 31, satisfaction=1), says("a", "30_days", 40, satisfaction=5)
    assert not any(each.strained for each in found(last, first))


@pytest.mark.parametrize("rating", [3, 4, 5])
def test_a_rating_above_two_is_not_low(rating: int) -> None:
    names = ("satisfaction", "helpfulness", "trust", "goal_progress", "felt_safe")
    assert not any(each.strained for each in found(says("a", "30_days", **dict.fromkeys(names, rating))))


def test_ratings_far_apart_are_a_need_of_the_two_and_of_neither_side() -> None:
    [pulse] = found(says("a", "30_days", satisfaction=5), says("m", "30_days", satisfaction=3), day=40)
    assert pulse.needs == {"expectations"}
    assert not pulse.of("a")
    assert not pulse.of("m")


def test_what_somebody_said_stands_until_they_answer_again() -> None:
    low, other = says("a", "30_days", satisfaction=1), says("m", "90_days", satisfaction=5)
    assert standing(found(low, other, day=100)).of("a") == {"expectations"}
    better = says("a", "90_days", satisfaction=4)
    assert not standing(found(low, other, better, day=100)).strained


def test_it_lasts_only_where_the_same_side_says_so_twice_in_a_row() -> None:
    low = says("a", "30_days", satisfaction=1)
    assert not persists(found(low), "a")
    assert persists(found(low, says("a", "90_days", trust=2)), "a")
    assert persists(found(low, says("a", "180_days", trust=2)), "a"), "silence between is neither yes nor no"
    assert not persists(found(low, says("m", "90_days", trust=2)), "a")
    assert not persists(found(low, says("a", "90_days", trust=5), says("a", "180_days", trust=1)), "a")


def test_who_says_that_it_is_not_for_them_is_offered_something_at_once() -> None:
    assert persists(found(says("a", "30_days", not_for_me=True)), "a")
    assert not persists(found(says("a", "30_days", not_for_me=True)), "m")


def test_anonymous_answers_say_nothing_about_a_pair() -> None:
    answer = says("a", "30_days", satisfaction=1).model_copy(update={"person_id": None, "anonymous": True})
    assert not any(each.known for each in found(answer))


def test_a_gap_in_the_rhythm_needs_two_missed_and_half_of_all() -> None:
    tie = TIE.model_copy(update={"cadence": Cadence(every="weekly", minutes=60)})

    def shared(*days: int) -> list[bool]:
        held = tuple(MeetingHeld(person_id="m", other_id="a", held_on=START + timedelta(days=d)) for d in days)
        return [bool(each.shared) for each in found(tie=tie, meetings=held, day=95)]

    assert shared(7, 14, 21, 28, 35, 42, 49, 56, 63, 70, 77, 84) == [False, False]
    assert shared(7, 14, 21) == [False, True]
    assert shared(7, 14) == [True, True]
    assert shared() == [False, False]


@pytest.mark.parametrize(
    ("status", "later", "expected"),
    [
        ("active", None, "open"),
        ("active", 5, "repaired"),
        ("active", 1, "open"),
        ("ended", 5, "ended"),
        ("completed", None, "repaired"),
        ("paused", None, "open"),
    ],
)
def test_what_became_of_a_match_with_a_mismatch(status: str, later: int | None, expected: str) -> None:
    tie = TIE.model_copy(update={"status": status})
    said = [says("a", "30_days", satisfaction=1)]
    said += [] if later is None else [says("a", "90_days", satisfaction=later)]
    assert became(tie, found(*said, tie=tie)) == expected


def test_nothing_became_of_a_match_that_never_had_one() -> None:
    assert became(TIE, [Finding(30)]) is None
