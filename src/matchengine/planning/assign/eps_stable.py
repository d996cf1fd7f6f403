"""The fullest and best assignment in which no two people would both gain much by leaving it (domain.md E)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, NamedTuple

import numpy as np
from pydantic import Field

from matchengine.assignment import Assignment, AssignmentProblem, InfeasibleError
from matchengine.batch import FloatArray, IntArray
from matchengine.components import assigner
from matchengine.errors import DataError
from matchengine.i18n import _
from matchengine.planning.assign.demands import Fixed, caps_of_candidates, fixed_pairs, refuse_several
from matchengine.planning.assign.stable import Cap, deferred_acceptance

__all__ = ["eps_stable"]

TOLERANCE = 1e-6
_LARGEST = 50_000
"""Pairs beyond which the exact model is no longer solved in reasonable time."""
_STARTS = 9


@assigner(
    "eps_stable",
    title="Nobody would gain much by swapping",
    guarantee="In no pair that is possible would both people gain more than a set margin by leaving what they got. "
    "Among all such drafts it places the most people and then reaches the greatest joint value.",
)
def eps_stable(
    problem: AssignmentProblem,
    *,
    epsilon: Annotated[float, Field(ge=0, le=1)] = 0.05,
    gap: Annotated[float, Field(ge=0, le=0.1)] = 0.01,
    nodes: Annotated[int, Field(ge=1)] = 20,
    seconds: Annotated[float, Field(ge=0)] = 0.0,
) -> Assignment:
    """Place the most people, then maximise the joint value, subject to stability with a slack (integer programme).

    For every possible pair (i, j), with C_j places of j: C_j · Σ x_ij' over j' worth at least u_ij − ε to i, plus
    Σ x_i'j over i' worth at least v_ij − ε to j, is C_j or more. A free place is worth less than any possible pair.
    Pairs that have to be chosen take their places first and are never left for others. Lower bounds, quotas and
    exclusions are rows of the programme; with them there may be no answer. Where j keeps at most q of some pairs (a
    personal quota), those of them worth at least v_ij − ε count C_j / q more in the row of such a pair: once there are
    q of them, the pair is not possible. For q of 2 or more, a row may so be kept where only both limits together are
    nearly reached. Meant for up to some 500 people on either
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
        Nodes of each of the two searches after which it stops with the best that was found; the gap is told.
    seconds : float
        A clock for each of the two searches, 0 for none; when it strikes, `finished` is False and the same run may
        choose otherwise.

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
    limits = _Limits(nodes, gap, seconds)
    chosen, bound = _fullest_then_best(problem.joint[free], model, _start(problem, fixed, free, epsilon), limits)
    whole = np.sort(np.concatenate([fixed.pairs, free[chosen]]))
    given = float(problem.joint[fixed.pairs].sum())
    return Assignment(whole, float(problem.joint[free[chosen]].sum()) + given, bound + given, not limits.struck)


def _start(problem: AssignmentProblem, fixed: Fixed, free: IntArray, epsilon: float) -> _Start | None:
    """The best of some assignments that are surely stable up to ε; None where places are not all there is.

    Values move up by at most ε, the more the better the pair is for both, and deferred acceptance runs on them: who
    gains more than ε by leaving would gain by the moved values too, and then somebody would not.
    """
    bounds = problem.requester_least.any() or problem.candidate_least.any()
    caps = _caps(problem, free)
    if bounds or len(caps) < len(problem.quotas) or len(problem.exclusive) or not len(free):
        return None
    who, whom = problem.requester[free].astype(np.int64), problem.candidate[free].astype(np.int64)
    asking_lot, asked_lot = _lot(problem, free, "requester"), _lot(problem, free, "candidate")
    starts = np.concatenate([[0], np.cumsum(np.bincount(who, minlength=problem.requesters))])
    joint, best = problem.joint[free], None
    for share in np.linspace(0, 1, _STARTS):
        mine = problem.requester_value[free] + share * epsilon * joint
        theirs = problem.candidate_value[free] + share * epsilon * joint
        asking, asked = np.lexsort((asked_lot, -mine, who)), np.lexsort((asking_lot, -theirs, whom))
        found = deferred_acceptance(asking, starts, fixed.requester_room, asked, whom, fixed.candidate_room, caps=caps)
        reached = _Start(len(found), float(joint[found].sum()), np.sort(found))
        if best is None or reached[:2] > best[:2]:
            best = reached
    most = min(int(fixed.requester_room[np.unique(who)].sum()), int(fixed.candidate_room[np.unique(whom)].sum()))
    return best._replace(full=best.matched == most) if best else None


@dataclass
class _Limits:
    """What stops a search, and whether a clock did."""

    nodes: int
    gap: float
    seconds: float
    struck: bool = False

    def options(self, gap: float) -> dict[str, Any]:
        """Return the options of one search."""
        clock = {"time_limit": self.seconds} if self.seconds else {}
        return {"node_limit": self.nodes, "mip_rel_gap": gap, **clock}


class _Start(NamedTuple):
    """An assignment to start from: how many pairs, their joint value, their columns; whether no more is possible."""

    matched: int
    value: float
    columns: IntArray
    full: bool = False


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
    whom = (theirs[0][others], theirs[1][others])
    cap, left = np.full(n, -1), np.zeros(n)
    for number, (capped, at_most) in enumerate(_caps(problem, free)):
        cap[capped] = number
        left[capped] = at_most
    counted = (cap[whom[0]] >= 0) & (cap[whom[0]] == cap[whom[1]]) & (left[whom[0]] > 0)
    one, other = whom[0][counted], whom[1][counted]
    possible = np.where((cap >= 0) & (left <= 0), 0.0, room)
    rows.add(n, [(*mine, room[mine[0]]), (*whom, 1.0), (one, other, room[one] / left[one])], possible, np.inf)
    return rows.model(n)


def _caps(problem: AssignmentProblem, free: IntArray) -> list[Cap]:
    """Limits that candidates set for themselves, less the pairs that have to be chosen, by columns of the programme."""
    column = np.full(len(problem), -1)
    column[free] = np.arange(len(free))
    found = []
    for quota in caps_of_candidates(problem):
        columns = column[quota.pairs]
        found.append((columns[columns >= 0], int((quota.most or 0) - problem.must[quota.pairs].sum())))
    return found


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


def _fullest_then_best(
    joint: FloatArray, model: _Model, start: _Start | None, limits: _Limits
) -> tuple[IntArray, float]:
    """Maximise how many are chosen, hold that, and maximise the joint value; return columns and the proven bound."""
    if not len(joint):
        if (model.lower > 0).any():
            raise _infeasible()
        return np.zeros(0, np.int64), 0.0
    known = start
    if known is None or not known.full:
        try:
            columns, most = _maximise(np.ones(len(joint)), model, limits, 0.0)
        except _NothingFoundError:
            columns, most = np.zeros(0, np.int64), float(len(joint))
        if known is None or len(columns) > known.matched:
            known = _Start(len(columns), float(joint[columns].sum()), columns)
    else:
        most = float(known.matched)
    if not known.matched and most >= 1 and start is None:
        raise _nothing_found(limits.nodes)
    held = _with(_with(model, np.ones(len(joint)), known.matched), joint, known.value - TOLERANCE)
    try:
        return _maximise(joint, held, limits, limits.gap)
    except _NothingFoundError:  # the answer that is known stands
        return known.columns, float(np.sort(joint)[::-1][: int(most + TOLERANCE)].sum())


def _with(model: _Model, value: FloatArray, least: float) -> _Model:
    """Add a row: the chosen pairs are worth at least so much."""
    from scipy.sparse import csr_array, vstack

    rows = vstack([model.rows, csr_array(value[None, :])], format="csr")
    return _Model(rows, np.append(model.lower, least), np.append(model.upper, np.inf))


def _maximise(value: FloatArray, model: _Model, limits: _Limits, gap: float) -> tuple[IntArray, float]:
    """Solve one programme; return the chosen columns and the proven bound."""
    from scipy.optimize import Bounds, LinearConstraint, milp

    given: dict[str, Any] = {
        "integrality": np.ones(len(value)),
        "bounds": Bounds(0, 1),
        "constraints": LinearConstraint(model.rows, model.lower, model.upper),
    }
    options = limits.options(gap)
    found = milp(-value, **given, options=options)
    if found.status == 2:  # HiGHS's presolve is known to err here; what it says is believed once it is seen without
        found = milp(-value, **given, options=options | {"presolve": False})
    if found.status == 2:
        raise _infeasible()
    limits.struck |= found.status == 1 and "ime limit" in found.message
    if found.x is None:
        raise _NothingFoundError
    best = -float(found.fun)
    columns = np.flatnonzero(found.x > 0.5)
    return columns, best if found.mip_dual_bound is None else max(best, -float(found.mip_dual_bound))


class _NothingFoundError(Exception):
    """The search stopped before it had an answer."""


def _nothing_found(nodes: int) -> DataError:
    return DataError(
        _(
            "the method 'eps_stable' found no answer within {nodes} nodes of its search; raise nodes, raise "
            "epsilon, or choose one of: leximin, stable",
            nodes=nodes,
        )
    )


def _infeasible() -> InfeasibleError:
    return InfeasibleError(
        _(
            "no assignment meets every demand and leaves no two people who would both gain more than epsilon; raise "
            "epsilon, loosen a quota or a lower bound, or choose the method 'leximin'"
        )
    )
