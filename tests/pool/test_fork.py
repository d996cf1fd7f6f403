"""A fork of a pool changes apart from the pool it came from, and is what that pool would have become."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from tests.support import engine

from matchengine.pool.arrays import Growable
from matchengine.pool.digest import consents_digest, data_digest, vectors_digest
from matchengine.pool.pool import Pool
from matchengine.pool.saved import restore, state_of
from matchengine.records import ConsentGrant, Feedback, Group, Person, Relationship

TODAY = datetime(2026, 3, 2, tzinfo=UTC)
TEXTS = ("grow roses", "write a thesis", "learn welding", "sing in a choir", "repair bicycles", "keep bees")


def person(name: str, dice: random.Random) -> Person:
    return Person.model_validate({
        "id": name,
        "roles": dice.sample(["mentee", "mentor"], 1 + dice.randrange(2)),
        "goals": [{"text": f"{text} word{dice.randrange(99)}"} for text in dice.sample(TEXTS, 2)],
        "offers": [{"text": text, "level": 3} for text in dice.sample(TEXTS, 2)],
        "interests": [{"text": dice.choice(TEXTS), "tag": f"tag {dice.randrange(99)}"}],
        "values": [f"value {dice.randrange(200)}"],
        "attributes": [{"dimension": "gender", "value": dice.choice(["woman", "man"])}],
        "languages": [{"tag": dice.choice(["en", "es"]), "level": "C1"}],
        "boundaries": [{"kind": "person", "value": f"p{dice.randrange(9)}"}] if dice.random() < 0.3 else [],
    })  # fmt: skip


def change(dice: random.Random, number: int) -> Callable[[Pool], Any]:
    """Any change there is, drawn by lot."""
    one, other = (f"p{dice.randrange(9)}" for _side in "ab")
    records = [
        person(one, dice),
        person(f"new{number}", dice),
        Group(id=f"g{dice.randrange(3)}", title="Choir", kind="hobby", topics=tuple(dice.sample(TEXTS, 2))),
        Relationship(person_id=one, other_id=other + "x", kind="mentoring", status=dice.choice(["active", "ended"])),
        ConsentGrant(
            person_id=one, field="attributes", purpose="match", text_version="1", language="en", granted_at=TODAY,
            withdrawn_at=dice.choice([None, TODAY]),
        ),
        Feedback.model_validate({
            "about_id": other, "person_id": one + "x", "wave": "30_days", "perspective": "requester", "given_at": TODAY,
            "items": {"felt_unsafe": True, "not_for_me": dice.choice([True, False])},
        }),
    ]  # fmt: skip
    if dice.random() < 0.15:
        return lambda pool: pool.remove(one) if one in pool.tables["people"].row_of else None
    record = dice.choice(records)
    return lambda pool: pool.upsert(record)


def seen(pool: Pool) -> tuple[Any, ...]:
    """Everything a pool holds, so that any difference shows."""
    arrays, document = state_of(pool)
    held = {name: (array.dtype.str, array.shape, array.tobytes()) for name, array in arrays.items()}
    document = {name: value for name, value in document.items() if name != "wish_edits"}
    return data_digest(pool), vectors_digest(pool), consents_digest(pool), held, repr(document), repr(pool.recent)


def started() -> Pool:
    made = engine()
    dice = random.Random(1)
    grants = [
        {"person_id": f"p{n}", "field": "attributes", "purpose": "match", "text_version": "1", "language": "en",
         "granted_at": TODAY - timedelta(days=9)}
        for n in range(9)
    ]  # fmt: skip
    made.load([person(f"p{n}", dice) for n in range(9)], consents=grants)
    pool: Pool = made._pool
    pool.wish_edits.most = 10_000
    return pool


def copied(pool: Pool) -> Pool:
    """A pool of the same contents that shares nothing."""
    made: Pool = engine()._pool
    restore(made, *state_of(pool), same_embedder=True)
    made.wish_edits.most = 10_000
    return made


@pytest.mark.parametrize("seed", range(6))
def test_no_change_of_a_fork_is_seen_by_any_pool_before_it(seed: int) -> None:
    dice = random.Random(seed)
    pools = [started()]
    before = [seen(pools[0])]
    for number in range(25):
        pools.append(pools[-1].fork())
        change(dice, number)(pools[-1])
        before.append(seen(pools[-1]))
    assert [seen(pool) for pool in pools] == before
    assert len({repr(each) for each in before}) > 10


@pytest.mark.parametrize("seed", range(6))
def test_a_chain_of_forks_ends_where_changes_in_place_end(seed: int) -> None:
    forked = plain = started()
    restored = copied(plain)
    dice, again = random.Random(seed), random.Random(seed)
    for number in range(25):
        forked = forked.fork()
        change(dice, number)(forked)
        change(again, number)(restored)
    assert seen(forked) == seen(restored) != seen(plain)


def test_two_forks_of_one_pool_do_not_meet() -> None:
    pool = started()
    one, other = pool.fork(), pool.fork()
    alone = copied(pool), copied(pool)
    for number in range(8):
        for name, made in (("one", one), ("one", alone[0]), ("other", other), ("other", alone[1])):
            made.upsert(person(f"{name}{number}", random.Random(f"{name}{number}")))
    assert [seen(one), seen(other)] == [seen(each) for each in alone]


def test_a_fork_that_is_given_up_leaves_no_trace() -> None:
    pool = started()
    other = copied(pool)
    given_up = pool.fork()
    given_up.upsert(person("lost", random.Random(5)))
    kept = pool.fork()
    kept.upsert(person("kept", random.Random(6)))
    other.upsert(person("kept", random.Random(6)))
    assert seen(kept) == seen(other)


def test_an_array_is_shared_until_one_of_two_writes() -> None:
    array = Growable(np.arange(3))
    fork = array.fork()
    assert np.shares_memory(array.data, fork.data)
    fork.extend(np.array([9]))
    assert not np.shares_memory(array.data, fork.data) or len(array) == 3
    array.extend(np.array([7]))
    fork.writable()[0] = 5
    assert (array.data.tolist(), fork.data.tolist()) == ([0, 1, 2, 7], [5, 1, 2, 9])


def test_what_was_saved_and_opened_can_be_forked() -> None:
    fresh = copied(started())
    fork = fresh.fork()
    fork.upsert(person("later", random.Random(3)))
    assert "later" in fork.tables["people"].row_of
    assert "later" not in fresh.tables["people"].row_of
    assert date.today() >= fork.shared.calendar.first_day
