"""What of a document that names several people one of them may read: their own part, and nothing of anybody else."""

from __future__ import annotations

import json
from typing import Any

import pytest

from matchengine.records import Person
from matchengine.rights.redacting import Names, parts_of
from tests.support import mentee

OWN, PEOPLE, GATHERINGS = "me", ("me", "you", "third", "somebody-2"), ("circle",)


def names() -> Names:
    return Names(OWN, GATHERINGS, PEOPLE)


def told(document: Any) -> list[dict[str, Any]]:
    return list(parts_of(document, names()))


def test_people_get_names_that_say_nothing_and_stay_the_same() -> None:
    name = names()
    assert [name(each) for each in ("you", "third", "you", "gone")] == [
        "somebody-1", "somebody-3", "somebody-1", "somebody-4",
    ]  # fmt: skip
    assert (name(OWN), name("circle")) == (OWN, "circle")


def test_ones_own_record_keeps_all_but_the_ids_of_others() -> None:
    boundaries = [{"kind": "topic", "value": "third"}, {"kind": "person", "value": "third"}]
    own = Person.model_validate(mentee(OWN, line_manager="you", household="somebody-2", boundaries=boundaries))
    name = names()
    shown = name.person(own)
    assert name.person(own) == shown
    assert [name(each) for each in ("third", "somebody-2", "you")] == ["somebody-4", "somebody-3", "somebody-1"]
    assert (shown.line_manager, shown.household) == ("somebody-1", "somebody-3")
    assert [(each.kind, each.value) for each in shown.boundaries] == [("topic", "third"), ("person", "somebody-4")]
    kept = {"line_manager", "household", "boundaries"}
    assert shown.model_dump(exclude=kept) == own.model_dump(exclude=kept)


def test_a_record_that_names_nobody_stays_as_it_is() -> None:
    own = Person.model_validate(mentee(OWN, household="blue-house"))
    assert names().person(own) == own
    assert names().person(Person.model_validate(mentee(OWN))).household is None


# ---------------------------------------------------------------------- documents


@pytest.mark.parametrize("document", [None, "me", 3, [], {}, [{"whom": "you"}], {"whom": "you", "pairs": [["third"]]}])
def test_a_document_about_others_tells_nothing(document: Any) -> None:
    assert told(document) == []


def test_of_many_tables_the_innermost_about_oneself_are_told() -> None:
    document = {
        "title": "spring",
        "pairs": [{"whom": "you", "fit": "good"}, {"whom": "me", "fit": "good"}],
        "deep": {"in": [[{"of": ["you", "me"], "n": 2}]]},
    }
    assert told(document) == [{"whom": "me", "fit": "good"}, {"of": ["somebody-1", "me"], "n": 2}]


def test_of_a_table_about_oneself_numbers_days_closed_words_and_names_are_told() -> None:
    table = {
        "person_id": "me",
        "score": 0.5,
        "rank": 3,
        "safe": True,
        "kind": "mentor",
        "status": "draft",
        "day": "2026-03-01",
        "zulu": "2026-03-01T10:00:00Z",
        "offset": "2026-03-01T10:00:00.5+02:00",
        "naive": "2026-03-01T10:00:00",
        "with": "you",
        "gathering_id": "circle",
        "other_id": "gone",
    }
    shown = table | {"with": "somebody-1", "other_id": "somebody-3"}
    hidden = {
        "note": "they told me that",
        "moment": "2026-03-01 they said",
        "circle": "circle",
        "kinds": "mentor",
        "empty": None,
        "others": ["you", "third"],
        "by": {"name": "you", "n": 3},
    }
    assert told([table | hidden]) == [shown]


def test_lists_that_hold_oneself_are_told_with_names_for_the_others() -> None:
    assert told({"members": ["you", "me", "gone", None], "numbers": [1, 2]}) == [
        {"members": ["somebody-1", "me", "somebody-3"]}
    ]
    [nested] = told({"whom": "me", "rounds": [[1, "gone", "me"], {"note": "words", "with": "me", "n": 1}]})
    assert nested == {"whom": "me", "rounds": [[1, "somebody-1", "me"], {"with": "me", "n": 1}]}
    [mixed] = told({"whom": "me", "seats": ["me", [2, "words", "you"], {"note": "words", "n": 1}]})
    assert mixed == {"whom": "me", "seats": ["me", [2, "somebody-1"], {"n": 1}]}


def test_tables_inside_are_told_where_they_hold_oneself_and_without_columns_of_people() -> None:
    table = {"whom": "me", "share": {"first": "me", "note": "words", "n": 1, "you": 0.2, "other_id": "gone"}}
    assert told(table) == [{"whom": "me", "share": {"first": "me", "n": 1, "other_id": "somebody-1"}}]
    assert told({"whom": "me", "share": {"deep": {"first": ["me"], "n": 1}, "n": 2}}) == [
        {"whom": "me", "share": {"deep": {"first": ["me"], "n": 1}, "n": 2}}
    ]
    [shown] = told({"whom": "me", "share": {"me": {"n": 1}, "n": 2}, "theirs": {"you": 3, "n": 3}})
    assert shown["share"]["n"] == 2
    assert "theirs" not in shown


@pytest.mark.parametrize(
    ("held", "shown"),
    [
        (3, 3),
        ("you", "somebody-1"),
        (["you", 2, "words"], ["somebody-1", 2]),
        ({"n": 1, "note": "words", "you": 2, "other_id": "gone"}, {"n": 1, "other_id": "somebody-1"}),
        ([{"n": 1, "with": "you"}], [{"n": 1, "with": "somebody-1"}]),
    ],
)
def test_what_is_held_under_ones_own_id_is_told_and_nothing_of_the_others(held: Any, shown: Any) -> None:
    assert told({"places": {"me": held, "you": 7}, "note": "words"}) == [{"for": "me", "held": shown}]


def test_what_is_held_under_ones_own_id_is_not_told_twice() -> None:
    document = {"me": {"whom": "me", "n": 1}, "second": {"whom": "me", "n": 2}}
    assert told(document) == [{"for": "me", "held": {"whom": "me", "n": 1}}, {"whom": "me", "n": 2}]


def test_what_is_told_can_be_written_as_json() -> None:
    document = {"places": {"me": ["circle", {"note": "words"}, None]}, "more": [{"whom": "me", "kept": None}]}
    assert json.loads(json.dumps(told(document))) == [{"for": "me", "held": [{}]}, {"whom": "me"}]


def test_a_table_that_lists_oneself_tells_of_other_tables_only_those_that_do() -> None:
    document = {
        "already": ["me"],
        "alternates": [
            {"requester_id": "you", "candidate_id": "third", "score": 9},
            {"requester_id": "me", "score": 5},
        ],
        "places_left": {"me": 2, "you": 1},
    }
    assert told(document) == [
        {"already": ["me"], "alternates": [{"requester_id": "me", "score": 5}], "places_left": {"me": 2}}
    ]


@pytest.mark.parametrize("held", ["words of somebody", None])
def test_what_may_not_be_told_under_ones_own_id_is_left_out(held: Any) -> None:
    assert told({"notes": {"me": held}}) == []
