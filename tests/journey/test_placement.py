"""Placement in support groups: people decide, professionals lead risk C, every rule holds (S4-04, S4-05, S4-09)."""

from __future__ import annotations

from datetime import date

import pytest

from matchengine.errors import ConfigError, DataError, UnknownIdError
from matchengine.journey.placement import place
from tests.journey.gatherings import resource
from tests.requirements.test_s1_programmes import SAFE
from tests.support import engine, group, mentee

PROFESSIONAL = SAFE | {"facilitator_type": "professional", "helplines": ["line"]}
LINE = resource("line", type="helpline", country="GB")


def placed(*, person=None, ties=(), decided_by="coordinator-1", **more):
    made = engine()
    safety = more.pop("safety", PROFESSIONAL)
    card = group("g", kind="support", topic_risk="C", venue_type="centre", safety=safety) | more
    made.load([mentee("a", **(person or {})), mentee("b")], groups=[card], resources=[LINE], relationships=ties)
    return made.place("a", "g", decided_by=decided_by, country="GB", languages=["en"])


def test_s4_05_a_person_decides_and_help_is_handed_over_first():
    found = placed()
    assert (found.decided_by, found.decided_on) == ("coordinator-1", date(2026, 3, 9))
    assert found.resources == ("line",)
    tie = found.relationship
    assert (tie.kind, tie.status, tie.decided_by) == ("membership", "proposed", "coordinator-1")


@pytest.mark.parametrize("risk", ["B", "C"])
def test_s4_04_nobody_is_placed_automatically(risk):
    with pytest.raises(DataError, match="people place people"):
        placed(topic_risk=risk, decided_by=None)


@pytest.mark.parametrize("who", ["peer", "trained_volunteer"])
def test_s4_05_risk_c_needs_a_professional_and_risk_b_does_not(who):
    led = PROFESSIONAL | {"facilitator_type": who, "facilitator_trained": True}
    with pytest.raises(DataError, match="professional facilitator"):
        placed(safety=led)
    assert placed(safety=led, topic_risk="B").decided_by == "coordinator-1"


@pytest.mark.parametrize("missing", sorted(PROFESSIONAL.keys() - {"facilitator_trained"}))
def test_a_group_without_its_whole_safety_profile_is_refused(missing):
    with pytest.raises(DataError, match="safe for the person"):
        placed(safety={key: value for key, value in PROFESSIONAL.items() if key != missing})


def test_suspended_full_and_unsafe_for_this_person_are_refused_all_at_once():
    with pytest.raises(DataError) as caught:
        placed(suspended=True, size_now=9, size_max=9, person={"safety_needs": ["moderation"]})
    assert {"no place is free", "what makes this group safe for the person is not in place"} == set(
        caught.value.problems
    )


def test_a_personal_rule_is_never_told():
    with pytest.raises(DataError) as caught:
        placed(person={"boundaries": [{"kind": "group_kind", "value": "support"}]})
    assert caught.value.problems == ("a personal boundary",)


def test_a_group_of_risk_a_may_be_chosen_by_the_person():
    found = placed(topic_risk="A", safety=None, decided_by=None)
    assert (found.decided_by, found.resources) == ("a", ())


def test_what_people_should_check_comes_along():
    found = placed(venue_type="cafe")
    assert any("private" in sentence for sentence in found.to_confirm)


def test_ids_and_kinds_that_are_not_there_are_refused():
    made = engine()
    made.load([mentee("a")], groups=[group("g")])
    with pytest.raises(UnknownIdError):
        place(made._scene("group"), "a", "nothing", "c")
    with pytest.raises(UnknownIdError):
        place(made._scene("group"), "nobody", "g", "c")
    with pytest.raises(ConfigError, match="group"):
        place(made._scene("mentor"), "a", "g", "c")
