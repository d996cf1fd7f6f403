"""Plan a round of swaps: who spends a time with whose mentor (domain.md D)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from matchengine.errors import ConfigError, did_you_mean
from matchengine.i18n import N_, _
from matchengine.plan_config import SwapsConfig
from matchengine.planning.swaps.problem import Exchange, SwapGraph, SwapPlan
from matchengine.programme.manifest import make_manifest
from matchengine.programme.swaps.dates import dates_of
from matchengine.programme.swaps.graph import Exchanges, exchanges_of
from matchengine.programme.swaps.ledger import blocking_of, caution, planned, unswapped
from matchengine.programme.swaps.solver import alternatives_of, blocking, solve, trade
from matchengine.programme.swaps.wishes import Round, slots_of
from matchengine.records import Fingerprint, Relationship
from matchengine.records.manifest import RunManifest, Solver
from matchengine.records.swaps import (
    PlannedSwap,
    SwapDecision,
    SwapDecline,
    SwapLedger,
    SwapObjective,
    SwapPlace,
    SwapWish,
)
from matchengine.scene import Scene

__all__ = ["Found", "advice_for", "find", "manifest_of", "plan_swaps", "settings_of"]

_SHORT_WEEKS = 8
"""Top trading cycles know no bound on length, and long cycles break more easily: for short periods only (D3)."""


@dataclass(frozen=True)
class Found:
    """The exchanges of a round and how they were found; `alternatives` by slot, `blocking` None where unknown."""

    exchanges: Exchanges
    plan: SwapPlan
    alternatives: tuple[Exchange | None, ...]
    blocking: tuple[Exchange, ...] | None


def plan_swaps(
    scene: Scene,
    config: SwapsConfig,
    wishes: Iterable[SwapWish | SwapPlace],
    relationships: Iterable[Relationship],
    today: date,
    *,
    name: str = "swaps",
    objective: SwapObjective | None = None,
    fingerprint: Fingerprint | None = None,
) -> SwapLedger:
    """Plan a round and return its ledger, a draft.

    Parameters
    ----------
    scene : Scene
        Of the kind of match whose rules hold for every swap.
    config : SwapsConfig
    wishes : iterable of SwapWish and SwapPlace
        Everybody who was asked, agreed or not; the order does not matter.
    relationships : iterable of Relationship
        Of the whole programme: those that run, and those of the last months, which are not repeated.
    today : date
    objective : str or None
        Instead of that of the configuration.

    Raises
    ------
    ConfigError
        When the kind of match does not pair people with people, or there is no such objective.
    DataError
        Naming every id that nobody has, and every wish that is given twice.
    """
    config = settings_of(config, objective)
    ties, given = list(relationships), list(wishes)
    asked = slots_of(scene, config, given, ties, today)
    found = find(scene, config, asked, ties, today)
    swaps = planned(found.exchanges, found.plan.exchanges, today, found.alternatives)
    left = (*asked.left_out, *unswapped(found.exchanges, found.plan.exchanges))
    bound = None if np.isnan(found.plan.bound) else round(float(found.plan.bound), 6)
    return SwapLedger(
        name=name,
        kind=scene.kind.name,
        today=today,
        exchanges=swaps,
        unswapped=tuple(sorted(left, key=lambda each: (each.person_id or "~", each.mentor_id))),
        asked=asked.asked,
        swapped=sum(len(each.moves) for each in swaps),
        objective=config.objective,
        value=round(float(found.plan.value), 6),
        bound=bound,
        gap=None if bound is None else round(found.plan.gap, 6),
        proven=found.plan.proven,
        reproducible=found.plan.finished,
        blocking=blocking_of(found.exchanges, found.blocking or ()),
        blocking_known=found.blocking is not None,
        advice=advice_for(config, swaps),
        caution=caution(),
        decisions=(SwapDecision(what="planned", on=today, text=_(_RULES[config.objective])),),
        settings=config.model_dump(mode="json"),
        fingerprint=fingerprint,
        manifest=manifest_of(scene, fingerprint, found.plan, {"today": today, "wishes": given, "relationships": ties}),
    )


def manifest_of(
    scene: Scene, fingerprint: Fingerprint | None, plan: SwapPlan, given: Mapping[str, object]
) -> RunManifest | None:
    """Return what a round was planned from; None without a fingerprint. The order of lists decides nothing."""
    if fingerprint is None:
        return None
    known = not np.isnan(plan.bound)
    solver = Solver(
        method=plan.objective,
        value=round(float(plan.value), 9),
        bound=round(float(plan.bound), 9) if known else None,
        gap=round(plan.gap, 9) if known else None,
        proven=plan.proven,
        steps=dict(plan.steps),
    )
    asked = {name: sorted(map(repr, each)) if isinstance(each, list) else each for name, each in given.items()}
    return make_manifest(scene, fingerprint, solver, asked=asked, finished=plan.finished)


_RULES: dict[str, str] = {
    "max_weight": N_("Chosen for the greatest gain of all together, less the risk that somebody drops out."),
    "max_people_then_weight": N_("Chosen for the most people, and among such plans for the greatest gain."),
    "leximin_gain": N_("Chosen so that the lowest gain is as high as possible, then the next lowest, and so on."),
    "ttc": N_("Chosen by top trading cycles over the mentees' own rankings."),
}


def settings_of(config: SwapsConfig, objective: str | None) -> SwapsConfig:
    """Return the configuration of a round with another objective.

    Raises
    ------
    ConfigError
        When there is no such objective.
    """
    if objective is None:
        return config
    if objective not in _RULES:
        told = N_("there is no objective {name!r}; {hint}")
        raise ConfigError(_(told, name=objective, hint=did_you_mean(objective, _RULES)))
    return config.model_copy(update={"objective": objective})


def find(
    scene: Scene,
    config: SwapsConfig,
    asked: Round,
    relationships: Sequence[Relationship],
    today: date,
    declined: Iterable[SwapDecline] = (),
) -> Found:
    """Return the exchanges of some slots, every one with a period that all its members have in common."""
    ranked = config.objective == "ttc"
    exchanges = exchanges_of(scene, config, asked.slots, relationships, today, declined=declined, ranked=ranked)
    if ranked:
        return _traded(exchanges, today)
    graph, first = exchanges.graph, None
    while True:
        plan = solve(graph, config)
        first = first or plan
        late = [each for each in plan.exchanges if not _dated(exchanges, each, today)]
        if not late:
            break
        graph = _without(graph, [int(each.arcs[np.argmin(graph.gain[each.arcs])]) for each in late])
    if graph is not exchanges.graph:
        plan, exchanges = _bounded(plan, first), _with(exchanges, graph)
    against = blocking(graph, plan, config)
    return Found(
        exchanges,
        plan,
        tuple(_if_dated(exchanges, each, today) for each in alternatives_of(graph, plan, config)),
        None if against is None else tuple(each for each in against if _dated(exchanges, each, today)),
    )


def _traded(exchanges: Exchanges, today: date) -> Found:
    """Top trading cycles, then without those whose members have no period in common."""
    plan = trade(exchanges.graph, exchanges.arcs.rank, exchanges.pairing.config.decline)
    kept = tuple(each for each in plan.exchanges if _dated(exchanges, each, today))
    return Found(exchanges, replace(plan, exchanges=kept), (None,) * len(exchanges.slots), ())


def _dated(exchanges: Exchanges, each: Exchange, today: date) -> bool:
    members = [exchanges.slots[n] for n in each.members.tolist()]
    return dates_of(members, exchanges.pairing.config, today) is not None


def _if_dated(exchanges: Exchanges, each: Exchange | None, today: date) -> Exchange | None:
    return each if each is not None and _dated(exchanges, each, today) else None


def _without(graph: SwapGraph, arcs: Sequence[int]) -> SwapGraph:
    """The same graph without some arcs: they keep their places and gain nothing, which no exchange wants."""
    kept = np.setdiff1d(np.arange(len(graph)), arcs)
    return replace(graph, source=graph.source[kept], target=graph.target[kept], gain=graph.gain[kept])


def _with(exchanges: Exchanges, graph: SwapGraph) -> Exchanges:
    """The exchanges over a graph with fewer arcs."""
    width = exchanges.graph.vertices
    old = exchanges.graph.source.astype(np.int64) * width + exchanges.graph.target
    kept = np.searchsorted(old, graph.source.astype(np.int64) * width + graph.target)
    return replace(exchanges, graph=graph, arcs=exchanges.arcs.take(kept))


def _bounded(plan: SwapPlan, first: SwapPlan) -> SwapPlan:
    """A plan over fewer arcs with the bound of all of them."""
    reached = bool(plan.value >= first.bound - 1e-9)
    return replace(plan, bound=first.bound, proven=reached, finished=plan.finished and first.finished)


def advice_for(config: SwapsConfig, swaps: Sequence[PlannedSwap]) -> tuple[str, ...]:
    """What to think of before going on."""
    told = [_("Gains are estimates from what people wrote: ask them before anything is settled.")]
    if config.objective == "ttc":
        told.append(
            _("Mentors only said yes or no here; nobody gets a better place by ranking otherwise than they wish.")
        )
        if any((each.returns_on - each.starts).days > 7 * _SHORT_WEEKS for each in swaps):
            told.append(_("Rankings with circles of any length suit periods of up to eight weeks; this one is longer."))
        longest = max((len(each.moves) for each in swaps), default=0)
        if longest > config.longest_cycle:
            told.append(_("The longest circle has {n} members; if one drops out, all of it falls.", n=longest))
    else:
        told.append(
            _("This way of choosing does not keep anybody from gaining by asking for less than they would take.")
        )
    return tuple(told)
