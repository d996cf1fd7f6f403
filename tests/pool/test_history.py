"""What is kept of memberships and answers, which of them count on a day, and what is refused."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from matchengine.errors import DataError
from matchengine.pool.history import History, HistorySettings
from matchengine.pool.ties import Ties
from matchengine.records import Feedback, Relationship


def tie(kind: str = "membership", status: str = "active", **more: Any) -> Relationship:
    return Relationship.model_validate({"person_id": "a", "other_id": "g", "kind": kind, "status": status, **more})


def said(one: str = "a", other: str = "b", day: str | None = None, **items: Any) -> Feedback:
    given = {} if day is None else {"given_at": f"{day}T12:00:00Z"}
    plain = {"wave": "end", "perspective": "requester", "items": items}
    return Feedback.model_validate({"person_id": one, "about_id": other, **plain, **given})


def of(*records: Relationship | Feedback) -> History:
    made = History()
    for record in records:
        (made.add_relationship if isinstance(record, Relationship) else made.add_feedback)(record)  # type: ignore[operator]
    return made


@pytest.mark.parametrize(
    ("status", "joined"), [("active", 1), ("paused", 1), ("completed", 1), ("ended", 1), ("proposed", 0)]
)
def test_who_left_a_group_did_join_it_and_a_proposal_is_no_membership(status: str, joined: int) -> None:
    assert len(of(tie(status=status)).memberships()) == joined


def test_a_group_that_is_not_for_somebody_is_no_evidence_for_others() -> None:
    assert of(tie(), said(other="g", not_for_me=True)).memberships() == []
    assert of(tie(), said(other="g", felt_unsafe=True)).memberships() == []
    assert of(tie(), said(other="g", not_for_me=False)).memberships() == [("a", "g")]


@pytest.mark.parametrize(
    ("status", "count"), [("active", 2), ("paused", 2), ("completed", 2), ("ended", 0), ("proposed", 0)]
)
def test_a_match_that_came_about_is_a_yes_of_both(status: str, count: int) -> None:
    found = of(tie("peer", status, other_id="b")).answers()
    assert found == [("a", "b", True), ("b", "a", True)][:count]


def test_a_later_record_of_the_same_match_replaces_it() -> None:
    assert of(tie("peer"), tie("peer", "ended")).answers() == []
    assert of(tie("peer"), tie("peer", do_not_rematch=True)).answers() == []
    assert of(tie(), tie(status="proposed")).memberships() == []


def test_other_ties_are_no_answers() -> None:
    assert len(of(*(tie(kind) for kind in ("line_management", "household", "family", "must_not")))) == 0


@pytest.mark.parametrize(
    ("items", "answer"),
    [
        ({"not_for_me": True}, [False]),
        ({"not_for_me": False}, [True]),
        ({"satisfaction": 5}, [True]),
        ({"satisfaction": 1}, [False]),
        ({"satisfaction": 3}, []),
        ({"satisfaction": 2, "helpfulness": 5}, [False]),
        ({"helpfulness": 4}, [True]),
        ({"not_for_me": True, "satisfaction": 5}, [False]),
        ({"felt_unsafe": True, "satisfaction": 5}, []),
        ({"trust": 1}, []),
        ({}, []),
    ],
)
def test_what_counts_as_an_answer(items: dict[str, Any], answer: list[bool]) -> None:
    assert [yes for _one, _other, yes in of(said(**items)).answers()] == answer


def test_the_last_answer_stands_and_of_one_day_the_more_cautious() -> None:
    first, later = said(day="2026-01-01", not_for_me=True), said(day="2026-02-01", not_for_me=False)
    assert of(later, first).answers() == of(first, later).answers() == [("a", "b", True)]
    same = said(day="2026-02-01", not_for_me=True)
    assert of(same, later).answers() == of(later, same).answers() == [("a", "b", False)]
    unsafe = said(day="2025-01-01", felt_unsafe=True)
    assert of(unsafe, later).answers() == []


def test_an_own_answer_goes_before_a_match_and_anonymous_ones_have_nobody() -> None:
    match = tie("peer", "completed", other_id="b")
    assert of(match, said(not_for_me=True)).answers() == [("a", "b", False), ("b", "a", True)]
    assert of(match, said(felt_unsafe=True)).answers() == [("b", "a", True)]
    nobody = said(not_for_me=True).model_copy(update={"person_id": None, "anonymous": True})
    assert len(of(nobody)) == 0


def test_only_what_happened_until_a_day_counts() -> None:
    """What comes after the day, or has no day, may be the outcome that is to be predicted."""
    made = of(
        tie(started="2026-03-01"),
        tie(other_id="h", started="2026-03-02"),
        tie(other_id="i"),
        tie("peer", other_id="b", started="2026-02-01", ends="2026-06-01"),
        said(day="2026-03-05", not_for_me=True),
        said(other="c", day="2026-02-05", not_for_me=False),
        said(other="d", not_for_me=False),
    )
    day = date(2026, 3, 1)
    assert made.memberships(day) == [("a", "g")]
    assert made.answers(day) == [("a", "b", True), ("a", "c", True), ("b", "a", True)]
    assert len(made.memberships()) == 3
    assert [each for each in made.answers() if each[:2] == ("a", "b")] == [("a", "b", False)]
    assert made.answers(date(2026, 1, 1)) == []


def test_it_survives_being_saved_and_older_folders_have_none() -> None:
    ties = Ties()
    for record in (tie(started="2026-03-01"), tie("peer", other_id="b")):
        ties.add_relationship(record)
    for answer in (said(day="2026-03-05", not_for_me=True), said(felt_unsafe=True)):
        ties.add_feedback(answer)
    again = Ties.from_json(ties.to_json())
    assert again.history.to_list() == ties.history.to_list()
    assert again.history.memberships() == [("a", "g")]
    older = json.loads(ties.to_json())
    del older["history"]
    assert len(Ties.from_json(json.dumps(older)).history) == 0


def test_somebody_who_is_taken_out_leaves_nothing() -> None:
    made = of(tie(), tie("peer", other_id="b"), said(one="c", other="a", not_for_me=True))
    made.forget("a")
    assert made.to_list() == [[], [], []]


@pytest.mark.parametrize(
    "wrong",
    [
        {"floor": 4},
        {"shrinkage": -1},
        {"popularity_exponent": 1.5},
        {"popularity_exponent": float("nan")},
        {"model": "deep"},
        {"ridge": 0},
        {"support": float("nan")},
    ],
    ids=str,
)
def test_settings_out_of_range_are_refused_by_name(wrong: dict[str, Any]) -> None:
    with pytest.raises(DataError, match=rf"history\.{next(iter(wrong))} is .*, expected"):
        HistorySettings(**wrong)
