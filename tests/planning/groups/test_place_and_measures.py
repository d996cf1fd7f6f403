"""Who is in no group and why, and measures that do not ask the solver (domain.md F4, H5)."""

from __future__ import annotations

from dataclasses import asdict

import numpy as np
import pytest

from matchengine.planning.groups.form import form_groups
from matchengine.planning.groups.measures import measured, members_of, pair_likeness, share_with_slot, teaching
from matchengine.planning.groups.place import unplaced
from matchengine.planning.groups.problem import Forming, GroupAims
from tests.planning.groups.pools import nobody_special, pool

FOUR = GroupAims(smallest=4, largest=4, target=4)


def told(problem, aims=FOUR):
    forming = form_groups(problem, aims, seed=0, restarts=2)
    return {one.person: one for one in unplaced(problem, aims, forming)}


def test_each_reason_is_told():
    slots = np.zeros((7, 3), bool)
    slots[:4, 0], slots[5, 1], slots[6, 0] = True, True, True
    found = told(nobody_special(7, slots=slots, apart=np.array([(6, n) for n in range(4)])))
    assert {person: one.reasons for person, one in found.items()} == {
        4: ("no_slot",),
        5: ("too_few_share_slot",),
        6: ("not_available",),
    }
    assert found[6].nearest[0].obstacles == ("not_available", "size")
    assert found[5].nearest[0].obstacles == ("slot", "size")


def test_languages_facilitators_ties_and_room():
    languages = np.ones((6, 1), bool)
    languages[5] = False
    assert told(nobody_special(6, languages=languages))[5].reasons == ("no_language",)
    slots = np.repeat([[True, False]], 6, axis=0)
    slots[5] = [False, True]
    led = {
        "facilitator_slots": np.array([[True, False]]),
        "facilitator_languages": np.zeros((1, 0), bool),
        "facilitator_places": np.array([1]),
    }
    found = told(nobody_special(6, slots=slots, **led))
    assert found[5].reasons == ("no_facilitator",)
    assert [one.reasons for person, one in found.items() if person != 5] == [("no_room",)]
    slots[4] = [True, False]
    assert told(nobody_special(6, slots=slots, together=np.array([(4, 5)])))[4].reasons == ("tied_without_slot",)
    assert told(nobody_special(3))[0].reasons == ("too_few_people",)


def test_the_two_nearest_groups_come_with_fewest_obstacles_first_then_likeness():
    likeness = np.full((13, 13), 0.2, np.float32)
    problem = nobody_special(13, similarity=likeness)
    forming = form_groups(problem, FOUR, seed=0, restarts=2)
    (person,) = forming.unplaced
    favourite = forming.groups[2].members
    likeness[person, favourite] = likeness[favourite, person] = 0.9
    (one,) = unplaced(problem, FOUR, forming)
    assert [near.group for near in one.nearest] == [2, 0]
    assert one.nearest[0].likeness == pytest.approx(0.9)
    assert one.nearest[0].obstacles == ("size",)


def test_measures_agree_with_what_the_solver_says():
    problem = pool(24, 4, density=0.8)
    forming = form_groups(problem, GroupAims(), seed=0, restarts=2)
    found = measured(problem, forming.groups)
    members = members_of(forming.groups)
    assert found.isolates == sum(len(group.isolates) for group in forming.groups)
    assert found.slot_rate == 1.0 == share_with_slot(problem, members)
    assert found.least_quality == pytest.approx(min(group.quality for group in forming.groups))
    assert found.placed + found.unplaced == 24
    for group in forming.groups:
        taught = teaching(problem, group.members)
        assert group.teaching == pytest.approx(0.0 if np.isnan(taught) else taught)
        assert group.similarity == pytest.approx(pair_likeness(problem, [group.members]).mean())


def test_nothing_formed_has_nothing_to_measure():
    empty = Forming((), np.arange(3), 0.0)
    found = asdict(measured(nobody_special(3), empty.groups))
    assert (found.pop("groups"), found.pop("placed"), found.pop("unplaced"), found.pop("isolates")) == (0, 0, 3, 0)
    assert all(np.isnan(value) for value in found.values())


def test_no_common_slot_is_seen():
    problem = nobody_special(4, slots=np.array([[1, 1, 0], [0, 1, 1], [1, 0, 1], [1, 1, 1]], bool))
    assert share_with_slot(problem, [np.array([0, 1, 2]), np.array([0, 1, 3])]) == 0.5
