"""Familiar communities first, bridges later; nobody is lowered."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from matchengine.scorers.anchors_and_bridges import anchors_and_bridges

NAN = np.nan


def lift(
    mine: tuple[int, ...], theirs: tuple[int, ...], visits: float = 0, elsewhere: float = NAN, **more: float
) -> Any:
    masks = [np.array([[sum(1 << n for n in words)]], np.uint64) for words in (mine, theirs)]
    numbers = [np.array([value], np.float32) for value in (visits, elsewhere)]
    return anchors_and_bridges(*masks, *numbers, **more).value.tolist()[0]


@pytest.mark.parametrize(("visits", "anchor"), [(NAN, 0.2), (0, 0.2), (2, 0.2), (3, 0), (9, 0)])
def test_a_shared_community_lifts_until_the_third_visit(visits, anchor):
    assert lift((1,), (1, 4), visits) == pytest.approx(anchor)


@pytest.mark.parametrize(("visits", "bridge"), [(NAN, 0), (0, 0), (1, 0.1), (2, 0.2), (3, 0.3), (9, 0.3)])
def test_groups_of_other_communities_rise_with_each_visit(visits, bridge):
    assert lift((1,), (4,), visits) == pytest.approx(bridge)


def test_a_familiar_group_is_a_bridge_by_the_share_of_members_from_elsewhere():
    assert lift((1,), (1,), 3, 0.5) == pytest.approx(0.15)
    assert lift((1,), (1,), 1, 0.5) == pytest.approx(0.2 + 0.05)
    assert lift((1,), (1,), 3) == 0
    assert lift((1,), (4,), 3, 0.5) == pytest.approx(0.3)


@pytest.mark.parametrize(("mine", "theirs"), [((), ()), ((1,), ()), ((), (1,))])
def test_where_either_names_no_community_there_is_no_lift(mine, theirs):
    assert np.isnan(lift(mine, theirs, 2, 0.5))


def test_masks_of_different_widths_hold_the_same_words():
    mine, theirs = np.array([[2]], np.uint64), np.array([[2, 7]], np.uint64)
    zero = np.zeros(1, np.float32)
    assert anchors_and_bridges(mine, theirs, zero, zero).value == pytest.approx([0.2])
    beyond = np.array([[0, 7]], np.uint64)
    assert anchors_and_bridges(mine, beyond, zero, zero).value == pytest.approx([0])


def test_strengths_are_settings():
    assert lift((1,), (1,), anchor=0.1) == pytest.approx(0.1)
    assert lift((1,), (4,), 5, bridge_a_visit=0.05, most_bridge=0.2) == pytest.approx(0.2)
