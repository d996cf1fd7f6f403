"""From the slots of a round to the graph of possible exchanges: rules, floors, dates, gains (domain.md D1)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from matchengine.batch import IntArray
from matchengine.errors import ConfigError
from matchengine.i18n import N_, _
from matchengine.plan_config import SwapsConfig
from matchengine.planning.swaps.problem import SwapGraph
from matchengine.programme.swaps.pairs import Arcs, Pairing, former_pairs
from matchengine.programme.swaps.wishes import Slot, months_before
from matchengine.records import Relationship
from matchengine.records.swaps import SwapDecline
from matchengine.scene import Scene

__all__ = ["Exchanges", "exchanges_of", "lottery_of", "people_of_kind"]

_PAIRS = 50_000
"""Pairs that are scored at a time."""
_LEAST = 1e-9
_Found = tuple[IntArray, IntArray, Arcs]


@dataclass(frozen=True)
class Exchanges:
    """The slots of a round, the graph over them, what is known of each arc, and whom to ask for more."""

    slots: tuple[Slot, ...]
    graph: SwapGraph
    arcs: Arcs
    pairing: Pairing


def exchanges_of(
    scene: Scene,
    config: SwapsConfig,
    slots: Sequence[Slot],
    relationships: Iterable[Relationship],
    today: date,
    *,
    declined: Iterable[SwapDecline] = (),
    ranked: bool = False,
) -> Exchanges:
    """Return the graph of a round.

    An arc i → j is there where all rules of the kind of match allow mentee i and mentor j, they do not meet already and
    did not in the last months, the pair fits, the mentor's side reaches its floor, the periods overlap, nobody
    declined, and the gain reaches the least one and the mentee's own. Lifts take no part in anything here.

    Parameters
    ----------
    ranked : bool
        Whether mentees' rankings stand for fit and gain: then an arc needs a ranked mentor instead.

    Raises
    ------
    ConfigError
        When the kind of match does not pair people with people.
    """
    people_of_kind(scene)
    pairing = Pairing.of(scene, config, slots, ranked=ranked)
    unwanted = former_pairs(relationships, months_before(today, config.apart_months))
    unwanted |= {(each.person_id, each.mentor_id) for each in declined}
    giving = np.unique(pairing.at[[n for n, slot in enumerate(slots) if slot.gives]])
    takers = np.array([n for n, slot in enumerate(slots) if slot.mentee is not None], np.int64)
    step = max(_PAIRS // max(len(giving), 1), 1)
    found: list[_Found] = []
    for start in range(0, len(takers) if len(giving) else 0, step):
        some = takers[start : start + step]
        slot, mentor = np.repeat(some, len(giving)), np.tile(giving, len(some))
        may = pairing.may(slot, mentor, unwanted)
        slot, mentor = slot[may], mentor[may]
        fits, values = pairing.scored(slot, mentor)
        found.append(_arcs(pairing, slot[fits], mentor[fits], values))
    return _exchanges(pairing, found)


def people_of_kind(scene: Scene) -> None:
    """Refuse a kind of match that does not pair people with people."""
    if (scene.kind.sides.requesters, scene.kind.sides.candidates) != ("people", "people"):
        told = N_("kind {kind!r} suggests {what}; this needs a kind of match between people")
        raise ConfigError(_(told, kind=scene.kind.name, what=scene.kind.config.candidate))


def lottery_of(seed: int, keys: Iterable[object]) -> NDArray[np.uint64]:
    """A number for each key from the seed and the key alone, so that ties depend on no order, uint64 (V,)."""
    own = str(seed).encode()
    drawn = [blake2b(repr(key).encode(), digest_size=8, key=own).digest() for key in keys]
    return np.array([int.from_bytes(each, "little") for each in drawn], np.uint64)


def _arcs(pairing: Pairing, slot: IntArray, mentor: IntArray, values: Arcs) -> _Found:
    """From pairs with mentors to arcs to each of the mentor's slots that dates and floors allow."""
    slots, config = pairing.slots, pairing.config
    order = np.argsort(pairing.at, kind="stable")
    order = order[np.array([each.gives for each in slots], np.bool_)[order]]
    starts = np.searchsorted(pairing.at[order], np.arange(len(pairing.rows) + 1))
    counts = np.diff(starts)[mentor]
    pair = np.repeat(np.arange(len(slot)), counts)
    within = np.arange(len(pair)) - np.repeat(np.cumsum(counts) - counts, counts)
    source, target = slot[pair], order[starts[mentor][pair] + within]
    values = values.take(pair)
    first = np.array([each.earliest.toordinal() for each in slots])
    last = np.array([each.latest.toordinal() for each in slots])
    days = np.minimum(last[source], last[target]) - np.maximum(first[source], first[target]) + 1
    anybody = np.array([each.any_mentee for each in slots], np.bool_)
    keep = (days >= 7 * config.least_weeks) & (anybody[target] | (values.side >= config.mentor_floor))
    if pairing.ranked:
        keep &= values.rank >= 0
    else:
        floor = np.maximum(np.array([each.floor for each in slots]), max(config.least_gain, _LEAST))
        keep &= np.nan_to_num(values.gain, nan=-1.0) >= floor[source]
    chosen = np.flatnonzero(keep)
    return source[chosen], target[chosen], values.take(chosen)


def _exchanges(pairing: Pairing, found: Sequence[_Found]) -> Exchanges:
    slots = pairing.slots
    none = np.zeros(0, np.int64)
    source = np.concatenate([none, *(each[0] for each in found)])
    target = np.concatenate([none, *(each[1] for each in found)])
    order = np.lexsort((target, source))
    arcs = Arcs.joined([each[2] for each in found]).take(order)
    graph = SwapGraph(
        vertices=len(slots),
        source=source[order].astype(np.int32),
        target=target[order].astype(np.int32),
        gain=np.clip(np.nan_to_num(arcs.gain), _LEAST, 1),
        starter=np.array([slot.mentee is None for slot in slots], np.bool_),
        priority=np.array([1 + pairing.config.waited * slot.waited for slot in slots], np.float64),
        lottery=lottery_of(pairing.scene.pool.seed, [slot.key for slot in slots]),
    )
    return Exchanges(slots, graph, arcs, pairing)
