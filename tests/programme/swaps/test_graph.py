"""Which exchanges are possible at all: rules, floors, dates, history; lifts take no part."""

from __future__ import annotations

import random

import numpy as np
import pytest

from matchengine.batch import PairBatch
from matchengine.errors import ConfigError
from matchengine.programme.swaps.graph import exchanges_of
from matchengine.programme.swaps.wishes import slots_of
from matchengine.records import Relationship
from matchengine.records.swaps import SwapDecline, SwapPlace, SwapWish
from tests.programme.swaps.people import SKILLS, SWAPS, TODAY, asks, loaded, ring, teaches, tie, ties, wishes
from tests.properties.disclosing import CROSSING, LIFT, consents, holders
from tests.properties.disclosing import wishes as confided
from tests.support import CONFIG, engine, mentee

EVERY = {("e0", "m1"), ("e0", "m2"), ("e1", "m0"), ("e1", "m2"), ("e2", "m0"), ("e2", "m1")}


def graph(people=None, relationships=None, given=None, places=(), declined=(), extra="", ranked=False, **config):
    running = relationships if relationships is not None else ties()
    made = loaded(people or ring(), running, extra)
    return graph_of(made, running, given, places, declined, ranked=ranked, **config)


def graph_of(made, running, given=None, places=(), declined=(), *, ranked=False, **config):
    settings = made.config.swaps["summer"].model_copy(update={"least_fit": 0.0, "least_gain": 0.0} | config)
    told = [SwapWish.model_validate(each) for each in given or wishes()]
    told += [SwapPlace.model_validate(each) for each in places]
    records = [Relationship.model_validate(each) for each in running]
    scene = made._scene("mentor")
    slots = slots_of(scene, settings, told, records, TODAY).slots
    gone = [SwapDecline(person_id=who, mentor_id=mentor) for who, mentor in declined]
    return exchanges_of(scene, settings, slots, records, TODAY, declined=gone, ranked=ranked)


def moves(found):
    slots, of = found.slots, found.graph
    listed = zip(of.source.tolist(), of.target.tolist(), strict=True)
    return {(slots[a].person_id, slots[b].mentor_id) for a, b in listed}


def free(**config):
    return config | {"disruption": 0.0}


def test_everybody_may_go_to_every_other_mentor_and_never_to_their_own() -> None:
    found = graph(**free())
    assert moves(found) == EVERY
    of = found.graph
    assert of.vertices == 3
    assert (np.lexsort((of.target, of.source)) == np.arange(len(of))).all()
    assert len({*of.lottery.tolist()}) == 3
    assert (of.gain > 0).all()


@pytest.mark.parametrize(
    "change",
    [
        {"boundaries": [{"kind": "person", "value": "m1"}]},
        {"line_manager": "m1"},
        {"languages": [{"tag": "es", "level": "C1"}]},
        {"modes": ["in_person"]},
    ],
)
def test_rules_of_the_kind_of_match_forbid_a_swap(change) -> None:
    people = ring()
    people[0] = asks("e0", *SKILLS[:2], **change)
    found = moves(graph(people, **free()))
    assert ("e0", "m1") not in found
    assert {("e1", "m2"), ("e2", "m1")} <= found


def test_a_second_match_of_a_running_pair_is_no_swap_even_if_no_rule_says_so() -> None:
    peers = [*ties(), {"person_id": "e0", "other_id": "m1", "kind": "peer"}]
    assert ("e0", "m1") not in moves(graph(relationships=peers, **free()))
    two = [*ties(), tie("e0", "m1")]
    given = [*wishes(), {"person_id": "e0", "other_id": "m1", "mentee_agrees": True, "mentor_agrees": True}]
    found = moves(graph(relationships=two, given=given, **free()))
    assert not {("e0", "m0"), ("e0", "m1")} & found


def test_a_full_mentor_takes_part_because_a_place_becomes_free() -> None:
    full = [each | {"capacity": {"mentor": 1}} if each["id"].startswith("m") else each for each in ring()]
    assert moves(graph(full, **free())) == EVERY


def test_floors_of_both_sides_hold() -> None:
    for arc_floor in (0.1, 0.3):
        given = wishes()
        given[0]["floor"] = arc_floor
        found = graph(given=given, **free())
        own = np.array([slot.person_id == "e0" for slot in found.slots])[found.graph.source]
        assert own.any()
        assert (found.graph.gain[own] >= arc_floor).all()
    strict = graph(given=wishes(mentor_any=False), mentor_floor=1.0, **free())
    assert moves(strict) == set()
    given = wishes(mentor_any=False)
    given[1]["mentor_any"] = True
    assert moves(graph(given=given, mentor_floor=1.0, **free())) == {("e0", "m1"), ("e2", "m1")}
    assert moves(graph(**free(least_fit=1.0))) == set()
    assert moves(graph(**free(least_gain=1.0))) == set()


def test_periods_must_overlap_by_six_weeks() -> None:
    given = wishes()
    given[0] |= {"earliest": "2026-04-06", "latest": "2026-05-17"}
    assert moves(graph(given=given, **free())) == EVERY
    given[0]["latest"] = "2026-05-16"
    assert moves(graph(given=given, **free())) == {("e1", "m2"), ("e2", "m1")}


def test_nobody_returns_to_a_mentor_of_the_last_twelve_months() -> None:
    for ends, back in (("2025-03-09", False), ("2025-03-08", True), (None, False)):
        before = tie("e0", "m1", "2024-01-01", status="completed")
        earlier = before | {"ends": ends} if ends else before
        assert (("e0", "m1") in moves(graph(relationships=[*ties(), earlier], **free()))) is back


def test_whoever_said_no_is_not_asked_again() -> None:
    assert moves(graph(declined=[("e0", "m1")], **free())) == EVERY - {("e0", "m1")}
    assert moves(graph(declined=[("e0", None)], **free())) == {pair for pair in EVERY if pair[0] != "e0"}
    assert moves(graph(declined=[(None, "m0")], **free())) == {pair for pair in EVERY if pair[1] != "m0"}


def test_a_place_is_only_gone_to_and_a_pausing_mentor_only_left() -> None:
    people = [*ring(), teaches("free", SKILLS[1])]
    places = [{"mentor_id": "free", "mentor_agrees": True, "mentor_any": True}]
    given = wishes()
    given[1] |= {"mentor_pauses": True}
    found = graph(people, given=given, places=places, **free())
    assert found.graph.starter.tolist() == [slot.mentee is None for slot in found.slots]
    assert found.graph.starter.sum() == 1
    assert not found.graph.starter[found.graph.source].any()
    assert {mentor for _who, mentor in moves(found)} == {"m0", "m2", "free"}


def test_a_pair_of_which_too_little_is_known_is_not_proposed() -> None:
    people = ring()
    people[0] = mentee("e0", goals=[{"text": "etwas anderes", "language": "de"}], offers=[])
    assert ("e0", "m1") in moves(graph(people, **free()))
    strict = CONFIG.replace('candidate = "mentor"', 'candidate = "mentor"\nmust_know = ["need"]')
    made = loaded(people, ties(), text=strict)
    assert moves(graph_of(made, ties(), **free())) == {pair for pair in EVERY if pair[0] != "e0"}


def test_rankings_stand_for_fit_and_gain() -> None:
    given = wishes()
    given[0]["ranking"] = ["m2", "m1"]
    given[1]["ranking"] = ["m0"]
    found = graph(given=given, ranked=True, least_fit=1.0, least_gain=1.0)
    assert moves(found) == {("e0", "m1"), ("e0", "m2"), ("e1", "m0")}
    order = np.lexsort((found.arcs.rank, found.graph.source))
    assert [found.slots[n].mentor_id for n in found.graph.target[order].tolist()] == ["m2", "m1", "m0"]


def test_lifts_take_no_part_in_any_number() -> None:
    """What people confide moves no fit, no gain and no choice (domain.md B4, decision 14)."""
    told = {"lived_experience": list(CROSSING), "wishes": confided("very_important", *CROSSING)}
    people = [each | told for each in ring()] + holders(10, *CROSSING) + holders(20, "another story", prefix="o")
    found = []
    for extra in (LIFT, ""):
        made = engine(SWAPS + extra)
        made.load(people, relationships=ties(), consents=consents(people))
        found.append(graph_of(made, ties(), **free()))
        rows = made._pool.tables["people"].row_of
        pair = PairBatch(np.array([rows["e0"]], np.int32), np.array([rows["m1"]], np.int32))
        assert bool(made._scene("mentor").table(pair)[1].lift[0] > 0) is bool(extra), "the lift acts"
    lifted, plain = found
    assert moves(lifted) == moves(plain) == EVERY
    for name in ("fit", "side", "gain"):
        assert getattr(lifted.arcs, name) == pytest.approx(getattr(plain.arcs, name), abs=1e-12)


def test_the_order_of_people_and_wishes_decides_nothing() -> None:
    people, given = ring(4), wishes(4)
    base = graph(people, ties(4), given, **free())
    for seed in range(3):
        shuffled = random.Random(seed)
        again = graph(shuffled.sample(people, 8), shuffled.sample(ties(4), 4), shuffled.sample(given, 4), **free())
        assert [slot.key for slot in again.slots] == [slot.key for slot in base.slots]
        for name in ("source", "target", "lottery"):
            assert (getattr(again.graph, name) == getattr(base.graph, name)).all()
        assert again.graph.gain == pytest.approx(base.graph.gain, abs=1e-6)


def test_groups_cannot_be_swapped() -> None:
    made = loaded(ring(), ties())
    settings = made.config.swaps["summer"]
    with pytest.raises(ConfigError, match="between people"):
        exchanges_of(made._scene("group"), settings, [], [], TODAY)


def test_nobody_asked_is_an_empty_graph() -> None:
    found = exchanges_of(loaded(ring(), ties())._scene("mentor"), loaded([], []).config.swaps["summer"], [], [], TODAY)
    assert (found.graph.vertices, len(found.graph)) == (0, 0)
