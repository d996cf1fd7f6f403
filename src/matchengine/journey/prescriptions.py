"""The cheapest supports that make a gathering reachable for one person (domain.md I1)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import get_args

import numpy as np

from matchengine.batch import FloatArray, PairBatch
from matchengine.errors import DataError, did_you_mean
from matchengine.i18n import N_, _, listing
from matchengine.planning.prescription import prescribe
from matchengine.records import vocabulary as v
from matchengine.records.supports import (
    SUPPORT_COSTS,
    SUPPORT_EFFECTS,
    SUPPORT_TITLES,
    Prescription,
)
from matchengine.scene import Scene
from matchengine.scorers.reach import reach, supports_at_hand

__all__ = ["REACHABLE", "Arrangements", "named", "prescription_for", "refuse_without_supports", "titles"]

REACHABLE = 0.5
"""Reach from which a gathering counts as reachable; an assumption."""
_KINDS: tuple[v.BarrierKind, ...] = get_args(v.BarrierKind)
_WITH_SUPPORTS = ("groups", "events", "projects")


@dataclass(frozen=True)
class Arrangements:
    """What supports cost and achieve, by kind of barrier; what is not given is as usual.

    Raises
    ------
    DataError
        Where a kind is unknown. Numbers are checked where they are used.
    """

    costs: Mapping[str, float] = field(default_factory=dict)
    effects: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in (*self.costs, *self.effects):
            if name not in v.BARRIER_KINDS:
                told = N_("no support against {name!r} is known; {hint}")
                raise DataError(_(told, name=name, hint=did_you_mean(name, v.BARRIER_KINDS)))

    def arrays(self) -> tuple[FloatArray, FloatArray]:
        """Costs and effects in the order of the barriers, float (14,) each."""
        costs, effects = {**SUPPORT_COSTS, **self.costs}, {**SUPPORT_EFFECTS, **self.effects}
        in_order = [[known[kind] for kind in v.BARRIER_KINDS] for known in (costs, effects)]
        return np.array(in_order[0], np.float64), np.array(in_order[1], np.float64)


def refuse_without_supports(scene: Scene) -> None:
    """Refuse kinds of match in which nothing can be arranged.

    Raises
    ------
    DataError
        Where candidates are people or resources.
    """
    if scene.kind.sides.candidates not in _WITH_SUPPORTS:
        told = N_("kind {kind!r} suggests {what}, which have no supports; ask for a kind of groups or events")
        raise DataError(_(told, kind=scene.kind.name, what=scene.kind.sides.candidates))


def prescription_for(
    scene: Scene,
    requester: int,
    candidate: int,
    *,
    target: float = REACHABLE,
    arrangements: Arrangements | None = None,
) -> Prescription | None:
    """Return the cheapest supports that make a gathering reachable for a person (rows); None where none do.

    What the organiser has not said is read as cautiously as the scorer reads it, and listed to be asked first.
    """
    refuse_without_supports(scene)
    inputs = scene.inputs(PairBatch.one_to_many(requester, np.array([candidate], np.int32)))
    barriers, stated = inputs["requester_barriers"][0], inputs["candidate_supports"][0]
    at_hand = supports_at_hand(barriers, stated, inputs["candidate_usual_supports"][0])
    costs, effects = (arrangements or Arrangements()).arrays()
    fix = prescribe(barriers, at_hand, costs, effects, target)
    if fix is None:
        return None
    sides, tables = scene.kind.sides, scene.pool.tables
    title = scene.pool.cards[sides.candidates][tables[sides.candidates].ids[candidate]].title
    supports = named(fix.supports)
    told = N_("What would make “{title}” easy to come to: {supports}.")
    return Prescription(
        requester_id=tables[sides.requesters].ids[requester],
        candidate_id=tables[sides.candidates].ids[candidate],
        supports=supports,
        cost=fix.cost,
        reach_now=round(float(reach(barriers, at_hand)), 4),
        reach_then=round(fix.reach, 4),
        ask_first=named(kind for kind in fix.supports if np.isnan(stated[kind])),
        text=_(told, title=title, supports=titles(supports)) if supports else "",
    )


def named(kinds: Iterable[int]) -> tuple[v.BarrierKind, ...]:
    """Return kinds of barrier by their positions."""
    return tuple(_KINDS[kind] for kind in kinds)


def titles(supports: Iterable[str]) -> str:
    """Return what is arranged against some barriers as one list of words."""
    return listing([_(SUPPORT_TITLES[kind]) for kind in supports])
