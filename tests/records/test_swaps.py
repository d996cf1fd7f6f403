"""Records of swaps: what they refuse, and what they say about themselves."""

from __future__ import annotations

from datetime import date

import pytest
from pydantic import ValidationError

from matchengine.records.swaps import PlannedSwap, SwapMove, SwapPlace, SwapState, SwapWish

PAIR = {"person_id": "e0", "other_id": "m0"}


@pytest.mark.parametrize(
    "wrong",
    [
        {"other_id": "e0"},
        {"earliest": "2026-06-02", "latest": "2026-06-01"},
        {"floor": 1.2},
        {"ranking": ["m1", "m1"]},
        {"waited": -1},
        {"other_id": "m@example.org"},
    ],
)
def test_a_wish_that_makes_no_sense_is_refused(wrong) -> None:
    assert SwapWish.model_validate(PAIR)
    with pytest.raises(ValidationError):
        SwapWish.model_validate(PAIR | wrong)


def test_nobody_agrees_by_silence() -> None:
    wish, place = SwapWish.model_validate(PAIR), SwapPlace(mentor_id="m0")
    said = (wish.mentee_agrees, wish.mentor_agrees, wish.mentor_any, place.mentor_agrees, place.mentor_any)
    assert said == (False,) * 5


def move(person: str, own: str, other: str) -> SwapMove:
    numbers = dict.fromkeys(("gain", "floor", "disruption", "fit", "mentor_fit", "mentor_floor"), 10.0)
    return SwapMove(person_id=person, from_mentor=own, to_mentor=other, parts=(), **numbers)


def swap(**more: object) -> PlannedSwap:
    told = {
        "id": "swap-1",
        "kind": "cycle",
        "moves": (move("e0", "m0", "m1"), move("e1", "m1", "m0")),
        "starts": date(2026, 6, 1),
        "ends": date(2026, 7, 26),
        "returns_on": date(2026, 7, 27),
        "accept_by": date(2026, 5, 18),
        "mid_check": date(2026, 6, 29),
        "feedback_on": date(2026, 7, 26),
        "anchor_check": date(2026, 10, 25),
        "completion": 0.81,
        "weight": 0.2,
        "weakest": "e0",
        "states": (SwapState(state="proposed", on=date(2026, 5, 11)),),
    }
    return PlannedSwap.model_validate(told | more)


def test_an_exchange_knows_who_must_agree_and_where_it_stands() -> None:
    made = swap()
    assert set(made.people) == {"e0", "e1", "m0", "m1"}
    assert made.state == "proposed"


@pytest.mark.parametrize("wrong", [{"returns_on": date(2026, 7, 26)}, {"starts": date(2026, 7, 1)}, {"states": ()}])
def test_an_exchange_without_a_return_after_its_end_is_refused(wrong) -> None:
    with pytest.raises(ValidationError):
        swap(**wrong)
