"""Groups end to end: who is together, when, in which language, what was given up, and what nobody may learn."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pytest

import matchengine as me
from matchengine.errors import ConfigError, DataError, UnknownIdError
from matchengine.records.circles import GroupsPlan
from tests.programme.groups.circles import (
    CIRCLE,
    balanced,
    day,
    engine,
    formed,
    group_of,
    member,
    of,
)
from tests.support import consent, mentee, mentor

PEOPLE = [member(n, ("TU",) if n % 2 else ("WE", "TH")) for n in range(12)]


@pytest.fixture(scope="module")
def plan() -> GroupsPlan:
    return formed(engine(PEOPLE))


def test_everybody_is_in_one_group_of_the_right_size_or_told_why_not(plan: GroupsPlan) -> None:
    placed = [person for group in plan.groups for person in group.members]
    assert sorted([*placed, *(one.person_id for one in plan.unplaced)]) == sorted(p["id"] for p in PEOPLE)
    assert all(3 <= len(group.members) <= 5 for group in plan.groups)
    assert plan.figures.placed == len(placed) == 12
    assert [group.number for group in plan.groups] == list(range(1, len(plan.groups) + 1))
    assert plan.status == "draft"


def test_every_group_meets_when_all_its_members_are_free(plan: GroupsPlan) -> None:
    for group in plan.groups:
        assert group.slot is not None
        odd = {int(person[1:]) % 2 for person in group.members}
        assert odd == ({1} if group.slot.weekday == 1 else {0})
        assert "18:00" <= group.slot.time <= "19:00"
        assert group.slot.first.weekday() == group.slot.weekday
        assert group.language == "en"
    assert plan.figures.common_slot_rate == plan.figures.common_language_rate == 1


def test_pairwise_overlap_is_not_enough() -> None:
    """Any two of three share an evening, all three share none."""
    made = engine([member(0, ("MO", "TU")), member(4, ("TU", "WE")), member(8, ("MO", "WE"))])
    plan = formed(made)
    assert plan.groups == ()
    assert {one.person_id for one in plan.unplaced} == {"p00", "p04", "p08"}


def test_pairwise_languages_are_not_enough() -> None:
    spoken = [("en", "es"), ("es", "fr"), ("en", "fr")]
    people = [member(n, languages=[{"tag": tag, "level": "C1"} for tag in tags]) for n, tags in enumerate(spoken)]
    assert formed(engine(people)).groups == ()


def test_a_language_below_the_floor_does_not_count() -> None:
    low = [member(n, languages=[{"tag": "en", "level": "A2"}]) for n in range(3)]
    assert formed(engine(low)).groups == ()
    assert len(formed(engine(low, CIRCLE + 'language_floor = "A2"\n')).groups) == 1


def test_the_same_data_in_another_order_form_the_same_groups(plan: GroupsPlan) -> None:
    shuffled = random.Random(2).sample(PEOPLE, len(PEOPLE))
    again = formed(engine(shuffled))
    assert again.model_dump_json() == plan.model_dump_json()


def test_a_saved_engine_forms_the_same_groups(plan: GroupsPlan, tmp_path: Any) -> None:
    made = engine(PEOPLE)
    made.save(tmp_path / "saved")
    from tests.support import WordsPlugin

    again = me.Engine.open(tmp_path / "saved", plugins=[WordsPlugin()])
    assert formed(again) == plan


# ---------------------------------------------------------------- whom the rules keep apart


@pytest.mark.parametrize(
    "tie",
    [
        {"relationships": [{"person_id": "p00", "other_id": "p02", "kind": "must_not"}]},
        {"relationships": [{"person_id": "p00", "other_id": "p02", "kind": "line_management"}]},
        {"relationships": [{"person_id": "p02", "other_id": "p00", "kind": "household"}]},
        {"relationships": [{"person_id": "p00", "other_id": "p02", "kind": "peer", "status": "active"}]},
    ],
)
def test_ties_keep_people_apart(tie: dict[str, Any]) -> None:
    people = [member(n, ("TU",), goals=[{"text": "learn sql"}]) for n in range(0, 12, 2)]
    found = formed(engine(people, **tie))
    assert group_of(found, "p00")
    assert "p02" not in group_of(found, "p00")


def test_a_household_keeps_people_apart_though_no_rule_names_it() -> None:
    people = [member(n, ("TU",), household="h" if n < 2 else None) for n in range(6)]
    found = formed(engine(people))
    assert "p01" not in group_of(found, "p00")


def test_who_is_matched_already_may_come_together_where_they_wish_or_the_programme_mixes() -> None:
    friends = [{"person_id": "p00", "other_id": "p01", "kind": "peer", "status": "active"}]
    people = [member(n, ("TU",)) for n in range(6)]
    found = formed(engine(people, relationships=friends), together=[("p00", "p01")])
    assert "p01" in group_of(found, "p00")
    three = people[:3]
    assert formed(engine(three, relationships=friends)).groups == ()
    assert len(formed(engine(three, CIRCLE + 'friends = "free"\n', relationships=friends)).groups) == 1


def test_who_is_no_known_adult_is_in_no_group_and_the_reason_is_told() -> None:
    found = formed(engine([*PEOPLE[:8], member(20, adult=None), member(21, vetting=None)]))
    told = {one.person_id: (one.reason, one.text) for one in found.unplaced}
    assert told["p20"] == (
        "rule",
        "Adulthood is not attested, or the safeguards for a minor are not in place.",
    )
    assert told["p21"][1].startswith("The vetting is missing")


def test_who_never_said_when_they_are_free_is_promised_nothing() -> None:
    found = formed(engine([*PEOPLE[:8], member(20, availability=[]), member(21, languages=[])]))
    assert {one.person_id: one.reason for one in found.unplaced} == {
        "p20": "times_unknown",
        "p21": "languages_unknown",
    }


def test_times_and_languages_that_nobody_states_play_no_part() -> None:
    found = formed(engine([member(n, availability=[], languages=[]) for n in range(6)]))
    assert found.figures.placed == 6
    assert {(group.slot, group.language) for group in found.groups} == {(None, None)}
    assert found.figures.common_slot_rate is None


# ---------------------------------------------------------------- what a coordinator asks for


def test_together_apart_and_locked() -> None:
    people = [member(n, ("TU",)) for n in range(12)]
    made = engine(people)
    asked = {"together": [("p00", "p05"), ("p05", "p09")], "apart": [("p01", "p02"), ("p01", "p03")]}
    found = formed(made, **asked)
    assert {"p00", "p05", "p09"} <= group_of(found, "p00")
    assert not {"p02", "p03"} & group_of(found, "p01")
    assert found.together == (("p00", "p05"), ("p05", "p09"))
    target = next(group.number for group in found.groups if "p01" not in group.members and "p00" not in group.members)
    again = formed(made, plan=found, lock={"p01": target}, **asked)
    assert "p01" in next(group for group in again.groups if group.number == target).members
    assert again.locks == {"p01": target}


def test_a_draft_formed_anew_is_no_worse_than_before() -> None:
    made = engine([member(n, ("TU",)) for n in range(12)])
    first = formed(made)
    again = formed(made, plan=first)
    assert again.objective >= first.objective - 1e-9
    shared = [set(a.members) & set(b.members) for a, b in zip(first.groups, again.groups, strict=True)]
    assert all(shared), "a group keeps its number"


@pytest.fixture(scope="module")
def asking() -> me.Engine:
    people = [*(member(n, ("TU",)) for n in range(12)), member(20, adult=False), mentor("m")]
    return engine(people, relationships=[{"person_id": "p03", "other_id": "p00", "kind": "must_not"}])


def test_only_the_people_named_take_part() -> None:
    some = [f"p{n:02}" for n in range(1, 12, 2)][:4]
    found = formed(engine(PEOPLE), people=some)
    assert of(found) == {frozenset(some)}
    assert found.figures.people == 4


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"together": [("p00", "p01"), ("p01", "p02"), ("p02", "p00")]}, r"run in a circle: p02, p01 and p00"),
        ({"together": [("p00", "p01")], "apart": [("p01", "p00")]}, r"must not be together \(p00 and p01\)"),
        ({"together": [("p00", "p01"), ("p01", "p03")]}, r"p00 and p03 are to be together.*a personal boundary"),
        ({"together": [(f"p0{n}", f"p0{n + 1}") for n in range(4, 9)]}, r"6 people wish to be in one group.*p04, p05"),
        ({"together": [("p00", "p00")]}, "with themselves"),
        ({"together": [("p00", "px")]}, "'px' is named"),
        ({"apart": [("m", "p00")]}, "'m' is named"),
        ({"lock": {"p00": 0}}, "'p00' is locked into group 0"),
        ({"lock": {"px": 1}}, "'px' is locked"),
        ({"lock": {"p00": 1, "p01": 2}, "together": [("p00", "p01")]}, r"different groups.*\(p00 and p01\)"),
        ({"lock": {"p00": 1, "p03": 1}}, r"locked into one group.*\(p00 and p03\)"),
        ({"people": ["px"]}, "'px' is not known"),
        ({"people": ["m"]}, "'m' does not take part"),
        ({"people": []}, "nobody takes part"),
        ({"together": [("p00", "p20")]}, "p20: Adulthood is not attested"),
    ],
)
def test_wishes_that_cannot_be_name_the_people_and_the_rule(
    asking: me.Engine, asked: dict[str, Any], told: str
) -> None:
    with pytest.raises(DataError, match=told):
        formed(asking, **asked)


def test_a_lock_names_a_group_of_the_draft_it_begins_from() -> None:
    made = engine([member(n, ("TU",)) for n in range(6)])
    found = formed(made)
    with pytest.raises(DataError, match=r"'p00' is locked into group 9, which does not exist; expected 1"):
        formed(made, plan=found, lock={"p00": 9})


def test_what_cannot_be_formed_is_refused() -> None:
    groups = CIRCLE + '[groups.grief]\nmatch = "peer"\ntopic_risk = "C"\nleaders = "facilitator"\n'
    groups += '[groups.odd]\nmatch = "mentor"\n[groups.led]\nmatch = "peer"\nleaders = "facilitator"\n'
    made = engine(PEOPLE, groups)
    for name, kind, told in (
        ("circl", DataError, "did you mean 'circle'"),
        ("grief", DataError, "people place people there"),
        ("odd", ConfigError, "same role on both sides"),
        ("led", DataError, "'facilitator' has a place left"),
    ):
        with pytest.raises(kind, match=told):
            formed(made, name)
    with pytest.raises(DataError, match="nobody of the 2 people"):
        formed(engine([member(0, adult=False), member(1, adult=False)]))
    with pytest.raises(UnknownIdError):
        formed(made, together=[("p00", "nobody")])


# ---------------------------------------------------------------- who leads


LED = CIRCLE + 'leaders = "facilitator"\n'


def leader(person_id: str, places: int = 1, **more: Any) -> dict[str, Any]:
    told = {"roles": ["facilitator", "mentee"], "capacity": {"facilitator": places}}
    return mentee(person_id, **(told | {"availability": [day("TU"), day("WE")]} | more))


def test_each_group_is_led_by_somebody_who_is_free_and_whom_no_rule_forbids() -> None:
    people = [member(n, ("TU", "WE")) for n in range(8)]
    boundary = [{"person_id": "p00", "other_id": "f1", "kind": "must_not"}]
    made = engine([*people, leader("f1"), leader("f2"), leader("f3", 0)], LED, relationships=boundary)
    found = formed(made)
    assert found.figures.placed == 8
    assert sorted(str(group.leader_id) for group in found.groups) == ["f1", "f2"]
    assert "f1" not in {person for group in found.groups for person in group.members}, "who leads is no member"
    (own,) = [group for group in found.groups if "p00" in group.members]
    assert own.leader_id == "f2"


def test_without_time_of_a_leader_there_is_no_group() -> None:
    people = [member(n, ("TU",)) for n in range(4)]
    found = formed(engine([*people, leader("f", availability=[day("FR")])], LED))
    assert found.groups == ()
    assert len(found.unplaced) == 4


# ---------------------------------------------------------------- nobody is the only one


def holder(number: int, value: str, **more: Any) -> dict[str, Any]:
    return member(number, ("TU",), attributes=[{"dimension": "heritage", "value": value}], **more)


def granted(*people: str, **more: Any) -> list[dict[str, Any]]:
    return [consent(person, "attributes.heritage", "group_balance", **more) for person in people]


def test_nobody_who_agreed_to_be_counted_is_the_only_one_of_their_kind() -> None:
    people = [holder(n, "roma" if n in (0, 5) else "other") for n in range(8)]
    alone = 0
    for seed in range(4):
        extra = f"[run]\nseed = {seed}\n"
        made = engine(people, balanced(), consents=granted("p00", "p05"))
        made.config = made.config.model_copy(update={"run": made.config.run.model_copy(update={"seed": seed})})
        found = formed(made)
        assert extra
        assert "p05" in group_of(found, "p00")
        assert found.figures.isolates == 0
        alone += "p05" not in group_of(formed(engine(people, balanced())), "p00")
    assert alone, "without the consents nothing holds the two together"


def test_who_is_the_only_one_in_the_pool_is_exempt() -> None:
    people = [holder(n, "roma" if n == 0 else "other") for n in range(8)]
    found = formed(engine(people, balanced(), consents=granted("p00")))
    assert found.figures.isolates == 0
    assert found.figures.placed == 8


def forced(**more: Any) -> GroupsPlan:
    """Return a draft in which two of one kind can never meet (H12 f)."""
    people = [holder(n, "roma" if n in (0, 1) else "other") for n in range(6)]
    people = [p | {"availability": [day("TU" if n % 2 else "FR")]} for n, p in enumerate(people)]
    return formed(engine(people, balanced(), consents=granted("p00", "p01", **more)))


def test_a_forced_isolate_is_flagged_and_nobody_learns_who_or_what() -> None:
    found = forced()
    assert found.figures.placed == 6
    assert "isolates" in found.relaxations
    assert found.figures.isolates is None, "a few are not told apart"
    text = found.model_dump_json()
    assert "roma" not in text
    assert "heritage" not in text
    assert all("isolates" not in group.relaxations for group in found.groups)
    assert any("nobody else's to know" in note for note in found.notes)


def test_a_group_is_told_of_only_where_those_concerned_let_coordinators_know() -> None:
    found = forced(audience="coordinator")
    assert all("isolates" in group.relaxations for group in found.groups)
    assert "roma" not in found.model_dump_json()


def test_a_single_newcomer_is_counted_openly() -> None:
    people = [member(n, ("TU",), visits=0 if n in (0, 3) else 4) for n in range(8)]
    found = formed(engine(people))
    assert found.figures.newcomers_alone == 0
    assert "p03" in group_of(found, "p00")


# ---------------------------------------------------------------- words


def test_what_brings_people_together_quotes_nothing_that_coordinators_may_not_read() -> None:
    people = [member(n, ("TU",), goals=[{"text": "canary learn sql queries"}]) for n in range(4)]
    (group,) = formed(engine(people)).groups
    assert group.why == ("4 of 4 work on something close to “sql for data work”.",) or "canary" not in str(group.why)
    assert "canary" not in group.model_dump_json()
    reads = '[programme]\ncoordinator_reads = ["needs"]\n'
    (group,) = formed(engine(people, extra=reads)).groups
    assert group.why == ("4 of 4 work on something close to “canary learn sql queries”.",)


def test_what_each_could_teach_names_their_own_offer_and_how_many_look_for_it() -> None:
    people = [member(n, ("TU",), goals=[{"text": "short film editing"}], offers=[]) for n in range(3)]
    people.append(member(3, ("TU",), goals=[{"text": "baking"}], offers=[{"text": "short film editing"}]))
    (group,) = formed(engine(people)).groups
    assert [(one.person_id, one.offer, one.learners) for one in group.lessons] == [("p03", "short film editing", 3)]


def test_numbers_do_not_know_what_others_confided() -> None:
    people = [holder(n, "roma" if n % 2 else "other") for n in range(8)]
    with_match = [consent(p["id"], "attributes") for p in people]
    one, other = (formed(engine(people, consents=given)) for given in ([], with_match))
    assert one == other
    assert np.isfinite(one.objective)


# ---------------------------------------------------------------- who is left, and what comes near


def test_who_is_left_is_told_why_and_which_two_groups_come_nearest() -> None:
    people = [member(n, ("TU",)) for n in range(8)]
    others = [member(20, ("FR",)), member(21, ("TU",), modes=["in_person"])]
    others.append(member(22, ("TU",), languages=[{"tag": "fi", "level": "C1"}]))
    found = formed(engine([*people, *others]))
    told = {one.person_id: one for one in found.unplaced}
    assert {person: one.reason for person, one in told.items()} == {
        "p20": "no_slot",
        "p21": "modes",
        "p22": "no_language",
    }
    assert [option.obstacles for option in told["p20"].nearest] == [("slot",), ("slot",)]
    assert {option.number for option in told["p20"].nearest} == {1, 2}
    assert [option.obstacles for option in told["p22"].nearest] == [("language",), ("language",)]
    assert told["p21"].nearest == ()


@pytest.mark.parametrize(
    ("kind", "obstacle", "words"),
    [
        ("must_not", "not_available", "not available"),
        ("line_management", "rule", "line manager"),
        ("household", "rule", "household"),
    ],
)
def test_a_rule_that_keeps_somebody_out_is_named_unless_it_is_personal(kind: str, obstacle: str, words: str) -> None:
    people = [member(n, ("TU",)) for n in range(4)]
    ties = [{"person_id": "p00", "other_id": f"p{n:02}", "kind": kind} for n in range(1, 3)]
    found = formed(engine(people, relationships=ties), apart=[("p00", "p03")])
    assert of(found) == {frozenset({"p01", "p02", "p03"})}
    (left,) = found.unplaced
    assert (left.person_id, left.reason) == ("p00", "not_available")
    assert [option.obstacles for option in left.nearest] == [(obstacle,)]
    assert words in left.nearest[0].text


def test_either_side_of_a_boundary_reads_the_same() -> None:
    people = [member(n, ("TU",)) for n in range(4)]
    one = [{"person_id": "p00", "other_id": f"p{n:02}", "kind": "must_not"} for n in range(1, 4)]
    other = [{"person_id": each["other_id"], "other_id": "p00", "kind": "must_not"} for each in one]
    assert formed(engine(people, relationships=one)) == formed(engine(people, relationships=other))


def test_nobody_reads_of_somebody_that_they_would_be_the_only_one_of_their_kind() -> None:
    """One of two of a kind shares no time with a group that is not full, and would be alone in the other."""
    people = [holder(n, "roma" if n in (0, 7) else "other") for n in range(8)]
    days = ("TU", "TU", "TU", "TU", "FR", "FR", "FR", "SA")
    people = [p | {"availability": [day(one)]} for p, one in zip(people, days, strict=True)]
    found = formed(engine(people, balanced(), consents=granted("p00", "p07")))
    text = found.model_dump_json()
    assert "isolate" not in "".join(option.model_dump_json() for one in found.unplaced for option in one.nearest)
    assert "roma" not in text
