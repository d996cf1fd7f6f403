"""What it costs to ask for nobody but people who share something: how many options remain (domain.md C2)."""

from __future__ import annotations

from dataclasses import replace

from matchengine.i18n import _
from matchengine.records.price import PriceOfWishes
from matchengine.scene import Scene

__all__ = ["price_of_wishes"]

_DEMAND = "pair_must_share"
"""What a rule reads that enforces what a requester demands of a match."""


def price_of_wishes(scene: Scene, row: int) -> PriceOfWishes | None:
    """Return what the demands of a requester, given as a row, cost; None where they demand nothing that counts.

    It is for the requester alone: that somebody demands something is nobody else's to know. The numbers follow from
    rules and from what candidates allow every member to be told, so they show nothing that is not open already.
    """
    rules = scene.kind.constraints
    free = tuple(rule for rule in rules if _DEMAND not in rule.spec.inputs)
    people = scene.pool.tables[scene.kind.sides.requesters]
    if len(free) == len(rules) or not people.column("must_share")[row].any():
        return None
    unbound = replace(scene, kind=replace(scene.kind, constraints=free))
    left, everybody = len(scene.eligible(row)), len(unbound.eligible(row))
    told = _(
        "You ask only for people who openly share what you named. Options that remain: {left} of {all}.",
        left=left,
        all=everybody,
    )
    return PriceOfWishes(
        requester_id=people.ids[row],
        kind=scene.kind.name,
        eligible=left,
        eligible_without=everybody,
        text=told,
    )
