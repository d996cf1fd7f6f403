"""A team for one project, out of everybody who may take part (domain.md C8, S1-07)."""

from __future__ import annotations

from typing import cast

import numpy as np

from matchengine.batch import BoolArray, FloatArray, IntArray, ItemPairs, PairBatch, segment_max
from matchengine.errors import ConfigError, UnknownIdError
from matchengine.i18n import N_, _
from matchengine.matching.constrain import passes
from matchengine.planning.teams import ChosenTeam, TeamAims, choose_team
from matchengine.pool.inputs import Inputs
from matchengine.records import Project
from matchengine.records.team import Team, TeamRole
from matchengine.scene import Scene
from matchengine.scorers.affinity import affinity
from matchengine.scorers.project_fit import suitability

__all__ = ["team"]

PROJECTS = "projects"
_LARGEST = 8
"""Largest team where a project states no size."""
_BETA = 0.6
"""How much one shared interest counts, as in `interest_affinity`."""
_TOGETHER = "existing_match"
"""The one rule that those who belong to the project already need not pass."""


def team(scene: Scene, project_id: str, aims: TeamAims | None = None) -> Team:
    """Propose a team for a project among those whom the rules of the kind of match allow.

    Whoever leads the project and whoever has an open membership in it belongs to the team already, as long as no other
    rule forbids it. Ties are broken by the seeded lottery of the pool. The words of what people offer are compared;
    none of them are in the result.

    Parameters
    ----------
    scene : Scene
        Of a kind of match that suggests projects.
    aims : TeamAims or None
        What a good team is.

    Raises
    ------
    ConfigError
        When the kind of match suggests something else than projects.
    UnknownIdError
        When there is no such project.
    """
    if scene.kind.sides.candidates != PROJECTS:
        told = N_("kind {kind!r} suggests {what}, expected candidate = 'project'")
        raise ConfigError(_(told, kind=scene.kind.name, what=scene.kind.config.candidate))
    pool, sides = scene.pool, scene.kind.sides
    row = pool.tables[PROJECTS].row_of.get(project_id)
    if row is None:
        raise UnknownIdError(_("project {id!r} is not known to this engine", id=project_id))
    project = cast(Project, pool.cards[PROJECTS][project_id])
    people = np.flatnonzero(pool.members(sides.requesters, scene.kind.requester_role))
    inputs = scene.inputs(PairBatch(people.astype(np.int32), np.full(len(people), row, np.int32)))
    inside = _already(scene, project, people)
    allowed = _allowed(scene, inputs, inside)
    inputs = scene.inputs(inputs.batch.take(np.flatnonzero(allowed)))
    people, inside = people[allowed], inside[allowed]
    fit = _fit(inputs["items_offers_roles"], len(project.roles))
    least = project.size_min or 1
    chosen = choose_team(
        fit,
        np.array([role.importance for role in project.roles], np.float64),
        affinity(inputs["items_interests_topics"], _BETA).value,
        (least, max(project.size_max or max(_LARGEST, least), 1)),
        fixed=np.flatnonzero(inside).tolist(),
        order=np.argsort(np.argsort(pool.tables[sides.requesters].lottery[people], kind="stable")),
        aims=aims,
    )
    ids = [pool.tables[sides.requesters].ids[person] for person in people.tolist()]
    return _told(scene, project, chosen, ids, inside)


def _already(scene: Scene, project: Project, people: IntArray) -> BoolArray:
    """Who of the people belongs to the project before any choice, bool (N,)."""
    table = scene.pool.tables[scene.kind.sides.requesters]
    known = {*scene.pool.ties.others("existing", project.id), project.led_by}
    return np.isin(people, [table.row_of[who] for who in known if who in table.row_of])


def _allowed(scene: Scene, inputs: Inputs, inside: BoolArray) -> BoolArray:
    """Who passes every rule of the kind, bool (N,); those inside need not be outside."""
    out = np.ones(len(inside), np.bool_)
    for constraint in scene.kind.constraints:
        met = passes(constraint, inputs)
        out &= met | inside if constraint.spec.name == _TOGETHER else met
    return out


def _fit(items: ItemPairs, roles: int) -> FloatArray:
    """How well each person suits each role, float64 (P, R); NaN where nothing is known.

    All pairs have the same project, so the roles of each pair stand in the order of the project.
    """
    out = np.full((items.pairs, roles), np.nan)
    best = segment_max(suitability(items), items.right)
    order = np.argsort(items.right.pair, kind="stable")
    if len(order):
        out[items.right.pair[order].reshape(-1, roles)[:, 0]] = best[order].reshape(-1, roles)
    return out


def _told(scene: Scene, project: Project, chosen: ChosenTeam, ids: list[str], inside: BoolArray) -> Team:
    roles = tuple(
        TeamRole(
            text=role.text,
            importance=role.importance,
            person_id=ids[taker] if taker >= 0 else None,
            fit=round(float(best), 4),
        )
        for role, taker, best in zip(project.roles, chosen.roles.tolist(), chosen.best.tolist(), strict=True)
    )
    return Team(
        project_id=project.id,
        kind=scene.kind.name,
        members=tuple(ids[row] for row in chosen.members.tolist()),
        already=tuple(ids[row] for row in chosen.members.tolist() if inside[row]),
        roles=roles,
        uncovered=tuple(role.text for role in roles if role.person_id is None),
        coverage=round(chosen.coverage, 4),
        interest=None if np.isnan(chosen.interest) else round(chosen.interest, 4),
        short_of=max((project.size_min or 1) - len(chosen.members), 0),
    )
