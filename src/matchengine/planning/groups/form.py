"""Divide people into groups: check the demands, search, and tell what was found (domain.md F1 to F4)."""

from __future__ import annotations

import time
from collections.abc import Sequence

import numpy as np

from matchengine.batch import IntArray
from matchengine.planning.groups.conflicts import check
from matchengine.planning.groups.feasible import canonical, part, prepared
from matchengine.planning.groups.outcome import described
from matchengine.planning.groups.problem import Forming, GroupAims, GroupsProblem
from matchengine.planning.groups.quality import Judge
from matchengine.planning.groups.solve import Effort, solve

__all__ = ["AT_ONCE", "form_groups"]

AT_ONCE = 200
"""More people than this are divided into neighbourhoods first."""


def form_groups(
    problem: GroupsProblem,
    aims: GroupAims,
    *,
    seed: int,
    restarts: int = 20,
    steps: int | None = None,
    seconds: float | None = None,
    start: Sequence[Sequence[IntArray]] = (),
) -> Forming:
    """Form the best groups found.

    As many people as possible are placed. Every group has a slot, a language and a facilitator (where these play a
    part) common to ALL members and a size between smallest and largest; nobody is with whom they must not be, and
    whoever wishes to be together is. Then the declared order of relaxations decides, and last Σ Q + ν min Q.

    Parameters
    ----------
    problem : GroupsProblem
    aims : GroupAims
    seed : int
        Of the search. The same problem and seed find the same groups; the order of the people does not matter, because
        all draws follow their lottery numbers.
    restarts : int
        Searches of which the best counts; at most 1,200 / N, but two. Beyond 200 people, neighbourhoods are searched
        one after another, each restarts / 10 times.
    steps : int or None
        Exchanges drawn in each search; None for 40 for each group.
    seconds : float or None
        A clock that stops the search: then the result may differ from run to run, and `finished` is False.
    start : sequence of sequences of int64 arrays
        Partitions to begin from as well, each as the members of its groups. One that is feasible is never made worse;
        where one breaks a rule, those who break it begin in no group.

    Raises
    ------
    GroupsConflictError
        When demands contradict each other; it names the rule and the positions.
    DataError
        When arrays do not fit each other.
    """
    check(problem, aims)
    order = canonical(problem)
    place = np.empty(problem.people, np.int64)
    place[order] = np.arange(problem.people)
    given = [[place[np.asarray(group, np.int64)] for group in one] for one in start]
    deadline = None if seconds is None else time.monotonic() + seconds
    own = prepared(part(problem, order))
    effort = Effort(restarts, steps, deadline)
    if problem.people > AT_ONCE:
        from matchengine.planning.groups.large import solve_large  # rarely needed

        groups, stopped = solve_large(own, aims, effort, seed, given)
        return described(own, aims, groups, order, not stopped)
    solved = solve(Judge.of(own, aims), effort, seed, given)
    return described(own, aims, solved.groups, order, not solved.stopped)
