"""Write what was chosen down as a document: pairs, who is left, what changed, who decided what."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from matchengine.assignment import Assignment
from matchengine.i18n import _, language
from matchengine.programme.manifest import make_manifest
from matchengine.programme.moves import moves_of, solution_before
from matchengine.programme.problem import Demands, Pair, Task
from matchengine.programme.solve import Order
from matchengine.programme.told import alternates_of, highest_total, planned_pairs, summary_of
from matchengine.programme.unmatched import unmatched
from matchengine.records import Fingerprint
from matchengine.records.manifest import RunManifest, Solver
from matchengine.records.plan import Decision, Move, PlanDocument, PlannedPair
from matchengine.registry import Registry
from matchengine.scene import Scene

__all__ = ["Ground", "demands_of", "write_down"]

_OF_METHODS = ("assigned", "resolved")


@dataclass(frozen=True)
class Ground:
    """Where a plan stands: the data as they are whenever it asks, what decides, what results are made from,
    and who is told when a plan is published: its kind, pairs, by whom, why."""

    scene: Callable[[], Scene]
    registry: Registry
    fingerprint: Callable[[], Fingerprint]
    published: Callable[[str, Sequence[Pair], str, str], None] = lambda *_told: None


def demands_of(
    decisions: Sequence[Decision], vetoed: frozenset[Pair] = frozenset(), *, mutual: bool = False
) -> Demands:
    """Read from the record of decisions what people demand now; whoever drops out takes their pairs along.

    `mutual` tells that pairs have no direction: then each stands once, whichever way round it was written.
    """
    must: set[Pair] = set()
    must_not: set[Pair] = set()
    out: set[str] = set()
    for each in decisions:
        if each.person_id is not None and each.action == "left_out":
            out.add(each.person_id)
        if each.requester_id is None or each.candidate_id is None:
            continue
        one, other = each.requester_id, each.candidate_id
        pair = (min(one, other), max(one, other)) if mutual else (one, other)
        if each.action in ("locked", "added"):
            must.add(pair)
        elif each.action == "forbidden":
            must_not.add(pair)
        elif each.action == "released":
            must.discard(pair)
            must_not -= {pair, pair[::-1]}
    staying = {pair for pair in must if not {*pair} & out}
    return Demands(frozenset(staying), frozenset(must_not), frozenset(out), vetoed)


def write_down(
    ground: Ground,
    scene: Scene,
    task: Task,
    assignment: Assignment,
    order: Order,
    decisions: tuple[Decision, ...],
    before: PlanDocument | None = None,
    *,
    solved: bool = True,
) -> PlanDocument:
    """Return the document of a plan.

    Parameters
    ----------
    before : PlanDocument or None
        The plan that this one follows.
    solved : bool
        Whether a method decided just now; False where a person changed single pairs.
    """
    fingerprint, spec = ground.fingerprint(), ground.registry.assigner(order.method)
    chosen = assignment.chosen
    known = _known(before, fingerprint)
    told = planned_pairs(scene, task, chosen, known)
    most = highest_total(ground.registry, task) if solved and order.ranked is None else None
    summary = summary_of(task, chosen, most, ranked=order.ranked is not None)
    moves: tuple[Move, ...] = ()
    compared = frozenset() if before is None else solution_before(before)
    if before is not None:
        now = [task.ids(at) for at in chosen.tolist()]
        moves = moves_of(task, compared, now)
        moved = sum(bool(move.before) for move in moves)
        summary = summary.model_copy(update={"kept": len(compared.intersection(now)), "moved": moved})
    config = scene.kind.config
    return PlanDocument(
        kind=scene.kind.name,
        requester=config.requester,
        candidate=config.candidate,
        method=order.method,
        title=_(spec.title),
        guarantee=_(spec.guarantee),
        settings=dict(order.settings),
        each_most=config.assign.each_most,
        summary=summary,
        pairs=_standing(told, task.demands, decisions, before, compared),
        unmatched=unmatched(scene, task, chosen),
        already=_already(task),
        places_left=_places_left(task, assignment),
        alternates=alternates_of(scene, task, chosen),
        moves=moves,
        decisions=decisions,
        notes=task.notes,
        seed=order.seed,
        two_stage=order.ranked is not None,
        ranked=0 if order.ranked is None else order.ranked.people,
        gap=round(assignment.gap, 6) if solved else (before.gap if before else 0.0),
        reproducible=assignment.finished and (before is None or before.reproducible),
        language=language(),
        fingerprint=fingerprint,
        manifest=_manifest(scene, fingerprint, task, assignment, order) if solved else before and before.manifest,
    )


def _manifest(scene: Scene, fingerprint: Fingerprint, task: Task, assignment: Assignment, order: Order) -> RunManifest:
    """What the solution was made from; its value holds what people wish to share, so only the gap is told."""
    solver = Solver(method=order.method, gap=round(assignment.gap, 6), proven=assignment.gap == 0)
    demands = task.demands
    asked = {
        "settings": dict(order.settings),
        "seed": order.seed,
        "each_most": scene.kind.config.assign.each_most,
        "must": sorted(demands.must),
        "must_not": sorted(demands.must_not),
        "left_out": sorted(demands.left_out),
        "ranked": 0 if order.ranked is None else order.ranked.people,  # no hash of what they said: vetoes are silent
    }
    return make_manifest(scene, fingerprint, solver, asked=asked, finished=assignment.finished)


def _known(before: PlanDocument | None, fingerprint: Fingerprint) -> Mapping[Pair, PlannedPair]:
    """Pairs whose words and numbers still hold."""
    if before is None or before.fingerprint != fingerprint or before.language != language():
        return {}
    return {(pair.requester_id, pair.candidate_id): pair for pair in before.pairs}


def _standing(
    pairs: Sequence[PlannedPair],
    demands: Demands,
    decisions: Sequence[Decision],
    before: PlanDocument | None,
    compared: frozenset[Pair],
) -> tuple[PlannedPair, ...]:
    """Say of each pair who decided it, and how it stands against the last solution."""
    earlier = {(p.requester_id, p.candidate_id): p for p in before.pairs} if before else {}
    served = {requester for requester, _candidate in compared}
    by_people = {(d.requester_id, d.candidate_id): d.number for d in decisions if d.requester_id is not None}
    of_method = max((d.number for d in decisions if d.action in _OF_METHODS), default=1)
    found = []
    for pair in pairs:
        ids = pair.requester_id, pair.candidate_id
        old = earlier.get(ids)
        locked = ids in demands.must or ids[::-1] in demands.must
        number = old.decision if old is not None and old.decided_by == "method" else of_method
        if locked:
            number = max(by_people.get(ids, 1), by_people.get(ids[::-1], 1))
        standing = "kept" if ids in compared else "moved" if pair.requester_id in served else "new"
        changed: dict[str, Any] = {"locked": locked, "decided_by": "coordinator" if locked else "method"}
        found.append(pair.model_copy(update=changed | {"decision": number, "standing": standing}))
    return tuple(found)


def _already(task: Task) -> tuple[str, ...]:
    """Requesters whose places running matches take."""
    full = np.flatnonzero(task.places.requester == 0).tolist()
    return tuple(task.requester_ids[n] for n in full if task.requester_ids[n] not in task.demands.left_out)


def _places_left(task: Task, assignment: Assignment) -> dict[str, int]:
    asking, giving = task.problem.loads(assignment.chosen)
    load = asking + giving if task.mutual else giving
    left = np.maximum(task.places.candidate - load, 0).tolist()
    of = zip(task.candidate_ids, left, strict=True)
    return {external: n for external, n in of if external not in task.demands.left_out}
