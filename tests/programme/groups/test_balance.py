"""Who is counted for the balance of groups: those who granted it, for the dimension they granted, while they do."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import matchengine as me
from matchengine.pool.sensitive import COUNTED, numbers_in
from matchengine.programme.groups.balance import counted
from matchengine.records import ConsentGrant, Person
from tests.programme.groups.circles import balanced, engine
from tests.support import WordsPlugin, consent, mentee

ALL = ("heritage", "lived_experience", "age_band")


def person(number: int, value: str = "roma", **more: Any) -> dict[str, Any]:
    told = {"attributes": [{"dimension": "heritage", "value": value}], "lived_experience": ["started over"]}
    return mentee(f"p{number}", **(told | {"age_band": "25-34"} | more))


def granted(field: str, people: int = 3) -> list[dict[str, Any]]:
    return [consent(f"p{n}", field, "group_balance") for n in range(people)]


def of(made: me.Engine, dimensions: tuple[str, ...] = ALL) -> dict[str, list[list[int]]]:
    rows = np.array([made._pool.tables["people"].row_of[f"p{n}"] for n in range(3)])
    found = counted(made._pool, rows, dimensions)
    out: dict[str, list[list[int]]] = {}
    for name, numbers in zip(found.dimensions, found.numbers, strict=True):
        out.setdefault(name, []).append(numbers.tolist())
    return out


PEOPLE = [person(n) for n in range(3)]


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ("attributes", ["heritage"]),
        ("attributes.heritage", ["heritage"]),
        ("attributes.faith", []),
        ("lived_experience", ["lived_experience"]),
        ("age_band", ["age_band"]),
    ],
)
def test_a_grant_counts_for_its_own_dimension(field: str, expected: list[str]) -> None:
    made = engine(PEOPLE, balanced(), consents=granted(field))
    assert of(made) == {name: [[0, 0, 0]] for name in expected}


def test_a_grant_for_matching_counts_nobody_and_one_for_balance_matches_nobody() -> None:
    made = engine(PEOPLE, balanced(), consents=[consent(f"p{n}", "attributes") for n in range(3)])
    assert of(made) == {}
    made = engine(PEOPLE, balanced(), consents=granted("attributes"))
    table = made._pool.tables["people"]
    assert not table.column("attributes").any()
    assert made._pool.shared.codes["attributes"] == {}


def test_one_person_alone_is_neutral_and_so_is_who_granted_nothing() -> None:
    people = [person(0), person(1), person(2, "other")]
    assert of(engine(people, balanced(), consents=granted("attributes"))) == {"heritage": [[0, 0, -1]]}
    assert of(engine(PEOPLE, balanced(), consents=granted("attributes", 1))) == {}
    assert of(engine(PEOPLE, balanced(), consents=granted("attributes", 2))) == {"heritage": [[0, 0, -1]]}


def test_somebody_of_two_kinds_counts_for_both() -> None:
    both = [{"dimension": "heritage", "value": word} for word in ("roma", "sinti")]
    people = [person(0, attributes=both), person(1), person(2, "sinti")]
    assert of(engine(people, balanced(), consents=granted("attributes"))) == {"heritage": [[0, 0, -1], [1, -1, 1]]}


@pytest.mark.parametrize("field", ["attributes", "attributes.heritage", "lived_experience", "age_band"])
def test_a_withdrawal_acts_at_once_and_equals_never_having_said_it(field: str) -> None:
    made = engine(PEOPLE, balanced(), consents=granted(field))
    made.upsert(ConsentGrant.model_validate(granted(field)[0] | {"withdrawn_at": "2026-01-02T00:00:00Z"}))
    never = engine(PEOPLE, balanced(), consents=granted(field)[1:])
    assert of(made) == of(never)
    row = made._pool.tables["people"].row_of["p0"]
    assert numbers_in(made._pool.tables["people"].column(COUNTED)[row]) == []


def test_a_withdrawal_of_one_purpose_leaves_the_other() -> None:
    both = [*granted("attributes"), *(consent(f"p{n}", "attributes") for n in range(3))]
    made = engine(PEOPLE, balanced(), consents=both)
    made.upsert(ConsentGrant.model_validate(consent("p0", "attributes", withdrawn_at="2026-01-02T00:00:00Z")))
    assert of(made) == {"heritage": [[0, 0, 0]]}
    made.upsert(ConsentGrant.model_validate(granted("attributes")[1] | {"withdrawn_at": "2026-01-02T00:00:00Z"}))
    assert of(made) == {"heritage": [[0, -1, 0]]}
    assert made._pool.tables["people"].column("attributes")[1].any()


def test_a_grant_that_has_ended_counts_nobody() -> None:
    ended = [one | {"expires_at": "2026-01-01T00:00:00Z"} for one in granted("attributes")]
    assert of(engine(PEOPLE, balanced(), consents=ended)) == {}


def test_counts_survive_a_round_trip_through_a_saved_folder(tmp_path: Any) -> None:
    people = [person(0), person(1), person(2, "other")]
    made = engine(people, balanced(), consents=[*granted("attributes"), *granted("age_band")])
    made.save(tmp_path / "saved")
    again = me.Engine.open(tmp_path / "saved", plugins=[WordsPlugin()])
    assert of(again) == of(made) != {}
    again.upsert(Person.model_validate(person(2)))
    assert of(again)["heritage"] == [[0, 0, 0]]
    again.upsert(ConsentGrant.model_validate(granted("age_band")[0] | {"withdrawn_at": "2026-01-02T00:00:00Z"}))
    assert of(again)["age_band"] == [[-1, 0, 0]]


def test_a_folder_saved_before_anybody_could_be_counted_opens(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    from matchengine import durable as module

    saved = module.state_of
    monkeypatch.setattr(module, "state_of", lambda pool: without_counts(*saved(pool)))
    made = engine(PEOPLE, balanced(), consents=granted("attributes"))
    made.save(tmp_path / "saved")
    again = me.Engine.open(tmp_path / "saved", plugins=[WordsPlugin()])
    assert of(again) == {}
    again.upsert(Person.model_validate(PEOPLE[0]))
    again.upsert(Person.model_validate(PEOPLE[2]))
    assert of(again) == {"heritage": [[0, -1, 0]]}


def without_counts(arrays: dict[str, Any], document: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what was saved before there was a column for counts."""
    document["codes"].pop("balance")
    return {name: array for name, array in arrays.items() if not name.endswith(f"column.{COUNTED}")}, document


def test_no_scorer_and_no_constraint_can_read_who_is_counted() -> None:
    from matchengine.batch import Sides
    from matchengine.pool.inputs import known_inputs, offers

    made = engine(PEOPLE, balanced(), consents=granted("attributes"))
    sides = Sides("people", "people", 0)
    assert not [name for name in known_inputs(made._pool, sides) if COUNTED in name]
    assert not offers(made._pool, sides, f"candidate_{COUNTED}")
