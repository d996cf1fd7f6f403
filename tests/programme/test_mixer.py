"""A mixer from data: rules hold, nobody meets twice, everybody has a card, and rules stay untold."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import numpy as np
import pytest

from matchengine.errors import DataError, UnknownIdError
from matchengine.planning.mixer import faults
from matchengine.programme.mixer import MixerAims, plan_mixer
from matchengine.records.mixer import MixerSchedule
from tests.support import CONFIG, engine, group, mentee, mentor

PEERS = CONFIG.replace('requester = "mentee"\ncandidate = "mentor"', 'requester = "peer"\ncandidate = "peer"')


def planned(people: Any, aims: MixerAims | None = None, ids: Any = None, text: str = CONFIG, **more: Any):
    made = engine(text=text)
    made.load(people, **more)
    return plan_mixer(made._scene("mentor"), ids, aims)


def pairs_of(schedule: MixerSchedule) -> list[frozenset[str]]:
    """Everybody who sits with somebody, each two people once for each time."""
    return [
        frozenset((one, other))
        for each in schedule.rounds
        for table in each.tables
        for one in table.person_ids
        for other in table.person_ids
        if one < other
    ]


def checked(schedule: MixerSchedule) -> MixerSchedule:
    """Check what every schedule must hold, from the written schedule alone."""
    people = sorted(card.person_id for card in schedule.cards)
    place = {person: n for n, person in enumerate(people)}
    tables = np.full((len(schedule.rounds), len(people)), -1)
    for turn, each in enumerate(schedule.rounds):
        for table in each.tables:
            for person in table.person_ids:
                assert tables[turn, place[person]] < 0
                tables[turn, place[person]] = table.table
        assert {people[n] for n in np.flatnonzero(tables[turn] < 0)} == set(each.sits_out)
    wrong = faults(tables, np.ones((len(people),) * 2, np.bool_))
    assert not len(wrong.twice)
    assert not wrong.double
    for card in schedule.cards:
        sat = {meeting.round: set(meeting.with_ids) for meeting in card.meetings}
        assert sorted([*sat, *card.sits_out]) == list(range(1, len(schedule.rounds) + 1))
        for each in schedule.rounds:
            company = [t for t in each.tables if card.person_id in t.person_ids]
            assert sat.get(each.round, set()) == {p for t in company for p in t.person_ids} - {card.person_id}
    return schedule


def crowd(mentees: int = 6, mentors: int = 6) -> list[dict[str, Any]]:
    return [mentee(f"a{n}") for n in range(mentees)] + [mentor(f"m{n}") for n in range(mentors)]


def test_mentees_meet_mentors_and_everybody_sits_in_every_round():
    schedule = checked(planned(crowd(), MixerAims(rounds=4)))
    assert len(pairs_of(schedule)) == 24
    assert all({one[0] for one in pair} == {"a", "m"} for pair in pairs_of(schedule))
    assert (schedule.fewest, schedule.most) == (4, 4)
    seats = {(t.person_ids[1], t.table) for each in schedule.rounds for t in each.tables}
    assert len(seats) == 6, "mentors stay at their tables"


def test_who_is_one_too_many_sits_out_in_turn():
    schedule = checked(planned(crowd(9, 3), MixerAims(rounds=6)))
    met = {card.person_id: len(card.meetings) for card in schedule.cards}
    assert {met[f"m{n}"] for n in range(3)} == {6}
    assert {met[f"a{n}"] for n in range(9)} == {2}


def test_tables_are_few():
    schedule = checked(planned(crowd(), MixerAims(rounds=3, tables=2)))
    assert [len(each.tables) for each in schedule.rounds] == [2, 2, 2]
    assert max(t.table for each in schedule.rounds for t in each.tables) == 2
    assert schedule.most - schedule.fewest <= 1


def test_rules_hold_and_existing_pairs_need_not_meet():
    people = crowd(3, 3)
    people[0] |= {"boundaries": [{"kind": "person", "value": "m0"}]}
    people[1] |= {"household": "h1"}
    people[4] |= {"household": "h1"}
    known = {"kind": "mentoring", "person_id": "m2", "other_id": "a2", "status": "active"}
    schedule = checked(planned(people, MixerAims(rounds=3), relationships=[known]))
    met = set(pairs_of(schedule))
    assert len(met) == 6
    assert not met & {frozenset(("a0", "m0")), frozenset(("a1", "m1")), frozenset(("a2", "m2"))}


def test_who_can_meet_nobody_reads_the_same_whatever_the_rule():
    people = [*crowd(2, 2), mentee("far", languages=[{"tag": "is", "level": "C2"}])]
    people.append(mentee("shy", boundaries=[{"kind": "person", "value": i} for i in ("m0", "m1")]))
    schedule = checked(planned(people, MixerAims(rounds=2)))
    assert [(each.person_id, each.reason) for each in schedule.alone] == [
        ("far", "not available"),
        ("shy", "not available"),
    ]
    assert {card.person_id for card in schedule.cards} == {"a0", "a1", "m0", "m1"}


def test_peers_sit_at_tables():
    people = [mentee(f"p{n:02}", roles=["peer"], capacity={"peer": 3}) for n in range(12)]
    schedule = checked(planned(people, MixerAims(rounds=3, seats=3), text=PEERS))
    assert [sorted(len(t.person_ids) for t in each.tables)[-1] for each in schedule.rounds] == [3, 3, 3]
    assert all(not each.sits_out for each in schedule.rounds)
    pairs = checked(planned(people[:5], MixerAims(rounds=5), text=PEERS))
    assert (pairs.fewest, pairs.most, len(pairs_of(pairs))) == (4, 4, 10)


def test_who_both_looks_and_gives_evens_the_sides():
    both = [mentor(f"b{n}", roles=["mentor", "mentee"]) | {"goals": mentee()["goals"]} for n in range(2)]
    schedule = checked(planned([*crowd(4, 2), *both], MixerAims(rounds=2)))
    assert all(not each.sits_out for each in schedule.rounds)


def test_only_those_who_come_and_at_what_time():
    aims = MixerAims(rounds=2, minutes=8, pause=2, start=datetime.fromisoformat("2026-03-10T18:00:00+00:00"))
    schedule = checked(planned(crowd(), aims, ["a1", "m1", "m2", "a2", "a1"]))
    assert {card.person_id for card in schedule.cards} == {"a1", "a2", "m1", "m2"}
    assert [each.starts.isoformat() for each in schedule.rounds if each.starts] == [
        "2026-03-10T18:00:00+00:00",
        "2026-03-10T18:10:00+00:00",
    ]
    assert schedule.cards[0].meetings[1].starts == schedule.rounds[1].starts


def test_a_better_pair_meets_first_where_there_is_one_round():
    people = [
        mentee("a-sql", goals=[{"text": "learn sql"}]),
        mentee("a-bread", goals=[{"text": "bake bread"}]),
        mentor("m-sql", offers=[{"text": "learn sql", "level": 4}]),
        mentor("m-bread", offers=[{"text": "bake bread", "level": 4}]),
    ]
    schedule = planned(people, MixerAims(rounds=1))
    assert set(pairs_of(schedule)) == {frozenset(("a-sql", "m-sql")), frozenset(("a-bread", "m-bread"))}


def test_the_order_of_loading_does_not_matter():
    people = crowd(7, 5)
    assert planned(people) == planned(people[::-1])


def test_what_makes_no_sense_is_refused():
    with pytest.raises(UnknownIdError, match="nobody-here"):
        planned(crowd(), ids=["a0", "nobody-here"])
    with pytest.raises(DataError, match="neither side"):
        planned([*crowd(), mentee("v", roles=["volunteer"])], ids=["a0", "v"])
    with pytest.raises(DataError, match="two sides"):
        planned(crowd(), MixerAims(seats=4))
    with pytest.raises(DataError, match="at least 1"):
        planned(crowd(), MixerAims(minutes=0))
    made = engine()
    made.load(crowd(), groups=[group("g")])
    with pytest.raises(DataError, match="people with people"):
        plan_mixer(made._scene("group"))


def test_nobody_comes():
    schedule = planned([mentee("a")], MixerAims(rounds=2))
    assert [each.person_id for each in schedule.alone] == ["a"]
    assert schedule.cards == ()
    assert (schedule.fewest, schedule.most) == (0, 0)
