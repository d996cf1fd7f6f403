"""Who takes part in a round of swaps, and why others do not."""

from __future__ import annotations

from datetime import date

import pytest

from matchengine.errors import DataError
from matchengine.programme.swaps.wishes import months_before, slots_of
from matchengine.records import Relationship
from matchengine.records.swaps import SwapPlace, SwapWish
from tests.programme.swaps.people import TODAY, loaded, ring, teaches, ties, wish, wishes
from tests.support import mentee


def asked(changes=None, relationships=None, people=None, places=(), **config):
    told = wishes()
    told[0] |= changes or {}
    running = relationships or ties()
    made = loaded(people or ring(), running)
    settings = made.config.swaps["summer"].model_copy(update=config)
    given = [SwapWish.model_validate(each) for each in told] + [SwapPlace.model_validate(each) for each in places]
    records = [Relationship.model_validate(each) for each in running]
    return slots_of(made._scene("mentor"), settings, given, records, TODAY)


def reason(**options):
    found = asked(**options)
    told = {each.person_id: each.reason for each in found.left_out}
    assert len(found.slots) + len(found.left_out) == found.asked == 3
    return told.get("e0")


def test_everybody_who_agreed_takes_part() -> None:
    found = asked()
    assert [(slot.person_id, slot.mentor_id) for slot in found.slots] == [("e0", "m0"), ("e1", "m1"), ("e2", "m2")]
    assert found.left_out == ()
    assert not any(slot.young for slot in found.slots)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"mentee_agrees": False}, "mentee_not_agreed"),
        ({"mentor_agrees": False}, "mentor_not_agreed"),
        ({"mentor_agrees": False, "mentor_pauses": True}, None),
        ({"fragile": True}, "not_this_time"),
        ({"fragile": True, "mentee_agrees": False}, "mentee_not_agreed"),
    ],
)
def test_nobody_is_swapped_who_did_not_agree_or_is_left_alone(changes, expected) -> None:
    assert reason(changes=changes) == expected


@pytest.mark.parametrize(
    ("started", "expected"),
    [("2025-12-09", None), ("2025-12-10", "too_new"), ("2026-05-01", "too_new"), (None, "start_unknown")],
)
def test_young_relationships_are_left_alone(started, expected) -> None:
    relationships = ties()
    relationships[0]["started"] = started
    assert reason(relationships=relationships) == expected
    assert reason(relationships=relationships, least_months=0) is None


def test_below_six_months_the_interruption_costs_more() -> None:
    relationships = ties()
    relationships[0]["started"] = "2025-10-01"
    assert [slot.young for slot in asked(relationships=relationships).slots] == [True, False, False]


@pytest.mark.parametrize("status", ["ended", "completed", "proposed", "paused"])
def test_only_mentoring_that_runs_can_be_swapped(status) -> None:
    relationships = ties()
    relationships[0]["status"] = status
    assert reason(relationships=relationships) == "no_running_match"
    over = ties()
    over[0]["ends"] = "2026-03-08"
    assert reason(relationships=over) == "no_running_match"


def test_a_paused_mentoring_may_be_the_end_of_a_chain() -> None:
    relationships = ties()
    relationships[0]["status"] = "paused"
    found = asked(changes={"mentor_pauses": True}, relationships=relationships)
    assert [slot.gives for slot in found.slots] == [False, True, True]


def test_minors_and_the_mark_of_a_coordinator_read_the_same() -> None:
    people = ring()
    for adult in (False, None):
        people[0] = mentee("e0", adult=adult)
        minor = asked(people=people).left_out
        fragile = asked(changes={"fragile": True}).left_out
        assert minor == fragile
    assert "fragile" not in str([each.model_dump() for each in minor])


def test_a_free_place_begins_a_chain_unless_the_mentor_swaps_already() -> None:
    people = [*ring(), teaches("free", "chess", capacity={"mentor": 2})]
    places = [{"mentor_id": "free", "mentor_agrees": True, "places": 3}]
    found = asked(people=people, places=places)
    assert [slot.mentor_id for slot in found.slots if slot.mentee is None] == ["free", "free"], "two places are free"
    refused = asked(people=people, places=[{"mentor_id": "free"}])
    assert [(each.person_id, each.reason) for each in refused.left_out] == [(None, "mentor_not_agreed")]
    twice = asked(places=[{"mentor_id": "m0", "mentor_agrees": True}])
    assert [each.reason for each in twice.left_out] == ["place_not_needed"]


def test_every_unknown_id_and_every_wish_given_twice_is_named() -> None:
    made = loaded(ring(), ties())
    config, scene = made.config.swaps["summer"], made._scene("mentor")
    strange = [SwapWish.model_validate(wish("nobody", "m0")), SwapWish.model_validate(wish("e0", "m0", ranking=["x"]))]
    with pytest.raises(DataError) as told:
        slots_of(scene, config, strange, [], TODAY)
    assert told.value.problems == ("nobody", "x")
    same = [SwapWish.model_validate(wish("e0", "m0"))] * 2
    with pytest.raises(DataError) as told:
        slots_of(scene, config, same, [], TODAY)
    assert told.value.problems == ("e0 / m0",)


def test_months_before_ends_of_months() -> None:
    assert months_before(date(2026, 5, 31), 3) == date(2026, 2, 28)
    assert months_before(date(2024, 5, 31), 3) == date(2024, 2, 29)
    assert months_before(date(2026, 1, 15), 12) == date(2025, 1, 15)
    assert months_before(date(2026, 1, 15), 1) == date(2025, 12, 15)
