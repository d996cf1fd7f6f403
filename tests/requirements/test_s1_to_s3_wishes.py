"""Rows of the sources that the lift of shared experience makes true (domain.md C2)."""

from __future__ import annotations

from typing import Any

import pytest

import matchengine as me
from matchengine.records import Person
from tests.properties.disclosing import (
    CROSSING,
    GROUP_LIFT,
    LIFT,
    asking,
    attributes,
    consents,
    holders,
    order,
    programme,
    three_mentors,
    told_to,
    wishes,
)
from tests.properties.populations import dumped
from tests.support import engine, group, mentee, mentor

WOMAN, OF_COLOUR = "gender:woman", "heritage:black"
GROUPS = {"women": [WOMAN], "colour": [OF_COLOUR], "crossing": [WOMAN, OF_COLOUR], "open": []}


def support_groups(asker: dict[str, Any], names: list[str], extra: str = GROUP_LIFT) -> me.Engine:
    """Return an engine of groups that differ in nothing but whom they are intended for; ids decide ties."""
    people = [mentee("a", **asker), *holders(9, tokens=[WOMAN]), *holders(7, tokens=[OF_COLOUR], prefix="i")]
    people += holders(6, tokens=[WOMAN, OF_COLOUR], prefix="j")
    made = engine(extra)
    made.load(people, groups=[group(name, intended_for=GROUPS[name]) for name in names], consents=consents(people))
    return made


JOINT: dict[str, Any] = {
    "attributes": attributes(WOMAN, OF_COLOUR),
    "joint_wishes": [{"dimensions": ["gender", "heritage"]}],
}
SINGLE: dict[str, Any] = {"attributes": JOINT["attributes"], "wishes": wishes("important", "gender", "heritage")}


@pytest.mark.parametrize("told", [JOINT, SINGLE, JOINT | SINGLE], ids=["jointly", "singly", "both"])
def test_s1_02_a_group_for_the_crossing_ranks_above_a_group_for_either_road(told: dict[str, Any]) -> None:
    """S1-02: for someone who declared the intersection important, a group for A and B comes before A and B groups."""
    for names in (list(GROUPS), list(GROUPS)[::-1]):
        made = support_groups(told, names)
        assert order(made, kind="group")[0] == "crossing"
        assert order(made, kind="group")[-1] == "open" or told is JOINT
    renamed = {**GROUPS, "crossing": ["woman", "black"]}
    made = support_groups(told, [])
    for name, intended in renamed.items():
        made.upsert(me.records.Group.model_validate(group(name, intended_for=intended)))
    assert order(made, kind="group")[0] == "crossing", "a group may name the value alone"


def test_s1_02_the_condition_of_a_group_hides_it_from_nobody_and_nothing_else_is_told() -> None:
    """S1-02: everybody gets all four groups, to be confirmed where a group is for some; no output tells the lift."""
    silent, wishing = support_groups({}, list(GROUPS)), support_groups(SINGLE, list(GROUPS))
    assert set(order(silent, kind="group")) == set(order(wishing, kind="group")) == set(GROUPS)
    one, other = ({s.candidate_id: s for s in e.suggest("a", "group")} for e in (silent, wishing))
    same = [(one[g], other[g].model_copy(update={"rank": one[g].rank})) for g in GROUPS]
    assert all(mine == yours for mine, yours in same)
    assert "lift" not in dumped(wishing.suggest("a", "group"))
    assert wishing.explain("a", "crossing", "group").for_requester == silent.explain(
        "a", "crossing", "group"
    ).for_requester  # fmt: skip


def test_s1_02_without_the_consent_or_the_wish_the_groups_stand_as_they_are() -> None:
    """S1-02: both need the person's own word: no wish or no consent, no other order."""
    plain = order(support_groups({}, list(GROUPS)), kind="group")
    assert order(support_groups({"attributes": JOINT["attributes"]}, list(GROUPS)), kind="group") == plain
    made = engine(GROUP_LIFT)
    groups = [group(name, intended_for=intended) for name, intended in GROUPS.items()]
    made.load([mentee("a", **SINGLE)], groups=groups)
    assert order(made, kind="group") == plain


def test_s2_07_without_the_wish_the_ranking_is_identical_with_the_scorer_on_or_off() -> None:
    """S2-07: a requester without the declared wish reads the same bytes, whatever anybody disclosed."""
    unasked = asking() | {"wishes": []}
    on, off = (programme(unasked, *three_mentors(), extra=extra) for extra in (LIFT, ""))
    assert dumped(on.suggest("a", "mentor")) == dumped(off.suggest("a", "mentor"))
    asked = programme(asking(), *three_mentors())
    assert order(asked) == ["both", "one", "silent"]


def test_s2_07_the_reason_is_told_within_consent() -> None:
    """S2-07: what both share is said to both where both allow it, and to nobody else."""
    quiet = programme(asking(), *three_mentors())
    open_ = programme(asking(), *three_mentors(), more=told_to("members", "a", "both"))
    for viewer in ("requester", "candidate"):
        assert CROSSING[0] in open_.explain("a", "both", "mentor", viewer).plain_text
        assert CROSSING[0] not in quiet.explain("a", "both", "mentor", viewer).plain_text
    assert CROSSING[0] not in open_.explain("a", "both", "mentor", "coordinator").plain_text


@pytest.mark.parametrize("elder", ["m", "n"])
def test_s3_04_an_experienced_guide_is_found_by_the_time_in_the_community(elder: str) -> None:
    """S3-04: the lift of lived experience stands beside the semantic scorer: of equal guides the one who shares it."""
    themes = ["ten years in the community", "came out at work"]
    guides = [mentor(who, lived_experience=themes if who == elder else []) for who in ("m", "n")]
    far = mentor("far", offers=[{"text": "welding", "level": 1}], hopes_to_gain="pottery", interests=[], values=[],
                 lived_experience=themes)  # fmt: skip
    people = [asking(themes=themes, strength="nice"), *guides, far, *holders(6, *themes), *holders(9, "x", prefix="o")]
    made = engine(LIFT)
    made.load(people, consents=consents(people))
    got = order(made)
    assert got[0] == elder
    assert got[-1] == "far", "what is shared does not outweigh what is needed"
    silent = [p | {"lived_experience": []} if p["id"] in ("m", "n") else p for p in people]
    made.load(silent, consents=consents(silent))
    assert order(made)[-1] == "far"


def test_s2_07_a_mentor_who_has_carried_enough_is_found_by_it_no_longer_and_nobody_learns_why() -> None:
    """S2-07: at the cap that a mentor set, the lift stops; scores, reasons and everybody else's order stay (C2)."""
    takers = [asking(f"t{n}") for n in range(2)]
    ties = [{"person_id": f"t{n}", "other_id": "both", "kind": "mentoring"} for n in range(2)]
    mentors = [m | {"max_identity_matches": 2, "capacity": {"mentor": 9}} for m in three_mentors()]

    def read(count: int) -> tuple[list[str], dict[str, str]]:
        made = programme(asking(), *takers, *mentors, relationships=ties[:count])
        got = made.suggest("a", "mentor")
        told = {s.candidate_id: s.model_copy(update={"rank": 1}).model_dump_json() for s in got}
        told |= {f"{s.candidate_id} {v}": made.explain("a", s.candidate_id, "mentor", v).model_dump_json()
                 for s in got for v in ("requester", "candidate", "coordinator")}  # fmt: skip
        return [s.candidate_id for s in got], told

    (below, told_below), (at_cap, told_at_cap) = read(1), read(2)
    assert below[0] == "both"
    assert at_cap[0] == "one", "the other mentor who shares something is still found by it"
    assert set(at_cap) == set(below)
    assert told_at_cap == told_below
    made = programme(asking(), *takers, *mentors, relationships=ties)
    silent = programme(
        asking(), *takers, *[m | {"lived_experience": []} if m["id"] == "both" else m for m in mentors],
        relationships=ties,
    )  # fmt: skip
    assert order(made) == order(silent), "as if they had told nothing"
    made.upsert(Person.model_validate(mentors[0] | {"max_identity_matches": 3}))
    assert order(made)[0] == "both"
