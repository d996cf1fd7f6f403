"""Rows about several types of support in one call, and about inviting pairs together."""

from __future__ import annotations

import pytest

from matchengine.journey.invitations import joint_invitations
from matchengine.journey.unmet import unmet_needs
from tests.journey.test_bundle import MORE, bundle_of, event, loaded, resource, types
from tests.support import group, mentee, mentor


def test_s2_01_one_call_returns_a_bundle() -> None:
    """S2-01: mentor, circle, community group and resource in one call; at most one of a type, each with its reason."""
    bundle = bundle_of(loaded())
    assert {"mentor", "circle", "group", "resource"} <= set(types(bundle))
    assert len(types(bundle)) == len(set(types(bundle)))
    assert all(item.reason and item.suggestion.status == "draft" for item in bundle.items)
    for row in (bundle_of(loaded(), each=3), bundle_of(loaded(), "m0")):
        counted = [types(row).count(kind) for kind in set(types(row))]
        assert max(counted, default=0) <= 3


@pytest.mark.parametrize("groups", [1, 5])
def test_s4_02_who_wants_one_to_one_sees_no_group_on_top(groups: int) -> None:
    """S4-02: with `one_to_one` no group stands on top, unless nothing else is feasible; a group is no therapy."""
    many = [group(f"g{n}", kind="self_help") for n in range(groups)]
    wants = mentee("a", support_mode="one_to_one")
    with_others = bundle_of(loaded(MORE, people=[wants, mentor("m")], groups=many))
    assert types(with_others)[0] == "mentor"
    assert types(with_others)[-1] == "group"
    only_resources = bundle_of(loaded(MORE, people=[wants], groups=many, resources=[resource("r")], events=[]))
    assert types(only_resources)[0] == "resource"
    nothing_else = bundle_of(loaded(MORE, people=[wants], groups=many, resources=[], events=[]))
    assert types(nothing_else) == ["group"]
    assert "does not replace" in nothing_else.items[0].note


def test_s2_04_a_bundle_keeps_resources_behind_people() -> None:
    """S2-04: in a bundle, too, a resource never stands before the people, whatever the scores."""
    weak = mentor("m", offers=[{"text": "pottery", "level": 1}], hopes_to_gain="quilts", values=["impact"])
    bundle = bundle_of(loaded(MORE, people=[mentee("a"), weak]))
    scores = {item.type: item.suggestion.score for item in bundle.items}
    assert scores["resource"] > scores["mentor"]
    assert types(bundle).index("mentor") < types(bundle).index("resource")


def test_s5_21_pairs_are_invited_together() -> None:
    """S5-21: both members of a pair receive the same event, one that welcomes pairs and that both may attend."""
    events = [event(f"e{n}", pair_invitation=n != 1, capacity=4, size_now=0) for n in range(3)]
    people = [mentee(f"a{n}") for n in range(5)] + [mentor(f"m{n}") for n in range(5)]
    made = loaded(MORE, people=people, events=events)
    pairs = [(f"a{n}", f"m{n}") for n in range(5)]
    got = joint_invitations(made._scene("event"), pairs)
    coming = [one.event_id for one in got.invitations if one.event_id]
    assert len(coming) == 4, "two events with four places each"
    assert "e1" not in coming
    assert {(one.person_id, one.other_id) for one in got.invitations} == set(pairs)
    assert joint_invitations(made._scene("event"), pairs[::-1]) == got, "the seed decides, not the order of the pairs"


def test_s5_20_the_map_of_unmet_needs_names_the_gaps() -> None:
    """S5-20: needs that nobody serves yet are counted by kind of goal, over kinds of groups, events and resources."""
    lonely = {"goals": [{"text": "meet people", "kind": "community"}], "interests": [{"text": "chess"}]}
    people = [mentee(f"a{n}", **lonely) for n in range(5)]
    kinds = {"groups": [group("g", kind="library", topics=["law"])], "resources": [], "events": []}
    made = loaded(MORE, people=people, **kinds)
    before = unmet_needs({name: made._scene(name) for name in made.config.match})
    assert [(need.goal, need.unmet) for need in before.needs] == [("community", 5)]
    club = group("club", kind="hobby", topics=["chess", "meet people"])
    made = loaded(MORE, people=people, **(kinds | {"groups": [*kinds["groups"], club]}))
    after = unmet_needs({name: made._scene(name) for name in made.config.match})
    assert after.needs[0].unmet == 0
    assert after.needs[0].reached["hobby"] == 5
    assert after.needs[0].reached["library"] == 0
