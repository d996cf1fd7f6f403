"""What holds of every draft, checked on the records themselves and not on the arrays (domain.md F4, Annex 2)."""

from __future__ import annotations

import random
from typing import Any

import pytest

from matchengine.records.circles import GroupsPlan
from tests.programme.groups.circles import CIRCLE, THEMES, day, engine, formed, member
from tests.support import consent

DAYS = {0: "MO", 1: "TU", 2: "WE", 3: "TH", 4: "FR", 5: "SA", 6: "SU"}
KINDS = ("a", "b", "c")
BALANCE = 'balance = ["heritage"]\n'


def population(seed: int, count: int = 18) -> tuple[list[dict[str, Any]], list[dict[str, Any]], list[dict[str, Any]]]:
    """Draw people with gaps, ties between them, and grants of some."""
    chance = random.Random(seed)
    people = []
    for n in range(count):
        spoken = chance.sample(("en", "es", "fr"), chance.choice((1, 2, 2)))
        free = [day(one, chance.choice((9, 18))) for one in chance.sample(("TU", "WE", "TH"), chance.choice((1, 2, 3)))]
        more = {
            "languages": [{"tag": tag, "level": chance.choice(("A2", "B1", "C1"))} for tag in spoken],
            "availability": chance.choice((free, free, free, [])),
            "adult": chance.choice((True,) * 9 + (None,)),
            "visits": chance.choice((0, 1, 5, None)),
            "goals": [{"text": chance.choice(THEMES)}],
            "attributes": [{"dimension": "heritage", "value": chance.choice(KINDS)}],
        }
        people.append(member(n, **more))
    ids = [person["id"] for person in people]
    ties = []
    for kind in ("must_not", "line_management", "peer", "household"):
        one, other = chance.sample(ids, 2)
        ties.append({"person_id": one, "other_id": other, "kind": kind})
    grants = [consent(person, "attributes", "group_balance") for person in ids if chance.random() < 0.7]
    return people, ties, grants


@pytest.fixture(scope="module", params=range(5))
def case(request: pytest.FixtureRequest) -> tuple[GroupsPlan, list[dict[str, Any]], list[dict[str, Any]], set[str]]:
    people, ties, grants = population(request.param)
    plan = formed(engine(people, CIRCLE + BALANCE, relationships=ties, consents=grants))
    return plan, people, ties, {one["person_id"] for one in grants}


def test_a_draft_is_a_partition_within_the_sizes(case: Any) -> None:
    plan, people, _ties, _agreed = case
    placed = [person for group in plan.groups for person in group.members]
    assert sorted([*placed, *(one.person_id for one in plan.unplaced)]) == sorted(person["id"] for person in people)
    assert all(3 <= len(group.members) <= 5 for group in plan.groups)
    assert sorted(group.number for group in plan.groups) == list(range(1, len(plan.groups) + 1))


def test_every_member_is_free_and_speaks_the_language(case: Any) -> None:
    plan, people, _ties, _agreed = case
    told = {person["id"]: person for person in people}
    for group in plan.groups:
        for member_id in group.members:
            stretches = [
                one
                for one in told[member_id]["availability"]
                if DAYS[group.slot.weekday] in one["rrule"] and one["start"][11:13] in ("09", "18")
            ]
            begin = int(group.slot.time[:2])
            assert any(int(one["start"][11:13]) <= begin < int(one["start"][11:13]) + 2 for one in stretches)
            levels = {one["tag"]: one["level"] for one in told[member_id]["languages"]}
            assert levels[group.language] in ("B1", "C1")


def test_no_tie_is_inside_a_group_and_nobody_unattested(case: Any) -> None:
    plan, people, ties, _agreed = case
    grown = {person["id"] for person in people if person["adult"]}
    for group in plan.groups:
        assert set(group.members) <= grown
        for tie in ties:
            assert not {tie["person_id"], tie["other_id"]} <= set(group.members)


def test_isolates_are_none_or_flagged(case: Any) -> None:
    plan, people, _ties, agreed = case
    kind = {person["id"]: person["attributes"][0]["value"] for person in people}
    taking = {person for group in plan.groups for person in group.members} | {
        one.person_id for one in plan.unplaced if one.nearest
    }
    pool = [kind[person] for person in taking & agreed]
    alone = 0
    for group in plan.groups:
        held = [kind[person] for person in group.members if person in agreed]
        alone += sum(held.count(value) == 1 and pool.count(value) > 1 for value in set(held))
    assert plan.figures.isolates == (alone if alone == 0 or alone >= 5 else None)
    assert alone == 0 or "isolates" in plan.relaxations


def test_newcomers_alone_are_counted(case: Any) -> None:
    plan, people, _ties, _agreed = case
    visits = {person["id"]: person["visits"] for person in people}
    alone = sum([visits[person] for person in group.members].count(0) == 1 for group in plan.groups)
    assert plan.figures.newcomers_alone == alone


def test_who_gets_a_group_is_not_a_matter_of_the_order_of_the_file() -> None:
    people, ties, grants = population(3)
    one = formed(engine(people, CIRCLE + BALANCE, relationships=ties, consents=grants))
    other = formed(engine(people[::-1], CIRCLE + BALANCE, relationships=ties[::-1], consents=grants[::-1]))
    assert one.model_dump_json() == other.model_dump_json()
