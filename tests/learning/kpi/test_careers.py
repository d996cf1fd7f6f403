"""Cumulative incidence of steps in work and education: who is watched, until when, and what competes."""

from __future__ import annotations

from matchengine.learning.kpi.careers import careers, first_events
from tests.learning.kpi.cases import day, event, person, row, step, tie, window


def test_without_censoring_it_is_a_plain_share() -> None:
    events = [event(n, 30 * n) for n in range(10)]
    table = careers(window(relationships=[tie(n) for n in range(20)], outcomes=events))
    found = row(table, "careers.any.6_months")
    assert (found.value, found.n, found.missing) == (0.35, 20, 0)  # on days 0, 30 … 180 of 182
    assert row(table, "careers.job.12_months").value == 0.5


def test_who_is_not_asked_after_the_end_is_lost_from_view_and_not_without_a_step() -> None:
    ties = [tie(n, 100, "completed") for n in range(10)] + [tie(n) for n in range(10, 20)]
    events = [event(n, 150) for n in range(10, 15)]
    table = careers(window(relationships=ties, outcomes=events))
    assert row(table, "careers.any.6_months").value == 0.5  # of the ten who were still watched on day 150


def test_agreement_to_be_asked_goes_on_the_watching() -> None:
    ties = [tie(n, 100, "completed") for n in range(10)]
    steps = [step(f"p{n}", "follow_up_agreed", 0) for n in range(10)]
    events = [event(n, 150) for n in range(5)]
    assert row(careers(window(relationships=ties, outcomes=events)), "careers.any.6_months").value is None
    asked = careers(window(relationships=ties, outcomes=events, programme_steps=steps))
    assert row(asked, "careers.any.6_months").value == 0.5


def test_leaving_competes() -> None:
    ties = [tie(n) for n in range(10)]
    steps = [step(f"p{n}", "left", 40) for n in range(5)]
    events = [event(n, 100) for n in range(10)]
    found = row(careers(window(relationships=ties, outcomes=events, programme_steps=steps)), "careers.any.6_months")
    assert found.value == 0.5  # and not 1, as if those who left would have reached it too


def test_steps_before_the_start_or_after_the_watching_do_not_count() -> None:
    ties = [tie(n, 100, "completed") for n in range(5)]
    days, causes = first_events(
        window(relationships=ties, outcomes=[event(0, -3), event(1, 101), event(2, 100)]), "any"
    )
    assert days.tolist() == [100] * 5
    assert causes.tolist() == [0, 0, 1, 0, 0]


def test_a_programme_that_keeps_no_outcomes_has_no_figure_instead_of_zero() -> None:
    found = row(careers(window(relationships=[tie(n) for n in range(20)])), "careers.any.6_months")
    assert (found.value, found.hidden) == (None, False)


def test_mentees_without_a_match_are_counted_as_missing() -> None:
    people = [person(f"p{n}", roles=["mentee"]) for n in range(14)]
    table = careers(window(people=people, relationships=[tie(n) for n in range(10)], outcomes=[event(0, 5)]))
    assert row(table, "careers.any.6_months").missing == 4


def test_few_people_watched_for_so_long_hide_it() -> None:
    ties = [tie(n, started=day(200)) for n in range(20)] + [tie(n) for n in range(20, 23)]
    table = careers(window(relationships=ties, outcomes=[event(20, 5)], today=day(300)))
    assert row(table, "careers.any.6_months").hidden
