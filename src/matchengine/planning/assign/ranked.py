"""The second stage: participants ranked whom they met and said whom they do not want (domain.md E)."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from matchengine.assignment import AssignmentProblem, InfeasibleError
from matchengine.batch import BoolArray, FloatArray, IntArray
from matchengine.errors import DataError
from matchengine.i18n import _

__all__ = ["ranked_problem"]

_RANKED_FROM = 0.5


def ranked_problem(
    problem: AssignmentProblem,
    requester_rank: IntArray,
    candidate_rank: IntArray,
    *,
    vetoed: BoolArray | None = None,
) -> tuple[AssignmentProblem, IntArray]:
    """Let the rankings of people take the place of their scores, and drop the pairs that somebody vetoed.

    Whoever ranked at least one pair has values by rank: the N different ranks of one person stand evenly in (.5, 1],
    .5/N apart, the first at 1; the pairs they did not rank follow in [0, .5) in the order of their score, at half of
    it. So up to 25 ranks of one person are further apart than the usual tie width of .02 and the first five than the
    usual ε of .05; whoever has longer rankings chooses a smaller one. Whoever ranked nobody keeps their scores. The
    joint value stays.

    Parameters
    ----------
    problem : AssignmentProblem
    requester_rank, candidate_rank : int64 array (A,)
        Rank of each pair with its requester or its candidate: 1 the best, 0 not ranked. Equal ranks are equally good.
    vetoed : bool array (A,), optional
        Pairs that one of both does not want.

    Returns
    -------
    AssignmentProblem
        The pairs that are left; quotas and exclusions among them.
    int64 array (K,)
        Where each of them stood in the old problem.

    Raises
    ------
    DataError
        When a rank is negative.
    InfeasibleError
        When a pair is vetoed that has to be chosen.
    """
    veto = np.zeros(len(problem), np.bool_) if vetoed is None else vetoed
    negative = int((requester_rank < 0).sum() + (candidate_rank < 0).sum())
    if negative:
        raise DataError(_("{n} ranks are negative, expected 1 for the best, 2, … and 0 for not ranked", n=negative))
    against = int((veto & problem.must).sum())
    if against:
        raise InfeasibleError(
            _("{n} pairs have to be chosen, but one of the two does not want them; release them", n=against)
        )
    kept = np.flatnonzero(~veto)
    new = np.full(len(problem), -1)
    new[kept] = np.arange(len(kept))
    mine = _by_rank(problem.requester[kept], problem.requester_value[kept], requester_rank[kept])
    theirs = _by_rank(problem.candidate[kept], problem.candidate_value[kept], candidate_rank[kept])
    exclusive = new[problem.exclusive]
    quotas = tuple(replace(quota, pairs=new[quota.pairs][new[quota.pairs] >= 0]) for quota in problem.quotas)
    left = replace(
        problem,
        requester=problem.requester[kept],
        candidate=problem.candidate[kept],
        joint=problem.joint[kept],
        requester_value=mine,
        candidate_value=theirs,
        must=problem.must[kept],
        exclusive=exclusive[(exclusive >= 0).all(axis=1)],
        quotas=quotas,
    )
    return left, kept


def _by_rank(person: IntArray, value: FloatArray, rank: IntArray) -> FloatArray:
    """Replace the values of whoever ranked somebody, as `ranked_problem` says."""
    if not len(person):
        return value
    people = int(person.max()) + 1
    ranked = rank > 0
    who = person[ranked].astype(np.int64)
    distinct, at = np.unique(np.stack([who, rank[ranked]], axis=1), axis=0, return_inverse=True)
    count = np.bincount(distinct[:, 0], minlength=people)
    place = np.arange(len(distinct)) - (np.cumsum(count) - count)[distinct[:, 0]]
    found: FloatArray = np.where(count[person] > 0, value * np.nextafter(_RANKED_FROM, 0), value)
    found[ranked] = 1 - _RANKED_FROM * (place / count[distinct[:, 0]])[at.ravel()]
    return found
