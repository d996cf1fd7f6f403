"""Nobody left out, then the worst off as well off as can be, then the greatest sum (domain.md E, mode `leximin`)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Literal

import numpy as np

from matchengine.assignment import Assignment, AssignmentProblem, Quota
from matchengine.batch import BoolArray, FloatArray
from matchengine.components import assigner
from matchengine.errors import DataError
from matchengine.i18n import _
from matchengine.planning.assign.conflict import infeasible
from matchengine.planning.assign.flow import fullest, most_matched, network_of
from matchengine.planning.assign.max_weight import GAP, flows, meets_lower_bounds, placed, weighed
from matchengine.planning.assign.program import NODES, count_matched, solve
from matchengine.planning.assign.ties import drawn
from matchengine.planning.assign.totals import fairest, several

__all__ = ["leximin", "served"]


@assigner(
    "leximin",
    title="Nobody left out, then the weakest pair as strong as possible",
    guarantee="As many people as possible are matched; then the lowest score is as high as possible; then the sum.",
)
def leximin(
    problem: AssignmentProblem,
    *,
    over: Literal["pair", "person"] = "pair",
    full: bool = False,
    gap: float = GAP,
    nodes: int = NODES,
) -> Assignment:
    """Match most requesters, then raise the lowest joint value, then the sum; of several such choices the lottery's.

    A requester who may have several candidates counts once; further pairs are added by the sum alone, none below the
    lowest value. Must pairs are chosen whatever they are worth, so they do not count as the lowest.

    Parameters
    ----------
    over : "pair" or "person"
        What is raised: the lowest value of a pair, or the lowest total of a requester who has a candidate, the sum of
        all their pairs. A total counts with the must pairs in it, but not that of a requester who can have no other
        pair. The lowest total is the highest there can be, to within `totals.STEP`, and exactly that where all values
        are multiples of it; the sum is the greatest with no total below that, rounded down to the step. Where nobody
        can have more than one candidate, both are the same. Totals take a programme of whole numbers for each step
        tried: meant for some hundreds of requesters.
    full : bool
        Whether, after the lowest value, as few pairs as possible have it, then the next lowest is raised, and so on
        (full leximin), before the sum counts. Solves a programme or more for each value. Not for
        totals.
    gap : float
        Share of the greatest sum that may be missing in large problems, see `max_weight`; never of the other aims.
    nodes : int
        Nodes of branch and bound after which the best choice so far is taken. A lowest total for which there is none
        by then counts as out of reach.

    Raises
    ------
    InfeasibleError
        Where nothing meets every demand, with demands that contradict each other.
    DataError
        Where totals are to be raised in full.
    """
    if over == "person" and several(problem):
        return _by_person(problem, full, nodes)
    value = problem.joint + drawn(problem)
    if not full and flows(problem):
        bare = replace(
            problem,
            requester_least=np.zeros_like(problem.requester_least),
            candidate_least=np.zeros_like(problem.candidate_least),
        )
        found = _leximin(bare, value, gap, nodes)
        if meets_lower_bounds(problem, found.chosen):
            return found
    count = served(problem, None, nodes)
    if count is None:
        raise infeasible(problem)
    return _levelled(problem, value, count, nodes) if full else _leximin(problem, value, gap, nodes)


def _by_person(problem: AssignmentProblem, full: bool, nodes: int) -> Assignment:
    """Raise the lowest total of those who are served, then the sum."""
    if full:
        raise DataError(
            _(
                "the method 'leximin' raises totals of people (over = \"person\") only as far as the lowest one; "
                'leave out full, or choose over = "pair"'
            )
        )
    count = served(problem, None, nodes)
    found = None if count is None else fairest(problem, count, nodes)
    if found is None:
        raise infeasible(problem)
    return found


def served(problem: AssignmentProblem, allowed: BoolArray | None = None, nodes: int = NODES) -> int | None:
    """Return how many requesters can have a candidate at once with the `allowed` pairs; None where no demand is met."""
    if not flows(problem) or problem.requester_least.any() or problem.candidate_least.any():
        return count_matched(problem, allowed, nodes)
    network, _ = network_of(problem, allowed)
    have = np.bincount(problem.requester[problem.must], minlength=problem.requesters) > 0
    return int(have.sum()) + most_matched(replace(network, most=np.where(have, 0, network.most)))


def _leximin(problem: AssignmentProblem, value: FloatArray, gap: float, nodes: int) -> Assignment:
    """Raise the lowest value, then the sum; some result is known to exist."""
    count = served(problem, None, nodes) or 0
    lowest = _highest(
        np.unique(problem.joint[~problem.must]), lambda t: _keeps(problem, problem.joint >= t, count, nodes)
    )
    allowed = problem.joint >= lowest
    simple = flows(problem) and not (problem.requester_least.any() or problem.candidate_least.any())
    if simple and problem.requester_most.max(initial=0) <= 1:
        network, at, within = placed(problem, gap, allowed)
        flow = fullest(network, value[at], within=within)
        return weighed(problem, np.sort(np.concatenate([np.flatnonzero(problem.must), at[flow.chosen]])), flow.short)
    found = solve(problem, value, allowed=allowed, matched=count, nodes=nodes)
    if found is None:
        raise infeasible(problem)
    return weighed(problem, found.chosen, found.bound - float(value[found.chosen].sum()))


def _keeps(problem: AssignmentProblem, allowed: BoolArray, count: int, nodes: int) -> bool:
    """Tell whether so many requesters can be served with the allowed pairs alone."""
    reached = served(problem, allowed, nodes)
    return reached is not None and reached >= count


def _highest(thresholds: FloatArray, holds: Callable[[float], bool]) -> float:
    """Return the highest threshold that still holds, by halves; the lowest one always does."""
    low, high = 0, len(thresholds) - 1
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if holds(float(thresholds[middle])) else (low, middle - 1)
    return float(thresholds[low]) if len(thresholds) else 0.0


def _levelled(problem: AssignmentProblem, value: FloatArray, count: int, nodes: int) -> Assignment:
    """Take the values from below: the fewest pairs that have to have the lowest, then the next lowest, and so on."""
    joint, free = problem.joint, ~problem.must
    levels = np.unique(joint[free])
    settled = problem.must.copy()
    held = int((np.bincount(problem.requester[problem.must], minlength=problem.requesters) > 0).sum())
    while len(levels) and held < count:
        allow = settled
        base = problem
        now = _highest(levels, lambda t: _keeps(base, allow | (joint >= t), count, nodes))  # noqa: B023
        level = free & (joint == now)
        found = solve(problem, -level.astype(np.float64), allowed=settled | (joint >= now), matched=count, nodes=nodes)
        if found is None:
            raise infeasible(problem)
        fewest = int(level[found.chosen].sum())
        quota = Quota("", np.flatnonzero(level), most=fewest)
        problem = replace(problem, quotas=(*problem.quotas, quota))
        settled, held, levels = settled | level, held + fewest, levels[levels > now]
    allowed = settled | (joint >= levels[0] if len(levels) else settled)
    found = solve(problem, value, allowed=allowed, matched=count, nodes=nodes)
    if found is None:
        raise infeasible(problem)
    return weighed(problem, found.chosen, found.bound - float(value[found.chosen].sum()))
