"""The fullest and best assignment in which no two people would both gain much by leaving it (domain.md E)."""

from __future__ import annotations

from typing import Annotated, Any, NamedTuple

import numpy as np
from pydantic import Field

from matchengine.assignment import Assignment, AssignmentProblem, InfeasibleError
from matchengine.batch import BoolArray, FloatArray, IntArray
from matchengine.components import assigner
from matchengine.errors import DataError
from matchengine.i18n import _
from matchengine.planning.assign.demands import Fixed, fixed_pairs, refuse_several

__all__ = ["eps_stable"]

TOLERANCE = 1e-6
_LARGEST = 50_000
"""Pairs beyond which the exact model is no longer solved in reasonable time."""


@assigner(
    "eps_stable",
    title="Nobody would gain much by swapping",
    guarantee="In no pair that is possible would both people gain more than `epsilon` by leaving what they got. Among "
    "all such drafts it places the most people and then reaches the greatest joint value.",
)
def eps_stable(
    problem: AssignmentProblem,
    *,
    epsilon: Annotated[float, Field(ge=0, le=1)] = 0.05,
    gap: Annotated[float, Field(ge=0, le=0.1)] = 0.001,
    nodes: Annotated[int, Field(ge=1)] = 20_000,
) -> Assignment:
    """Place the most people, then maximise the joint value, subject to stability with a slack (integer programme).

    For every possible pair (i, j), with C_j places of j: C_j · Σ x_ij' over j' worth at least u_ij − ε to i, plus
    Σ x_i'j over i' worth at least v_ij − ε to j, is C_j or more. A free place is worth less than any possible pair.
    Pairs that have to be chosen take their places first and are never left for others. Lower bounds, quotas and
    exclusions are rows of the programme; with them there may be no answer. Meant for up to some 500 people on either
    side with lists of candidates.

    Parameters
    ----------
    problem : AssignmentProblem
        Each requester has one place at most.
    epsilon : float
        The slack, in units of value; 0 for stability proper, where equal values never make anybody leave.
    gap : float
        The search for the greatest joint value stops once it is proven within this share of the greatest possible.
    nodes : int
        Nodes of the search after which it stops with the best that was found; the gap is told.

    Raises
    ------
    InfeasibleError
        When nothing meets every demand and is stable up to `epsilon`.
    DataError
        Where requesters may have several candidates, where there are too many pairs, or where the search found nothing
        in time.
    """
    refuse_several(problem, "eps_stable")
    fixed = fixed_pairs(problem)
    free = np.flatnonzero(
        ~problem.must & (fixed.requester_room[problem.requester] > 0) & (fixed.candidate_room[problem.candidate] > 0)
    )
    if len(free) > _LARGEST:
        raise DataError(
            _(
                "the method 'eps_stable' solves up to {most} possible pairs exactly, here are {n}; set a shorter "
                "shortlist, or choose one of: leximin, stable",
                most=_LARGEST,
                n=len(free),
            )
        )
    free = free[np.lexsort((_lot(problem, free, "candidate"), _lot(problem, free, "requester")))]
    model = _model(problem, fixed, free, epsilon)
    chosen, bound = _fullest_then_best(problem.joint[free], model, nodes, gap)
    whole = np.sort(np.concatenate([fixed.pairs, free[chosen]]))
    given = float(problem.joint[fixed.pairs].sum())
    return Assignment(whole, float(problem.joint[free[chosen]].sum()) + given, bound + given)


class _Model(NamedTuple):
    """Rows `lower` ≤ rows · x ≤ `upper` over the pairs that are free to choose."""

    rows: Any
    lower: FloatArray
    upper: FloatArray


class _Rows:
    """Rows of a sparse matrix, gathered in blocks."""

    def __init__(self) -> None:
        self.parts: list[tuple[IntArray, IntArray, FloatArray]] = []
        self.lower: list[FloatArray] = []
        self.upper: list[FloatArray] = []
        self.count = 0

    def add(self, count: int, entries: list[tuple[IntArray, IntArray, Any]], lower: Any, upper: Any) -> None:
        """Add `count` rows from entries of (row within the block, column, value) and their limits."""
        for row, column, value in entries:
            self.parts.append((row + self.count, column, np.broadcast_to(np.asarray(value, np.float64), row.shape)))
        self.lower.append(np.broadcast_to(np.asarray(lower, np.float64), (count,)))
        self.upper.append(np.broadcast_to(np.asarray(upper, np.float64), (count,)))
        self.count += count

    def model(self, columns: int) -> _Model:
        """Put the blocks together; entries of one place are added up."""
        from scipy.sparse import csr_array

        row, column, value = (np.concatenate([part[n] for part in self.parts]) for n in range(3))
        matrix = csr_array((value, (row, column)), shape=(self.count, columns))
        return _Model(matrix, np.concatenate(self.lower), np.concatenate(self.upper))


def _lot(problem: AssignmentProblem, pairs: IntArray, side: str) -> IntArray:
    """Place in the lottery of one person of each pair: columns stand in this order, however people are listed."""
    found: IntArray = np.argsort(np.argsort(getattr(problem, f"{side}_lottery")))[getattr(problem, side)[pairs]]
    return found


def _model(problem: AssignmentProblem, fixed: Fixed, free: IntArray, epsilon: float) -> _Model:
    """Write places, lower bounds, exclusions, quotas and stability as rows over the free pairs in their order."""
    rows, n = _Rows(), len(free)
    for side, room in (("requester", fixed.requester_room), ("candidate", fixed.candidate_room)):
        lot = np.argsort(getattr(problem, f"{side}_lottery"))
        most, least = room[lot], np.maximum(getattr(problem, f"{side}_least") - _taken(problem, side, room), 0)[lot]
        rows.add(len(lot), [(_lot(problem, free, side), np.arange(n), 1.0)], least, most)
    column = np.full(len(problem), -1)
    column[free] = np.arange(n)
    _add_limits(rows, problem, column)
    mine = _as_good(_lot(problem, free, "requester"), problem.requester_value[free], epsilon)
    theirs = _as_good(_lot(problem, free, "candidate"), problem.candidate_value[free], epsilon)
    others = theirs[0] != theirs[1]  # x_ij itself stands in the first sum, where it is enough alone
    room = fixed.candidate_room[problem.candidate[free]].astype(np.float64)
    rows.add(n, [(*mine, room[mine[0]]), (theirs[0][others], theirs[1][others], 1.0)], room, np.inf)
    return rows.model(n)


def _taken(problem: AssignmentProblem, side: str, room: IntArray) -> IntArray:
    taken: IntArray = getattr(problem, f"{side}_most") - room
    return taken


def _add_limits(rows: _Rows, problem: AssignmentProblem, column: IntArray) -> None:
    """Add exclusions and quotas; pairs that have to be chosen count as chosen, pairs without a place as not."""
    limits: list[tuple[IntArray, int, int | None]] = [(pair, 0, 1) for pair in problem.exclusive]
    limits += [(quota.pairs, quota.least, quota.most) for quota in problem.quotas]
    for pairs, least, most in limits:
        pairs = np.unique(pairs)
        given = int(problem.must[pairs].sum())
        columns = column[pairs][column[pairs] >= 0]
        upper = np.inf if most is None else most - given
        if upper < 0 or least - given > len(columns):
            raise _infeasible()
        if len(columns):
            rows.add(1, [(np.zeros(len(columns), np.int64), np.sort(columns), 1.0)], least - given, upper)


def _as_good(person: IntArray, value: FloatArray, epsilon: float) -> tuple[IntArray, IntArray]:
    """For each pair all pairs of the same person worth at least its own value − ε, as two arrays side by side."""
    order = np.lexsort((-value, person))
    key = person[order] * 4.0 - value[order]  # persons, then falling values, which stay within 1 + ε ≤ 2
    first = np.searchsorted(person[order], person[order])
    count = np.searchsorted(key, key + epsilon + TOLERANCE, side="right") - first
    at = np.repeat(np.arange(len(order)), count)
    within = np.arange(len(at)) - np.repeat(np.cumsum(count) - count, count)
    return order[at], order[first[at] + within]


def _fullest_then_best(joint: FloatArray, model: _Model, nodes: int, gap: float) -> tuple[IntArray, float]:
    """Maximise how many are chosen, hold that, and maximise the joint value; return positions and the proven bound."""
    if not len(joint):
        if (model.lower > 0).any():
            raise _infeasible()
        return np.zeros(0, np.int64), 0.0
    chosen, most = _maximise(np.ones(len(joint)), model, nodes)
    held = _with_count(model, int(chosen.sum()))
    try:
        chosen, bound = _maximise(joint, held, nodes, gap)
    except DataError:  # the first answer stands where the second search found nothing in time
        bound = float(np.sort(joint)[::-1][: round(most)].sum())
    return np.flatnonzero(chosen), bound


def _with_count(model: _Model, least: int) -> _Model:
    """Add a row: at least so many pairs."""
    from scipy.sparse import csr_array, vstack

    every = csr_array(np.ones((1, model.rows.shape[1])))
    rows = vstack([model.rows, every], format="csr")
    return _Model(rows, np.append(model.lower, least), np.append(model.upper, np.inf))


def _maximise(value: FloatArray, model: _Model, nodes: int, gap: float = 0.0) -> tuple[BoolArray, float]:
    """Solve one programme; return which pairs are chosen and the proven bound."""
    from scipy.optimize import Bounds, LinearConstraint, milp

    given: dict[str, Any] = {
        "integrality": np.ones(len(value)),
        "bounds": Bounds(0, 1),
        "constraints": LinearConstraint(model.rows, model.lower, model.upper),
    }
    options = {"node_limit": nodes, "mip_rel_gap": gap}
    found = milp(-value, **given, options=options)
    if found.status == 2:  # HiGHS's presolve is known to err here; what it says is believed once it is seen without
        found = milp(-value, **given, options=options | {"presolve": False})
    if found.status == 2:
        raise _infeasible()
    if found.x is None:
        raise DataError(
            _(
                "the method 'eps_stable' found no answer within {nodes} nodes of its search; raise nodes, raise "
                "epsilon, or choose one of: leximin, stable",
                nodes=nodes,
            )
        )
    best = -float(found.fun)
    return found.x > 0.5, best if found.mip_dual_bound is None else max(best, -float(found.mip_dual_bound))


def _infeasible() -> InfeasibleError:
    return InfeasibleError(
        _(
            "no assignment meets every demand and leaves no two people who would both gain more than epsilon; raise "
            "epsilon, loosen a quota or a lower bound, or choose the method 'leximin'"
        )
    )
