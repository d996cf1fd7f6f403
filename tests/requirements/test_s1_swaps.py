"""S1: mentors exchanged for a time, and skills exchanged round a circle."""

from __future__ import annotations

from tests.programme.swaps.people import ring, ties, wishes
from tests.programme.swaps.test_exchange_cycles import circle, found
from tests.programme.swaps.test_plan import planned


def test_s1_11_nobody_in_a_cycle_is_below_their_own_floor_and_every_swap_has_start_and_return_date() -> None:
    """S1-11: mentees go round to each other's mentors and come back; the gain is above every floor."""
    for floor in (0.0, 0.15, 0.3, 0.9):
        ledger = planned(ring(), ties(), wishes(floor=floor))
        for swap in ledger.exchanges:
            assert swap.starts < swap.returns_on
            assert all(move.gain >= max(100 * floor, 5) for move in swap.moves)
            assert all(str(swap.returns_on) in move.explanation for move in swap.moves)
        assert bool(ledger.exchanges) is (floor < 0.9)


def test_s1_05_every_cycle_meets_the_wish_of_each_member_by_the_least() -> None:
    """S1-05: A teaches B teaches C teaches A, and every lesson meets a want by the threshold."""
    skills = ("sewing dresses", "welding steel", "cooking for many")
    whole = found(circle(*skills))
    assert [len(one.lessons) for one in whole.circles] == [3]
    for least in (0.2, 0.5, 0.9, 1.0):
        for one in found(circle(*skills), least=least).circles:
            assert all(lesson.gain >= 100 * least - 0.01 for lesson in one.lessons)
    people = circle(*skills)
    people[1]["wants"] = [{"text": "opera singing"}]
    assert found(people).circles == ()
