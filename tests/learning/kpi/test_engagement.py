"""Taking part, steps into a wider network, and how far people come."""

from __future__ import annotations

from typing import Any

import pytest

from matchengine.learning.kpi.engagement import engagement, funnel, network_steps
from matchengine.records import Contribution, Relationship
from matchengine.records.outcomes import LoggedMeeting, PlannedStep
from tests.learning.kpi.cases import TODAY, day, met, person, row, step, tie, window

GROUPS: Any = frozenset({"g1", "g2"})


def visit(n: int, days: int, group: str = "g1") -> LoggedMeeting:
    return LoggedMeeting.model_validate({"person_id": f"p{n}", "other_id": group, "on": day(days)})


def test_people_and_visits_are_counted_once_a_day() -> None:
    steps = [step(f"p{n}", "registered", 0) for n in range(10)]
    twice = [visit(n, 400) for n in range(5)] * 2 + [visit(n, 410, "g2") for n in range(5)]
    found = engagement(window(programme_steps=steps, meetings=twice, gatherings=GROUPS))
    assert row(found, "engagement.took_part").value == 0.5
    months = 10 * 366 / (365.25 / 12)
    assert row(found, "engagement.visits").value == pytest.approx(10 / months, abs=1e-4)
    assert row(found, "engagement.groups").value == pytest.approx(10 / months, abs=1e-4)


def test_who_has_no_dated_record_is_missing() -> None:
    people = [person(f"p{n}") for n in range(12)]
    found = engagement(window(people=people, meetings=[visit(n, 400) for n in range(9)], gatherings=GROUPS))
    assert row(found, "engagement.took_part").missing == 3


def test_return_visits_are_told_of_first_visits_that_are_old_enough() -> None:
    meetings = (
        [visit(n, 300) for n in range(8)] + [visit(n, 350) for n in range(4)] + [visit(n, 480, "g2") for n in range(3)]
    )
    found = row(engagement(window(meetings=meetings, gatherings=GROUPS)), "engagement.return")
    assert (found.value, found.n, found.missing) == (0.5, 8, 3)


def test_joins_and_contributions() -> None:
    told = {"kind": "membership", "other_id": "g1", "started": day(400)}
    ties = [Relationship.model_validate(told | {"person_id": f"p{n}"}) for n in range(3)]
    done = [Contribution(person_id=f"p{n}", kind="hosting", on=day(420)) for n in range(6)]
    steps = [step(f"p{n}", "registered", 0) for n in range(6)]
    found = engagement(window(relationships=ties, contributions=done, programme_steps=steps, gatherings=GROUPS))
    months = 6 * 366 / (365.25 / 12)
    assert row(found, "engagement.joins").value == pytest.approx(3 / months, abs=1e-4)
    assert row(found, "engagement.contributions").value == pytest.approx(6 / months, abs=1e-4)
    assert row(found, "engagement.visits").value is None  # nobody kept a log


def test_a_planned_step_counts_from_the_day_it_should_be_done() -> None:
    planned = [PlannedStep(person_id=f"p{n}", planned_on=day(0), done_on=day(7 if n < 3 else 8)) for n in range(6)]
    fresh = PlannedStep(person_id="p9", planned_on=TODAY)
    never = [PlannedStep(person_id=f"q{n}", planned_on=day(0)) for n in range(6)]
    found = row(network_steps(window(planned_steps=[*planned, fresh, *never])), "network.step_done")
    assert (found.value, found.n) == (0.25, 12)


def test_many_steps_of_few_people_are_hidden() -> None:
    planned = [PlannedStep(person_id=f"p{n % 4}", planned_on=day(n), done_on=day(n + 1)) for n in range(20)]
    assert row(network_steps(window(planned_steps=planned)), "network.step_done").hidden


def test_the_funnel_goes_down_step_by_step() -> None:
    steps = [step(f"p{n}", "invited", 0) for n in range(40)]
    people = [person(f"p{n}") for n in range(30)]
    ties = [tie(n, 100, "completed") for n in range(5)] + [tie(n) for n in range(5, 20)]
    meetings = [met(n, 520) for n in range(5, 15)]
    found = funnel(window(programme_steps=steps, people=people, relationships=ties, meetings=meetings))
    told = {each.key: each.value for each in found.rows}
    assert told == {
        "funnel.invited": 60.0,  # forty, and twenty mentors who were never invited in writing
        "funnel.registered": 50.0,
        "funnel.matched": 40.0,
        "funnel.met": 30.0,
        "funnel.still_meeting": 30.0,
        "funnel.completed": 10.0,
    }


def test_a_step_at_which_few_were_lost_is_hidden() -> None:
    people = [person(f"p{n}") for n in range(10)] + [person(f"m{n}") for n in range(9)]
    found = funnel(window(people=people, relationships=[tie(n) for n in range(9)]))
    assert row(found, "funnel.registered").value == 19.0
    assert row(found, "funnel.matched").hidden
    assert (row(found, "funnel.invited").value, row(found, "funnel.met").value) == (None, None)  # no record of either
