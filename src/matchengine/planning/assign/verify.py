"""Check a result against its problem by counting alone; no solver is believed (domain.md E, invariants)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from matchengine.assignment import Assignment, AssignmentProblem, DemandKind
from matchengine.batch import IntArray

__all__ = ["Violation", "verify"]


@dataclass(frozen=True)
class Violation:
    """A demand that a result does not meet: how many pairs were `expected` and how many `found`.

    `not_listed` is a position of no pair, `twice` a pair that was chosen twice; for the others see `Demand`.
    """

    kind: DemandKind | Literal["not_listed", "twice"]
    position: int
    expected: int
    found: int


def verify(problem: AssignmentProblem, assignment: Assignment) -> tuple[Violation, ...]:
    """Return every demand of a problem that a result does not meet; none for a right one."""
    chosen = np.asarray(assignment.chosen)
    listed = chosen[(chosen >= 0) & (chosen < len(problem))].astype(np.int64)
    wrong = [Violation("not_listed", int(n), 0, 1) for n in np.setdiff1d(chosen, listed)]
    count = np.bincount(listed, minlength=len(problem))
    wrong += [Violation("twice", int(n), 1, int(count[n])) for n in np.flatnonzero(count > 1)]
    asking, asked = problem.loads(listed)
    wrong += _outside("requester", asking, problem.requester_least, problem.requester_most)
    wrong += _outside("candidate", asked, problem.candidate_least, problem.candidate_most)
    wrong += [Violation("must", int(n), 1, 0) for n in np.flatnonzero(problem.must & (count == 0))]
    both = count[problem.exclusive].sum(axis=1)
    wrong += [Violation("exclusive", int(n), 1, int(both[n])) for n in np.flatnonzero(both > 1)]
    for n, quota in enumerate(problem.quotas):
        held = int(count[quota.pairs].sum())
        if held < quota.least:
            wrong.append(Violation("quota_least", n, quota.least, held))
        if quota.most is not None and held > quota.most:
            wrong.append(Violation("quota_most", n, quota.most, held))
    return tuple(wrong)


def _outside(
    side: Literal["requester", "candidate"], held: IntArray, least: IntArray, most: IntArray
) -> list[Violation]:
    few: DemandKind = "requester_least" if side == "requester" else "candidate_least"
    many: DemandKind = "requester_most" if side == "requester" else "candidate_most"
    below = [Violation(few, int(n), int(least[n]), int(held[n])) for n in np.flatnonzero(held < least)]
    return below + [Violation(many, int(n), int(most[n]), int(held[n])) for n in np.flatnonzero(held > most)]
