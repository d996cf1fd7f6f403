"""Where no assignment meets everything: which demands contradict each other, and what to give up (domain.md E)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from matchengine.assignment import AssignmentProblem, Demand, InfeasibleError
from matchengine.batch import IntArray
from matchengine.i18n import ngettext
from matchengine.planning.assign.program import Rows, feasible, rows_of
from matchengine.planning.assign.ties import pair_lottery

__all__ = ["RELAXED_IN_ORDER", "conflicts", "infeasible", "relaxations"]

RELAXED_IN_ORDER = ("quotas", "candidate_least", "requester_least", "must")
"""Classes of demands, in the order in which they are given up."""
_TOLERANCE = 1e-7


def conflicts(problem: AssignmentProblem) -> tuple[Demand, ...]:
    """Return demands that cannot be met at once while any of them less can: an irreducible list, empty where all can.

    Contradictions that counting shows come first: more must pairs of a person than places, two must pairs of which
    one excludes the other, a lower bound above the upper one or above the pairs there are. Otherwise HiGHS narrows the
    demands to some that its proof needs, and these are halved until nothing can go (QuickXplain, Junker 2004). Where
    there are several such lists, one of them is returned.
    """
    counted = _counted(problem)
    if counted:
        return counted
    rows = rows_of(problem)
    if feasible(rows, range(len(rows.demands))):
        return ()
    kept = _needed_by_proof(rows)
    kept = kept if not feasible(rows, kept) else np.arange(len(rows.demands))
    order = sorted(kept.tolist(), key=lambda n: _rank(problem, rows.demands[n]))
    found = set(_explained(rows, [], order, False))
    return tuple(rows.demands[n] for n in order if n in found)


def relaxations(problem: AssignmentProblem) -> tuple[str, ...]:
    """Return which classes of demands have to be given up, in the declared order `RELAXED_IN_ORDER`; empty for none.

    Classes are dropped one after another until the rest can be met; then those that need not have been dropped come
    back, the first ones first. Upper bounds, exclusions and personal quotas are never given up.
    """
    dropped: list[str] = []
    for name in (None, *RELAXED_IN_ORDER):
        dropped += [name] if name else []
        if _meets(_without(problem, dropped)):
            break
    for name in tuple(dropped):
        fewer = [other for other in dropped if other != name]
        if _meets(_without(problem, fewer)):
            dropped = fewer
    return tuple(dropped)


def infeasible(problem: AssignmentProblem) -> InfeasibleError:
    """Return the error that says how many demands of a problem contradict each other and carries them."""
    found = conflicts(problem)
    message = ngettext(
        "no assignment meets every demand: {n} demand cannot be met",
        "no assignment meets every demand: {n} demands contradict each other; release one of them",
        len(found),
    )
    return InfeasibleError(message, [f"{demand.kind} {demand.position}" for demand in found], found)


def _meets(problem: AssignmentProblem) -> bool:
    rows = rows_of(problem)
    return feasible(rows, range(len(rows.demands)))


def _without(problem: AssignmentProblem, dropped: Sequence[str]) -> AssignmentProblem:
    return replace(
        problem,
        quotas=tuple(q for q in problem.quotas if q.personal) if "quotas" in dropped else problem.quotas,
        candidate_least=problem.candidate_least * ("candidate_least" not in dropped),
        requester_least=problem.requester_least * ("requester_least" not in dropped),
        must=problem.must & ("must" not in dropped),
    )


def _counted(problem: AssignmentProblem) -> tuple[Demand, ...]:
    """Return a contradiction that counting shows, if there is one."""
    must = np.flatnonzero(problem.must)
    must = must[np.argsort(pair_lottery(problem)[must])]
    for side, most, least, lottery in (
        (problem.requester, problem.requester_most, problem.requester_least, problem.requester_lottery),
        (problem.candidate, problem.candidate_most, problem.candidate_least, problem.candidate_lottery),
    ):
        name = "requester" if side is problem.requester else "candidate"
        listed = np.bincount(side, minlength=len(most))
        for person in np.flatnonzero(np.bincount(side[must], minlength=len(most)) > most)[:1]:
            pairs = must[side[must] == person][: int(most[person]) + 1]
            return (Demand(f"{name}_most", int(person)), *(Demand("must", int(n)) for n in pairs))  # type: ignore[arg-type]
        short = np.flatnonzero(least > listed)
        for person in short[np.argsort(lottery[short])][:1]:
            return (Demand(f"{name}_least", int(person)),)  # type: ignore[arg-type]
        short = np.flatnonzero(least > most)
        for person in short[np.argsort(lottery[short])][:1]:
            return (Demand(f"{name}_most", int(person)), Demand(f"{name}_least", int(person)))  # type: ignore[arg-type]
    for n in np.flatnonzero(problem.must[problem.exclusive].all(axis=1))[:1]:
        return (Demand("exclusive", int(n)), *(Demand("must", int(pair)) for pair in problem.exclusive[n]))
    return ()


def _rank(problem: AssignmentProblem, demand: Demand) -> tuple[int, int]:
    """Order demands by kind, then by lottery: never by position alone."""
    if demand.kind.startswith("requester"):
        return 0, int(problem.requester_lottery[demand.position])
    if demand.kind.startswith("candidate"):
        return 1, int(problem.candidate_lottery[demand.position])
    if demand.kind == "must":
        return 3, int(problem.candidate_lottery[problem.candidate[demand.position]])
    return 2, demand.position


def _needed_by_proof(rows: Rows) -> IntArray:
    """Return rows whose multipliers prove that a linear programme has no answer; all rows where it has one.

    Every row may be broken at a price of 1 a unit; the rows with a price of their own in the cheapest answer are a
    contradiction by themselves (Farkas).
    """
    from scipy.optimize import linprog
    from scipy.sparse import eye_array, hstack

    count, pairs = rows.matrix.shape
    matrix = hstack([rows.matrix, -eye_array(count)], format="csr")
    upper = np.concatenate([np.ones(pairs), np.full(count, np.inf)])
    cost = np.concatenate([np.zeros(pairs), np.ones(count)])
    solved = linprog(
        cost, A_ub=matrix, b_ub=rows.limit, bounds=np.stack([np.zeros(len(upper)), upper], axis=1), method="highs-ds"
    )
    if solved.status != 0 or solved.fun <= _TOLERANCE:
        return np.arange(count)
    found: IntArray = np.flatnonzero(solved.ineqlin.marginals < -_TOLERANCE)
    return found


def _explained(rows: Rows, background: list[int], rest: list[int], changed: bool) -> list[int]:
    """Return the fewest of `rest` that contradict the background, by halves."""
    if changed and not feasible(rows, background):
        return []
    if len(rest) == 1:
        return rest
    half = len(rest) // 2
    second = _explained(rows, background + rest[:half], rest[half:], True)
    first = _explained(rows, background + second, rest[:half], bool(second))
    return first + second
