"""Teams: coverage against brute force, sizes, who takes which role, load and interest (domain.md C8, S1-07)."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from matchengine.errors import DataError
from matchengine.planning.teams import TeamAims, choose_team, coverage, roles_of, worth
from tests.properties.populations import quick

ONLY_ROLES = TeamAims(interest=0, imbalance=0)
NAN = np.nan


@st.composite
def cases(draw):
    people, roles = draw(st.integers(2, 8)), draw(st.integers(1, 6))
    fit = draw(arrays(np.float64, (people, roles), elements=st.floats(0, 1)))
    return fit, np.array(draw(st.lists(st.integers(1, 3), min_size=roles, max_size=roles)), float)


@quick
@given(cases(), st.integers(1, 4))
def test_greedy_coverage_is_at_least_1_minus_1_over_e_of_the_best(case, size):
    fit, weights = case
    size = min(size, len(fit))
    chosen = choose_team(fit, weights, np.full(len(fit), NAN), (size, size), aims=ONLY_ROLES)
    best = max(coverage(fit, weights, team) for team in combinations(range(len(fit)), size))
    assert chosen.coverage >= (1 - 1 / np.e) * best - 1e-9
    assert chosen.coverage <= best + 1e-9
    assert len(set(chosen.members.tolist())) == size


@quick
@given(cases())
def test_coverage_is_monotone_and_submodular(case):
    fit, weights = case
    for small in ([], [0]):
        large = [*small, 1]
        for one in range(len(fit)):
            gained_small = coverage(fit, weights, [*small, one]) - coverage(fit, weights, small)
            gained_large = coverage(fit, weights, [*large, one]) - coverage(fit, weights, large)
            assert gained_small >= gained_large - 1e-12
            assert gained_large >= -1e-12


@quick
@given(cases(), st.integers(1, 3), st.integers(0, 3))
def test_sizes_are_kept_and_roles_go_to_members(case, least, more):
    fit, weights = case
    interest = np.linspace(0, 1, len(fit))
    chosen = choose_team(fit, weights, interest, (least, least + more))
    assert min(least, len(fit)) <= len(chosen.members) <= least + more
    for role, taker in enumerate(chosen.roles.tolist()):
        if taker < 0:
            assert chosen.best[role] < TeamAims().covered_from or chosen.best[role] == 0
        else:
            assert taker in chosen.members
            assert fit[taker, role] == chosen.best[role]


@quick
@given(cases(), st.randoms())
def test_the_order_of_people_changes_nothing(case, chance):
    fit, weights = case
    interest = np.linspace(0.2, 0.9, len(fit))
    order = np.arange(len(fit))
    shuffled = list(range(len(fit)))
    chance.shuffle(shuffled)
    one = choose_team(fit, weights, interest, (1, 4), order=order)
    other = choose_team(fit[shuffled], weights, interest[shuffled], (1, 4), order=order[shuffled])
    assert one.members.tolist() == [shuffled[row] for row in other.members.tolist()]


@quick
@given(cases())
def test_the_short_cut_for_the_load_chooses_whom_the_full_count_chooses(case):
    fit, weights = case
    interest = np.linspace(0, 1, len(fit))
    aims = TeamAims(interest=0.3, imbalance=0.4)
    chosen = choose_team(fit, weights, interest, (2, 2), aims=aims)
    members = []
    for _step in range(2):
        rest = [row for row in range(len(fit)) if row not in members]
        gained = [round(worth(fit, weights, interest, [*members, row], aims), 9) for row in rest]
        members.append(rest[int(np.argmax(gained))])
    assert worth(fit, weights, interest, chosen.members, aims) == pytest.approx(
        worth(fit, weights, interest, members, aims), abs=1e-6
    )


def test_a_role_that_nobody_suits_stays_uncovered():
    fit = np.array([[0.9, 0.1, NAN], [0.2, 0.3, NAN]])
    chosen = choose_team(fit, np.ones(3), np.full(2, NAN), (1, 5))
    assert chosen.roles.tolist() == [0, -1, -1]
    assert chosen.best.tolist() == pytest.approx([0.9, 0.3, 0])
    assert np.isnan(chosen.interest)


def test_members_who_suit_equally_share_the_roles():
    assert roles_of(np.full((2, 4), 0.8), [0, 1], 0.4).tolist() in ([0, 1, 0, 1],)


def test_the_load_matters_where_the_weight_says_so():
    fit = np.array([[0.9, 0.9, 0.9], [0.89, 0.0, 0.0], [0.0, 0.0, 0.0]])
    team = [0, 1]
    even = worth(np.array([[0.9, 0, 0], [0, 0.9, 0]]), np.ones(3), np.full(2, NAN), team, TeamAims(0, 0.5, 0.4))
    assert even == pytest.approx(coverage(np.array([[0.9, 0, 0], [0, 0.9, 0]]), np.ones(3), team))
    uneven = worth(fit, np.ones(3), np.full(3, NAN), team, TeamAims(0, 0.5, 0.4))
    assert uneven == pytest.approx(0.9 - 0.5 * (1 - 1 / 2))


def test_interest_decides_between_people_who_suit_equally():
    fit = np.full((3, 1), 0.8)
    chosen = choose_team(fit, np.ones(1), np.array([0.1, 0.9, NAN]), (1, 1))
    assert chosen.members.tolist() == [1]
    assert chosen.interest == pytest.approx(0.9)


def test_who_belongs_to_the_team_stays_and_growth_stops_where_nobody_adds():
    fit = np.array([[0.1, 0.1], [0.9, 0.0], [0.0, 0.9], [0.9, 0.9]])
    chosen = choose_team(fit, np.ones(2), np.full(4, NAN), (1, 4), fixed=[0], aims=ONLY_ROLES)
    assert chosen.members.tolist() == [0, 3]
    beyond = choose_team(fit, np.ones(2), np.full(4, NAN), (1, 1), fixed=[0, 1])
    assert beyond.members.tolist() == [0, 1]


def test_a_project_without_roles_is_covered_and_takes_the_smallest_size():
    chosen = choose_team(np.zeros((3, 0)), np.zeros(0), np.full(3, NAN), (2, 3), aims=ONLY_ROLES)
    assert (len(chosen.members), chosen.coverage) == (2, 1.0)


def test_nobody_at_all_is_an_empty_team():
    chosen = choose_team(np.zeros((0, 2)), np.ones(2), np.zeros(0), (1, 3))
    assert chosen.members.tolist() == []
    assert chosen.roles.tolist() == [-1, -1]


@pytest.mark.parametrize("size", [(0, 3), (4, 3)])
def test_sizes_that_contradict_each_other_are_refused(size):
    with pytest.raises(DataError, match="team of"):
        choose_team(np.ones((3, 1)), np.ones(1), np.ones(3), size)
