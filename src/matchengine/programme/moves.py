"""Who was moved by a new solution, and why: what a coordinator tells the people concerned."""

from __future__ import annotations

from collections.abc import Sequence

from matchengine.i18n import _, listing
from matchengine.programme.problem import Pair, Task
from matchengine.records.plan import Move, PlanDocument
from matchengine.scene import Scene

__all__ = ["moves_of"]


def moves_of(scene: Scene, task: Task, before: PlanDocument, now: Sequence[Pair]) -> tuple[Move, ...]:
    """Return every requester of the plan before whose pairs changed, by id, with the reason.

    Whom a rule parts reads "not available", whatever the rule; who left or was forbidden by a coordinator is said.
    """
    earlier, later = _by_requester([(p.requester_id, p.candidate_id) for p in before.pairs]), _by_requester(now)
    taken: dict[str, list[str]] = {}
    for requester, candidates in later.items():
        for candidate in candidates - earlier.get(requester, set()):
            taken.setdefault(candidate, []).append(requester)
    moves = []
    for requester in sorted(earlier):
        lost = sorted(earlier[requester] - later.get(requester, set()))
        gained = sorted(later.get(requester, set()) - earlier[requester])
        if not lost and not gained:
            continue
        reasons = [_why(scene, task, (requester, candidate), taken.get(candidate, [])) for candidate in lost]
        if not lost:
            reasons = [_("They get {ids} beside whom they had.", ids=listing(gained))]
        moves.append(
            Move(
                requester_id=requester,
                before=tuple(sorted(earlier[requester])),
                now=tuple(sorted(later.get(requester, set()))),
                why=" ".join(dict.fromkeys(reasons)),
            )
        )
    return tuple(moves)


def _by_requester(pairs: Sequence[Pair]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for requester, candidate in pairs:
        found.setdefault(requester, set()).add(candidate)
    return found


def _why(scene: Scene, task: Task, pair: Pair, takers: Sequence[str]) -> str:
    """Why a pair of the plan before is gone."""
    for external, here in zip(pair, (task.requester_at, task.candidate_at), strict=True):
        if external in task.demands.left_out or external not in here:
            return _("{id} no longer takes part.", id=external)
    if task.demands.forbids(pair, mutual=task.mutual):
        return _("A coordinator forbade the pair with {id}.", id=pair[1])
    if task.position(pair) is None:
        return _("{id} is not available any more.", id=pair[1])
    locked = sorted(taker for taker in takers if (taker, pair[1]) in task.demands.must)
    if locked:
        return _("A coordinator gave the place with {id} to {others}.", id=pair[1], others=listing(locked))
    if takers:
        told = _("The place with {id} went to {others}, so that more people keep or have somebody.", id=pair[1], others=listing(sorted(takers)))
        return told
    return _("The new solution found something better than {id}.", id=pair[1])
