"""Digests of a pool: equal for equal records, whatever the programme's key; different for any change."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.support import CONFIG, WordsPlugin, config, engine, group, mentee, mentor

from matchengine.engine import Engine
from matchengine.pool.digest import consents_digest, data_digest, digest_of, rarity_digest, vectors_digest
from matchengine.records import ConsentGrant, Relationship

GRANT = ConsentGrant(
    person_id="a", field="attributes", purpose="match", text_version="1", language="en",
    granted_at="2026-01-01T00:00:00Z",
)  # fmt: skip
ATTRIBUTES = [{"dimension": "gender", "value": "woman"}]


def loaded(people: list[dict[str, Any]] | None = None, **more: Any) -> Engine:
    made = engine()
    made.load(
        people or [mentee("a", attributes=ATTRIBUTES), mentee("b"), mentor("m")], [group()], consents=[GRANT], **more
    )
    return made


def digests(made: Engine) -> tuple[str, ...]:
    return tuple(take(made._pool) for take in (data_digest, vectors_digest, consents_digest, rarity_digest))


def test_same_records_same_digests_under_another_key() -> None:
    one, other = loaded(), loaded()
    assert one._pool.shared.key != other._pool.shared.key
    assert digests(one) == digests(other)


def test_the_order_of_records_and_words_does_not_count() -> None:
    people = [
        mentee("a", languages=[{"tag": "fr", "level": "C1"}], fields=["isco:25"], household="h1", values=["care"]),
        mentee(
            "b", languages=[{"tag": "en", "level": "B1"}], fields=["isco:22"], household="h2", values=["play", "care"]
        ),
        mentor("m", household="h1", place={"country": "GB", "area": "Leith"}),
        mentor("n", place={"country": "GB", "area": "Lewes"}),
    ]
    one, other = loaded(people), loaded(people[::-1])
    assert digests(one) == digests(other)
    moved = [people[0] | {"household": "h2"}, *people[1:]]
    assert digests(loaded(moved)) != digests(one)


def test_saved_and_opened_it_is_the_same(tmp_path: Path) -> None:
    one = loaded()
    one.save(tmp_path / "saved")
    assert digests(Engine.open(tmp_path / "saved", config("", CONFIG), plugins=[WordsPlugin()])) == digests(one)


@pytest.mark.parametrize(
    "change",
    [
        lambda made: made.upsert(Relationship(person_id="a", other_id="m", kind="mentoring", status="active")),
        lambda made: made.remove("b"),
        lambda made: made.load(
            [mentee("a", attributes=ATTRIBUTES), mentee("b", career_stage="mid"), mentor("m")], [group()]
        ),
    ],
    ids=["a tie", "somebody leaves", "a field changes"],
)
def test_any_change_of_data_changes_the_digest(change: Callable[[Engine], object]) -> None:
    made = loaded()
    before = data_digest(made._pool)
    change(made)
    assert data_digest(made._pool) != before


def test_other_texts_other_vectors() -> None:
    other = loaded([mentee("a", goals=[{"text": "bake bread"}]), mentee("b"), mentor("m")])
    assert vectors_digest(other._pool) != vectors_digest(loaded()._pool)


def test_consents_and_rarity_see_a_withdrawal() -> None:
    made = loaded()
    before = digests(made)
    made.upsert(GRANT.model_copy(update={"withdrawn_at": GRANT.granted_at}))
    after = digests(made)
    assert before[2] != after[2]


def test_a_digest_tells_values_apart_and_not_their_order() -> None:
    assert digest_of({"a": 1, "b": 2}) == digest_of({"b": 2, "a": 1})
    assert digest_of({"a": 1}) != digest_of({"a": 2})
    assert len(digest_of(None)) == 16
