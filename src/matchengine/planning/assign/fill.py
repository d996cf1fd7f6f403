"""Go through pairs in an order and choose each that is still possible."""

from __future__ import annotations

import numpy as np

from matchengine.assignment import AssignmentProblem, InfeasibleError
from matchengine.batch import IntArray
from matchengine.i18n import _
from matchengine.planning.assign.demands import fixed_pairs, refuse_lower_bounds

__all__ = ["fill"]


def fill(problem: AssignmentProblem, order: IntArray, method: str) -> IntArray:
    """Choose the pairs that have to be chosen, then pair after pair whatever places, exclusions and quotas allow.

    Parameters
    ----------
    problem : AssignmentProblem
    order : int64 array (A,)
        Positions of all pairs, the first one first.
    method : str
        Name of the method, for the error.

    Returns
    -------
    int64 array (K,)
        Positions of the chosen pairs, ascending.

    Raises
    ------
    DataError
        Where somebody is promised a fewest number of pairs.
    InfeasibleError
        Where pairs that have to be chosen need more places than there are.
    """
    refuse_lower_bounds(problem, method)
    fixed, requester_room, candidate_room = fixed_pairs(problem)
    asking, asked = requester_room.tolist(), candidate_room.tolist()
    free = order[~problem.must[order]]
    limits = _Limits(problem, fixed) if problem.quotas or len(problem.exclusive) else None
    chosen = fixed.tolist()
    who, whom = problem.requester[free].tolist(), problem.candidate[free].tolist()
    for pair, requester, candidate in zip(free.tolist(), who, whom, strict=True):
        if asking[requester] > 0 and asked[candidate] > 0 and (limits is None or limits.take(pair)):
            asking[requester] -= 1
            asked[candidate] -= 1
            chosen.append(pair)
    return np.sort(np.array(chosen, np.int64))


class _Limits:
    """What is left of the quotas of a problem, and which pairs are excluded by those taken."""

    def __init__(self, problem: AssignmentProblem, fixed: IntArray) -> None:
        self._quotas: dict[int, list[int]] = {}
        self._left: list[int] = []
        for quota in problem.quotas:
            if quota.most is not None:
                for pair in quota.pairs.tolist():
                    self._quotas.setdefault(pair, []).append(len(self._left))
                self._left.append(quota.most)
        self._against: dict[int, list[int]] = {}
        for first, second in problem.exclusive.tolist():
            self._against.setdefault(first, []).append(second)
            self._against.setdefault(second, []).append(first)
        self._taken: set[int] = set()
        if not all(self.take(pair) for pair in fixed.tolist()):
            raise InfeasibleError(
                _("pairs that have to be chosen exclude each other or exceed a quota; release one of them")
            )

    def take(self, pair: int) -> bool:
        """Take a pair where quotas and exclusions allow, and tell whether they do."""
        quotas = self._quotas.get(pair, [])
        if any(self._left[n] <= 0 for n in quotas) or any(p in self._taken for p in self._against.get(pair, [])):
            return False
        for n in quotas:
            self._left[n] -= 1
        self._taken.add(pair)
        return True
