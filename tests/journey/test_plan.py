"""Journeys: one person's way into one group, in time, place, company and words (domain.md S5, C5)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

import matchengine as me
from matchengine.errors import DataError, UnknownIdError
from matchengine.journey.plan import plan_journey
from matchengine.journey.visit import level_of
from matchengine.records import ConsentGrant, Event, Group, Relationship
from matchengine.records.journey import Circumstances, Journey, Meeting
from tests.support import EVENING, engine, group, mentee

EVENTS = """
[match.event]
requester = "anyone"
candidate = "event"
[match.event.scorers.interests]
use = "topic_interest"
"""
WELCOMING = {
    "contacts": [{"person_id": "shy", "consented": False}, {"person_id": "nadia", "consented": True}],
    "meeting_point": "the fountain",
    "accompanied": True,
    "how_it_works": "We walk for an hour. Then tea.",
    "exposure_level": 2,
}


def made(people: list[dict[str, Any]] | None = None, *groups: dict[str, Any], **more: Any) -> me.Engine:
    """Return an engine on a person `a` of rung 1 and a welcoming group `g`."""
    loaded = engine(EVENTS)
    loaded.load(people or [mentee("a", comfort_rung=1)], groups=groups or [group("g", **WELCOMING)], **more)
    return loaded


def planned(loaded: me.Engine, known: Circumstances | None = None, kind: str = "group", **more: Any) -> Journey:
    """Return the journey of `a` to `g`."""
    return plan_journey(loaded._scene(kind), "a", "g", known=known or Circumstances(), **more)


def grant(person: str, field: str, purpose: str = "match", audience: str = "engine_only") -> ConsentGrant:
    """Return a consent."""
    told = {"person_id": person, "field": field, "purpose": purpose, "audience": audience, "text_version": "1"}
    return ConsentGrant.model_validate(told | {"language": "en", "granted_at": "2026-01-01T00:00:00Z"})


def visited(*ratings: str | None, kind: str = "attend") -> Circumstances:
    """Return visits to `g`, one a week, the last one yesterday."""
    first = date(2026, 3, 8) - timedelta(weeks=len(ratings) - 1)
    meetings = [
        {"person_id": "a", "other_id": "g", "on": first + timedelta(weeks=n), "kind": kind, "rating": rating}
        for n, rating in enumerate(ratings)
    ]
    return Circumstances(meetings=tuple(Meeting.model_validate(one) for one in meetings))


def test_a_welcoming_group_makes_a_whole_plan() -> None:
    told = planned(made())
    plan = told.plan
    assert plan.missing == ()
    assert (plan.meeting_point, plan.companion, plan.contact) == ("the fountain", "nadia", "nadia")
    assert plan.time is not None
    assert plan.time.isoformat() == "2026-03-10T18:00:00+00:00"
    assert plan.first_share == "“hiking” brought me here: I like “hiking”."
    assert plan.what_to_expect == "We walk for an hour. Then tea."
    assert (plan.begins_with, plan.exposure, plan.accompaniment) == ("visit", 2, "together")
    assert told.handover is not None
    assert told.handover.contact == "nadia"
    assert told.next_step.kind == "attend"
    assert told.next_step.text == (
        "If it is Tuesday 2026-03-10, 18:00 (Europe/London), then I meet nadia here: the fountain, and we go to "
        "“Walkers” together and leave together."
    )
    assert told.prompts == told.next_step.prompts
    assert told.help_check.due == date(2026, 3, 18)


def test_a_group_that_says_nothing_lists_what_is_missing_and_asks() -> None:
    told = planned(made(None, group("g", schedule=None, topics=["pottery"])))
    assert set(told.plan.missing) == {
        "companion", "meeting_point", "time", "first_share", "contact", "what_to_expect",
    }  # fmt: skip
    assert len(told.ask_organiser) == 4
    assert told.handover is None
    assert told.next_step.kind == "ask"
    assert told.next_step.on == date(2026, 3, 10)
    assert "Still open: somebody to come along, the meeting point," in told.plain_text


def test_a_contact_who_did_not_agree_or_is_not_welcome_is_never_named() -> None:
    only_shy = WELCOMING | {"contacts": WELCOMING["contacts"][:1]}
    assert "shy" not in planned(made(None, group("g", **only_shy))).model_dump_json()
    boundary = [{"kind": "person", "value": "nadia"}]
    told = planned(made([mentee("a", comfort_rung=1, boundaries=boundary)], group("g", **WELCOMING)))
    assert "nadia" not in told.model_dump_json()
    other = [mentee("a", comfort_rung=1), mentee("nadia", boundaries=[{"kind": "person", "value": "a"}])]
    silent = planned(made(other, group("g", **WELCOMING)))
    assert silent == told, "whose boundary it is cannot be told"


def test_whoever_comes_along_hands_over_to_somebody_else() -> None:
    known = Circumstances(companion_id="mentor")
    told = planned(made(), known)
    assert (told.plan.companion, told.handover and told.handover.contact) == ("mentor", "nadia")
    assert "Is introduced to nadia; then mentor steps back." in told.plain_text
    two = WELCOMING | {"contacts": [{"person_id": n, "consented": True} for n in ("nadia", "omar")]}
    again = planned(made(None, group("g", **two)))
    assert (again.plan.companion, again.handover and again.handover.contact) == ("nadia", "omar")


def test_an_address_that_is_told_after_joining_waits_for_the_membership() -> None:
    private = group("g", **WELCOMING, safety={"items": ["address_after_joining"]})
    loaded = made(None, private)
    told = planned(loaded)
    assert "fountain" not in told.model_dump_json()
    assert "meeting_point" in told.plan.missing
    tie = {"person_id": "a", "other_id": "g", "kind": "membership"}
    for status, seen in (("proposed", False), ("active", True)):
        joined = Circumstances(relationships=(Relationship.model_validate(tie | {"status": status}),))
        assert ("fountain" in planned(loaded, joined).model_dump_json()) is seen


@pytest.mark.parametrize("rung", [0, 1, 2, 3, 4, None])
@pytest.mark.parametrize("level", [0, 1, 2, 3, 4])
def test_the_first_exposure_is_at_most_one_rung_above(rung: int | None, level: int) -> None:
    told = planned(made([mentee("a", comfort_rung=rung)], group("g", **WELCOMING | {"exposure_level": level})))
    own = 1 if rung is None else rung
    assert told.plan.exposure <= own + 1
    for step in (told.next_step, told.aftercare.next_step):
        assert step.difficulty <= own + 1
    assert (told.plan.begins_with == "visit") == (level <= own + 1)
    assert told.aftercare.rung_if_okay == min(own + 1, 4)


def test_a_group_that_is_too_far_begins_with_one_or_two_people() -> None:
    told = planned(made([mentee("a", comfort_rung=0)], group("g", **WELCOMING)))
    assert told.next_step.kind == "message"
    done = Circumstances(meetings=visited(None, kind="message").meetings)
    assert planned(made([mentee("a", comfort_rung=0)], group("g", **WELCOMING)), done).next_step.kind == "meet"
    assert "it begins with one or two people" in told.plain_text


def test_company_fades_with_good_visits_alone() -> None:
    loaded = made()
    got = [planned(loaded, visited(*ratings)).accompaniment for ratings in (
        (), ("okay",), ("not_okay",), ("okay", "not_okay"), ("okay", "okay"), ("okay",) * 3,
    )]  # fmt: skip
    assert got == ["together", "arrive_together", "together", "arrive_together", "alone_with_contact", "alone"]


def test_the_second_visit_is_asked_about_and_an_overdue_question_is_due_today() -> None:
    assert planned(made(), visited("okay")).help_check.due == date(2026, 3, 11)
    assert planned(made(), visited("okay", "okay", "okay")).help_check.due == date(2026, 3, 9)


def test_who_feels_at_home_may_contribute_then_suggest() -> None:
    people = [mentee("a", comfort_rung=3)]
    assert planned(made(people), visited("okay", "okay", "okay")).next_step.kind == "contribute"
    given = visited(*["okay"] * 5).meetings + visited(None, kind="contribute").meetings
    assert planned(made(people), Circumstances(meetings=given)).next_step.kind == "suggest"


def test_events_have_one_date_and_end() -> None:
    loaded = made()
    event = {key: value for key, value in group("g", **WELCOMING).items() if key not in ("schedule", "size_max")}
    event |= {"kind": "mixer", "start": "2026-03-14T10:00:00", "duration_minutes": 90}
    loaded.upsert(Event.model_validate(event))
    told = planned(loaded, kind="event")
    assert told.plan.time is not None
    assert told.plan.time.isoformat() == "2026-03-14T10:00:00+00:00"
    assert told.aftercare.due.isoformat() == "2026-03-16T11:30:00+00:00"
    assert told.aftercare.next_step.kind == "message"
    with pytest.raises(DataError, match="event 'g' is over"):
        planned(loaded, kind="event", today=date(2026, 3, 14))


def test_levels_follow_from_the_size_where_nobody_stated_them() -> None:
    sizes = {0: 0, 1: 0, 2: 1, 5: 1, 6: 2, 12: 2, 13: 3, 25: 3, 26: 4}
    for size, level in sizes.items():
        told = group("g", size_now=size, size_max=None, exposure_level=None)
        assert level_of(Group.model_validate(told)) == level
    unknown = group("g", size_now=None, size_max=None)
    assert level_of(Group.model_validate(unknown)) == 3
    assert level_of(Group.model_validate(group("g", size_now=None, size_max=5))) == 1
    assert level_of(Group.model_validate(group("g", size_now=40, exposure_level=1))) == 1


def test_what_people_wrote_is_quoted_to_themselves_alone() -> None:
    loaded = made([mentee("a", comfort_rung=1, interests=[{"text": "hiking in silence"}])])
    own = planned(loaded).plan.first_share
    assert own == "“hiking” brought me here: I like “hiking in silence”."
    for carried in ({"viewer": "coordinator"}, {"carried": True}):
        assert "silence" not in planned(loaded, **carried).model_dump_json()
    reading = engine('[programme]\ncoordinator_reads = ["interests"]\n')
    reading.load([mentee("a", interests=[{"text": "hiking in silence"}])], groups=[group("g", **WELCOMING)])
    assert planned(reading, viewer="coordinator").plan.first_share == own


NEEDS = {"barriers": [{"kind": "childcare", "strength": "blocking"}, {"kind": "language", "strength": "some"}]}


def test_needs_are_told_to_the_person_and_to_coordinators_only_with_consent() -> None:
    people = [mentee("a", comfort_rung=1, **NEEDS)]
    loaded = made(people, group("g", **WELCOMING, childcare=False), consents=[grant("a", "barriers")])
    own = planned(loaded)
    assert own.supports_to_arrange == ("childcare during the meeting",)
    assert any("language" in question for question in own.ask_organiser)
    for reading in ({"viewer": "coordinator"}, {"carried": True}):
        told = planned(loaded, **reading)
        assert (told.supports_to_arrange, told.ask_organiser) == ((), ())
        assert "childcare" not in told.model_dump_json()
    loaded.upsert(grant("a", "barriers", "explain", "coordinator"))
    assert planned(loaded, viewer="coordinator").supports_to_arrange == own.supports_to_arrange
    assert planned(loaded, carried=True).ask_organiser == own.ask_organiser


def test_needs_without_consent_change_nothing() -> None:
    silent = planned(made([mentee("a", comfort_rung=1, **NEEDS)]))
    assert silent == planned(made())


def test_who_may_not_meet_is_not_planned_for() -> None:
    loaded = made([mentee("a", boundaries=[{"kind": "group_kind", "value": "sport_walk"}])])
    for viewer, words in (("requester", "'g' is not available"), ("coordinator", "a rule forbids this pair")):
        with pytest.raises(DataError, match=words) as caught:
            planned(loaded, viewer=viewer)
        assert "sport_walk" not in str(caught.value)
    with pytest.raises(DataError, match="'nowhere' is not available"):
        plan_journey(loaded._scene("group"), "a", "nowhere")
    with pytest.raises(UnknownIdError):
        plan_journey(loaded._scene("group"), "a", "nowhere", "coordinator")
    with pytest.raises(UnknownIdError):
        plan_journey(loaded._scene("group"), "nobody", "g")
    with pytest.raises(DataError, match="not to the group"):
        planned(loaded, viewer="candidate")
    with pytest.raises(DataError, match="suggests no groups or events"):
        plan_journey(loaded._scene("mentor"), "a", "m")


def test_a_member_of_a_full_group_still_has_a_next_step() -> None:
    tie = Relationship.model_validate({"person_id": "a", "other_id": "g", "kind": "membership"})
    full = group("g", **WELCOMING | {"size_now": 12, "size_max": 12})
    with pytest.raises(DataError, match="not available"):
        planned(made(None, full))
    assert planned(made(None, full, relationships=[tie])).next_step.kind == "attend"


def test_introductions_need_consent_and_end_where_boundaries_begin() -> None:
    ties = [
        {"person_id": "a", "other_id": "m", "kind": "mentoring"},
        {"person_id": "m", "other_id": "g", "kind": "membership"},
    ]
    known = Circumstances(relationships=tuple(Relationship.model_validate(tie) for tie in ties))
    loaded = made([mentee("a", comfort_rung=1), mentee("m")])
    assert planned(loaded, known).introduction is None
    loaded.upsert(grant("m", "relationships", "explain", "matched_partner_after_both_accept"))
    told = planned(loaded, known)
    assert told.introduction is not None
    assert (told.introduction.via_id, told.introduction.length) == ("m", 2)
    assert "Could introduce the person: m." in told.plain_text
    for reading in ({"viewer": "coordinator"}, {"carried": True}):
        assert planned(loaded, known, **reading).introduction is None
    loaded.upsert(Group.model_validate(group("g", **WELCOMING, framing="identity_focused")))
    assert planned(loaded, known).introduction is None


def test_dates_are_those_of_the_zone_of_the_group() -> None:
    far = group("g", **WELCOMING, schedule={"slots": [EVENING | {"time_zone": "Asia/Tokyo"}]})
    loaded = made([mentee("a", comfort_rung=1, availability=[])], far)
    told = planned(loaded)
    assert told.plan.time is not None
    assert told.plan.time.isoformat() == "2026-03-10T18:00:00+09:00"
    assert "(Asia/Tokyo)" in told.next_step.text
