"""The worst-off person as well off as can be, where people may have several candidates (domain.md E, mode `leximin`).

Totals count in steps, so that what a total can be raised to does not depend on how it is searched for. Each step that
is tried is a programme of whole numbers alone (program.py), tried from the highest one downwards.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from matchengine.assignment import Assignment, AssignmentProblem
from matchengine.batch import BoolArray, FloatArray, IntArray
from matchengine.planning.assign.max_weight import weighed
from matchengine.planning.assign.program import NODES, SLACK, NothingFoundError, Solution, solve
from matchengine.planning.assign.ties import drawn

__all__ = ["STEP", "by_lot", "fairest", "open_to_more", "several", "step_of"]

STEP = 1e-4
"""How exactly totals are raised: a higher lowest total exceeds the one found by less than this."""
_EXACT = 1e-6


class _Tried(NamedTuple):
    """The highest step that was reached, and the greatest sum with it."""

    step: int
    solution: Solution


def several(problem: AssignmentProblem) -> bool:
    """Tell whether anybody who looks can have more than one candidate."""
    listed = np.bincount(problem.requester, minlength=problem.requesters)
    return bool((np.minimum(problem.requester_most, listed) > 1).any())


def open_to_more(problem: AssignmentProblem) -> BoolArray:
    """Tell which requesters could have some pair beside those they must have, by places alone, bool (R,)."""
    asking, asked = problem.loads(np.flatnonzero(problem.must))
    room, places = problem.requester_most - asking, problem.candidate_most - asked
    free = ~problem.must & (room[problem.requester] > 0) & (places[problem.candidate] > 0)
    found: BoolArray = np.bincount(problem.requester[free], minlength=problem.requesters) > 0
    return found


def step_of(joint: FloatArray) -> float:
    """Return the step in which totals of these values count: the largest that divides them all, else `STEP`."""
    counts = np.rint(joint / STEP).astype(np.int64)
    if len(joint) and np.abs(joint / STEP - counts).max() <= _EXACT:
        return STEP * max(int(np.gcd.reduce(counts)), 1)
    return STEP


def fairest(problem: AssignmentProblem, count: int, nodes: int = NODES) -> Assignment | None:
    """Serve `count` requesters, raise the lowest total, then the sum; None where that many cannot be served.

    Whoever can have no pair beside their must pairs does not count as the lowest; all others do, with all their pairs.

    Parameters
    ----------
    problem : AssignmentProblem
    count : int
        As many as can be served.
    nodes : int
        Nodes of each branch and bound. A total about which nothing is found within them counts as out of reach.

    Returns
    -------
    Assignment or None
        The lowest total is within one step (`step_of`) of the highest possible, and the sum is the greatest of all
        choices that reach the same step.
    """
    problem, old = by_lot(problem)
    free = open_to_more(problem)
    step, value = step_of(problem.joint), problem.joint + drawn(problem)

    def reached(steps: int) -> _Tried | None:
        least = np.where(free, steps * step, 0.0)
        found = solve(problem, value, matched=count, least=least, nodes=nodes)
        return None if found is None else _Tried(max(steps, _lowest(problem, found.chosen, free, step)), found)

    best = _raised(_highest(problem, count, free, step), reached)
    if best is None:
        return None
    chosen, bound = best.solution.chosen, best.solution.bound
    found = weighed(problem, chosen, bound - float(value[chosen].sum()))
    return replace(found, chosen=np.sort(old[chosen]))


def _raised(high: int, reached: Callable[[int], _Tried | None]) -> _Tried | None:
    """Return what the highest step gives that can be reached: downwards in longer and longer strides, then by halves.

    Most steps out of reach are so for the linear programme already, which is quick; those within reach are not.
    """
    asked, stride = high, 1
    while (best := _unless_lost(reached, asked)) is None:
        if not asked:
            return None
        high, asked, stride = asked - 1, max(asked - stride, 0), 2 * stride
    while best.step < high:
        middle = (best.step + high + 1) // 2
        found = _unless_lost(reached, middle)
        best, high = (found, high) if found else (best, middle - 1)
    return best


def _unless_lost(reached: Callable[[int], _Tried | None], steps: int) -> _Tried | None:
    """Try a step; that nothing was found within the nodes is an error for the lowest step alone."""
    try:
        return reached(steps)
    except NothingFoundError:
        if not steps:
            raise
        return None


def _highest(problem: AssignmentProblem, count: int, free: BoolArray, step: float) -> int:
    """Return a step that no lowest total can exceed: all have their best pairs, and the best `count` are served."""
    held = np.bincount(problem.requester[problem.must], minlength=problem.requesters) > 0
    needed = count - int((held & ~free).sum())
    order = np.lexsort((-problem.joint, ~problem.must, problem.requester))
    rank = np.arange(len(problem)) - problem.starts[problem.requester[order]]
    among = order[rank < problem.requester_most[problem.requester[order]]]
    top = np.bincount(problem.requester[among], problem.joint[among], problem.requesters)[free]
    return _steps(float(np.sort(top)[-needed]), step) if 0 < needed <= len(top) else 0


def _lowest(problem: AssignmentProblem, chosen: IntArray, free: BoolArray, step: float) -> int:
    """Return the step of the lowest total of those who are served and count; 0 where nobody does."""
    has = (problem.loads(chosen)[0] > 0) & free
    total = np.bincount(problem.requester[chosen], problem.joint[chosen], problem.requesters)
    return _steps(float(total[has].min()), step) if has.any() else 0


def _steps(total: float, step: float) -> int:
    return int(np.floor((total + SLACK) / step))


def by_lot(problem: AssignmentProblem) -> tuple[AssignmentProblem, IntArray]:
    """List people in the order of their lottery numbers; also return where each pair stood before.

    However people were listed, the same programme comes out, and so does the same answer.
    """
    first, second = np.argsort(problem.requester_lottery), np.argsort(problem.candidate_lottery)
    requester = np.argsort(first)[problem.requester].astype(np.int32)
    candidate = np.argsort(second)[problem.candidate].astype(np.int32)
    old = np.lexsort((candidate, requester))
    new = np.argsort(old)
    exclusive = np.sort(new[problem.exclusive], axis=1)
    listed = replace(
        problem,
        requester=requester[old],
        candidate=candidate[old],
        joint=problem.joint[old],
        requester_value=problem.requester_value[old],
        candidate_value=problem.candidate_value[old],
        requester_least=problem.requester_least[first],
        requester_most=problem.requester_most[first],
        candidate_least=problem.candidate_least[second],
        candidate_most=problem.candidate_most[second],
        must=problem.must[old],
        exclusive=exclusive[np.lexsort(exclusive.T)],
        quotas=tuple(replace(quota, pairs=np.sort(new[quota.pairs])) for quota in problem.quotas),
        requester_lottery=problem.requester_lottery[first],
        candidate_lottery=problem.candidate_lottery[second],
        arrival=problem.arrival[first],
    )
    return listed, old
