"""Lists grow for whoever is left over, as long as that helps."""

from __future__ import annotations

import numpy as np

from matchengine.planning.assign.max_weight import max_weight
from matchengine.planning.assign.widen import widen
from tests.planning.assign.problems import problem_of

SCORES = np.array([[0.9, 0.5, 0.2], [0.8, 0.4, 0.3], [0.7, 0.6, 0.1]])


def solve(length):
    rank = np.argsort(np.argsort(-SCORES, axis=1), axis=1)
    problem = problem_of(np.where(rank < np.array(length)[:, None], SCORES, np.nan))
    chosen = max_weight(problem).chosen
    return problem.joint[chosen].sum(), np.setdiff1d(np.arange(3), problem.requester[chosen])


def longer(length, left):
    if all(length[n] >= 3 for n in left):
        return None
    return tuple(min(2 * k, 3) if n in left else k for n, k in enumerate(length))


def test_lists_grow_until_everybody_has_somebody():
    (total, lists) = widen((1, 1, 1), longer, solve)
    assert len(solve(lists)[1]) == 0
    assert total > solve((1, 1, 1))[0]


def test_only_those_left_over_get_longer_lists():
    asked = []

    def watched(length, left):
        asked.append(left.tolist())
        return longer(length, left)

    widen((1, 1, 1), watched, solve)
    assert asked[0] == [1, 2]


def test_a_round_that_helps_nobody_does_not_end_it():
    """Whoever is served by the eighth candidate alone is served, and nothing is looked at after that."""
    rounds = []

    def late(length):
        rounds.append(length)
        return length, np.array([0] if length < 8 else [], np.int64)

    assert widen(1, lambda length, left: 2 * length, late) == (8, 8)
    assert rounds == [1, 2, 4, 8]


def test_it_stops_where_all_have_been_seen_and_asks_for_nothing_where_nobody_is_left():
    assert widen(1, lambda length, left: None, lambda length: (length, np.array([0]))) == (1, 1)
    assert widen(1, lambda length, left: 1 / 0, lambda length: (length, np.zeros(0, np.int64))) == (1, 1)
