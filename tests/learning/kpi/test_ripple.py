"""Mentees who became mentors, and fields that rest on few."""

from __future__ import annotations

from matchengine.learning.kpi.ripple import alerts, became_mentor, ripple
from tests.learning.kpi.cases import START, day, person, row, step, tie, window


def test_r_counts_those_who_became_mentors_within_a_year_of_completing() -> None:
    ties = [tie(n, 100, "completed") for n in range(10)]
    ties += [tie(50 + n, mentor=f"p{n}", started=day(150)) for n in range(2)]  # matched as mentors
    steps = [step("p2", "became_mentor", 300), step("p3", "became_mentor", 466)]  # in time, and one day too late
    found = row(ripple(window(relationships=ties, programme_steps=steps)), "ripple.r")
    assert (found.value, found.n, found.missing) == (0.3, 10, 0)


def test_who_mentored_before_completing_is_no_new_mentor() -> None:
    ties = [tie(n, 100, "completed") for n in range(5)] + [tie(50, mentor="p0", started=day(50))]
    became, _mentors, _recent = became_mentor(window(relationships=ties))
    assert became["p0"] is False


def test_who_completed_lately_is_not_counted_yet() -> None:
    ties = [tie(n, 100, "completed") for n in range(6)] + [tie(n, 300, "completed") for n in range(6, 9)]
    found = row(ripple(window(relationships=ties, today=day(470))), "ripple.r")
    assert (found.n, found.missing) == (6, 3)


def test_an_ended_match_is_not_completed() -> None:
    ties = [tie(n, 100, "ended") for n in range(8)]
    assert row(ripple(window(relationships=ties)), "ripple.r").value is None


def test_a_field_that_mentees_name_and_few_mentors_stand_for_is_told() -> None:
    people = [person("a", roles=["mentee"], fields=["isco:25", "isco:72", "nace:R"])]
    people += [person(f"m{n}", roles=["mentor"], fields=["isco:25"]) for n in range(3)]
    people += [person("x", roles=["mentor"], fields=["isco:72", "isco:99"])]
    found = alerts(window(people=people))
    assert [(one.field, one.mentors) for one in found] == [("nace:R", 0), ("isco:72", 1)]


def test_the_first_completed_match_begins_the_year() -> None:
    ties = [tie(0, 100, "completed"), tie(0, 300, "completed", mentor="other", started=day(150))]
    steps = [step("p0", "became_mentor", 430)]
    became, mentors, _recent = became_mentor(window(relationships=ties, programme_steps=steps, today=day(480)))
    assert (became, mentors) == ({"p0": True}, {"p0": "m0"})
    assert ties[0].started == START
