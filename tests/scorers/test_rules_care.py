"""Rules of care: private topics, sizes of support groups, what is over, helplines, who is kept apart (C10)."""

from typing import get_args

import numpy as np
import pytest

from matchengine.components import specs_in
from matchengine.records import vocabulary as v
from matchengine.scorers.rules import groups, safeguarding
from matchengine.scorers.rules.placement import co_placement
from matchengine.testing import World, check_all

NAN = np.nan


def column(*values):
    return np.array(values, np.float32)


def kinds(*names):
    return np.array([1 << v.GATHERING_KINDS.index(name) if name else 0 for name in names], np.uint32)


def words(vocabulary, *sets):
    known = get_args(vocabulary)
    return np.array([sum(1 << known.index(word) for word in chosen) for chosen in sets], np.uint32)


def test_the_size_of_a_support_group_is_only_asked_about():
    size = column(5, 9, 4, 10, NAN, 40)
    ruled = groups.support_group_size(kinds("support", "self_help", "support", "support", "support", "hobby"), size)
    assert ruled.passes.all()
    assert ruled.known.tolist() == [True, True, False, False, False, True]
    assert groups.support_group_size(kinds("support"), column(4), least=3, most=4).known.tolist() == [True]


def test_s4_07_a_private_topic_in_a_public_venue_is_warned_about():
    venues = words(v.VenueType, {"cafe"}, {"cafe"}, {"home"}, {"library"}, (), (), {"restaurant"})
    modes = words(v.Mode, (), (), (), ("in_person", "video"), {"video"}, (), {"video"})
    ruled = groups.private_topic(column(0, 1, 1, 2, 1, 1, 1), venues, modes)
    assert ruled.passes.all()
    assert ruled.known.tolist() == [True, False, True, False, True, False, False]


def test_what_is_over_is_never_suggested_and_what_is_unknown_passes():
    assert groups.upcoming(column(-1, 0, 5, NAN)).tolist() == [False, True, True, True]


def test_s3_07_a_helpline_is_never_a_match():
    types = words(v.ResourceType, {"helpline"}, {"training"}, ())
    assert safeguarding.helplines(types).tolist() == [False, True, True]


def test_who_knows_a_member_is_not_placed_there_and_nobody_reads_why():
    assert co_placement(np.array([True, False])).tolist() == [False, True]
    [spec] = specs_in(co_placement)
    assert spec.personal
    assert spec.always_on


def test_the_rule_about_members_passes_the_kit():
    world = World(columns={"pair_knows_member": np.random.default_rng(5).random((48, 48)) < 0.1})
    [spec] = specs_in(co_placement)
    assert check_all(spec, world=world) == []


@pytest.mark.parametrize("name", ["private_topic", "upcoming"])
def test_rules_that_protect_need_no_line_in_a_configuration(name):
    [spec] = specs_in(getattr(groups, name))
    assert spec.always_on
