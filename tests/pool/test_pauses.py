"""Breaks: who is left out on which day."""

from __future__ import annotations

from datetime import date

import pytest
from tests.support import engine, mentee

from matchengine.pool.pauses import Pauses
from matchengine.records import Pause, Person

DAY = date(2026, 5, 10)


def resting(*pauses: Pause, on: date = DAY) -> list[str]:
    """Return who rests on a day, of three people."""
    made = engine()
    made.load([mentee("a"), mentee("b"), mentee("c")])
    kept = Pauses()
    for pause in pauses:
        kept.add(pause)
    table = made._pool.tables["people"]
    return sorted(table.ids[row] for row, rests in enumerate(kept.rows(table, on)) if rests)


def test_a_break_lasts_up_to_its_last_day_and_ends_by_itself() -> None:
    pause = Pause(person_id="a", until=DAY)
    assert resting(pause) == ["a"]
    assert resting(pause, on=date(2026, 5, 11)) == []
    assert resting(Pause(person_id="a"), on=date(2046, 5, 11)) == ["a"]


@pytest.mark.parametrize("later", [Pause(person_id="a", lifted=True), Pause(person_id="a", until=date(2026, 5, 1))])
def test_a_later_pause_takes_the_place_of_the_one_before(later: Pause) -> None:
    assert resting(Pause(person_id="a"), Pause(person_id="b"), later) == ["b"]


def test_who_is_not_here_does_no_harm_and_rests_once_they_are() -> None:
    assert resting(Pause(person_id="stranger")) == []
    made = engine()
    made.load([mentee("a")])
    made.upsert(Pause(person_id="new"))
    made.upsert(Person.model_validate(mentee("new")))
    assert made.members("mentor").requesters == ("a",)


def test_pauses_are_saved_and_restored() -> None:
    kept = Pauses()
    kept.add(Pause(person_id="a", until=DAY))
    kept.add(Pause(person_id="b"))
    again = Pauses()
    again.restore(kept.to_json())
    assert again.to_json() == kept.to_json() == {"a": "2026-05-10", "b": None}
