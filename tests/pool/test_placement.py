"""Who is not placed together in a support group: boundaries, households, reporting lines (domain.md C10)."""

from __future__ import annotations

import numpy as np
import pytest
from tests.support import engine, group, mentee

from matchengine.batch import PairBatch
from matchengine.pool.placement import acquaintances, knows_member
from matchengine.records import Relationship

SAFE = {"topic_risk": "B"}
GROUPS = [
    group("support", kind="support"),
    group("risky", kind="hobby", **SAFE),
    group("walk"),
    group("empty", kind="self_help"),
]


def made(people, ties=()):
    built = engine()
    members = [{"person_id": "member", "other_id": g["id"], "kind": "membership"} for g in GROUPS if g["id"] != "empty"]
    built.load([mentee("a"), mentee("member"), *people], groups=GROUPS, relationships=[*members, *ties])
    return built


def kept_out(built, who="a"):
    scene = built._scene("group")
    pool, sides = built._pool, scene.kind.sides
    rows = pool.rows("groups")
    batch = PairBatch.one_to_many(pool.tables["people"].row_of[who], rows)
    found = knows_member(pool, sides, batch)
    return {pool.tables["groups"].ids[row] for row in rows[found]}


@pytest.mark.parametrize(
    "tie",
    [
        {"person_id": "a", "other_id": "member", "kind": "must_not"},
        {"person_id": "member", "other_id": "a", "kind": "must_not"},
        {"person_id": "a", "other_id": "member", "kind": "household"},
        {"person_id": "a", "other_id": "member", "kind": "family"},
        {"person_id": "a", "other_id": "member", "kind": "line_management"},
        {"person_id": "member", "other_id": "a", "kind": "line_management"},
    ],
    ids=lambda tie: f"{tie['person_id']}-{tie['kind']}",
)
def test_nobody_joins_a_support_group_with_whom_they_should_not_meet_there(tie):
    assert kept_out(made([], [tie])) == {"support", "risky"}


def test_strangers_and_ended_ties_keep_nobody_out():
    assert kept_out(made([])) == set()
    ended = {"person_id": "a", "other_id": "member", "kind": "must_not", "status": "ended"}
    assert kept_out(made([], [ended])) == set()


def test_the_household_of_the_records_counts():
    built = engine()
    built.load(
        [mentee("a", household="h1"), mentee("b", household="h1"), mentee("c", household="h2")],
        groups=GROUPS,
        relationships=[
            {"person_id": "b", "other_id": "support", "kind": "membership"},
            {"person_id": "c", "other_id": "empty", "kind": "membership"},
        ],
    )
    assert kept_out(built) == {"support"}
    assert acquaintances(built._pool, "a") == {"b"}
    built.remove("b")
    assert acquaintances(built._pool, "a") == set()


def test_a_membership_that_ended_keeps_nobody_out():
    built = made([], [{"person_id": "a", "other_id": "member", "kind": "must_not"}])
    for name in ("support", "risky"):
        tie = {"person_id": "member", "other_id": name, "kind": "membership", "status": "ended"}
        built._pool.ties.add_relationship(Relationship.model_validate(tie))
    assert kept_out(built) == set()


def test_people_are_never_kept_from_people_by_it():
    built = made([], [{"person_id": "a", "other_id": "member", "kind": "household"}])
    scene = built._scene("mentor")
    batch = PairBatch.one_to_many(0, built._pool.rows("people"))
    assert not knows_member(built._pool, scene.kind.sides, batch).any()


def test_many_requesters_at_once_give_what_each_gives_alone():
    built = made([mentee("b")], [{"person_id": "b", "other_id": "member", "kind": "must_not"}])
    sides, rows = built._scene("group").kind.sides, built._pool.rows("groups")
    people = [built._pool.tables["people"].row_of[who] for who in ("a", "b")]
    together = knows_member(built._pool, sides, PairBatch.many(people, [rows, rows]))
    apart = [knows_member(built._pool, sides, PairBatch.one_to_many(row, rows)) for row in people]
    assert together.tolist() == np.concatenate(apart).tolist()
    assert together.any()
