"""A round of swaps from end to end: what the ledger says, and what it never says (domain.md D2 to D4)."""

from __future__ import annotations

import random
from collections import Counter
from datetime import timedelta

import pytest

from matchengine.errors import ConfigError
from matchengine.programme.swaps import plan as planning
from matchengine.programme.swaps.graph import exchanges_of
from matchengine.programme.swaps.plan import plan_swaps
from matchengine.programme.swaps.wishes import slots_of
from matchengine.records import Relationship
from matchengine.records.swaps import SwapLedger, SwapPlace, SwapWish
from tests.programme.swaps.brute import best_weight
from tests.programme.swaps.people import SKILLS, TODAY, asks, loaded, ring, teaches, tie, ties, wish, wishes


def planned(people=None, relationships=None, given=None, places=(), objective=None, **config):
    running = relationships if relationships is not None else ties()
    made = loaded(people or ring(), running)
    return planned_by(made, running, given, places, objective, **config)


def planned_by(made, running, given=None, places=(), objective=None, **config):
    settings = made.config.swaps["summer"].model_copy(update=config)
    told = [SwapWish.model_validate(each) for each in (wishes() if given is None else given)]
    told += [SwapPlace.model_validate(each) for each in places]
    records = [Relationship.model_validate(each) for each in running]
    return plan_swaps(made._scene("mentor"), settings, told, records, TODAY, name="summer", objective=objective)


def test_three_who_each_want_what_the_next_mentor_teaches_go_round_a_circle() -> None:
    ledger = planned()
    [swap] = ledger.exchanges
    assert swap.kind == "cycle"
    assert {(move.person_id, move.from_mentor, move.to_mentor) for move in swap.moves} == {
        ("e0", "m0", "m1"),
        ("e1", "m1", "m2"),
        ("e2", "m2", "m0"),
    }
    assert (ledger.asked, ledger.swapped, ledger.unswapped) == (3, 3, ())
    assert ledger.proven
    assert ledger.gap == 0
    assert ledger.reproducible
    assert ledger.status == "draft"
    assert swap.state == "proposed"
    assert swap.completion == pytest.approx(0.9**3)
    assert swap.weight == pytest.approx(sum(move.gain for move in swap.moves) / 100 * 0.9**3, abs=1e-3)
    assert ledger.value == pytest.approx(swap.weight)
    assert swap.weakest == min(swap.moves, key=lambda move: move.gain).person_id
    assert SwapLedger.model_validate_json(ledger.model_dump_json()) == ledger


def test_every_swap_has_all_its_dates_and_people_return() -> None:
    swap = planned(weeks=8).exchanges[0]
    assert swap.starts.isoformat() == "2026-04-06"
    assert swap.returns_on - swap.starts == timedelta(weeks=8)
    assert swap.ends == swap.returns_on - timedelta(days=1)
    assert swap.accept_by == TODAY + timedelta(days=7)
    assert swap.starts < swap.mid_check < swap.ends
    assert swap.feedback_on == swap.ends
    assert swap.anchor_check == swap.returns_on + timedelta(days=90)
    for move in swap.moves:
        assert f"You return to {move.from_mentor} on {swap.returns_on}." in move.explanation
        assert any(f"{move.person_id} returns to {move.from_mentor}" in text for text in swap.return_plan)
    short = planned(given=wishes(latest="2026-05-20")).exchanges[0]
    assert short.returns_on - short.starts == timedelta(weeks=6)
    soon = planned(given=wishes(earliest=None)).exchanges[0]
    assert soon.starts > soon.accept_by, "nobody begins before all have said yes"


def test_nobody_is_below_a_floor_and_everything_is_told_in_words() -> None:
    given = wishes(perspective="welding steel", floor=0.1)
    given[0] |= {"for_mentor": "I like to prepare.", "mentor_any": False}
    ledger = planned(given=given)
    for move in ledger.exchanges[0].moves:
        assert move.gain >= move.floor == 10.0
        assert move.mentor_fit >= move.mentor_floor
        assert move.gain == pytest.approx(sum(p.value * p.weight for p in move.parts) - move.disruption, abs=0.02)
        assert [part.part for part in move.parts] == ["cover", "perspective", "wish"]
        assert sum(part.weight for part in move.parts) == pytest.approx(1, abs=1e-3)
        assert all(part.text for part in move.parts)
    by = {move.person_id: move for move in ledger.exchanges[0].moves}
    assert by["e2"].mentor_floor == 35.0
    assert by["e0"].mentor_floor == 0.0
    assert any("I like to prepare." in text for text in by["e0"].mentor_should_know)
    assert not any("I like to prepare." in text for text in by["e1"].mentor_should_know)


def test_words_that_nobody_may_read_are_in_no_ledger() -> None:
    """Goals, hopes and wishes are quoted to nobody, offers to all; goals where the notice opens them (domain.md B4)."""
    given = wishes(perspective="zebra quilts at dawn")
    text = planned(given=given).model_dump_json()
    for private in ("zebra", "short video editing please", "learn sql"):
        assert private not in text
    people = [asks("e0", "sql queries", "welding of steel"), asks("e1", "chess", "sql for me")]
    people += [teaches("m0", "sql queries", hopes_to_gain="peace and quiet"), teaches("m1", "welding steel")]
    running, two = [tie("e0", "m0"), tie("e1", "m1")], wishes(2)
    closed = planned(people, running, two, least_fit=0.0).model_dump_json()
    assert "welding steel" in closed
    for private in ("welding of steel", "sql for me", "peace and quiet"):
        assert private not in closed
    made = loaded(people, running, '\n[programme]\ncoordinator_reads = ["needs"]\n')
    opened = planned_by(made, running, two, least_fit=0.0).model_dump_json()
    assert "welding of steel" in opened
    assert "peace and quiet" not in opened


def test_who_is_left_out_has_a_reason_and_the_mark_of_a_coordinator_is_told_to_nobody() -> None:
    given = wishes()
    given[0]["fragile"] = True
    ledger = planned(given=given)
    told = {each.person_id: each for each in ledger.unswapped}
    assert ledger.asked == ledger.swapped + len(told) == 3
    assert told["e0"].reason == "not_this_time"
    assert "fragile" not in ledger.model_dump_json().replace('"fragile"', "fragile")
    people = ring()
    people[0]["boundaries"] = [{"kind": "person", "value": "m1"}, {"kind": "person", "value": "m2"}]
    blocked = {each.person_id: each for each in planned(people).unswapped}
    nobody = {each.person_id: each for each in planned(given=wishes(), least_fit=1.0).unswapped}
    assert blocked["e0"] == nobody["e0"], "a personal rule reads like any other obstacle"


def test_reasons_of_those_whom_no_circle_takes() -> None:
    people = [asks("e0", *SKILLS[:2]), asks("e1", SKILLS[1]), teaches("m0", SKILLS[0]), teaches("m1", SKILLS[1])]
    given = wishes(2)
    given[1]["floor"] = 0.9
    one_way = {each.person_id: each.reason for each in planned(people, ties(2), given).unswapped}
    assert one_way == {"e0": "no_circle", "e1": "no_other_mentor"} or one_way == {
        "e0": "no_other_mentee",
        "e1": "no_other_mentor",
    }
    free = [*people, teaches("free", SKILLS[1])]
    place = [{"mentor_id": "free", "mentor_agrees": True, "mentor_any": True}]
    chained = planned(free, ties(2), given, place)
    [swap] = chained.exchanges
    assert (swap.kind, swap.resting_mentor) == ("chain", "m0")
    assert [(move.person_id, move.to_mentor) for move in swap.moves] == [("e0", "free")]
    none = planned(free, ties(2), given, place, longest_chain=0)
    assert ("place_not_needed", None) in {(each.reason, each.person_id) for each in none.unswapped}


def test_the_plan_is_the_best_possible_and_loads_stay_as_they_are() -> None:
    for seed in range(4):
        draw = random.Random(seed)
        size = 7
        people = [asks(f"e{n}", *draw.sample(SKILLS, 2)) for n in range(size)]
        people += [teaches(f"m{n}", draw.choice(SKILLS), style=draw.randrange(2)) for n in range(size)]
        people.append(teaches("free", SKILLS[0]))
        place = {"mentor_id": "free", "mentor_agrees": True, "mentor_any": True}
        made, running, given = loaded(people, ties(size)), ties(size), wishes(size)
        ledger = planned_by(made, running, given, [place])
        config, scene = made.config.swaps["summer"], made._scene("mentor")
        told = [*map(SwapWish.model_validate, given), SwapPlace.model_validate(place)]
        records = [Relationship.model_validate(each) for each in running]
        slots = slots_of(scene, config, told, records, TODAY).slots
        graph = exchanges_of(scene, config, slots, records, TODAY).graph
        assert ledger.value == pytest.approx(best_weight(graph), abs=1e-5)
        moves = [move for swap in ledger.exchanges for move in swap.moves]
        assert max(Counter(move.person_id for move in moves).values(), default=0) <= 1
        for swap in ledger.exchanges:
            own, other = {m.from_mentor for m in swap.moves}, {m.to_mentor for m in swap.moves}
            assert own == other if swap.kind == "cycle" else other - own == {"free"}
        two = planned_by(made, running, given, [place], longest_cycle=2)
        assert two.value <= ledger.value + 1e-9
        assert ledger.swapped + sum(each.person_id is not None for each in ledger.unswapped) == size


def test_the_order_of_everything_that_is_given_decides_nothing() -> None:
    base = planned(ring(4), ties(4), wishes(4), longest_cycle=4)
    draw = random.Random(5)
    again = planned(draw.sample(ring(4), 8), draw.sample(ties(4), 4), draw.sample(wishes(4), 4), longest_cycle=4)
    assert base.swapped == 4
    assert again.model_dump_json() == base.model_dump_json()


def test_alternatives_and_blocking_cycles_are_told_and_objectives_differ() -> None:
    easy = {"least_gain": 0.0, "least_fit": 0.0, "disruption": 0.0}
    ledger = planned(ring(4), ties(4), wishes(4), objective="max_people_then_weight", **easy)
    assert ledger.objective == "max_people_then_weight"
    assert ledger.swapped == 4
    [told] = {decision.text for decision in ledger.decisions}
    assert "most people" in told
    listed = [other for swap in ledger.exchanges for other in swap.alternatives]
    assert {other.person_id for other in listed} <= {"e0", "e1", "e2", "e3"}
    assert listed
    for block in ledger.blocking:
        now = {move.person_id: move.gain for swap in ledger.exchanges for move in swap.moves}
        assert all(gain > now.get(who, 0.0) for (who, _mentor), gain in zip(block.pairs, block.gains, strict=True))
    with pytest.raises(ConfigError, match="max_weight"):
        planned(objective="max_wait")


def test_whoever_waited_before_counts_more() -> None:
    """Two want the one mentor who has a free place: who waited goes."""
    people = [asks("e0", SKILLS[0], SKILLS[1]), asks("e1", SKILLS[0], SKILLS[1])]
    people += [teaches("m0", SKILLS[0]), teaches("m1", SKILLS[0]), teaches("free", SKILLS[1])]
    place = [{"mentor_id": "free", "mentor_agrees": True, "mentor_any": True}]
    for late in (0, 1):
        given = wishes(2)
        given[late]["waited"] = 2
        ledger = planned(people, ties(2), given, place, waited=0.5, longest_chain=1)
        assert [move.person_id for swap in ledger.exchanges for move in swap.moves] == [f"e{late}"]


def test_rankings_are_traded_and_nobody_is_worse_off() -> None:
    given = wishes()
    given[0]["ranking"] = ["m2", "m1"]
    given[1]["ranking"] = ["m0"]
    given[2]["ranking"] = ["m0"]
    ledger = planned(given=given, objective="ttc")
    assert {(move.person_id, move.to_mentor) for move in ledger.exchanges[0].moves} == {("e0", "m2"), ("e2", "m0")}
    assert [each.person_id for each in ledger.unswapped] == ["e1"]
    assert (ledger.value, ledger.bound, ledger.proven) == (2.0, None, False)
    assert any("ranking" in text for text in ledger.advice)
    assert planned(objective="ttc").exchanges == (), "who ranks nobody stays"
    long = planned(given=given, objective="ttc", weeks=12)
    assert any("eight weeks" in text for text in long.advice)
    assert not any("strategy" in text.lower() for text in ledger.advice + planned().advice)


def test_members_who_are_no_neighbours_still_have_a_period_in_common(monkeypatch) -> None:
    """A chain of three: first and last overlap with those between, but not with each other."""
    people = [asks("e0", SKILLS[0], SKILLS[1]), asks("e1", SKILLS[1], SKILLS[2]), asks("e2", SKILLS[2], SKILLS[3])]
    people += [*(teaches(f"m{n}", SKILLS[n]) for n in range(3)), teaches("free", SKILLS[3])]
    given = wishes()
    given[0] |= {"earliest": "2026-04-06", "latest": "2026-06-07"}
    given[1] |= {"earliest": "2026-04-20", "latest": "2026-07-05"}
    given[2] |= {"earliest": "2026-05-18", "latest": "2026-08-02"}
    place = [{"mentor_id": "free", "mentor_agrees": True, "mentor_any": True, "earliest": "2026-05-18"}]
    ledger = planned(people, ties(), given, place, least_gain=0.01, least_fit=0.0)
    for swap in ledger.exchanges:
        assert (swap.returns_on - swap.starts).days >= 42
    assert ledger.exchanges
    seen = []
    original = planning.solve
    monkeypatch.setattr(planning, "solve", lambda graph, config: seen.append(len(graph)) or original(graph, config))
    again = planned(people, ties(), given, place, least_gain=0.01, least_fit=0.0)
    assert again == ledger
    assert seen == sorted(seen, reverse=True)
    if len(seen) > 1:
        assert ledger.value <= ledger.bound


def test_nobody_asked_is_an_empty_plan() -> None:
    ledger = planned(given=[])
    assert (ledger.exchanges, ledger.unswapped, ledger.asked, ledger.value) == ((), (), 0, 0.0)
    alone = planned(given=[wish("e0", "m0")])
    assert [each.reason for each in alone.unswapped] == ["no_other_mentor"]


def test_the_caution_says_how_little_is_known() -> None:
    assert any("No controlled study" in text for text in planned().caution)


def test_the_manifest_names_what_the_round_was_made_from_and_not_its_order() -> None:
    made = loaded(ring(), ties())
    config, scene = made.config.swaps["summer"], made._scene("mentor")
    told, records = [*map(SwapWish.model_validate, wishes())], [*map(Relationship.model_validate, ties())]
    print_ = made.fingerprint()
    one = plan_swaps(scene, config, told, records, TODAY, fingerprint=print_)
    other = plan_swaps(scene, config, told[::-1], records[::-1], TODAY, fingerprint=print_)
    assert one.manifest is not None
    assert one.manifest.solver.proven
    assert one.model_dump_json() == other.model_dump_json()
    changed = [told[0].model_copy(update={"floor": 0.01}), *told[1:]]
    assert plan_swaps(scene, config, changed, records, TODAY, fingerprint=print_).manifest != one.manifest


@pytest.mark.parametrize("seed", [2, 16, 22])
def test_a_round_may_forbid_blocking_circles_and_may_stop_by_the_clock(seed: int) -> None:
    """What a configuration says of both reaches the solver, and the ledger says what came of it (domain.md D3, G6)."""
    draw, size = random.Random(seed), 7
    people = [asks(f"e{n}", *draw.sample(SKILLS, 2)) for n in range(size)]
    people += [teaches(f"m{n}", draw.choice(SKILLS), style=draw.randrange(2)) for n in range(size)]
    made = loaded(people, ties(size))
    best, calm, hasty = (
        planned_by(made, ties(size), wishes(size), **config)
        for config in ({}, {"forbid_blocking": True}, {"time_limit": 1e-9})
    )
    assert best.blocking
    assert calm.blocking == ()
    assert 0 < calm.value <= best.value
    assert best.reproducible
    assert not hasty.reproducible
    assert hasty.bound is not None
    assert hasty.bound >= best.value - 1e-9
