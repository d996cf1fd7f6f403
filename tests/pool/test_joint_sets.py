"""Joint sets hold what a count by hand gives, and nothing else (domain.md C2)."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np
import pytest
from tests.support import consent, engine

from matchengine.batch import JointSets, PairBatch
from matchengine.engine import Engine
from matchengine.pool.joint_sets import joint_sets

WEIGHT = {"nice": 1 / 3, "important": 2 / 3, "very_important": 1.0}


def person(number: int, held: str, wishes: dict[str, str] | None = None, joint: tuple[str, ...] = ()) -> dict[str, Any]:
    """One person who holds the themes of `held`, one letter each."""
    wished: dict[str, Any] = {"wishes": [{"dimension": d, "strength": s} for d, s in (wishes or {}).items()]}
    wished |= {"joint_wishes": [{"dimensions": tuple(joint)}]} if joint else {}
    return {"id": f"p{number}", "roles": ["mentee", "mentor"], "adult": True, "lived_experience": list(held)} | wished


def loaded(people: list[dict[str, Any]]) -> Engine:
    made = engine()
    fields = ("lived_experience", "wishes")
    made.load(people, consents=[consent(each["id"], field) for each in people for field in fields])
    return made


@pytest.fixture(scope="module")
def population() -> list[dict[str, Any]]:
    random = np.random.default_rng(3)
    held = ["".join(t for t in "abcd" if random.random() < 0.4) for _ in range(60)]
    first = person(0, "abc", {"a": "nice", "b": "very_important", "c": "important"}, joint=("a", "c"))
    return [first, *(person(n, of) for n, of in enumerate(held, 1))]


def sets_of(made: Engine, row: int = 0) -> JointSets:
    return joint_sets(made._pool, PairBatch.one_to_many(row, made._pool.rows("people")))


def test_sets_are_those_of_a_count_by_hand(population: list[dict[str, Any]]) -> None:
    found = sets_of(loaded(population))
    holders = [set(each["lived_experience"]) for each in population]
    weights = {"a": WEIGHT["nice"], "b": WEIGHT["very_important"], "c": WEIGHT["important"]}
    wanted = {}
    for size in (1, 2, 3):
        for members in combinations("abc", size):
            joint = 1.0 if members == ("a", "c") else np.prod([weights[m] for m in members]) ** (1 / size)
            wanted[round(joint, 5), size, sum(set(members) <= held for held in holders)] = set(members)
    assert found.population == sum(bool(held) for held in holders)
    assert np.isin(found.wished_holders, sum({"a", "b", "c"} <= held for held in holders)).all()
    for pair, held in enumerate(holders):
        of_pair = np.flatnonzero(found.of_case == found.case[pair])
        told = {(round(float(found.importance[n]), 5), int(found.size[n]), int(found.holders[n])) for n in of_pair}
        assert told == set(wanted)
        for n in of_pair:
            key = (round(float(found.importance[n]), 5), int(found.size[n]), int(found.holders[n]))
            assert found.shared[n] == (wanted[key] <= held)
        shared = held & {"a", "b", "c"}
        everybody = len(population)
        counted = sum(shared <= other for other in holders) if shared else everybody
        assert found.shared_holders[found.case[pair]] == counted


def test_who_wishes_nothing_has_no_sets(population: list[dict[str, Any]]) -> None:
    found = sets_of(loaded(population), row=5)
    assert not len(found.size)
    assert not found.known.any()


def test_rare_tokens_and_people_at_their_cap_take_no_part(population: list[dict[str, Any]]) -> None:
    rare = [{**each, "lived_experience": [*each["lived_experience"], "x"]} for each in population[:4]]
    rare[0]["wishes"] = [{"dimension": "x", "strength": "nice"}]
    made = loaded([*rare, *population[4:]])
    assert not (sets_of(made).size == 1).sum() > 2  # the joint wish for a and c stays; x is held by four
    capped = [{**each, "max_identity_matches": 0} for each in population]
    assert not sets_of(loaded([capped[0], *capped[1:]])).shared.any()


def test_columns_and_codes_hold_hashes_alone() -> None:
    made = loaded([person(n, "ab") for n in range(6)])
    assert all(len(token) == 33 and token[16] == ":" for token in made._pool.shared.codes["attributes"])
    other = loaded([person(n, "ab") for n in range(6)])
    assert set(made._pool.shared.codes["attributes"]).isdisjoint(other._pool.shared.codes["attributes"])
