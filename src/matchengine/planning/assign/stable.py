"""Stable assignment by deferred acceptance (Gale & Shapley 1962; Roth 1984; domain.md E)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from heapq import heappush, heapreplace
from typing import Annotated

import numpy as np
from pydantic import Field

from matchengine.assignment import Assignment, AssignmentProblem
from matchengine.batch import BoolArray, IntArray
from matchengine.components import assigner
from matchengine.planning.assign.demands import (
    caps_of_candidates,
    fixed_pairs,
    refuse_exclusions,
    refuse_lower_bounds,
    refuse_several,
)
from matchengine.planning.assign.preferences import TIE_WIDTH, preferences_of

__all__ = ["Cap", "candidates_propose", "deferred_acceptance", "stable"]

Cap = tuple[IntArray, int]
"""Pairs of one who is asked, and how many of them they keep at most."""


@assigner(
    "stable",
    title="Nobody would rather swap",
    guarantee="No two people who may be paired both prefer each other to what they got, and every requester gets the "
    "best candidate that they can get in any such draft. Stating one's true order is best for requesters.",
)
def stable(problem: AssignmentProblem, *, tie_width: Annotated[float, Field(ge=0, le=0.05)] = TIE_WIDTH) -> Assignment:
    """Let requesters propose in the order of their preferences and candidates keep the best that ask.

    Pairs that have to be chosen take their places first; the rest is stable among the places that are left, so nobody
    leaves such a pair for another one. A candidate who limits how many of some pairs they keep (a personal quota) keeps
    the best within that limit; nobody blocks a pair that it leaves out.

    Parameters
    ----------
    problem : AssignmentProblem
        Each requester has one place at most; no lower bounds, exclusions or quotas but personal ones of candidates.
    tie_width : float
        See `preferences_of`.

    Raises
    ------
    DataError
        Where the problem asks for more than this rule knows; it names the methods that do.
    InfeasibleError
        Where pairs that have to be chosen need more places than there are.
    """
    return _solve(problem, tie_width, requesters_ask=True)


def candidates_propose(problem: AssignmentProblem, tie_width: float = TIE_WIDTH) -> Assignment:
    """Do the same with candidates proposing: the stable assignment that candidates like best.

    It serves to compare: both match the same requesters and fill as many places of each candidate (rural hospitals
    theorem, Roth 1986).

    Raises
    ------
    DataError
        As `stable`, and for personal quotas too.
    """
    if problem.quotas:
        refuse_exclusions(replace(problem, quotas=tuple(replace(q, personal=False) for q in problem.quotas)), "stable")
    return _solve(problem, tie_width, requesters_ask=False)


def _solve(problem: AssignmentProblem, tie_width: float, *, requesters_ask: bool) -> Assignment:
    refuse_several(problem, "stable")
    refuse_lower_bounds(problem, "stable")
    refuse_exclusions(problem, "stable")
    fixed, asking_room, asked_room = fixed_pairs(problem)
    known = preferences_of(problem, tie_width)
    asking = (known.requester_order, known.requester_starts, asking_room)
    asked = (known.candidate_order, problem.candidate, asked_room)
    if not requesters_ask:
        asking = (known.candidate_order, known.candidate_starts, asked_room)
        asked = (known.requester_order, problem.requester, asking_room)
    caps = [(q.pairs, int((q.most or 0) - problem.must[q.pairs].sum())) for q in caps_of_candidates(problem)]
    found = deferred_acceptance(*asking, *asked, skip=problem.must if len(fixed) else None, caps=caps)
    return Assignment(np.sort(np.concatenate([fixed, found])))


def deferred_acceptance(
    asking_order: IntArray,
    asking_starts: IntArray,
    asking_room: IntArray,
    asked_order: IntArray,
    asked: IntArray,
    asked_room: IntArray,
    *,
    skip: BoolArray | None = None,
    caps: Sequence[Cap] = (),
) -> IntArray:
    """Run deferred acceptance between a side that asks and a side that is asked; who asks first does not matter.

    Parameters
    ----------
    asking_order, asking_starts : int64 array (A,) and (N + 1,)
        Pairs of each of the N who ask, best first, and where they begin.
    asking_room : int64 array (N,)
        Places of those who ask.
    asked_order : int64 array (A,)
        All pairs, so ordered that of two pairs of one who is asked the better one comes first.
    asked : int array (A,)
        Who is asked in each pair, by position of the pair.
    asked_room : int64 array (M,)
        Places of those who are asked.
    skip : bool array (A,) or None
        Pairs nobody asks for.
    caps : sequence of Cap
        One at most of each who is asked.

    Returns
    -------
    int64 array (K,)
        Positions of the pairs that are kept, in no particular order.
    """
    merit = np.empty(len(asked_order), np.int64)
    merit[asked_order] = -np.arange(len(asked_order))  # larger is better, all different
    usable = asked_room[asked] > 0
    if skip is not None:
        usable &= ~skip
    wanted = usable[asking_order]
    who = np.repeat(np.arange(len(asking_starts) - 1), np.diff(asking_starts))[wanted]
    pairs = asking_order[wanted]
    ends = np.cumsum(np.bincount(who, minlength=len(asking_starts) - 1)).tolist()
    of_merit = np.empty(len(asked_order), np.int64)
    of_merit[-merit[pairs]] = who
    merits, targets = merit[pairs].tolist(), asked[pairs].tolist()
    limits = {int(asked[cap[0]]): (frozenset(merit[cap].tolist()), most) for cap, most in caps if len(cap)}
    held = _propose(merits, targets, ends, asking_room.tolist(), asked_room.tolist(), of_merit.tolist(), limits)
    kept = np.array([m for heap in held for m in heap], np.int64)
    found: IntArray = asked_order[-kept]
    return found


def _propose(
    merits: list[int],
    targets: list[int],
    ends: list[int],
    room: list[int],
    seats: list[int],
    of_merit: list[int],
    limits: Mapping[int, tuple[frozenset[int], int]],
) -> list[list[int]]:
    """Ask in turn until nobody who has a place left has anybody left to ask; return whom each keeps, as merits."""
    held: list[list[int]] = [[] for _ in seats]
    at = [0, *ends[:-1]]
    waiting = [person for person, places in enumerate(room) for _ in range(places)]
    while waiting:
        person = waiting.pop()
        place, end = at[person], ends[person]
        while place < end:
            merit, target = merits[place], targets[place]
            place += 1
            heap = held[target]
            if target in limits:
                away = _turned_away(heap, merit, seats[target], *limits[target])
                if away == merit:
                    continue
                if away is not None:
                    waiting.append(of_merit[-away])
                break
            if len(heap) < seats[target]:
                heappush(heap, merit)
                break
            if merit > heap[0]:
                waiting.append(of_merit[-heapreplace(heap, merit)])
                break
        at[person] = place
    return held


def _turned_away(held: list[int], merit: int, seats: int, counted: frozenset[int], most: int) -> int | None:
    """Keep the best of those held and one more, of which `most` may be among those counted; return who has to go."""
    held.append(merit)
    limited = [each for each in held if each in counted]
    if len(limited) > most:
        away = min(limited)
    elif len(held) > seats:
        away = min(held)
    else:
        return None
    held.remove(away)
    return away
