"""How many pairs each person may have: places, running matches, both roles together, quotas (domain.md E)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import get_args

import numpy as np

from matchengine.assignment import Quota
from matchengine.batch import BoolArray, IntArray
from matchengine.i18n import _, listing
from matchengine.plan_config import QUOTA_FIELDS, QuotaConfig
from matchengine.pool.pool import Pool
from matchengine.programme.identity_caps import identity_quotas
from matchengine.programme.pairs import Pairs, is_mutual
from matchengine.records import vocabulary as v
from matchengine.scene import Scene

__all__ = ["Places", "exclusions", "places_of", "quotas_of"]

_ROLES: tuple[str, ...] = get_args(v.Role)


@dataclass(frozen=True)
class Places:
    """Most pairs of each person, int64 (R,) and (C,), before anybody is assigned."""

    requester: IntArray
    candidate: IntArray


def places_of(scene: Scene, pairs: Pairs) -> Places:
    """Count the places on either side.

    A candidate has as many as are free, or `places` of the configuration where nobody stated any. A requester has
    `each_most`, or fewer where they stated fewer, less their running matches with people who give in this role. In
    kinds without a direction both are the same number, `each_most` or what is free, and count both sides of a pair.
    """
    pool, kind, config = scene.pool, scene.kind, scene.kind.config.assign
    sides = kind.sides
    free = pool.derived.free_places(sides.candidates, sides.role)[pairs.candidates].astype(np.float64)
    if is_mutual(scene):
        most = np.maximum(np.floor(np.fmin(free, config.each_most)), 0).astype(np.int64)
        return Places(most, most)
    theirs = np.maximum(np.where(np.isnan(free), config.places, np.floor(free)), 0).astype(np.int64)
    own = np.full(len(pairs.requesters), float(config.each_most))
    if kind.requester_role is not None:
        stated = pool.tables[sides.requesters].column("free_places")[pairs.requesters, kind.requester_role]
        own = np.fmin(own, stated)
    return Places(np.maximum(own - _running(scene, pairs), 0).astype(np.int64), theirs)


def _running(scene: Scene, pairs: Pairs) -> IntArray:
    """Running matches of each requester with somebody who gives in the role of the candidates, int64 (R,)."""
    count = np.zeros(len(pairs.requesters), np.int64)
    role = scene.kind.sides.role
    if role is None:
        return count
    ids = scene.pool.tables[scene.kind.sides.requesters].ids
    position = {ids[row]: n for n, row in enumerate(pairs.requesters.tolist())}
    ties = scene.pool.ties
    for (_giver, taken), (_same, taker) in zip(ties.taken_places(), ties.open_matches(), strict=True):
        if taken == _ROLES[role] and taker in position:
            count[position[taker]] += 1
    return count


def exclusions(scene: Scene, pairs: Pairs) -> IntArray:
    """Positions of pairs that turn each other round, of which one may be chosen, int64 (K, 2)."""
    sides = scene.kind.sides
    if sides.candidates != sides.requesters or is_mutual(scene) or not len(pairs):
        return np.zeros((0, 2), np.int64)
    rows = len(scene.pool.tables[sides.requesters])
    one = pairs.requesters[pairs.requester].astype(np.int64)
    other = pairs.candidates[pairs.candidate].astype(np.int64)
    forth, back = one * rows + other, other * rows + one
    order = np.argsort(forth)
    at = order[np.minimum(np.searchsorted(forth[order], back), len(order) - 1)]
    turned = (forth[at] == back) & (one < other)
    return np.stack([np.flatnonzero(turned), at[turned]], axis=1)


def quotas_of(scene: Scene, pairs: Pairs, places: Places) -> tuple[tuple[Quota, ...], tuple[str, ...]]:
    """Return the quotas of a problem, and a sentence for each that cannot be asked of somebody.

    The names of quotas hold ids: they are for messages to coordinators. Personal ones have none (`identity_quotas`).
    """
    config = scene.kind.config.assign
    made: list[Quota] = []
    notes: list[str] = []
    together = config.each_most if is_mutual(scene) else config.both_roles_most
    if together is not None and scene.kind.sides.candidates == scene.kind.sides.requesters:
        made += _both_roles(scene, pairs, places, together)
    for name, quota in config.quotas.items():
        found, told = _of_kind(scene, pairs, name, quota)
        made += found
        notes += told
    made += identity_quotas(scene, pairs, places.candidate)
    return tuple(made), tuple(notes)


def _both_roles(scene: Scene, pairs: Pairs, places: Places, most: int) -> list[Quota]:
    """One quota for everybody with pairs on both sides; in kinds without a direction it holds their lower bound too."""
    mutual, ids = is_mutual(scene), scene.pool.tables["people"].ids
    least = scene.kind.config.assign.each_least if mutual else 0
    asking = {row: n for n, row in enumerate(pairs.requesters.tolist())}
    asked = {row: n for n, row in enumerate(pairs.candidates.tolist())}
    by_requester, by_candidate = _grouped(pairs.requester), _grouped(pairs.candidate)
    made, none = [], np.zeros(0, np.int64)
    for row in sorted(asking.keys() & asked.keys(), key=ids.__getitem__):
        own, other = by_requester.get(asking[row], none), by_candidate.get(asked[row], none)
        if not (len(own) and len(other)) and not (least and len(own) + len(other)):
            continue
        limit = min(most, int(places.requester[asking[row]])) if mutual else most
        both = np.sort(np.concatenate([own, other]))
        made.append(Quota(_("both roles of {id}", id=ids[row]), both, min(least, limit, len(both)), limit))
    return made


def _of_kind(scene: Scene, pairs: Pairs, name: str, quota: QuotaConfig) -> tuple[list[Quota], list[str]]:
    """One quota for each person on the side that is not counted."""
    sides, tables = scene.kind.sides, scene.pool.tables
    counted_table = sides.requesters if quota.of == "requester" else sides.candidates
    if counted_table != "people":
        return [], []
    if quota.of == "requester":
        rows, holders = pairs.requesters[pairs.requester], _grouped(pairs.candidate)
        ids = [tables[sides.candidates].ids[row] for row in pairs.candidates.tolist()]
    else:
        rows, holders = pairs.candidates[pairs.candidate], _grouped(pairs.requester)
        ids = [tables[sides.requesters].ids[row] for row in pairs.requesters.tolist()]
    counts = _is_of_kind(scene.pool, rows, quota)
    made, without = [], []
    for holder, positions in sorted(holders.items()):
        of_kind = positions[counts[positions]]
        least = min(quota.least, len(of_kind))
        if least < quota.least:
            without.append(ids[holder])
        if least or (quota.most is not None and len(of_kind) > quota.most):
            made.append(Quota(_("quota {name} of {id}", name=name, id=ids[holder]), of_kind, least, quota.most))
    told = _("Quota {name} asks less of these, for whom too few are eligible: {ids}.", name=name, ids=listing(without))
    return made, [told] if without else []


def _is_of_kind(pool: Pool, rows: IntArray, quota: QuotaConfig) -> BoolArray:
    column = pool.tables["people"].column(quota.field)[rows]
    words = QUOTA_FIELDS[quota.field]
    if not words:
        found: BoolArray = column == 1
    elif quota.field == "modes":
        found = (column & np.uint32(1 << words.index(quota.value or ""))) != 0
    else:
        found = column == words.index(quota.value or "")
    return found


def _grouped(numbers: IntArray) -> dict[int, IntArray]:
    """Positions of each number."""
    order = np.argsort(numbers, kind="stable")
    cuts = np.flatnonzero(np.diff(numbers[order])) + 1
    return {int(numbers[part[0]]): part for part in np.split(order, cuts) if len(part)}
