"""Somebody says no, or yes: what falls, what stays exactly as it was, and how an exchange goes on (domain.md D4)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from matchengine.errors import DataError
from matchengine.programme.swaps.decline import decline_swap
from matchengine.programme.swaps.plan import plan_swaps
from matchengine.programme.swaps.states import NEXT, accept, move_on
from matchengine.records import Fingerprint, Relationship
from matchengine.records.swaps import SwapLedger, SwapPlace, SwapWish
from tests.programme.swaps.people import SKILLS, TODAY, asks, loaded, ring, teaches, tie, ties, wish, wishes

LATER = TODAY + timedelta(days=2)


class Programme:
    """Two rings of three, which cannot mix, and a free mentor for the first."""

    def __init__(self) -> None:
        other = ("chess games", "opera singing", "bee keeping")
        people = [*ring(), teaches("free", SKILLS[1], style=1)]
        people += [asks(f"f{n}", other[n], other[(n + 1) % 3]) for n in range(3)]
        people += [teaches(f"n{n}", other[n], style=n % 2) for n in range(3)]
        self.ties = [*ties(), *(tie(f"f{n}", f"n{n}") for n in range(3))]
        self.made = loaded(people, self.ties)
        self.wishes = [
            SwapWish.model_validate(each) for each in (*wishes(), *(wish(f"f{n}", f"n{n}") for n in range(3)))
        ]
        self.wishes.append(SwapPlace.model_validate({"mentor_id": "free", "mentor_agrees": True, "mentor_any": True}))
        self.records = [Relationship.model_validate(each) for each in self.ties]
        self.scene = self.made._scene("mentor")

    def plan(self, **config) -> SwapLedger:
        settings = self.made.config.swaps["summer"].model_copy(update={"longest_chain": 1} | config)
        return plan_swaps(self.scene, settings, self.wishes, self.records, TODAY, fingerprint=self.made.fingerprint())

    def decline(self, ledger, who, **options) -> SwapLedger:
        return decline_swap(self.scene, ledger, who, self.wishes, self.records, LATER, **options)


@pytest.fixture(scope="module")
def programme() -> Programme:
    return Programme()


def of(ledger, who):
    return [swap for swap in ledger.standing if who in swap.people]


def test_the_exchange_falls_as_a_whole_and_the_others_stay_byte_for_byte(programme: Programme) -> None:
    before = programme.plan()
    assert [len(swap.moves) for swap in before.exchanges] == [3, 3]
    after = programme.decline(before, "e1")
    [untouched] = of(before, "f0")
    assert untouched in after.exchanges
    fallen = [swap for swap in after.exchanges if swap.state == "declined"]
    assert [swap.id for swap in fallen] == [of(before, "e1")[0].id]
    assert [(move.person_id, move.to_mentor) for move in of(after, "e0")[0].moves] == [("e0", "free")]
    assert {each.person_id: each.reason for each in after.unswapped}["e1"] == "declined"
    assert after.swapped == 4
    assert (after.bound, after.proven) == (None, False)
    assert SwapLedger.model_validate_json(after.model_dump_json()) == after


def test_what_was_declined_is_not_proposed_again(programme: Programme) -> None:
    ledger = programme.plan()
    refused = set()
    for who in ("e1", "e0", "m2"):
        if of(ledger, who):
            [swap] = of(ledger, who)
            refused |= {(m.person_id, m.to_mentor) for m in swap.moves if who in (m.person_id, m.to_mentor)}
            ledger = programme.decline(ledger, who)
    now = {(move.person_id, move.to_mentor) for swap in ledger.standing for move in swap.moves}
    assert refused
    assert not refused & now
    assert len(ledger.decisions) == 1 + len(ledger.declined)


def test_whoever_leaves_the_round_is_in_no_exchange_any_more(programme: Programme) -> None:
    for who in ("e0", "m0"):
        after = programme.decline(programme.plan(longest_chain=3), who, leaves=True)
        assert not of(after, who)
        assert [(each.person_id, each.mentor_id) for each in after.declined] == [
            ("e0", None) if who == "e0" else (None, "m0")
        ]


def test_nobody_is_told_who_declined(programme: Programme) -> None:
    after = programme.decline(programme.plan(), "e1", by="coordinator-1")
    told = " ".join(decision.text for decision in after.decisions)
    assert "e1" not in told
    assert [
        state.by for state in after.exchanges[0].states + after.exchanges[1].states if state.state == "declined"
    ] == ["coordinator-1"]


def test_a_change_of_data_is_said(programme: Programme) -> None:
    before = programme.plan()
    now = programme.made.fingerprint()
    assert not any("changed" in text for text in programme.decline(before, "e1", fingerprint=now).advice)
    other = Fingerprint.model_validate(now.model_dump() | {"generation": now.generation + 1})
    assert any("changed" in text for text in programme.decline(before, "e1", fingerprint=other).advice)


def test_only_an_exchange_that_has_not_begun_can_be_declined(programme: Programme) -> None:
    ledger = programme.plan()
    with pytest.raises(DataError, match="in no exchange"):
        programme.decline(ledger, "free")
    [swap] = of(ledger, "e0")
    for who in swap.people:
        ledger = accept(ledger, who, LATER)
    assert of(ledger, "e0")[0].state == "accepted"
    day = swap.starts
    for state in ("scheduled", "running"):
        ledger = move_on(ledger, swap.id, state, day, by="coordinator-1")
    with pytest.raises(DataError, match="has begun"):
        programme.decline(ledger, "e0")


def test_an_exchange_is_accepted_when_all_said_yes_in_time(programme: Programme) -> None:
    ledger = programme.plan()
    [swap] = of(ledger, "e0")
    assert set(swap.people) == {"e0", "e1", "e2", "m0", "m1", "m2"}
    for who in swap.people[:-1]:
        ledger = accept(ledger, who, LATER)
    assert of(ledger, "e0")[0].state == "proposed"
    with pytest.raises(DataError, match="waited"):
        accept(ledger, swap.people[-1], swap.accept_by + timedelta(days=1))
    ledger = accept(ledger, swap.people[-1], swap.accept_by)
    assert of(ledger, "e0")[0].state == "accepted"
    with pytest.raises(DataError, match="no exchange that waits"):
        accept(ledger, "e0", LATER)


def test_the_way_of_an_exchange_ends_with_the_return(programme: Programme) -> None:
    ledger = programme.plan()
    [swap] = of(ledger, "e0")
    for who in swap.people:
        ledger = accept(ledger, who, LATER)
    way = [("scheduled", LATER), ("running", swap.starts), ("mid_check", swap.mid_check), ("returned", swap.returns_on)]
    for state, day in way:
        ledger = move_on(ledger, swap.id, state, day)
    [now] = [each for each in ledger.exchanges if each.id == swap.id]
    assert [each.state for each in now.states] == ["proposed", "accepted", *(state for state, _day in way)]
    assert NEXT["returned"] == ()
    with pytest.raises(DataError, match="nothing more"):
        move_on(ledger, swap.id, "running", swap.returns_on)
    with pytest.raises(DataError, match="no exchange 'swap-x'"):
        move_on(ledger, "swap-x", "running", swap.returns_on)


@pytest.mark.parametrize(("state", "day"), [("running", TODAY), ("returned", TODAY), ("declined", TODAY)])
def test_no_state_is_left_out(programme: Programme, state, day: date) -> None:
    ledger = programme.plan()
    with pytest.raises(DataError, match="cannot be"):
        move_on(ledger, ledger.exchanges[0].id, state, day)
