"""Small problems written by hand, and the answers that follow from the definitions alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from matchengine.assignment import AssignmentProblem
from matchengine.testing.assigners import assignment_problem

__all__ = ["distinct", "feasible", "ranks_of", "stable_ones", "table"]


def table(mine: list[list[float]], theirs: list[list[float]] | None = None, places: list[int] | None = None):
    """Make a problem where row i, column j says what candidate j is worth to requester i; NaN for no pair.

    `theirs` has the same shape. Lottery numbers ascend with positions.
    """
    values = np.array(mine, np.float64)
    others = values if theirs is None else np.array(theirs, np.float64)
    requester, candidate = np.nonzero(~np.isnan(values))
    requesters, candidates = values.shape
    base = assignment_problem(0, requesters, candidates, density=0)
    return replace(
        base,
        requester=requester.astype(np.int32),
        candidate=candidate.astype(np.int32),
        joint=np.sqrt(values[requester, candidate] * others[requester, candidate]),
        requester_value=values[requester, candidate],
        candidate_value=others[requester, candidate],
        candidate_most=np.array(places or [1] * candidates),
        must=np.zeros(len(requester), bool),
        requester_lottery=np.arange(requesters, dtype=np.uint64),
        candidate_lottery=np.arange(candidates, dtype=np.uint64),
        arrival=np.arange(requesters)[::-1].copy(),
    )


def distinct(problem: AssignmentProblem, seed: int = 0) -> AssignmentProblem:
    """Give all pairs values far enough apart that nobody is indifferent, in thousandths."""
    rng = np.random.default_rng([seed, len(problem)])
    mine, theirs = (rng.permutation(900)[: len(problem)] / 1000 + 0.05 for _ in range(2))
    return replace(problem, requester_value=mine, candidate_value=theirs)


def ranks_of(problem: AssignmentProblem) -> tuple[np.ndarray, np.ndarray]:
    """Strict ranks by value rounded to thousandths, then lottery, by plain sorting (tie width 0)."""
    found = []
    for side, other in (("requester", "candidate"), ("candidate", "requester")):
        person, value = getattr(problem, side).tolist(), getattr(problem, f"{side}_value").tolist()
        lot = getattr(problem, f"{other}_lottery")[getattr(problem, other)].tolist()
        rank = np.zeros(len(problem), int)
        for one in set(person):
            own = [p for p in range(len(problem)) if person[p] == one]
            own.sort(key=lambda p: (-round(value[p] * 1000), lot[p]))
            rank[own] = range(1, len(own) + 1)
        found.append(rank)
    return found[0], found[1]


def feasible(problem: AssignmentProblem) -> Iterator[list[int]]:
    """Every choice of pairs that keeps all places, one candidate for each requester at most."""
    of = [[p for p in range(len(problem)) if problem.requester[p] == i] for i in range(problem.requesters)]

    def further(i: int, chosen: list[int], room: list[int]) -> Iterator[list[int]]:
        if i == problem.requesters:
            yield list(chosen)
            return
        yield from further(i + 1, chosen, room)
        for pair in of[i] if problem.requester_most[i] else ():
            j = int(problem.candidate[pair])
            if room[j]:
                room[j] -= 1
                yield from further(i + 1, [*chosen, pair], room)
                room[j] += 1

    yield from further(0, [], problem.candidate_most.tolist())


def blocks(problem, chosen, mine, theirs, slack=0.0) -> int:
    """How many pairs block, pair by pair: a rank or value larger is better."""
    count = 0
    for p in range(len(problem)):
        i, j = problem.requester[p], problem.candidate[p]
        own = [q for q in chosen if problem.requester[q] == i]
        at = [q for q in chosen if problem.candidate[q] == j]
        if p in chosen or not problem.requester_most[i] or not problem.candidate_most[j]:
            continue
        gains = not own or mine[p] > mine[own[0]] + slack + 1e-6
        wanted = len(at) < problem.candidate_most[j] or any(theirs[p] > theirs[q] + slack + 1e-6 for q in at)
        count += gains and wanted
    return count


def stable_ones(problem: AssignmentProblem) -> list[list[int]]:
    """Every assignment without a blocking pair under strict ranks, by trying all."""
    mine, theirs = ranks_of(problem)
    return [chosen for chosen in feasible(problem) if not blocks(problem, chosen, -mine, -theirs)]
