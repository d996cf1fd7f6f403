"""Every demand of a problem as rows of an integer programme, solved by HiGHS (domain.md E).

The linear programme comes first. Where places and lower bounds are all there is, its corners are whole; where an answer
is not whole, branch and bound finishes, over the pairs that the programme's prices do not rule out.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from matchengine.assignment import AssignmentProblem, Demand, DemandKind
from matchengine.batch import BoolArray, FloatArray, IntArray
from matchengine.errors import MatchEngineError
from matchengine.i18n import _

__all__ = [
    "NODES", "SLACK", "NothingFoundError", "Rows", "Solution", "count_matched", "feasible", "rows_of", "solve",
]  # fmt: skip

NODES = 100_000
"""Nodes of branch and bound after which the best answer so far is taken, its gap told."""
SLACK = 1e-9
"""By so much a total may be below what is asked for: how a sum is rounded decides nothing."""
_SCALE, _WHOLE, _TOLERANCE = 1e4, 1e-6, 1e-10
_FEW_PAIRS, _NEAR = 20_000, 0.05
_OPTIMAL, _LIMIT, _INFEASIBLE = 0, 1, 2


class NothingFoundError(MatchEngineError):
    """Branch and bound ended at its nodes without any answer; there may be one."""


@dataclass(frozen=True)
class Rows:
    """Demands as rows `matrix` @ x <= `limit`: matrix sparse (N, A), limit float64 (N,), one demand a row."""

    demands: tuple[Demand, ...]
    matrix: Any
    limit: FloatArray

    def only(self, kept: IntArray) -> Rows:
        """Return some of the rows."""
        return Rows(tuple(self.demands[n] for n in kept), self.matrix[kept], self.limit[kept])


@dataclass(frozen=True)
class Solution:
    """Chosen pairs int64 (K,) ascending, and the proven upper bound of the sum of values."""

    chosen: IntArray
    bound: float


@dataclass(frozen=True)
class _Class:
    """Demands of one kind: `members` belong to `group`s, of which `which` may have `limits`, times `sign`."""

    kind: DemandKind
    group: IntArray
    members: IntArray
    which: IntArray
    limits: IntArray
    sign: int

    def rows(self) -> tuple[IntArray, IntArray]:
        """Return the row of each member that is in one of the groups, and its pair."""
        row = np.full(int(max(self.group.max(initial=-1), self.which.max(initial=-1))) + 1, -1)
        row[self.which] = np.arange(len(self.which))
        inside = row[self.group] >= 0
        return row[self.group][inside], self.members[inside]


def rows_of(problem: AssignmentProblem) -> Rows:
    """Return the rows of all demands that can bind, in the order of `DemandKind`."""
    from scipy.sparse import csr_array

    made = _classes(problem)
    places = [part.rows() for part in made]
    offset = np.cumsum([0] + [len(part.which) for part in made])
    row = np.concatenate([at[0] + start for at, start in zip(places, offset, strict=False)])
    sign = np.concatenate([np.full(len(at[0]), float(part.sign)) for at, part in zip(places, made, strict=True)])
    column = np.concatenate([at[1] for at in places])
    matrix = csr_array((sign, (row, column)), shape=(int(offset[-1]), len(problem)))
    limit = np.concatenate([part.sign * part.limits for part in made]).astype(np.float64)
    return Rows(tuple(Demand(part.kind, int(n)) for part in made for n in part.which), matrix, limit)


def _classes(problem: AssignmentProblem) -> list[_Class]:
    every = np.arange(len(problem))
    asked = np.bincount(problem.requester, minlength=problem.requesters)
    asking = np.bincount(problem.candidate, minlength=problem.candidates)
    sizes = np.array([len(q.pairs) for q in problem.quotas], np.int64)
    inside = np.repeat(np.arange(len(sizes)), sizes)
    members = np.concatenate([every[:0], *(q.pairs for q in problem.quotas)])
    most = np.array([len(q.pairs) if q.most is None else q.most for q in problem.quotas], np.int64)
    least = np.array([q.least for q in problem.quotas], np.int64)
    twos = np.arange(len(problem.exclusive))

    def under(kind: DemandKind, group: IntArray, members: IntArray, limits: IntArray, there: IntArray) -> _Class:
        which = np.flatnonzero(limits < there)
        return _Class(kind, group, members, which, limits[which], 1)

    def over(kind: DemandKind, group: IntArray, members: IntArray, limits: IntArray) -> _Class:
        which = np.flatnonzero(limits > 0)
        return _Class(kind, group, members, which, limits[which], -1)

    return [
        under("requester_most", problem.requester, every, problem.requester_most, asked),
        under("candidate_most", problem.candidate, every, problem.candidate_most, asking),
        _Class("exclusive", np.repeat(twos, 2), problem.exclusive.ravel(), twos, np.ones(len(twos), np.int64), 1),
        under("quota_most", inside, members, most, sizes),
        over("quota_least", inside, members, least),
        over("candidate_least", problem.candidate, every, problem.candidate_least),
        over("requester_least", problem.requester, every, problem.requester_least),
        over("must", every, every, problem.must.astype(np.int64)),
    ]


def solve(
    problem: AssignmentProblem,
    value: FloatArray,
    *,
    allowed: BoolArray | None = None,
    matched: int = 0,
    least: FloatArray | None = None,
    nodes: int = NODES,
) -> Solution | None:
    """Return pairs with the greatest sum of `value` (A,) that meet every demand; None where nothing does.

    Parameters
    ----------
    allowed : bool array (A,), optional
        Pairs that may be chosen; must pairs always may.
    matched : int
        So many requesters at least have a candidate.
    least : float array (R,), optional
        What the pairs of each of these `matched` requesters are worth together at least, up to `SLACK`.
    nodes : int
        Nodes of branch and bound after which the best answer so far is taken.

    Raises
    ------
    NothingFoundError
        Where there is no answer so far after so many nodes.
    """
    from scipy.sparse import vstack

    rows = rows_of(problem)
    matrix, limit, value = rows.matrix, rows.limit, value.astype(np.float64)
    if matched:
        matrix, limit, value = _with_matched(problem, matrix, limit, value, matched)
        if least is not None:
            totals, most = _totals(problem, least)
            matrix, limit = vstack([matrix, totals], format="csr"), np.concatenate([limit, most])
    upper = np.ones(len(value))
    if allowed is not None:
        upper[: len(problem)] = allowed | problem.must
    found = _solved(matrix, limit, value, upper, nodes)
    if found is None:
        return None
    chosen, bound = found
    return Solution(chosen[chosen < len(problem)], bound)


def count_matched(problem: AssignmentProblem, allowed: BoolArray | None = None, nodes: int = NODES) -> int | None:
    """Return the greatest number of requesters that can have a candidate, every demand met; None where nothing does."""
    rows = rows_of(problem)
    value: FloatArray = np.zeros(len(problem))
    matrix, limit, value = _with_matched(problem, rows.matrix, rows.limit, value, 0)
    upper = np.ones(len(value))
    if allowed is not None:
        upper[: len(problem)] = allowed | problem.must
    value[len(problem) :] = 1.0
    found = _solved(matrix, limit, value, upper, nodes)
    return None if found is None else int((found[0] >= len(problem)).sum())


def _with_matched(
    problem: AssignmentProblem, matrix: Any, limit: FloatArray, value: FloatArray, matched: int
) -> tuple[Any, FloatArray, FloatArray]:
    """Add a column for each requester that is 1 only where they have a candidate, and how many of these there are."""
    from scipy.sparse import block_array, coo_array, csr_array, eye_array

    people, pairs = problem.requesters, len(problem)
    served: Any = coo_array((-np.ones(pairs), (problem.requester, np.arange(pairs))), shape=(people, pairs))
    total = csr_array(-np.ones((1, people)))
    blocks = [[matrix, None], [served, eye_array(people)], [None, total]]
    if not matrix.shape[0]:
        blocks = blocks[1:]
    whole = block_array(blocks, format="csr")
    limits = np.concatenate([limit, np.zeros(people), [-float(matched)]])
    return whole, limits, np.concatenate([value, np.zeros(people)])


def _totals(problem: AssignmentProblem, least: FloatArray) -> tuple[Any, FloatArray]:
    """Return a row for each requester who, where their column of `_with_matched` is 1, has a total of `least`.

    A pair worth more than that counts as just that, which rules out no whole answer and many others.
    """
    from scipy.sparse import coo_array, diags_array, hstack

    people, pairs = problem.requesters, len(problem)
    worth = _SCALE * np.minimum(problem.joint, least[problem.requester])
    held = coo_array((-worth, (problem.requester, np.arange(pairs))), shape=(people, pairs))
    return hstack([held, diags_array(_SCALE * least)], format="csr"), np.full(people, _SCALE * SLACK)


def _solved(
    matrix: Any, limit: FloatArray, value: FloatArray, upper: FloatArray, nodes: int
) -> tuple[IntArray, float] | None:
    """Solve the linear programme, then, where its answer is not whole, the integer one."""
    from scipy.optimize import linprog

    if not len(value):
        return (np.zeros(0, np.int64), 0.0) if (limit >= 0).all() else None
    bounds = np.stack([np.zeros(len(value)), upper], axis=1)
    if matrix.shape[0]:
        linear = linprog(-_SCALE * value, A_ub=matrix, b_ub=limit, bounds=bounds, method="highs-ds")
    else:
        linear = linprog(-_SCALE * value, bounds=bounds, method="highs-ds")
    if linear.status == _INFEASIBLE:
        return None
    _answered(linear)
    bound = -linear.fun / _SCALE
    if np.abs(linear.x - np.round(linear.x)).max() <= _WHOLE:
        return np.flatnonzero(linear.x > 0.5), bound
    reduced = value + (matrix.T @ linear.ineqlin.marginals) / _SCALE
    return _branched((matrix, limit, value, upper), reduced, bound, nodes)


def _branched(
    programme: tuple[Any, FloatArray, FloatArray, FloatArray], reduced: FloatArray, bound: float, nodes: int
) -> tuple[IntArray, float] | None:
    """Branch and bound over the pairs near the linear answer, then over all that could still be part of a better one.

    A pair whose reduced value is below the distance between an answer and the bound is in no better answer.
    """
    matrix, limit, value, upper = programme
    near = _NEAR if len(value) > _FEW_PAIRS else np.inf
    while True:
        open_ = (upper > 0) & (reduced >= -near)
        at = np.flatnonzero(open_)
        found = _integer(matrix[:, at], limit, value[at], nodes)
        everything = bool(open_[upper > 0].all())
        if found is None:
            if everything:
                return None
            near *= 4
            continue
        chosen, proven = at[found[0]], found[1]
        gap = bound - float(value[chosen].sum())
        if everything or gap <= near:
            return chosen, min(bound, max(proven, float(value[chosen].sum())))
        near = gap + _TOLERANCE


def _integer(matrix: Any, limit: FloatArray, value: FloatArray, nodes: int) -> tuple[IntArray, float] | None:
    from scipy.optimize import Bounds, LinearConstraint, milp

    solved = milp(
        -_SCALE * value,
        integrality=np.ones(len(value)),
        bounds=Bounds(0, 1),
        constraints=LinearConstraint(matrix, -np.inf, limit),
        options={"mip_rel_gap": 0.0, "node_limit": nodes},
    )
    if solved.status == _INFEASIBLE:
        return None
    if solved.x is None:
        raise NothingFoundError(
            _(
                "no assignment was found within {n} nodes of branch and bound; allow more nodes, or release quotas",
                n=nodes,
            )
        )
    return np.flatnonzero(solved.x > 0.5), -float(solved.mip_dual_bound) / _SCALE


def _answered(result: Any) -> None:
    if result.status != _OPTIMAL:
        raise MatchEngineError(
            _("the linear programme of the assignment ended without an answer (HiGHS, status {n})", n=result.status)
        )


def feasible(rows: Rows, kept: Iterable[int]) -> bool:
    """Tell whether some demands can be met at once."""
    part = rows.only(np.fromiter(kept, np.int64))
    pairs = part.matrix.shape[1]
    return _solved(part.matrix, part.limit, np.zeros(pairs), np.ones(pairs), NODES) is not None
