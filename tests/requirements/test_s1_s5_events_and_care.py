"""Rows on events, resources, projects, networks and care (domain.md C8, C10), over whole engines where they reach."""

from __future__ import annotations

from typing import Any, get_args

import pytest

import matchengine as me
from matchengine.journey.helplines import beside_topic, choose
from matchengine.journey.network import network_change
from matchengine.journey.placement import place
from matchengine.journey.team import team
from matchengine.planning.lottery import applicants_of, draw_lots, free_places
from matchengine.planning.network import network_gaps
from matchengine.planning.pulse import shown_tags
from matchengine.records import FeedbackItems, Group, NetworkMap, Relationship, Resource
from matchengine.records import vocabulary as v
from tests.journey.gatherings import KINDS, event, project, resource
from tests.properties.populations import dumped
from tests.requirements.test_s1_programmes import SAFE
from tests.support import engine, group, mentee, mentor

STYLE = """
[match.group.scorers.talk]
use = "talk_time"
block = "relate"
"""
CONFIDED: dict[str, Any] = {
    "attributes": [{"dimension": "orientation", "value": "x"}],
    "lived_experience": ["came out at work"],
    "pronouns": "they/them",
    "barriers": [{"kind": "safety", "strength": "strong"}],
}


def loaded(people: list[Any], **records: Any) -> me.Engine:
    """Return an engine with kinds of match for events, resources and projects."""
    made = engine(KINDS)
    made.load(people, **records)
    return made


def ids(made: me.Engine, who: str, kind: str) -> list[str]:
    """Return the ids of what is suggested, best first."""
    return [s.candidate_id for s in made.suggest(who, kind, 9)]


def test_s1_07_uncovered_roles_of_a_project_are_listed() -> None:
    """S1-07: a team covers what its members can do, and names every role that nobody covers."""
    people = [mentee("a"), mentor("b", offers=[{"text": "public speaking", "level": 4}])]
    made = loaded(people, projects=[project()])
    found = team(made._scene("project"), "film")
    covered = {role.text for role in found.roles if role.person_id}
    assert covered == {"short video editing", "public speaking"}
    assert set(found.uncovered) == {role["text"] for role in project()["roles"]} - covered == {"welding"}


def test_s1_10_the_lottery_comes_back_the_same_from_its_published_seed() -> None:
    """S1-10: over capacity the places go by lot; seed and applicants give the draw again, with waitlist ranks."""
    ties = [Relationship(person_id=f"p{n}", other_id="mixer", kind="membership", status="proposed") for n in range(8)]
    asking, places = applicants_of("mixer", ties, ()), free_places("mixer", 3, None, ties)
    drawn = draw_lots("mixer", asking, places, 20260309)
    assert draw_lots("mixer", asking[::-1], places, 20260309) == drawn
    assert [draw.place for draw in drawn.admitted] == [1, 2, 3]
    assert [draw.place for draw in drawn.waitlist] == [1, 2, 3, 4, 5]
    others = [draw_lots("mixer", asking, places, seed).admitted for seed in range(5)]
    assert len({tuple(d.person_id for d in admitted) for admitted in others}) > 1


def test_s1_10_events_that_fill_a_gap_rank_higher_and_what_is_over_is_never_suggested() -> None:
    """S1-10: among events on the same topic the one that brings missing contacts comes first; past ones never come."""
    network = {"ties": [{"category": "friends", "count": 0, "importance": 1}]}
    events = [
        event("talk", kind="talk"),
        event("mixer", kind="mixer"),
        event("over", kind="mixer", start="2026-03-08T18:00:00"),
        event("today", kind="mixer", start="2026-03-09T18:00:00", topics=["chess"]),
    ]
    made = loaded([mentee("a", network=network), mentee("b")], events=events)
    found = ids(made, "a", "event")
    assert found.index("mixer") < found.index("talk")
    assert set(found) == {"talk", "mixer", "today"} == set(ids(made, "b", "event"))
    assert made.excluded("a", "event") == {"upcoming": 1}


def test_s2_32_what_is_in_reach_before_and_after() -> None:
    """S2-32: the map tells its gaps; two maps tell what came into reach between them."""
    before = NetworkMap.model_validate({"ties": [{"category": "friends", "count": 1, "importance": 1}]})
    after = NetworkMap.model_validate(
        {
            "ties": [
                {"category": "friends", "count": 4, "importance": 1, "functions": ["emotional"]},
                {"category": "services", "count": 2, "importance": 0.5, "functions": ["informational"]},
            ]
        }
    )
    change = network_change(before, after)
    assert network_gaps(before)["friends"] > network_gaps(after)["friends"]
    assert change.closed["friends"] > 0
    assert (change.reachable_before, change.reachable_after) == (1, 2)
    assert change.gained == ("emotional", "informational")


def test_s2_38_workshops_and_projects_of_mentors_find_their_people() -> None:
    """S2-38: a workshop on somebody's goal comes first, and a project led by a mentor gets a team around them."""
    people = [mentee("a"), mentor("leads", boundaries=[]), mentee("b", offers=[{"text": "welding", "level": 3}])]
    events = [event("sql", topics=["learn sql for data work"]), event("knit", topics=["knitting"])]
    made = loaded(people, events=events, projects=[project(led_by="leads", size_max=3)])
    assert ids(made, "a", "event")[0] == "sql"
    found = team(made._scene("project"), "film")
    assert found.already == ("leads",)
    assert found.uncovered == ()


def test_s3_07_helplines_are_shown_on_the_choice_of_a_topic_and_never_matched_to_anybody() -> None:
    """S3-07: no helpline is ever suggested, whatever a person confides; country, language and topic alone choose it."""
    lines = [
        resource("gb", type="helpline", country="GB", topics=["learn sql for data work", "came out at work"]),
        resource("fr", type="helpline", country="FR", languages=[{"tag": "fr", "level": "native"}]),
    ]
    made = loaded([mentee("a"), mentee("b", **CONFIDED)], resources=[*lines, resource("course")])
    for who in ("a", "b"):
        assert ids(made, who, "resource") == ["course"]
        assert made.excluded(who, "resource")["helplines"] == 2
    cards = [Resource.model_validate(line) for line in lines]
    assert [r.id for r in choose(cards, "GB", ["en"])] == ["gb"]
    assert [r.id for r in choose(cards, "FR", ["fr"])] == ["fr"]


def test_s3_10_workshops_and_learning_resources_are_scored_by_what_people_want_to_learn() -> None:
    """S3-10: of workshops and courses those on a person's goal come first; stale and dear ones fall behind."""
    made = loaded(
        [mentee("a")],
        events=[event("other", topics=["pottery"]), event("rights", topics=["speak up in meetings"])],
        resources=[
            resource("stale", fresh_on="2016-03-01"),
            resource("dear", cost="high"),
            resource("good"),
            resource("far", topics=["pottery"]),
        ],
    )
    assert ids(made, "a", "event") == ["rights", "other"]
    assert ids(made, "a", "resource") == ["good", "dear", "stale", "far"]


def test_s4_05_risk_c_is_placed_by_people_and_led_by_professionals() -> None:
    """S4-05: a topic of risk C goes to a professionally led group only, and a person decides, never the engine."""
    safe = SAFE | {"facilitator_type": "professional"}
    groups = [
        group("pro", kind="support", topic_risk="C", safety=safe, venue_type="centre"),
        group("peers", kind="support", topic_risk="C", venue_type="centre", safety=SAFE | {"facilitator_type": "peer"}),
    ]
    made = loaded([mentee("a")], groups=groups)
    scene = made._scene("group")
    assert made.suggest("a", "group", 9) == []
    assert place(scene, "a", "pro", "coordinator-1").relationship.decided_by == "coordinator-1"
    for who, decided_by in (("pro", None), ("peers", "coordinator-1")):
        with pytest.raises(me.MatchEngineError):
            place(scene, "a", who, decided_by)


def test_s4_06_structure_and_talk_time_count_by_the_person_s_style() -> None:
    """S4-06: the same two groups rank the other way round for two styles; without a style the scorer is silent."""
    made = engine(STYLE)
    styles = {"plans": -2, "improvises": 2}
    people = [mentee(who, style={"structured_spontaneous": slider}) for who, slider in styles.items()]
    made.load(
        [*people, mentee("blank", style=None)],
        groups=[group("structured", talk_share=0.1), group("open", talk_share=0.9)],
    )
    assert ids(made, "plans", "group") == ["structured", "open"]
    assert ids(made, "improvises", "group") == ["open", "structured"]
    blank = made.suggest("blank", "group", 9)
    assert len({s.score for s in blank}) == 1
    assert not [r for s in blank for r in s.reasons if r.scorer == "talk"]


@pytest.mark.parametrize("venue", ["restaurant", "cafe", "library", "outdoors"])
def test_s4_07_a_private_topic_in_a_public_venue_is_warned_about(venue: str) -> None:
    """S4-07: the warning stands on the suggestion; a private venue, or a topic for everybody, has none."""
    groups = [
        group("public", topic_risk="B", safety=SAFE, venue_type=venue),
        group("private", topic_risk="B", safety=SAFE, venue_type="centre"),
        group("harmless", venue_type=venue),
    ]
    made = loaded([mentee("a")], groups=groups)
    warned = {s.candidate_id: [t for t in s.to_confirm if "private enough" in t] for s in made.suggest("a", "group", 9)}
    assert {name for name, told in warned.items() if told} == {"public"}
    assert set(warned) == {"public", "private", "harmless"}


def test_s4_09_resources_come_before_placement_for_violence_and_its_like() -> None:
    """S4-09: beside such a topic helplines are shown at once; the group itself is never suggested."""
    card = group("g", topic_risk="C", kind="support", safety=SAFE | {"facilitator_type": "professional"})
    line = resource("line", type="helpline", country="GB")
    made = loaded([mentee("a")], groups=[card], resources=[line])
    assert made.suggest("a", "group", 9) == []
    shown = beside_topic(Group.model_validate(card), [Resource.model_validate(line)], "GB", ["en"])
    assert [r.id for r in shown] == ["line"]
    assert place(made._scene("group"), "a", "g", "c-1", country="GB", languages=["en"]).resources == ("line",)


@pytest.mark.parametrize("members", range(4, 8))
def test_s4_10_tags_that_fewer_than_five_members_gave_are_not_shown(members: int) -> None:
    """S4-10: a tag of the anonymous pulse appears from the fifth member on, without a count."""
    answers = [["warm", f"only {n}"] for n in range(members)]
    assert shown_tags(answers) == (("warm",) if members >= 5 else ())


def test_s4_13_no_record_takes_severity_and_both_flags_exist() -> None:
    """S4-13: feedback takes felt_unsafe and felt_competitive; no record takes weights, doses or counts of attempts."""
    assert {"felt_unsafe", "felt_competitive"} <= FeedbackItems.model_fields.keys()
    for model in (FeedbackItems, Group, me.Person):
        names = " ".join(model.model_fields)
        assert not [word for word in ("severity", "weight", "dose", "attempt", "symptom") if word in names]


@pytest.mark.parametrize("category", get_args(v.NetworkCategory)[1:])
def test_s5_23_what_a_person_looks_for_in_a_network_decides_what_counts(category: str) -> None:
    """S5-23: the importance that a person gives to a part of their network is the weight of its gap."""
    place_of = v.NETWORK_CATEGORIES.index(category)  # type: ignore[arg-type]
    kinds = [kind for kind in v.FILLS if kind in get_args(v.EventKind)]
    most, least = (pick(kinds, key=lambda kind: v.FILLS[kind][place_of]) for pick in (max, min))
    network = {"ties": [{"category": name, "importance": float(name == category)} for name in v.NETWORK_CATEGORIES]}
    made = loaded(
        [mentee("a", network=network)],
        events=[event("most", kind=most), event("least", kind=least)],
    )
    assert ids(made, "a", "event")[0] == "most"


def test_s5_27_a_further_contact_never_raises_the_gap_and_the_map_stays_private() -> None:
    """S5-27: with more friends an event for friends falls behind; nobody but the person reads of the map."""
    events = [event("friends", kind="mixer"), event("learn", kind="workshop")]

    def network(count: int) -> dict[str, Any]:
        friends = {"category": "friends", "count": count, "importance": 1}
        return {"ties": [friends, {"category": "services", "count": 0, "importance": 0.3}]}

    few, many = (
        loaded([mentee("a", network=network(count))], events=events).suggest("a", "event", 9) for count in (0, 9)
    )
    assert [s.candidate_id for s in few] == ["friends", "learn"]
    assert [s.candidate_id for s in many] == ["learn", "friends"]
    made = loaded([mentee("a", network=network(0))], events=events)
    told = made.explain("a", "friends", "event", "candidate").model_dump_json()
    assert "contact" not in told.replace("interests, contacts and the size of the step", "")
    assert dumped(few)
