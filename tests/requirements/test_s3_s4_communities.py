"""Rows of sources S3 (LGBTQIA+ networks) and S4 (self-help groups)."""

from __future__ import annotations

import inspect
from typing import Any, get_args

import pytest

import matchengine as me
from matchengine.records import ConsentGrant
from matchengine.records import vocabulary as v
from tests.properties.populations import dumped
from tests.requirements.test_s1_programmes import SAFE, loaded
from tests.requirements.test_s2_ecosystem import consent
from tests.support import engine, group, mentee, mentor

EVENTS = """
[match.event]
requester = "anyone"
candidate = "event"
[match.event.scorers.interests]
use = "topic_interest"
[match.event.constraints]
use = ["mode_overlap", "visibility", "framing", "norms"]
"""


@pytest.mark.parametrize("item", get_args(v.SafetyItem))
def test_s3_01_a_group_without_a_requested_safety_item_is_not_returned(item: str) -> None:
    """S3-01: whoever asks for a safety item gets only groups that state it; silence is not a yes."""
    others = [other for other in get_args(v.SafetyItem) if other != item]
    groups = [
        group("has", safety={"items": [item]}),
        group("all", safety={"items": list(get_args(v.SafetyItem))}),
        group("others", safety={"items": others}),
        group("silent"),
    ]
    made = loaded([mentee("a", safety_needs=[item]), mentee("b")], groups=groups)
    assert {s.candidate_id for s in made.suggest("a", "group", 9)} == {"has", "all"}
    assert {s.candidate_id for s in made.suggest("b", "group", 9)} == {"has", "all", "others", "silent"}


def test_s3_01_no_suggestion_tells_where_a_group_meets() -> None:
    """S3-01: the address comes after joining: a suggestion holds neither place nor venue."""
    private = group("g", place={"area": "canaryville", "geohash": "gcpvj"}, venue_type="home", modes=["in_person"])
    made = loaded([mentee("a", modes=["in_person"])], groups=[private])
    text = dumped(made.suggest("a", "group"))
    assert text
    assert not [word for word in ("canaryville", "gcpvj", "home") if word in text]


def test_s3_09_whoever_stays_private_gets_no_public_demonstration() -> None:
    """S3-09: protests and advocacy groups never reach a person whose visibility is private, and do reach the others."""
    made = engine(EVENTS)
    people = [
        mentee(n, visibility=told) for n, told in (("private", "private"), ("members", "members"), ("public", "public"))
    ]
    base = {"title": "t", "topics": ["hiking"], "modes": ["video"]}
    made.load(
        [*people, mentee("silent")],
        groups=[group("march", kind="advocacy"), group("walk")],
        events=[base | {"id": "protest", "kind": "protest"}, base | {"id": "talk", "kind": "talk"}],
    )
    assert {s.candidate_id for s in made.suggest("private", "event", 9)} == {"talk"}
    assert {s.candidate_id for s in made.suggest("private", "group", 9)} == {"walk"}
    for who in ("members", "public", "silent"):
        assert {s.candidate_id for s in made.suggest(who, "event", 9)} == {"protest", "talk"}
        assert {s.candidate_id for s in made.suggest(who, "group", 9)} == {"march", "walk"}
    assert made.excluded("private", "event") == {"visibility": 1}


def test_s3_09_a_goal_of_rights_can_be_told_and_finds_its_group() -> None:
    """S3-09: a goal of the kind rights_advocacy finds the advocacy group about it."""
    goal = {"text": "tenants rights in our street", "kind": "rights_advocacy"}
    made = loaded(
        [mentee("a", goals=[goal], interests=[], visibility="public")],
        groups=[group("rights", kind="advocacy", topics=["tenants rights"]), group("walk", topics=["pottery"])],
    )
    assert [s.candidate_id for s in made.suggest("a", "group")] == ["rights", "walk"]


def test_s4_04_violence_and_its_like_are_placed_by_people() -> None:
    """S4-04: a group of topic risk C is never suggested, however safe, for whatever goal, admitted by no setting."""
    settings = '[match.group.constraints.with]\nminors_in_groups = { policy = "with_guardian_and_safety" }\n'
    made = engine(settings)
    c = group(
        "c", topic_risk="C", topics=["learn sql for data work"], safety=SAFE | {"facilitator_type": "professional"}
    )
    made.load([mentee("a"), mentee("young", adult=False, guardian_consent=True)], groups=[c, group("g")])
    assert [s.candidate_id for s in made.suggest("a", "group", 9)] == ["g"]
    assert made.suggest("young", "group", 9) == []
    assert made.excluded("a", "group") == {"group_safety": 1}
    with pytest.raises(me.MatchEngineError, match="group_safety"):
        engine('[match.group.constraints.with]\ngroup_safety = { policy = "auto" }\n')


def test_s4_08_nobody_learns_from_the_engine_who_is_in_a_group() -> None:
    """S4-08: members and greeters stand in no suggestion, and the engine has no way of asking for a list of members."""
    members = [mentee(f"canary{n}") for n in range(4)]
    made = loaded(
        [mentee("a"), *members],
        groups=[group("g", contacts=[{"person_id": "canary0", "consented": True}]), group("h")],
        relationships=[{"person_id": m["id"], "other_id": "g", "kind": "membership"} for m in members],
    )
    got = made.suggest("a", "group", 9)
    assert {s.candidate_id for s in got} == {"g", "h"}
    assert "canary" not in dumped(got)
    public = {name for name, _ in inspect.getmembers(me.Engine, callable) if not name.startswith("_")}
    assert public == {
        "adopt", "allow_again", "apply", "ask", "assign", "audit_lines", "bridges", "bundle", "changes_since",
        "check", "check_ins", "close", "copies", "cut_audit", "decided", "decline_swap", "eligible", "erase",
        "excluded", "explain", "fingerprint", "fit", "form_groups", "from_config", "gaps", "groups_to_start",
        "help_checks", "invitations", "journey", "keep", "keep_away", "kept", "kept_away", "kept_results", "let_go",
        "load", "measure", "members", "mismatches", "mixer", "note_copy", "open", "open_plan", "open_requests",
        "own_pulse", "pause", "person_record", "place", "placed", "plan_swaps", "price_of_wishes", "prompts",
        "purge", "ready_to_mentor", "referral", "reminders",
        "remove", "request_group", "reseal", "resume", "save", "shadow_prices", "shortlists", "shown_text",
        "skill_circles", "suggest", "suggest_many", "supports", "suspended", "sync", "team", "tell", "unmet",
        "upsert", "verify_audit", "welcome",
    }  # fmt: skip
    for viewer in ("requester", "candidate", "coordinator"):
        told = made.explain("a", "g", "group", viewer).model_dump_json() + made.check("group").model_dump_json()
        assert "canary" not in told
    with pytest.raises(me.MatchEngineError):
        made.suggest("g", "group")


def test_s4_12_whoever_wants_topics_gets_no_identity_framed_group() -> None:
    """S4-12: topic_focused never gets a group framed around identity; a group that does not say is to be confirmed."""
    groups = [group("identity", framing="identity_focused"), group("topics", framing="topic_focused"), group("silent")]
    people = [
        mentee("t", framing_preference="topic_focused"),
        mentee("i", framing_preference="identity_focused"),
        mentee("e"),
    ]
    made = loaded(people, groups=groups)
    got = {s.candidate_id: s.to_confirm for s in made.suggest("t", "group", 9)}
    assert set(got) == {"topics", "silent"}
    assert got["topics"] == ()
    assert any("framed" in sentence for sentence in got["silent"])
    for who in ("i", "e"):
        assert {s.candidate_id for s in made.suggest(who, "group", 9)} == {"identity", "topics", "silent"}


@pytest.mark.parametrize("count", [1, 5])
@pytest.mark.parametrize("kind", ["mentor", "group"])
def test_s4_14_how_much_somebody_discloses_counts_for_nothing(count: int, kind: str) -> None:
    """S4-14: none, one or five disclosures with consent leave every suggestion byte for byte the same."""
    told: dict[str, Any] = {
        "attributes": [{"dimension": f"d{n}", "value": "x"} for n in range(count)],
        "lived_experience": [f"theme {n}" for n in range(count)],
        "age_band": "35-44",
        "barriers": [{"kind": "cost", "strength": "some"}],
        "pronouns": "they/them",
    }
    given: list[ConsentGrant] = [consent(who, field) for who in ("a", "m", "n") for field in told]

    def read(asking: dict[str, Any], giving: dict[str, Any]) -> str:
        made = loaded(
            [mentee("a", **asking), mentor("m", **giving), mentor("n")], groups=[group("g"), group("h")], consents=given
        )
        return dumped(made.suggest("a", kind, 9))

    silent = read({}, {})
    assert silent.count("\n") == 1
    assert read(told, {}) == read({}, told) == read(told, told) == silent
