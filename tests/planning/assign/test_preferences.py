"""Strict orders out of values: rounding, bands of alike values, one lottery for all (domain.md E)."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from matchengine.planning.assign.preferences import preferences_of
from matchengine.testing.assigners import assignment_problem, relabelled
from tests.planning.assign.made import distinct, ranks_of, table


def order(values: list[float], width: float, lottery: list[int] | None = None) -> list[int]:
    """Candidates of one requester from best to worst."""
    problem = table([values])
    if lottery is not None:
        problem = replace(problem, candidate_lottery=np.array(lottery, np.uint64))
    return preferences_of(problem, width).requester_order.tolist()


def test_better_values_come_first_and_the_lottery_decides_between_alike_ones():
    assert order([0.2, 0.9, 0.5], 0.02) == [1, 2, 0]
    assert order([0.5, 0.5, 0.5], 0.02, [3, 1, 2]) == [1, 2, 0]
    assert order([0.50, 0.519, 0.3], 0.02, [1, 2, 3]) == [0, 1, 2]
    assert order([0.50, 0.52, 0.3], 0.02, [1, 2, 3]) == [1, 0, 2]


def test_values_are_rounded_before_anybody_ranks():
    assert order([0.5001, 0.5004], 0, [1, 2]) == [0, 1]
    assert order([0.5001, 0.5016], 0, [1, 2]) == [1, 0]


def test_a_chain_of_small_steps_does_not_make_a_great_difference_vanish():
    values = [0.90 - 0.01 * n for n in range(20)]
    found = order(values, 0.02, list(range(20, 0, -1)))  # the lottery likes the last one best
    assert found == [n for pair in range(0, 20, 2) for n in (pair + 1, pair)]


@pytest.mark.parametrize("width", [0, 0.005, 0.02, 0.05])
@pytest.mark.parametrize("seed", range(4))
def test_bands_by_plain_reckoning(width, seed):
    problem = assignment_problem(seed, 9, 14, density=0.8)
    found = preferences_of(problem, width)
    wide = max(round(width * 1000), 1)
    for i in range(9):
        own = np.flatnonzero(problem.requester == i).tolist()
        left = sorted(own, key=lambda p: -problem.requester_value[p])
        expected = []
        while left:
            best = round(problem.requester_value[left[0]] * 1000)
            band = [p for p in left if best - round(problem.requester_value[p] * 1000) < wide]
            expected += sorted(band, key=lambda p: problem.candidate_lottery[problem.candidate[p]])
            left = [p for p in left if p not in band]
        start, stop = found.requester_starts[i : i + 2]
        assert found.requester_order[start:stop].tolist() == expected


def test_both_sides_agree_with_plain_sorting_and_places_count_from_0():
    problem = distinct(assignment_problem(3, 8, 6, density=0.7))
    found = preferences_of(problem, 0)
    mine, theirs = ranks_of(problem)
    assert np.array_equal(found.requester_place + 1, mine)
    assert np.array_equal(found.candidate_place + 1, theirs)
    assert np.array_equal(np.diff(found.candidate_starts), np.bincount(problem.candidate, minlength=6))


def test_nobody_and_nothing_to_rank():
    for sizes in ((0, 0), (3, 0), (0, 3), (3, 3)):
        found = preferences_of(assignment_problem(1, *sizes, density=0))
        assert len(found.requester_order) == len(found.candidate_order) == 0
        assert found.candidate_starts.tolist() == [0] * (sizes[1] + 1)


def test_the_order_of_people_does_not_count():
    problem = assignment_problem(5, 10, 8, density=0.9)
    moved, old = relabelled(problem, np.random.default_rng(1).permutation(10), np.arange(8)[::-1].copy())
    assert np.array_equal(preferences_of(moved).requester_place, preferences_of(problem).requester_place[old])
    assert np.array_equal(preferences_of(moved).candidate_place, preferences_of(problem).candidate_place[old])
