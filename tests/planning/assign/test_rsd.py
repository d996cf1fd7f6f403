"""By lot, one after the other: order of the draw, and nobody gains by a lie (domain.md E)."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations, product

import numpy as np
import pytest

from matchengine.errors import DataError
from matchengine.planning.assign.rsd import rsd
from matchengine.testing.assigners import assignment_problem
from tests.planning.assign.made import table


def test_the_smallest_number_chooses_first():
    problem = table([[0.9, 0.5], [0.9, 0.5], [0.9, 0.5]])
    assert rsd(problem).chosen.tolist() == [0, 3]
    assert rsd(replace(problem, requester_lottery=np.array([7, 9, 3], np.uint64))).chosen.tolist() == [1, 4]


def test_whoever_may_have_several_chooses_them_in_one_turn():
    problem = replace(table([[0.9, 0.5], [0.9, 0.5]]), requester_most=np.array([2, 2]))
    assert rsd(problem).chosen.tolist() == [0, 1]


@pytest.mark.parametrize("places", [[1, 1, 1], [2, 1, 0], [1, 2, 1]])
def test_no_lie_helps_in_any_small_case(places):
    """All true orders of three requesters over three candidates, and every order that one of them could state."""
    values = {order: [0.9 - 0.3 * order.index(j) for j in range(3)] for order in permutations(range(3))}
    given = {told: _given(told, values, places) for told in product(values, repeat=3)}
    helped = 0
    for truth, got in given.items():
        for liar in range(3):
            for stated in values:
                other = given[(*truth[:liar], stated, *truth[liar + 1 :])]
                helped += _rank(other[liar], truth[liar]) < _rank(got[liar], truth[liar])
    assert helped == 0


def _given(orders, values, places):
    problem = table([values[order] for order in orders], None, places)
    problem = replace(problem, requester_lottery=np.array([5, 2, 8], np.uint64))
    chosen = rsd(problem).chosen
    return {int(problem.requester[p]): int(problem.candidate[p]) for p in chosen} | {
        i: None for i in range(3) if i not in problem.requester[chosen]
    }


def _rank(candidate, order):
    return len(order) if candidate is None else order.index(candidate)


def test_each_gets_the_best_that_those_before_left():
    problem = assignment_problem(2, 30, 9, most=4)
    chosen = rsd(problem, tie_width=0).chosen.tolist()
    room = problem.candidate_most.copy()
    for i in np.argsort(problem.requester_lottery):
        own = [p for p in np.flatnonzero(problem.requester == i) if room[problem.candidate[p]] > 0]
        got = [p for p in chosen if problem.requester[p] == i]
        assert len(got) == min(len(own), 1)
        if got:
            assert problem.requester_value[got[0]] >= max(problem.requester_value[own]) - 0.001
            room[problem.candidate[got[0]]] -= 1


def test_lower_bounds_are_refused():
    problem = assignment_problem(1, 6, 5)
    with pytest.raises(DataError, match="eps_stable"):
        rsd(replace(problem, candidate_least=np.ones(5, int)))
