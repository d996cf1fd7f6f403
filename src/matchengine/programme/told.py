"""Write a plan down: its pairs with reasons, what else would be possible, and what it comes to in numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from matchengine.assignment import InfeasibleError
from matchengine.batch import IntArray, PairBatch
from matchengine.errors import PluginError
from matchengine.i18n import N_, _, ngettext
from matchengine.matching.combine import drops
from matchengine.matching.constrain import to_confirm
from matchengine.matching.explain import explain
from matchengine.matching.present import fit_of, present
from matchengine.matching.score import own_quotes
from matchengine.matching.voice import Voice
from matchengine.planning.assign.blocking import blocking_pairs
from matchengine.programme.identity_caps import closed_by_caps
from matchengine.programme.problem import Pair, Task
from matchengine.records import Suggestion
from matchengine.records.plan import Alternate, PlannedPair, PlanSummary
from matchengine.registry import Registry
from matchengine.scene import Scene

__all__ = ["alternates_of", "highest_total", "planned_pairs", "summary_of"]

_NEXT_BEST = 2
_AT_ONCE = 2_048


def planned_pairs(scene: Scene, task: Task, chosen: IntArray, known: Mapping[Pair, PlannedPair]) -> list[PlannedPair]:
    """Return the chosen pairs as a coordinator reads them; those of `known` are taken over as they are."""
    ids = [task.ids(at) for at in chosen.tolist()]
    new = np.array([at for at, pair in zip(chosen.tolist(), ids, strict=True) if pair not in known], np.int64)
    told: dict[Pair, PlannedPair] = dict(known)
    for start in range(0, len(new), _AT_ONCE):
        part = new[start : start + _AT_ONCE]
        rows = (task.pairs.requesters[task.pairs.requester[part]], task.pairs.candidates[task.pairs.candidate[part]])
        for each in _suggested(scene, PairBatch(*rows)):
            told[each.requester_id, each.candidate_id] = _planned(each)
    return [told[pair] for pair in ids]


def _suggested(scene: Scene, batch: PairBatch) -> list[Suggestion]:
    raw, table = scene.table(batch)
    own_quotes(scene.kind, scene.inputs(batch), raw.scored)
    voice = Voice(scene.pool, "coordinator", frozenset(scene.config.programme.coordinator_reads))
    told = explain(voice, scene.kind, raw.scored, table, drops(scene.kind, table), batch)
    confirm = to_confirm(scene.kind.constraints, scene.inputs(batch), "coordinator")
    return present(scene.pool, scene.kind, batch, table, told, confirm)


def _planned(each: Suggestion) -> PlannedPair:
    return PlannedPair(
        requester_id=each.requester_id,
        candidate_id=each.candidate_id,
        score=each.score,
        fit=each.fit,
        confidence=each.confidence,
        reasons=each.reasons,
        to_confirm=each.to_confirm,
        limits=each.limits,
    )


def alternates_of(scene: Scene, task: Task, chosen: IntArray) -> tuple[Alternate, ...]:
    """Return for each requester the best two pairs that were possible and not chosen, by points without lifts."""
    pairs, problem = task.pairs, task.problem
    left = ~closed_by_caps(problem, chosen)
    left[chosen] = False
    asking, giving = problem.loads(chosen)
    load = asking + giving if task.mutual else giving
    at = np.flatnonzero(left)
    who, other = pairs.requester[at], pairs.candidate[at]
    if task.mutual:
        at, who, other = np.tile(at, 2), np.concatenate([who, other]), np.concatenate([other, who])
    order = np.lexsort((problem.candidate_lottery[other], -pairs.points[at], ~pairs.informed[at], who))
    starts = np.searchsorted(who[order], who[order])
    best = order[np.arange(len(order)) - starts < _NEXT_BEST]
    points, places = pairs.points, task.places.candidate
    return tuple(
        Alternate(
            requester_id=task.requester_ids[int(who[n])],
            candidate_id=task.candidate_ids[int(other[n])],
            score=float(points[at[n]]),
            fit=fit_of(float(points[at[n]]), bool(pairs.informed[at[n]]), scene.kind.config),
            free=bool(load[other[n]] < places[other[n]]),
        )
        for n in best.tolist()
    )


def highest_total(registry: Registry, task: Task) -> float | None:
    """Return the most points that any plan under the same demands has in all; None where no method computes it.

    Points leave out what lifts add, so this number tells nothing of them. Pairs of which too little is known count a
    hundredth, as in every decision.
    """
    if not len(task.problem):
        return None
    try:
        spec = registry.assigner("max_weight")
        settings = registry.settings(spec, {}).model_dump()
        found = spec.build(replace(task.problem, joint=task.pairs.plain), **settings)
    except (PluginError, InfeasibleError):
        return None
    return float(100 * task.pairs.plain[found.chosen].sum())


def summary_of(task: Task, chosen: IntArray, most_total: float | None, *, ranked: bool) -> PlanSummary:
    """Return a plan in numbers and in words."""
    problem, pairs = task.problem, task.pairs
    asking, giving = problem.loads(chosen)
    load = asking + giving if task.mutual else asking
    out = np.array([external in task.demands.left_out for external in task.requester_ids], np.bool_)
    gone = np.array([external in task.demands.left_out for external in task.candidate_ids], np.bool_)
    looking = (task.places.requester > 0) & ~out
    left = np.maximum(task.places.candidate - (asking + giving if task.mutual else giving), 0)
    points = pairs.points[chosen]
    seen = problem if ranked else replace(problem, requester_value=pairs.plain, candidate_value=pairs.plain)
    total = round(float(100 * pairs.plain[chosen].sum()), 2)
    numbers = PlanSummary(
        requesters=int(looking.sum()),
        candidates=int(((task.places.candidate > 0) & ~gone).sum()),
        matched=int((load[looking] > 0).sum()),
        pairs=len(chosen),
        places_left=int(left[~gone].sum()),
        too_little_known=int((~pairs.informed[chosen]).sum()),
        mean=round(float(points.mean()), 2) if len(chosen) else None,
        lowest=float(points.min()) if len(chosen) else None,
        total=total if len(chosen) else None,
        most_total=None if most_total is None or not len(chosen) else max(round(most_total, 2), total),
        blocking_pairs=blocking_pairs(seen, chosen).count,
    )
    return numbers.model_copy(update={"sentences": tuple(_sentences(numbers))})


def _sentences(of: PlanSummary) -> list[str]:
    told = ngettext(
        "{n} of {all} who look has somebody.", "{n} of {all} who look have somebody.", of.matched, all=of.requesters
    )
    found = [told]
    if of.mean is not None and of.lowest is not None:
        told = N_("A pair has {mean:.1f} of 100 points on average, the lowest {lowest:.1f}.")
        found.append(_(told, mean=of.mean, lowest=of.lowest))
    if of.total is not None and of.most_total:
        told = N_("It reaches {share:.1%} of the most points that any draft under the same demands could have in all.")
        found.append(_(told, share=of.total / of.most_total))
    if of.too_little_known:
        told = ngettext(
            "Of {n} pair too little is known to compare it with others; it counts for almost nothing.",
            "Of {n} pairs too little is known to compare them with others; they count for almost nothing.",
            of.too_little_known,
        )
        found.append(told)
    if of.blocking_pairs:
        told = ngettext(
            "In {n} pair that was not chosen both would score higher than with what they got.",
            "In {n} pairs that were not chosen both would score higher than with what they got.",
            of.blocking_pairs,
        )
        found.append(told)
    told = ngettext("{n} place is left.", "{n} places are left.", of.places_left)
    found.append(told)
    return found
