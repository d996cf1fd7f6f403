"""Who was moved by a new solution, and why: what a coordinator tells the people concerned."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from matchengine.i18n import _, listing
from matchengine.programme.identity_caps import closed_by_caps
from matchengine.programme.problem import Pair, Task
from matchengine.records.plan import Move, PlanDocument

__all__ = ["moves_of", "solution_before"]

_OF_METHODS = ("assigned", "resolved", "published")


def solution_before(document: PlanDocument) -> frozenset[Pair]:
    """Return the pairs with which a plan is compared: those of the last solution, before people edited it."""
    pairs = {(p.requester_id, p.candidate_id) for p in document.pairs}
    if document.decisions and document.decisions[-1].action in _OF_METHODS:
        return frozenset(pairs)
    changed = {move.requester_id for move in document.moves}
    pairs = {pair for pair in pairs if pair[0] not in changed}
    return frozenset(pairs | {(move.requester_id, other) for move in document.moves for other in move.before})


def moves_of(task: Task, before: frozenset[Pair], now: Sequence[Pair]) -> tuple[Move, ...]:
    """Return every requester whose pairs changed, by id, with the reason.

    Whom a rule parts reads "not available", whatever the rule; who left or was forbidden by a coordinator is said.
    """
    earlier, later = _by_requester(sorted(before)), _by_requester(now)
    taken: dict[str, list[str]] = {}
    for requester, candidates in later.items():
        for candidate in candidates - earlier.get(requester, set()):
            taken.setdefault(candidate, []).append(requester)
    closed = {task.ids(at) for at in np.flatnonzero(closed_by_caps(task.problem, task.positions(now))).tolist()}
    moves = []
    for requester in sorted(earlier.keys() | later.keys()):
        had, has = earlier.get(requester, set()), later.get(requester, set())
        if had == has:
            continue
        gone = [(requester, candidate) for candidate in sorted(had - has)]
        reasons = [_why(task, pair, taken.get(pair[1], []), closed=pair in closed) for pair in gone]
        if not had - has:
            reasons = [_("They get {ids} as well.", ids=listing(sorted(has - had)))]
        if not had:
            reasons = [_("They had nobody before.")]
        moves.append(
            Move(
                requester_id=requester,
                before=tuple(sorted(had)),
                now=tuple(sorted(has)),
                why=" ".join(dict.fromkeys(reasons)),
            )
        )
    return tuple(moves)


def _by_requester(pairs: Sequence[Pair]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for requester, candidate in pairs:
        found.setdefault(requester, set()).add(candidate)
    return found


def _why(task: Task, pair: Pair, takers: Sequence[str], *, closed: bool) -> str:
    """Why a pair of the plan before is gone."""
    for external, here in zip(pair, (task.requester_at, task.candidate_at), strict=True):
        if external in task.demands.left_out or external not in here:
            return _("{id} no longer takes part.", id=external)
    if task.demands.forbids(pair):
        return _("A coordinator forbade the pair with {id}.", id=pair[1])
    if task.position(pair) is None:
        return _("{id} is not available any more.", id=pair[1])
    locked = sorted(taker for taker in takers if (taker, pair[1]) in task.demands.must)
    if locked:
        return _("A coordinator gave the place with {id} to {others}.", id=pair[1], others=listing(locked))
    if takers:
        told = _(
            "The place with {id} went to {others}, so that more people keep or have somebody.",
            id=pair[1],
            others=listing(sorted(takers)),
        )
        return told
    if closed:
        return _("{id} is not available any more.", id=pair[1])
    return _("The new solution found something better than {id}.", id=pair[1])
