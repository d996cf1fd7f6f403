"""One more seat or candidate: what it brings, worked out by solving again, against cases known by hand."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from typing import Any

import numpy as np

from matchengine.assignment import Assignment, AssignmentProblem, Quota
from matchengine.planning.assign.leximin import leximin
from matchengine.planning.assign.shadow import full, one_more_seat


def problem(values: list[list[float]], places: list[int], **more: Any) -> AssignmentProblem:
    """Everybody with everybody where the value is not NaN."""
    joint = np.array(values)
    requester, candidate = np.nonzero(~np.isnan(joint))
    worth = joint[requester, candidate]
    rows, columns = joint.shape
    return AssignmentProblem(
        requesters=rows,
        candidates=columns,
        requester=requester.astype(np.int32),
        candidate=candidate.astype(np.int32),
        joint=worth,
        requester_value=worth,
        candidate_value=worth,
        requester_least=np.zeros(rows, np.int64),
        requester_most=np.ones(rows, np.int64),
        candidate_least=np.zeros(columns, np.int64),
        candidate_most=np.array(places),
        must=more.pop("must", np.zeros(len(worth), np.bool_)),
        requester_lottery=np.arange(rows, dtype=np.uint64),
        candidate_lottery=np.arange(columns, dtype=np.uint64),
        arrival=np.arange(rows),
        **more,
    )


def best(given: AssignmentProblem) -> Assignment:
    """By trying everything: most pairs, then most worth, every must and quota met."""
    found, key = np.zeros(0, np.int64), (-1, -1.0)
    for size in range(given.requesters + 1):
        for chosen in combinations(range(len(given)), size):
            pairs = np.array(chosen, np.int64)
            asking, load = given.loads(pairs)
            kept = (asking <= given.requester_most).all() and (load <= given.candidate_most).all()
            kept &= set(np.flatnonzero(given.must)) <= set(chosen)
            kept &= all(quota.most is None or np.isin(pairs, quota.pairs).sum() <= quota.most for quota in given.quotas)
            if kept and (len(pairs), float(given.joint[pairs].sum())) > key:
                found, key = pairs, (len(pairs), float(given.joint[pairs].sum()))
    return Assignment(found)


NOBODY = float("nan")


def test_a_seat_serves_one_more_where_the_star_is_all_they_have() -> None:
    given = problem([[0.9, NOBODY], [0.8, NOBODY], [0.7, 0.2]], [1, 1])
    assert full(given, best(given)).tolist() == [0]
    [star, other] = one_more_seat(given, [0, 1], best)
    assert (star.served, star.chosen.tolist()) == (1, [0, 1])
    np.testing.assert_allclose(star.best, 0.8)
    assert (other.served, other.best) == (0, 0.0)


def test_a_seat_that_nobody_would_take_is_not_looked_at() -> None:
    given = problem([[0.9, 0.1]], [1, 1])
    assert full(given, best(given)).tolist() == []


def test_somebody_new_frees_a_place_for_somebody_else() -> None:
    given = problem([[0.9, 0.6], [0.5, 0.3]], [1, 0])
    [rise] = one_more_seat(given, [1], best)
    assert (rise.served, rise.chosen.tolist()) == (1, [1])
    np.testing.assert_allclose(rise.best, 0.3)


def test_a_seat_that_lets_the_method_raise_its_weakest_pair_has_no_negative_worth() -> None:
    """Leximin gives up points for the weakest pair as soon as a seat allows it: the seat is not to blame."""
    given = problem([[0.9, 0.3], [0.5, 0.1]], [1, 1])
    plain = leximin(given)
    wider = leximin(replace(given, candidate_most=np.array([1, 2])))
    assert given.joint[wider.chosen].sum() <= given.joint[plain.chosen].sum() + 1e-9
    assert all(rise.best >= 0 for rise in one_more_seat(given, [0, 1], leximin))


def test_musts_and_quotas_hold_for_the_new_seat_too() -> None:
    must = np.array([False, True, False, False])
    given = problem([[0.9, 0.1], [0.8, 0.2]], [0, 1], must=must, quotas=(Quota("few", np.array([2]), most=0),))
    [rise] = one_more_seat(given, [0], best, seats=2)
    assert (rise.served, rise.chosen.tolist()) == (0, [])
