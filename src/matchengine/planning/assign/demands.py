"""What a rule without an optimiser can keep: pairs fixed beforehand and places; everything else it refuses."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from matchengine.assignment import AssignmentProblem, InfeasibleError, Quota
from matchengine.batch import IntArray
from matchengine.errors import DataError
from matchengine.i18n import _

__all__ = ["Fixed", "caps_of_candidates", "fixed_pairs", "refuse_exclusions", "refuse_lower_bounds", "refuse_several"]

METHODS = "eps_stable, leximin"
MORE_METHODS = "leximin, max_weight"


class Fixed(NamedTuple):
    """Pairs that have to be chosen, and the places that are left once they are.

    `pairs` int64 (K,) are their positions; `requester_room` and `candidate_room` int64 (R,) and (C,) are 0 or more.
    """

    pairs: IntArray
    requester_room: IntArray
    candidate_room: IntArray


def fixed_pairs(problem: AssignmentProblem) -> Fixed:
    """Give the pairs that have to be chosen their places before anybody else.

    Raises
    ------
    InfeasibleError
        When somebody has to be in more pairs than they have places.
    """
    pairs = np.flatnonzero(problem.must)
    asking, asked = problem.loads(pairs)
    requester_room, candidate_room = problem.requester_most - asking, problem.candidate_most - asked
    over = int((requester_room < 0).sum() + (candidate_room < 0).sum())
    if over:
        raise InfeasibleError(
            _(
                "{n} people have to be in more pairs than they have places; release a locked pair or add a place",
                n=over,
            )
        )
    return Fixed(pairs, requester_room, candidate_room)


def refuse_lower_bounds(problem: AssignmentProblem, method: str) -> None:
    """Refuse fewest pairs of a person and fewest pairs of a quota, which a rule without an optimiser cannot promise.

    Raises
    ------
    DataError
        Naming the methods that can.
    """
    if problem.requester_least.any() or problem.candidate_least.any() or any(q.least > 0 for q in problem.quotas):
        raise DataError(
            _(
                "the method {method!r} cannot promise anybody a fewest number of pairs; set the fewest number to 0, or "
                "choose one of: {methods}",
                method=method,
                methods=METHODS,
            )
        )


def refuse_exclusions(problem: AssignmentProblem, method: str) -> None:
    """Refuse quotas and pairs that exclude each other, under which a stable assignment need not exist.

    A limit that a candidate set for themselves on some of their own pairs is kept: one exists all the same.

    Raises
    ------
    DataError
        Naming the methods that can.
    """
    if len(caps_of_candidates(problem)) < len(problem.quotas) or len(problem.exclusive):
        raise DataError(
            _(
                "the method {method!r} knows places of single people alone, no quotas and no pairs that exclude each "
                "other, as people make who both look and give; choose one of: {methods}",
                method=method,
                methods=METHODS,
            )
        )


def caps_of_candidates(problem: AssignmentProblem) -> tuple[Quota, ...]:
    """Return the limits that candidates set for themselves on some of their own pairs."""
    return tuple(
        quota for quota in problem.quotas if quota.personal and len(np.unique(problem.candidate[quota.pairs])) <= 1
    )


def refuse_several(problem: AssignmentProblem, method: str) -> None:
    """Refuse requesters with several places.

    Raises
    ------
    DataError
        Naming the methods that can.
    """
    if (problem.requester_most > 1).any():
        raise DataError(
            _(
                "the method {method!r} gives each requester one candidate, but {n} requesters may have more; set "
                "each_most to 1, or choose one of: {methods}",
                method=method,
                n=int((problem.requester_most > 1).sum()),
                methods=MORE_METHODS,
            )
        )
