"""A draft for everybody at once, and a plan opened again (domain.md E)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import ValidationError

from matchengine.errors import ConfigError, DataError
from matchengine.i18n import N_, _
from matchengine.pool.digest import consents_digest, data_digest
from matchengine.programme.drafting import Ground, demands_of, write_down
from matchengine.programme.pairs import is_mutual
from matchengine.programme.plan import Plan, with_most
from matchengine.programme.problem import Pair
from matchengine.programme.solve import Order, solve
from matchengine.programme.two_stage import RANKED_METHOD, Ranked, read_rankings
from matchengine.readiness.market import Market
from matchengine.records.base import describe_validation
from matchengine.records.plan import Action, Decision, PlanDocument, Ranking
from matchengine.registry import Registry
from matchengine.scene import Scene

__all__ = ["assign", "open_plan"]

_MOST_EACH = 20


def assign(
    ground: Ground,
    *,
    method: str | None = None,
    each: int | None = None,
    must: Iterable[Pair] = (),
    must_not: Iterable[Pair] = (),
    rankings: Iterable[Ranking] | None = None,
    shortlists: Mapping[str, Sequence[str]] | None = None,
    seed: int | None = None,
    by: str = "coordinator",
) -> Plan:
    """Decide for everybody at once who is paired with whom.

    Parameters
    ----------
    method : str or None
        An assigner by name; as configured by default, and `stable` where people ranked and the configured method
        reads no preferences.
    each : int or None
        Most candidates of each requester; as configured by default.
    must, must_not : iterables of (requester id, candidate id)
        Pairs that have to be and that must not be. They stand in the record of decisions under `by`.
    rankings : iterable of Ranking, optional
        What people of both sides said; their order then decides instead of scores.
    shortlists : mapping of str to sequence of str, optional
        Candidates that each requester was shown: nobody else is assigned to them.
    seed : int or None
        Of the lottery; as configured by default.

    Returns
    -------
    Plan
        A draft. Everything in it holds against every rule; its numbers leave out what lifts add.

    Raises
    ------
    DataError
        Where demands contradict each other, a rule or the places; where a side is empty; where rankings name
        strangers. One error names every person and rule.
    InfeasibleError
        Where nothing meets every demand; it names the fewest that cannot stand together.
    PluginError
        Where no enabled plugin offers the method.
    """
    scene = ground.scene()
    if each is not None:
        if not 1 <= each <= _MOST_EACH:
            raise DataError(_("each is {n}, expected 1 to {most}", n=each, most=_MOST_EACH))
        scene = with_most(scene, each)
    ranked = None
    if rankings is not None or shortlists is not None:
        ranked = read_rankings(scene, rankings or (), shortlists)
    order = _order(scene, ground.registry, method, seed, ranked)
    decisions = _first_decisions(scene, must, must_not, by)
    vetoed = ranked.vetoed if ranked is not None else frozenset()
    demands = demands_of(decisions, vetoed, mutual=is_mutual(scene))
    solved = solve(scene, ground.registry, demands, order)
    day = ground.fingerprint().as_of
    decisions = (*decisions, Decision(number=len(decisions) + 1, action="assigned", by=order.method, on=day))
    document = write_down(ground, scene, solved.task, solved.assignment, order, decisions)
    return Plan(document, ground, ranked).with_document(document, solved.task.every)


def _order(scene: Scene, registry: Registry, method: str | None, seed: int | None, ranked: Ranked | None) -> Order:
    """Settle how to decide; what the configuration says about preferences reaches every method that asks for it."""
    config = scene.kind.config.assign
    name = method or (ranked.method(config.method) if ranked is not None else config.method)
    if method is None and name == RANKED_METHOD != config.method and _entangled(scene):
        name = "eps_stable"  # the plain rule knows nothing of people in both roles, of quotas and of lower bounds
    spec = registry.assigner(name)
    settings: dict[str, Any] = dict(config.settings) if name == config.method else {}
    if "tie_width" in spec.settings.model_fields:
        settings.setdefault("tie_width", config.tie_width)
    registry.settings(spec, settings)
    return Order(name, settings, scene.config.run.seed if seed is None else seed, ranked)


def _entangled(scene: Scene) -> bool:
    """Whether some pairs of a kind depend on others by more than places."""
    config, market = scene.kind.config.assign, Market.of(scene.pool, scene.kind, scene.config)
    bounds = bool(config.quotas or config.each_least or config.places_least)
    same = scene.kind.sides.requesters == scene.kind.sides.candidates
    return bounds or (same and bool(np.isin(market.requesters, market.candidates).any()))


def _first_decisions(scene: Scene, must: Iterable[Pair], must_not: Iterable[Pair], by: str) -> tuple[Decision, ...]:
    """Record what a coordinator demanded before anything was decided."""
    wanted, unwanted = sorted(set(must)), sorted(set(must_not))
    day = scene.pool.shared.calendar.first_day
    for pair in (*wanted, *unwanted):
        scene.pool.requester_row(pair[0], scene.kind)
        scene.candidate_row(pair[1])
    told: list[tuple[Action, Pair]] = [("added", pair) for pair in wanted]
    told += [("forbidden", pair) for pair in unwanted]
    return tuple(
        Decision(number=n, action=action, by=by, on=day, requester_id=pair[0], candidate_id=pair[1])
        for n, (action, pair) in enumerate(told, 1)
    )


def open_plan(
    ground: Ground,
    saved: PlanDocument | str | Path,
    *,
    rankings: Iterable[Ranking] | None = None,
    shortlists: Mapping[str, Sequence[str]] | None = None,
) -> Plan:
    """Open a plan again, on the data as they are now.

    Parameters
    ----------
    saved : PlanDocument, str or Path
        The document, its JSON text, or the path of a file that holds it.
    rankings, shortlists
        As in `assign`: a plan in which people had a say can be changed only with what they said.

    Raises
    ------
    DataError
        Where it is no plan, or one of another kind of match.
    ConfigError
        Where the file cannot be read.
    """
    document = saved if isinstance(saved, PlanDocument) else _read(saved)
    scene = ground.scene()
    if document.kind != scene.kind.name:
        told = N_("this is a plan of kind {other!r}, expected {kind!r}")
        raise DataError(_(told, other=document.kind, kind=scene.kind.name))
    now, then = ground.fingerprint(), document.fingerprint
    warnings = []
    if (now.config, now.plugins, now.model) != (then.config, then.plugins, then.model):
        warnings.append(_("The configuration, a plugin or the model has changed since this plan was made."))
    if _data_changed(scene, document):
        warnings.append(_("The data have changed since this plan was made; resolve it before it is published."))
    ranked = None
    if rankings is not None or shortlists is not None:
        ranked = read_rankings(scene, rankings or (), shortlists)
    return Plan(document, ground, ranked, tuple(warnings))


def _data_changed(scene: Scene, document: PlanDocument) -> bool:
    """Whether people, texts, ties or consents are others than those a plan was made from; the day does not count."""
    if document.manifest is None:
        return scene.pool.generation != document.fingerprint.generation
    made, pool = document.manifest, scene.pool
    return (data_digest(pool), consents_digest(pool)) != (made.data, made.consents)


def _read(saved: str | Path) -> PlanDocument:
    text = saved
    if isinstance(saved, Path) or not saved.lstrip().startswith("{"):
        try:
            text = Path(saved).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            told = N_("{path}: cannot be read ({reason}); give a plan that `assign --save` wrote")
            raise ConfigError(_(told, path=saved, reason=type(error).__name__)) from error
    try:
        return PlanDocument.model_validate_json(str(text))
    except ValidationError as error:
        raise DataError(_("this is no plan"), describe_validation(error, PlanDocument)) from error
