"""Small problems and their answers by trying everything."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from matchengine.assignment import AssignmentProblem, Quota

__all__ = ["best", "every_choice", "matched", "permuted", "problem_of", "random_problem"]


def problem_of(joint: Any, places: Any = 1, **demands: Any) -> AssignmentProblem:
    """Make a problem from a matrix of joint values, NaN where a pair may not be chosen."""
    matrix = np.asarray(joint, np.float64)
    requester, candidate = np.nonzero(~np.isnan(matrix))
    people, others = matrix.shape
    count = len(requester)
    made: dict[str, Any] = {
        "requester_least": np.zeros(people, np.int64),
        "requester_most": np.ones(people, np.int64),
        "candidate_least": np.zeros(others, np.int64),
        "candidate_most": np.broadcast_to(np.asarray(places, np.int64), (others,)).copy(),
        "must": np.zeros(count, np.bool_),
        "requester_lottery": np.arange(people, dtype=np.uint64) * np.uint64(7919) + np.uint64(11),
        "candidate_lottery": np.arange(others, dtype=np.uint64) * np.uint64(104729) + np.uint64(5),
        "arrival": np.arange(people),
    }
    worth = matrix[requester, candidate]
    return AssignmentProblem(
        requesters=people,
        candidates=others,
        requester=requester.astype(np.int32),
        candidate=candidate.astype(np.int32),
        joint=worth,
        requester_value=worth,
        candidate_value=worth,
        **made | demands,
    )


def random_problem(
    rng: np.random.Generator, people: int = 4, others: int = 3, *, ties: bool = False, demanding: bool = False
) -> AssignmentProblem:
    """Draw a problem; with `ties` only five values, with `demanding` bounds, must pairs, exclusions and quotas."""
    matrix = rng.integers(1, 6, (people, others)) / 5 if ties else rng.random((people, others))
    matrix[rng.random((people, others)) < 0.3] = np.nan
    made = problem_of(
        matrix,
        rng.integers(0, 3, others),
        requester_lottery=rng.integers(0, 2**63, people).astype(np.uint64),
        candidate_lottery=rng.integers(0, 2**63, others).astype(np.uint64),
    )
    if not demanding or len(made) < 2:
        return made
    pairs = rng.permutation(len(made))
    return replace(
        made,
        requester_most=rng.integers(1, 3, people),
        requester_least=(rng.random(people) < 0.3).astype(np.int64),
        candidate_least=(rng.random(others) < 0.3).astype(np.int64),
        must=rng.random(len(made)) < 0.1,
        exclusive=pairs[:2][None, :] if rng.random() < 0.5 else np.zeros((0, 2), np.int64),
        quotas=(Quota("some", np.sort(pairs[: len(pairs) // 2]), int(rng.integers(0, 2)), int(rng.integers(1, 3))),),
    )


def every_choice(problem: AssignmentProblem) -> Iterator[np.ndarray[Any, np.dtype[np.int64]]]:
    """Yield every choice of pairs that meets all demands, small ones first; for problems of few pairs."""
    count = len(problem)
    masks = np.arange(2**count)
    picked = (masks[:, None] >> np.arange(count)[::-1]) & 1
    asking = picked @ (problem.requester[:, None] == np.arange(problem.requesters))
    asked = picked @ (problem.candidate[:, None] == np.arange(problem.candidates))
    right = ((problem.requester_least <= asking) & (asking <= problem.requester_most)).all(axis=1)
    right &= ((problem.candidate_least <= asked) & (asked <= problem.candidate_most)).all(axis=1)
    right &= (picked[:, problem.must] == 1).all(axis=1)
    for together in problem.exclusive:
        right &= picked[:, together].sum(axis=1) <= 1
    for quota in problem.quotas:
        held = picked[:, quota.pairs].sum(axis=1)
        right &= (held >= quota.least) & (held <= (count if quota.most is None else quota.most))
    for row in np.lexsort((-masks, picked.sum(axis=1))):
        if right[row]:
            yield np.flatnonzero(picked[row])


def best(problem: AssignmentProblem, key: Callable[[Any], Any]) -> Any:
    """Return the greatest key of all choices that meet the demands; None where there is none."""
    return max((key(chosen) for chosen in every_choice(problem)), default=None)


def matched(problem: AssignmentProblem, chosen: Any) -> int:
    """Return how many requesters have a candidate."""
    return len(np.unique(problem.requester[chosen]))


def permuted(problem: AssignmentProblem, rng: np.random.Generator) -> tuple[AssignmentProblem, Any]:
    """Rename both sides with their lottery numbers; also return, for each new pair, its old position."""
    ours, theirs = rng.permutation(problem.requesters), rng.permutation(problem.candidates)
    requester, candidate = ours[problem.requester], theirs[problem.candidate]
    order = np.lexsort((candidate, requester))
    old_ours, old_theirs = np.argsort(ours), np.argsort(theirs)
    where = np.argsort(order)
    renamed = replace(
        problem,
        requester=requester[order].astype(np.int32),
        candidate=candidate[order].astype(np.int32),
        joint=problem.joint[order],
        requester_value=problem.requester_value[order],
        candidate_value=problem.candidate_value[order],
        requester_least=problem.requester_least[old_ours],
        requester_most=problem.requester_most[old_ours],
        candidate_least=problem.candidate_least[old_theirs],
        candidate_most=problem.candidate_most[old_theirs],
        must=problem.must[order],
        requester_lottery=problem.requester_lottery[old_ours],
        candidate_lottery=problem.candidate_lottery[old_theirs],
        arrival=problem.arrival[old_ours],
        exclusive=where[problem.exclusive],
        quotas=tuple(replace(quota, pairs=np.sort(where[quota.pairs])) for quota in problem.quotas),
    )
    return renamed, order
