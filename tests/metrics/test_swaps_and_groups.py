"""What swaps bring, and how good groups are (domain.md H4, H5)."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from matchengine.comparison import Exchanged, Grouped
from matchengine.errors import DataError
from matchengine.metrics import groups, swaps
from matchengine.planning.groups.form import form_groups
from matchengine.planning.groups.measures import measured, members_of
from matchengine.planning.groups.problem import GroupAims
from matchengine.planning.swaps.solve import plan_swaps
from tests.metrics.lists import NAN, case_of
from tests.planning.groups.pools import nobody_special
from tests.planning.groups.pools import pool as people_pool
from tests.planning.swaps.pools import drawn, pool


def swapped(graph, exchanges=None, **more):
    chosen = plan_swaps(graph).exchanges if exchanges is None else exchanges
    return case_of(swaps=Exchanged(graph, tuple(chosen), **more))


TRIANGLE = pool(5, [(0, 1, 0.3), (1, 2, 0.25), (2, 0, 0.2), (0, 3, 0.1)], starters=[4])
"""A cycle of three, an arc that leads nowhere, a starter whom nobody wants: four people could swap."""


def test_a_circle_of_three_by_hand():
    case = swapped(TRIANGLE)
    assert swaps.swap_gain(case) == pytest.approx([0.25])
    assert swaps.least_swap_gain(case) == pytest.approx([0.2])
    assert swaps.people_moved(case) == pytest.approx([3 / 4])
    assert swaps.people_asked(case) == pytest.approx([3 / 4])
    assert swaps.expected_gain(case) == pytest.approx([0.75 * 0.729])
    assert swaps.swap_regret(case) == pytest.approx([0], abs=1e-9)
    assert swaps.rationality_violations(case).tolist() == [0]
    assert swaps.blocking_cycles(case).tolist() == [0]
    assert np.isnan(swaps.gained_cover(case)).all()


def test_whom_swaps_move_and_ask_are_two_figures():
    asked = np.array([True, True, True, True, True])
    assert swaps.people_asked(swapped(TRIANGLE, asked=asked)) == pytest.approx([1.0])


def test_gains_that_turn_out_to_be_losses_are_told():
    chosen = plan_swaps(TRIANGLE).exchanges
    gain = TRIANGLE.gain.copy()
    gain[(TRIANGLE.source == 2)] = -0.1
    case = swapped(replace(TRIANGLE, gain=gain), chosen)
    assert swaps.rationality_violations(case).tolist() == [1]
    assert swaps.least_swap_gain(case) == pytest.approx([-0.1])
    assert swaps.swap_regret(case).tolist() == [0], "nobody could gain by a circle that harms one of them"


def test_share_of_those_who_swap_whose_goals_are_better_covered():
    change = np.full(len(TRIANGLE), NAN)
    used = np.concatenate([exchange.arcs for exchange in plan_swaps(TRIANGLE).exchanges])
    change[used[:2]] = [0.4, 0.0]
    assert swaps.gained_cover(swapped(TRIANGLE, cover_change=change)).tolist() == [0.5]


@pytest.mark.parametrize("seed", range(4))
def test_regret_is_measured_from_the_best_plan(seed):
    graph = drawn(12, 0.3, seed)
    best = plan_swaps(graph)
    assert best.proven
    nothing, whole = swapped(graph, ()), swapped(graph)
    assert swaps.swap_regret(whole) == pytest.approx([0], abs=1e-6)
    assert swaps.swap_regret(nothing).tolist() == [1.0]
    assert swaps.expected_gain(whole) == pytest.approx([best.value])
    assert swaps.swap_regret(swapped(graph, optimum=2 * best.value)) == pytest.approx([0.5])
    assert swaps.blocking_cycles(nothing)[0] > 0
    assert np.isnan(swaps.swap_gain(nothing)).all()


def grouped(problem, members, **more):
    return case_of(groups=Grouped(problem, tuple(np.array(one) for one in members), **more))


def test_groups_are_measured_as_the_engine_does():
    problem = people_pool(24, 3)
    formed = form_groups(problem, GroupAims(), seed=1, restarts=1, steps=20)
    told = measured(problem, formed.groups)
    case = grouped(problem, members_of(formed.groups))
    assert groups.isolates(case).tolist() == [told.isolates]
    assert groups.common_slot(case) == pytest.approx([told.slot_rate])
    assert groups.group_likeness(case) == pytest.approx([told.mean_likeness])
    assert groups.least_likeness(case) == pytest.approx([told.least_likeness])
    assert groups.faultline(case) == pytest.approx([told.faultline])
    assert groups.teaching_cover(case) == pytest.approx([told.teaching])
    assert groups.ungrouped_rate(case) == pytest.approx([told.unplaced / 24])
    assert groups.sizes_kept(case).tolist() == [1.0]


def test_worth_to_members_by_hand():
    worth = np.array([0.2, 0.4, 0.8, 0.8, NAN, 0.5])
    case = grouped(nobody_special(6), [[0, 1], [2, 3], [4, 5]], worth=worth, smallest=2, largest=2)
    assert groups.group_worth(case) == pytest.approx([(0.2 + 0.4 + 0.8 + 0.8 + 0.5) / 5])
    assert groups.group_least(case) == pytest.approx([(0.2 + 0.8 + 0.5) / 3])
    assert groups.group_minmax(case) == pytest.approx([(0.5 + 1 + 1) / 3])
    assert groups.sizes_kept(case).tolist() == [1.0]
    assert groups.sizes_kept(grouped(nobody_special(6), [[0, 1], [2, 3, 4]], smallest=2, largest=2)).tolist() == [0.5]
    nothing = grouped(nobody_special(6), [[0, 1]])
    assert np.isnan(groups.group_worth(nothing)).all()
    assert np.isnan(groups.group_minmax(nothing)).all()


def test_reach_of_the_barrier_that_is_reached_least():
    barriers = np.zeros((30, 3), bool)
    barriers[:20, 0] = barriers[10:, 1] = barriers[:3, 2] = True
    case = grouped(nobody_special(30), [np.arange(0, 6), np.arange(15, 20)], barriers=barriers)
    assert groups.reach_of(case.groups) == pytest.approx([11 / 20, 5 / 20, NAN], nan_ok=True)
    assert groups.barrier_reach(case).tolist() == [0.25]
    assert np.isnan(groups.barrier_reach(case, least_people=40)).all()
    assert np.isnan(groups.barrier_reach(grouped(nobody_special(30), [[1, 2]]))).all()


def test_personalisation_is_how_far_twins_lists_are_apart():
    lists = case_of(
        [(0.9, 0), (0.8, 0), (0.7, 0), (0.1, 0)],
        [(0.9, 0), (0.8, 0), (0.1, 0), (0.7, 0)],
        [(0.9, 0), (0.8, 0), (0.7, 0), (0.1, 0)],
        [(NAN, 0)],
    )
    drafted = Grouped(nobody_special(4), (), twins=np.array([[0, 1], [0, 2], [0, 3]]))
    assert groups.personalisation_index(replace(lists, groups=drafted)) == pytest.approx([(0.5 + 0) / 2])
    alike = replace(drafted, twins=drafted.twins[:2])
    constant = replace(lists, lists=lists.lists.scored(np.zeros(13)), groups=alike)
    assert groups.personalisation_index(constant).tolist() == [0], "who cannot tell candidates apart tells nobody apart"
    nobody = replace(lists, groups=Grouped(nobody_special(4), ()))
    assert np.isnan(groups.personalisation_index(nobody)).all()


def test_parts_that_are_not_there():
    with pytest.raises(DataError, match="no swaps"):
        swaps.swap_gain(case_of())
    with pytest.raises(DataError, match="no groups"):
        groups.isolates(case_of())
