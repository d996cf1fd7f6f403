"""Pulses at 30, 90 and 180 days: who is due, who is overdue, who is never asked."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchengine.planning.reminders import GRACE_DAYS, PULSE_DAYS, reminders
from matchengine.records import Feedback, Relationship, Reminders

START = date(2026, 1, 5)


def tie(person: str = "a", other: str = "m", kind: str = "mentoring", **more: Any) -> Relationship:
    """Return an open match that began on `START`."""
    return Relationship.model_validate({"person_id": person, "other_id": other, "kind": kind, "started": START} | more)


def answer(person: str | None = "a", about: str = "m", wave: str = "30_days", **more: Any) -> Feedback:
    """Return an answer about a match; without a person it is anonymous."""
    told = {"about_id": about, "person_id": person, "anonymous": person is None, "wave": wave}
    return Feedback.model_validate(told | {"perspective": "requester", "items": {}} | more)


def after(days: int) -> date:
    """Return the day so many days after the start."""
    return START + timedelta(days=days)


def asked(found: Reminders) -> set[tuple[str, str, int]]:
    """Return everybody who is to be asked, late or not."""
    return {(each.person_id, each.about_id, each.after_days) for each in (*found.due, *found.overdue)}


@pytest.mark.parametrize("day", PULSE_DAYS)
def test_both_sides_are_due_on_the_day_and_nobody_before(day: int) -> None:
    earlier = {(*pair, before) for before in PULSE_DAYS if before < day for pair in (("a", "m"), ("m", "a"))}
    assert {(*each[:2], day) for each in asked(reminders([tie()], [], after(day)))} == {
        ("a", "m", day),
        ("m", "a", day),
    }
    found = reminders([tie()], [], after(day - 1))
    assert asked(found) == {each for each in earlier if each[2] == max((e[2] for e in earlier), default=0)}


def test_what_waits_longer_than_the_days_of_grace_is_overdue() -> None:
    found = reminders([tie()], [], after(30 + GRACE_DAYS))
    assert (len(found.due), len(found.overdue)) == (2, 0)
    found = reminders([tie()], [], after(30 + GRACE_DAYS + 1))
    assert (len(found.due), len(found.overdue)) == (0, 2)
    assert {each.due for each in found.overdue} == {after(30)}


def test_an_answer_settles_its_own_pulse_alone() -> None:
    told = [answer(), answer("m", "a")]
    assert asked(reminders([tie()], told, after(60))) == set()
    assert asked(reminders([tie()], told, after(90))) == {("a", "m", 90), ("m", "a", 90)}
    assert asked(reminders([tie()], [answer()], after(60))) == {("m", "a", 30)}
    late = answer(given_at=datetime.combine(after(95), datetime.min.time()))
    assert ("a", "m", 90) in asked(reminders([tie()], [late], after(95)))


def test_an_answer_about_somebody_else_settles_nothing() -> None:
    assert asked(reminders([tie()], [answer(about="n"), answer("b")], after(30))) == {("a", "m", 30), ("m", "a", 30)}
    assert ("a", "m", 30) in asked(reminders([tie()], [answer(None)], after(30)))


def test_with_other_days_an_answer_counts_for_the_time_in_which_it_was_given() -> None:
    def on(day: int, wave: str = "follow_up") -> Feedback:
        return answer(wave=wave, given_at=datetime.combine(after(day), datetime.min.time()))

    days = (28, 84)
    assert ("a", "m", 28) not in asked(reminders([tie()], [on(30)], after(40), days))
    assert ("a", "m", 28) not in asked(reminders([tie()], [on(30, "30_days")], after(40), days))
    assert ("a", "m", 28) in asked(reminders([tie()], [on(27)], after(40), days))
    assert ("a", "m", 28) in asked(reminders([tie()], [on(30, "start")], after(40), days))
    assert ("a", "m", 84) in asked(reminders([tie()], [on(30)], after(84), days))
    assert ("a", "m", 84) not in asked(reminders([tie()], [on(300)], after(300), days))
    assert asked(reminders([tie()], [], after(400), ())) == set()


def test_a_member_is_asked_about_a_group_and_a_group_about_nobody() -> None:
    assert asked(reminders([tie("a", "g", "membership")], [], after(30))) == {("a", "g", 30)}


@pytest.mark.parametrize(
    "more",
    [
        {"status": "proposed"},
        {"status": "paused"},
        {"status": "completed"},
        {"status": "ended"},
        {"ends": after(29)},
        {"kind": "line_management"},
        {"kind": "household"},
        {"kind": "family"},
        {"kind": "must_not"},
    ],
)
def test_only_open_matches_of_the_programme_count(more: dict[str, Any]) -> None:
    found = reminders([tie(**more)], [], after(30))
    assert found == Reminders(today=after(30))
    assert asked(reminders([tie(ends=after(30))], [], after(30)))


def test_who_said_it_is_not_for_them_or_is_kept_apart_is_not_asked() -> None:
    no = answer(wave="start", items={"not_for_me": True})
    assert asked(reminders([tie()], [no], after(90))) == {("m", "a", 90)}
    assert asked(reminders([tie(), tie("m", "a", "must_not")], [], after(30))) == set()


def test_a_match_without_a_first_day_is_counted_and_not_guessed() -> None:
    found = reminders([tie(started=None), tie("b", "n")], [], after(30))
    assert found.undated == 1
    assert asked(found) == {("b", "n", 30), ("n", "b", 30)}


def test_how_many_came_due_and_how_many_were_answered() -> None:
    found = reminders([tie()], [answer(), answer("m", "a"), answer(wave="90_days")], after(90))
    assert (found.came_due, found.answered) == (4, 3)
    assert asked(found) == {("m", "a", 90)}


def test_the_same_tie_told_twice_asks_once() -> None:
    found = reminders([tie(), tie()], [], after(30))
    assert len(found.due) == 2


@given(st.integers(0, 400), st.permutations([tie("a", "m"), tie("b", "m", started=after(3)), tie("c", "d", "peer")]))
def test_the_order_of_ties_changes_nothing_and_nobody_is_asked_twice(day: int, ties: list[Relationship]) -> None:
    found = reminders(ties, [], after(day))
    assert found == reminders(sorted(ties, key=lambda each: each.person_id), [], after(day))
    waiting = [*found.due, *found.overdue]
    assert len({(each.person_id, each.about_id) for each in waiting}) == len(waiting)
    assert all(each.due <= found.today for each in waiting)
    assert [each.due for each in found.due] == sorted(each.due for each in found.due)
