"""Ties: a boundary that two people hold stays in force when one lifts it."""

from __future__ import annotations

import numpy as np
import pytest

from matchengine.batch import PairBatch
from matchengine.pool.tables import Table
from matchengine.pool.ties import Ties
from matchengine.records import Feedback, Person, Relationship


def person(external: str, *blocked: str, **more: object) -> Person:
    return Person.model_validate(
        {"id": external, "boundaries": [{"kind": "person", "value": b} for b in blocked], **more}
    )


def tied(ties: Ties, kind: str, one: str, other: str) -> bool:
    forward, backward = other in ties.others(kind, one), one in ties.others(kind, other)
    assert forward == backward
    return forward


def test_a_boundary_holds_both_ways_until_nobody_holds_it() -> None:
    ties = Ties()
    ties.add_person(person("a", "b"))
    ties.add_person(person("b", "a"))
    assert tied(ties, "must_not", "a", "b")
    ties.add_person(person("a"))
    assert tied(ties, "must_not", "a", "b")
    ties.add_person(person("b"))
    assert not tied(ties, "must_not", "a", "b")


def test_a_coordinators_must_not_survives_the_persons_record() -> None:
    ties = Ties()
    ties.add_relationship(Relationship(person_id="a", other_id="b", kind="must_not"))
    ties.add_person(person("a", "b"))
    ties.add_person(person("a"))
    assert tied(ties, "must_not", "a", "b")


@pytest.mark.parametrize("status", ["proposed", "active", "paused"])
def test_open_matches_exist_and_take_a_place(status: str) -> None:
    ties = Ties()
    ties.add_relationship(Relationship(person_id="a", other_id="b", kind="mentoring", status=status))  # type: ignore[arg-type]
    assert tied(ties, "existing", "a", "b")
    assert ties.taken_places() == [("b", "mentor")]
    ties.add_relationship(
        Relationship(person_id="a", other_id="b", kind="mentoring", status="ended", do_not_rematch=True)
    )
    assert not tied(ties, "existing", "a", "b")
    assert tied(ties, "do_not_rematch", "a", "b")
    assert ties.taken_places() == []


def test_not_for_me_is_respected_at_once() -> None:
    ties = Ties()
    ties.add_feedback(
        Feedback.model_validate(
            {
                "about_id": "b",
                "person_id": "a",
                "wave": "30_days",
                "perspective": "requester",
                "items": {"not_for_me": True},
            }
        )
    )
    assert tied(ties, "do_not_rematch", "a", "b")


def test_matrix_over_several_requesters_and_round_trip() -> None:
    ties = Ties()
    ties.add_person(person("a", "c"))
    ties.add_person(person("b", line_manager="d"))
    table = Table("people")
    table.extend(["a", "b", "c", "d"], {})
    batch = PairBatch.many([0, 1], [np.array([1, 2, 3]), np.array([2, 3])])
    for of in (ties, Ties.from_json(ties.to_json())):
        assert of.matrix("must_not", batch, table, table).tolist() == [False, True, False, False, False]
        assert of.matrix("line_manager", batch, table, table).tolist() == [False, False, False, False, True]
