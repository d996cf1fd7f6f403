"""Rows about groups: peer circles, mentoring groups, nobody left alone."""

from __future__ import annotations

from typing import Any

import pytest

import matchengine as me
from matchengine.batch import PairBatch
from tests.programme.groups.circles import CIRCLE, balanced, day, engine, formed, group_of, member
from tests.support import consent, mentor

DAYS = (("TU",), ("TU", "TH"), ("TH",), ("TH", "SA"))


def programme(count: int = 24) -> list[dict[str, Any]]:
    """Return people of two languages who are free on one or two of three days."""
    spoken = (("en",), ("en", "es"), ("es",))
    return [
        member(n, DAYS[n % 4], languages=[{"tag": tag, "level": "C1"} for tag in spoken[n % 3]]) for n in range(count)
    ]


def test_s1_01_circles_with_a_shared_challenge_a_slot_and_something_to_teach() -> None:
    """S1-01: sizes in bounds; a slot and a language common to all members; isolates 0; topic and who can teach what."""
    who = programme()
    told = {person["id"]: person for person in who}
    kinds = [{"dimension": "heritage", "value": f"kind {n % 12}"} for n in range(24)]
    who = [person | {"attributes": [kind]} for person, kind in zip(who, kinds, strict=True)]
    grants = [consent(person["id"], "attributes", "group_balance") for person in who[::3]]
    plan = formed(engine(who, balanced(), consents=grants))
    assert plan.groups
    names = {1: "TU", 3: "TH", 5: "SA"}
    for group in plan.groups:
        assert 3 <= len(group.members) <= 5
        assert group.slot is not None
        for person in group.members:
            assert names[group.slot.weekday] in str(told[person]["availability"])
            assert group.language in str(told[person]["languages"])
        assert group.why
    assert any(group.lessons for group in plan.groups)
    assert plan.figures.isolates == 0 or "isolates" in plan.relaxations
    assert plan.figures.common_slot_rate == 1
    left = {one.person_id for one in plan.unplaced}
    assert len(left) + plan.figures.placed == 24
    assert all(one.text for one in plan.unplaced)


LEAD = """
[groups.mentoring]
match = "peer"
leaders = "mentor"
lead_match = "mentor"
covered = 0.5
smallest = 2
target = 3
largest = 4
restarts = 2
"""


def covers(made: me.Engine, leader: str, person: str) -> float:
    """Return how close the closest offer of somebody is to any goal of another, as scorers see it."""
    import numpy as np

    scene, rows = made._scene("mentor"), made._pool.tables["people"].row_of
    batch = PairBatch.one_to_many(rows[person], np.array([rows[leader]]))
    items = scene.inputs(batch)["items_needs_offers"]
    goals = items.left.source[items.left_of] == 0
    return float(np.nanmax(items.similarity[goals]))


def test_s2_20_every_mentee_of_a_mentoring_group_has_a_goal_that_its_mentor_covers() -> None:
    """S2-20: goal coverage per mentee: at least one goal of each is covered by the threshold or more."""
    goals = ("sql for data work", "welding thin steel")
    mentees = [member(n, ("TU",), goals=[{"text": goals[n % 2]}, {"text": "sleep well"}]) for n in range(6)]
    odd = member(20, ("TU",), goals=[{"text": "juggling burning clubs"}])
    mentors = [
        mentor(
            f"m{n}", offers=[{"text": goal, "level": 4}], availability=[day("TU"), day("WE")], capacity={"mentor": 1}
        )
        for n, goal in enumerate(goals)
    ]
    made = engine([*mentees, odd, *mentors], CIRCLE + LEAD)
    plan = formed(made, "mentoring")
    assert plan.figures.placed == 6
    assert sorted(str(group.leader_id) for group in plan.groups) == ["m0", "m1"]
    for group in plan.groups:
        assert group.leader_id is not None
        assert {int(person[1:]) % 2 for person in group.members} == {int(group.leader_id[1:])}
        assert min(covers(made, group.leader_id, person) for person in group.members) >= 0.5
    assert [one.person_id for one in plan.unplaced] == ["p20"], "whose goal nobody covers is told, not squeezed in"


@pytest.mark.parametrize("share", [0.0, 0.5])
def test_nobody_is_left_alone_across_several_dimensions_at_once(share: float) -> None:
    """Crossing dimensions: of every kind that people agreed to be counted for, a group has none or several."""
    kinds = [(f"h{n % 4}", f"f{n % 3}") for n in range(14)]
    who = [
        member(
            n,
            ("TU",),
            attributes=[{"dimension": d, "value": v} for d, v in zip(("heritage", "faith"), pair, strict=True)],
        )
        for n, pair in enumerate(kinds)
    ]
    agreed = set(range(12))
    grants = [consent(f"p{n:02}", "attributes", "group_balance") for n in agreed]
    both = CIRCLE.replace("largest = 5", "largest = 7").replace("target = 4", "target = 7")
    plan = formed(engine(who, both + f'balance = ["heritage", "faith"]\nmin_share = {share}\n', consents=grants))
    alone = 0
    for group in plan.groups:
        members = [int(person[1:]) for person in group.members if int(person[1:]) in agreed]
        for place in (0, 1):
            held = [kinds[n][place] for n in members]
            alone += sum(held.count(value) == 1 for value in set(held))
    assert plan.figures.placed == 14
    assert plan.figures.isolates in (alone, None)
    assert alone == 0 or "isolates" in plan.relaxations
    assert alone == 0 or share, "two groups of seven without an isolate exist, and are found"


def test_two_who_were_alone_are_together() -> None:
    """The two people of a kind are put together rather than one into each group."""
    who = [
        member(n, ("TU",), attributes=[{"dimension": "heritage", "value": "x"}] if n in (2, 7) else [])
        for n in range(10)
    ]
    grants = [consent(person, "attributes", "group_balance") for person in ("p02", "p07")]
    assert "p07" in group_of(formed(engine(who, balanced(), consents=grants)), "p02")
