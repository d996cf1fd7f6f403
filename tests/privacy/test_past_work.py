"""Past work is public as offers are: quoted to all, seen masked by the embedder, shown to its owner, and no more."""

from __future__ import annotations

from typing import Any, Literal

import pytest

import matchengine as me
from matchengine.pool.text import PUBLIC_FIELDS
from tests.support import engine, group, mentee, mentor

WORK = "rewrote the harbour timetable"
GOAL = "rewrite a harbour timetable"


def told(viewer: Literal["requester", "candidate", "coordinator"], **more: Any) -> str:
    """Return the only suggestion of a mentee as a reader sees it: the mentor did what the mentee would like to do."""
    made = engine()
    people = [mentee("a", goals=[{"text": GOAL}]), mentor("m", offers=[{"text": "baking"}], past_work=[WORK], **more)]
    made.load(people)
    return made.explain("a", "m", "mentor", viewer=viewer).model_dump_json()


@pytest.mark.parametrize("viewer", ["requester", "candidate", "coordinator"])
def test_everybody_who_may_read_offers_may_read_past_work(viewer: Literal["requester", "candidate"]) -> None:
    assert {"offers", "past"} <= PUBLIC_FIELDS
    assert WORK in told(viewer).casefold()


def test_the_goal_it_answers_is_quoted_to_its_owner_alone() -> None:
    assert GOAL in told("requester").casefold()
    assert GOAL not in told("candidate").casefold()
    assert GOAL not in told("coordinator").casefold()


def test_a_person_sees_what_the_embedder_sees_of_it() -> None:
    made = engine()
    made.load([mentor("m", past_work=["she led the choir", WORK]), mentee("a")])
    shown = made.shown_text("m")
    assert len(shown["past"]) == 2
    assert shown["past"][1] == WORK
    assert "she" not in shown["past"][0].split()
    assert made.shown_text("a")["past"] == []


def test_past_work_taken_back_is_gone_from_every_answer() -> None:
    made = engine()
    one = mentor("m", offers=[{"text": "baking"}], past_work=[WORK])
    made.load([mentee("a", goals=[{"text": GOAL}]), one], groups=[group("g")])
    assert WORK in str(made.suggest("a", "mentor")).casefold()
    made.upsert(me.records.Person.model_validate(one | {"past_work": []}))
    assert WORK not in str(made.suggest("a", "mentor")).casefold()
    assert made.shown_text("m")["past"] == []
