"""History is evidence about oneself and about many, never about one other person (domain.md B4, B5.5)."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from matchengine.engine import Engine
from matchengine.records import Feedback, Relationship
from tests.history_support import answers, crowd, feature, history_engine, members, town
from tests.support import group, mentee

SENSITIVE: dict[str, dict[str, Any]] = {
    "support": {"kind": "support"},
    "faith": {"kind": "faith"},
    "culture": {"kind": "cultural"},
    "advocacy": {"kind": "advocacy"},
    "parents": {"kind": "parents"},
    "risk": {"kind": "hobby", "topic_risk": "B"},
    "intended": {"kind": "hobby", "intended_for": ["heritage: plover"]},
    "identity": {"kind": "hobby", "framing": "identity_focused"},
    "norms": {"kind": "hobby", "norms": ["women_only"]},
    "closed": {"kind": "hobby", "admission": "closed"},
    "confidential": {"kind": "hobby", "safety": {"confidential": True}},
}
TOWN = crowd("ab", "bc", "cd", each=7) | {"new": "a", "cold": ""}


def lists(made: Engine, kind: str, people: list[str], viewer: Any = "requester") -> dict[str, Any]:
    """Everything that is suggested to some people, as JSON."""
    found = made.suggest_many(people, kind, k=50, viewer=viewer)
    return {who: [json.loads(s.model_dump_json()) for s in of] for who, of in found.items()}


def feedback(said: list[tuple[str, str, bool]], **more: Any) -> list[Feedback]:
    return [Feedback.model_validate(each) for each in answers(said, **more)]


# ---------------------------------------------------------------------- memberships


@pytest.mark.parametrize("how", SENSITIVE)
def test_who_joins_a_sensitive_group_moves_nothing_for_anybody_else(how: str) -> None:
    """A dozen people with the same plain groups join it: no list of anybody else changes in a single byte."""
    made = town(TOWN, {"s": SENSITIVE[how]})
    joining = [who for who in TOWN if who.startswith(("ab", "bc"))][:12]
    others = [who for who in TOWN if who not in joining]
    before = lists(made, "group", others)
    for who in joining:
        made.upsert(Relationship(person_id=who, other_id="s", kind="membership"))
    assert lists(made, "group", others) == before
    assert str(feature(made, "group", "joined_together", "new", "s")) == "[nan]"


def test_the_same_people_joining_a_plain_group_does_count() -> None:
    """Otherwise the test above would prove nothing."""
    made = town(TOWN, {"s": {"kind": "hobby"}})
    before = lists(made, "group", ["new"])
    for who in [who for who in TOWN if who.startswith(("ab", "bc"))][:12]:
        made.upsert(Relationship(person_id=who, other_id="s", kind="membership"))
    assert lists(made, "group", ["new"]) != before
    assert feature(made, "group", "joined_together", "new", "s")[0] > 0


def test_being_in_a_sensitive_group_changes_no_other_group_on_ones_own_list() -> None:
    made = town(TOWN, {"s": SENSITIVE["support"], "t": SENSITIVE["faith"]})
    before = lists(made, "group", ["new"])
    for who in [*crowd("ab", each=7), "new"]:
        made.upsert(Relationship(person_id=who, other_id="s", kind="membership"))
    after = lists(made, "group", ["new"])
    one, other = ([{**s, "rank": 0} for s in of["new"] if s["candidate_id"] != "s"] for of in (before, after))
    assert one == other


@pytest.mark.parametrize("common", [1, 3, 4])
def test_fewer_than_five_common_members_show_nowhere(common: int) -> None:
    """Whether one to four people of a group also joined another one cannot be read from anybody's list."""
    people = crowd("a", "b", "cd", each=9) | {"new": "a"}
    both = {f"a{n}": "b" for n in range(common)}
    made = town(people)
    before = lists(made, "group", ["new"])
    scale = feature(made, "group", "joined_together", "new", "bcd")
    for tie in members(both):
        made.upsert(Relationship.model_validate(tie))
    assert feature(made, "group", "joined_together", "new", "b")[0] <= 0.5
    assert feature(made, "group", "joined_together", "new", "bcd") == scale
    assert lists(made, "group", ["new"]) == before


def test_the_fifth_common_member_counts_and_the_sentence_names_nobody() -> None:
    people = crowd("a", "b", "cd", each=9) | {"new": "a"}
    made = town(people | {f"a{n}": "ab" for n in range(5)})
    assert feature(made, "group", "joined_together", "new", "b")[0] > 0.5
    told = json.dumps(lists(made, "group", ["new"]))
    assert "People who joined what you joined also joined this." in told
    assert not any(f'"{who}"' in told for who in people if who != "new")


def test_who_keeps_a_private_profile_is_not_counted() -> None:
    people = crowd("a", "b", "cd", each=9) | {"new": "a"}
    joined = people | {f"a{n}": "ab" for n in range(5)}
    made = history_engine()
    made.load(
        [mentee(who, **({"visibility": "private"} if who == "a0" else {})) for who in joined],
        groups=[group(g) for g in "abcd"],
        relationships=members(joined),
    )
    assert feature(made, "group", "joined_together", "new", "b")[0] <= 0.5


def test_what_somebody_says_of_a_group_never_tells_who_said_it() -> None:
    """A "not for me" or an unsafe feeling takes one member out of the count and shows below the floor nowhere."""
    made = town(crowd("ab", each=5) | crowd("cd", each=9) | {"new": "a"})
    made.upsert(feedback([("ab0", "b", False)])[0])
    one = lists(made, "group", ["new"])
    for said in feedback([("ab1", "b", False), ("ab2", "b", False)]):
        made.upsert(said)
    assert lists(made, "group", ["new"]) == one


# ---------------------------------------------------------------------- answers


def meetings(made: Engine) -> Engine:
    people = [f"p{n:02}" for n in range(20)]
    said = [
        (people[n], people[(n + step) % 20], (n * step) % 3 != 0) for n in range(20) for step in (1, 2, 3, 4, 5, 7, 11)
    ]
    made.load([mentee(who) for who in [*people, "cold"]], feedback=answers(said, given_at="2026-01-01T00:00:00Z"))
    return made


def shown(made: Engine, who: str, viewer: Any = "requester") -> dict[str, Any]:
    """What one person reads of everybody, without the place in the list."""
    return {s["candidate_id"]: {**s, "rank": 0} for s in lists(made, "met", [who], viewer)[who]}


@pytest.mark.parametrize("yes", [True, False])
def test_what_others_answer_about_somebody_is_not_in_that_persons_list(yes: bool) -> None:
    """Be they all declined or all accepted: nothing they read changes, but that who declined is not suggested."""
    made = meetings(history_engine())
    prior = made._pool.derived.acceptance().prior
    before = shown(made, "p00")
    for said in feedback([(f"p{n:02}", "p00", yes) for n in (3, 8, 12, 14)], given_at="2026-02-01T00:00:00Z"):
        made.upsert(said)
    after = shown(made, "p00")
    assert made._pool.derived.acceptance().prior == prior
    assert after.keys() <= before.keys()
    assert len(after) >= 5
    assert after == {who: before[who] for who in after}


def test_the_answers_do_move_the_lists_of_others() -> None:
    """Otherwise the test above would prove nothing."""
    made = meetings(history_engine())
    before = feature(made, "met", "accepts", "p10", ["p00"])
    for said in feedback([(f"p{n:02}", "p00", False) for n in (3, 8, 12, 14)], given_at="2026-02-01T00:00:00Z"):
        made.upsert(said)
    assert feature(made, "met", "accepts", "p10", ["p00"])[0] < before[0]


def test_feeling_unsafe_is_for_people_to_look_into_and_teaches_nothing() -> None:
    """It is no answer, and takes out what the same person said before of the same other."""
    made = meetings(history_engine())
    others = ("p01", "p02", "p05", "p08")
    before = {who: feature(made, "met", "accepts", "p10", [who]) for who in others}
    unsafe = {"person_id": "p19", "wave": "end", "perspective": "requester", "items": {"felt_unsafe": True}}
    assert not any(each[:2] == ("p19", "p08") for each in made._pool.ties.history.answers())
    made.upsert(Feedback.model_validate({"about_id": "p08", **unsafe}))
    assert {who: feature(made, "met", "accepts", "p10", [who]) for who in others} == before
    made.upsert(Feedback.model_validate({"about_id": "p02", **unsafe}))
    assert not any(each[:2] == ("p19", "p02") for each in made._pool.ties.history.answers())


@pytest.mark.parametrize("viewer", ["requester", "candidate", "coordinator"])
def test_no_reason_tells_how_anybody_answered(viewer: Any) -> None:
    """Turning every answer round changes numbers and order, and not a word of any reason."""
    made, turned = meetings(history_engine()), history_engine()
    people = [f"p{n:02}" for n in range(20)]
    said = made._pool.ties.history.answers()
    turned.load(
        [mentee(who) for who in [*people, "cold"]],
        feedback=answers([(a, b, True) for a, b, _ in said], given_at="2026-01-01T00:00:00Z"),
    )
    one, other = shown(made, "p00", viewer), shown(turned, "p00", viewer)
    both = one.keys() & other.keys()
    assert len(both) >= 5
    assert any(one[who] != other[who] for who in both)

    def words(of: dict[str, Any]) -> list[str]:
        return sorted(reason["text"] for reason in of["reasons"]) + of["limits"]

    assert all(words(one[who]) == words(other[who]) for who in both)


# ---------------------------------------------------------------------- cold start


def test_somebody_without_history_reads_the_same_whatever_others_did() -> None:
    """Neither memberships nor answers of others move a score of who has none, bit for bit."""
    some, none = town(TOWN), town(dict.fromkeys(TOWN, ""), {g: {} for g in "abcd"})
    none._held = replace(none._held, neutral=some._neutral)
    assert lists(some, "group", ["cold"]) == lists(none, "group", ["cold"])
    met, unmet = meetings(history_engine()), history_engine()
    unmet.load([mentee(f"p{n:02}") for n in range(20)] + [mentee("cold")])
    unmet._held = replace(unmet._held, neutral=met._neutral)
    assert lists(met, "met", ["cold"]) == lists(unmet, "met", ["cold"])
