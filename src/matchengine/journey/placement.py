"""Placing somebody in a group whose topic needs care: people decide, the rules are checked (domain.md C10; S4-04)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import cast

import numpy as np

from matchengine.batch import PairBatch
from matchengine.errors import ConfigError, DataError
from matchengine.i18n import N_, _
from matchengine.journey.helplines import beside_topic
from matchengine.matching.constrain import passes, to_confirm
from matchengine.pool.inputs import Inputs
from matchengine.records import Group, Relationship, Resource
from matchengine.records.placement import Placement
from matchengine.scene import Scene
from matchengine.scorers.rules.groups import group_safety

__all__ = ["place"]

GROUPS = "groups"
_SAFETY = "group_safety"
_BOUNDARY = N_("a personal boundary")


def place(
    scene: Scene,
    person_id: str,
    group_id: str,
    decided_by: str | None = None,
    decided_on: date | None = None,
    *,
    country: str | None = None,
    languages: Sequence[str] = (),
) -> Placement:
    """Check a placement that somebody decided, and return it with what to hand over first.

    A topic of risk B or C is never placed without a person who decides. Risk C needs a professional facilitator too,
    and both need the complete safety profile, whatever the configuration says.

    Parameters
    ----------
    scene : Scene
        Of a kind of match that suggests groups; all its rules must hold.
    decided_by, decided_on
        Who decided, and when; today where no date is given.
    country, languages
        For the helplines that are handed over first (`journey.helplines.beside_topic`).

    Raises
    ------
    ConfigError
        When the kind of match suggests no groups.
    DataError
        When nobody decided, or listing every rule that forbids the placement. A personal rule reads "a personal
        boundary", without direction.
    UnknownIdError
        When one of the ids is not known.
    """
    if scene.kind.sides.candidates != GROUPS:
        told = N_("kind {kind!r} suggests {what}, expected candidate = 'group'")
        raise ConfigError(_(told, kind=scene.kind.name, what=scene.kind.config.candidate))
    person, row = scene.pool.requester_row(person_id, scene.kind), scene.candidate_row(group_id)
    group = cast(Group, scene.pool.cards[GROUPS][group_id])
    if group.topic_risk != "A" and decided_by is None:
        told = N_("group {id!r} has a topic of risk {risk}: people place people there; say who decided (decided_by)")
        raise DataError(_(told, id=group_id, risk=group.topic_risk))
    inputs = scene.inputs(PairBatch.one_to_many(person, np.array([row], np.int32)))
    problems = _problems(scene, inputs, group)
    if problems:
        raise DataError(_("this placement in group {id!r} is not possible", id=group_id), problems)
    who, on = decided_by or person_id, decided_on or scene.pool.shared.calendar.first_day
    shown = beside_topic(
        group, cast("list[Resource]", list(scene.pool.cards["resources"].values())), country, languages
    )
    return Placement(
        person_id=person_id,
        group_id=group_id,
        decided_by=who,
        decided_on=on,
        resources=tuple(resource.id for resource in shown),
        to_confirm=to_confirm(scene.kind.constraints, inputs, "coordinator")[0],
        relationship=Relationship(
            person_id=person_id,
            other_id=group_id,
            kind="membership",
            status="proposed",
            decided_by=who,
            decided_on=on,
        ),
    )


def _problems(scene: Scene, inputs: Inputs, group: Group) -> list[str]:
    """Every rule that forbids the placement, in words for a coordinator, each once."""
    found: list[str] = []
    for constraint in scene.kind.constraints:
        spec = constraint.spec
        met = _safe(inputs) if spec.name == _SAFETY else bool(passes(constraint, inputs)[0])
        if not met:
            found.append(_(_BOUNDARY) if spec.personal else _(spec.reason))
    if group.topic_risk == "C" and (group.safety is None or group.safety.facilitator_type != "professional"):
        found.append(_("a topic of risk C needs a professional facilitator"))
    return list(dict.fromkeys(found))


def _safe(inputs: Inputs) -> bool:
    """Whether all is there that makes the group safe; a topic of risk C asks at least what risk B asks."""
    safe = group_safety(
        inputs["requester_safety_needs"],
        inputs["candidate_safety_items"],
        np.minimum(inputs["candidate_topic_risk"], 1),
        inputs["candidate_safety_complete"],
        inputs["candidate_suspended"],
    )
    return bool(safe[0])
