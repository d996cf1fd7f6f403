"""People and gatherings about whom too little is known for what the scorers of a kind read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from matchengine.batch import BoolArray, IntArray
from matchengine.i18n import _
from matchengine.pool.pool import Pool
from matchengine.readiness.market import Market
from matchengine.readiness.words import KNOWN_AS
from matchengine.records import Thin
from matchengine.records.vocabulary import SENSITIVE_PERSON_FIELDS
from matchengine.registry import ActiveScorer

__all__ = ["thin"]

_ENOUGH = 0.6
"""Share of what the scorers read that must be known of somebody."""
_OF_BOTH = {
    "common_minutes": "availability",
    "language": "languages",
    "distance_km": "place",
    "online": "modes",
    "apart": "modes",
}
"""The column of either side that a pair feature comes from."""
_IN_PERSON = np.uint32(1)


class _Needed(NamedTuple):
    """A field that scorers read of one side: the weight it carries, and the blocks that live on it."""

    name: str
    weight: float
    blocks: frozenset[str]


def thin(market: Market) -> tuple[Thin, ...]:
    """Return everybody on either side of whom less than .6 is known, or nothing in a block that must be known.

    Least known first. What a person keeps to themselves, and whatever has no label, is neither counted nor named.
    """
    config, sides = market.kind.config, market.kind.sides
    found: dict[str, tuple[float, dict[str, None], dict[str, None]]] = {}
    for side, role, table, rows in (
        ("requester", config.requester, sides.requesters, market.requesters),
        ("candidate", config.candidate, sides.candidates, market.candidates),
    ):
        needed = list(_needed(market, side))
        if not needed or not len(rows):
            continue
        known = np.stack([_known(market.pool, table, of.name, rows) for of in needed], axis=1)
        share = known @ np.array([of.weight for of in needed])
        poor = (share < _ENOUGH - 1e-9) | _blank(market, needed, known)
        for position in np.flatnonzero(poor).tolist():
            external = market.pool.tables[table].ids[int(rows[position])]
            least, roles, missing = found.get(external, (1.0, {}, {}))
            names = [of.name for n, of in enumerate(needed) if not known[position, n]]
            found[external] = min(least, float(share[position])), roles | {role: None}, missing | dict.fromkeys(names)
    order = sorted(found.items(), key=lambda item: (round(item[1][0], 6), item[0]))
    return tuple(
        Thin(person_id=external, roles=tuple(roles), missing=tuple(_(KNOWN_AS[name]) for name in missing))
        for external, (_share, roles, missing) in order
    )


def _needed(market: Market, side: str) -> Iterator[_Needed]:
    """Fields that the scorers read of one side, weights summing to 1."""
    config = market.kind.config
    core = [scorer for scorer in market.kind.scorers if scorer.block is not None]
    of_block: dict[str, float] = defaultdict(float)
    for scorer in core:
        of_block[scorer.block or ""] += scorer.weight
    weights: dict[str, float] = defaultdict(float)
    blocks: dict[str, set[str]] = defaultdict(set)
    for scorer in core:
        block = scorer.block or ""
        read = _read(scorer, side)
        for name in read:
            weights[name] += config.blocks[block] * scorer.weight / of_block[block] / len(read)
            blocks[name].add(block)
    total = sum(weights.values())
    yield from (_Needed(name, weight / total, frozenset(blocks[name])) for name, weight in weights.items() if weight)


def _read(scorer: ActiveScorer, side: str) -> list[str]:
    """Fields of one side that a scorer reads and that a report may name, each once."""
    names = []
    for given in scorer.spec.inputs:
        kind, _found, rest = given.partition("_")
        if kind == "items":
            left, _found, right = rest.partition("_")
            names.append(left if side == "requester" else right)
        elif kind == "pair":
            names.append(_OF_BOTH.get(rest, ""))
        elif kind == side:
            names.append(rest)
    return [name for name in dict.fromkeys(names) if name in KNOWN_AS and name not in SENSITIVE_PERSON_FIELDS]


def _known(pool: Pool, table: str, name: str, rows: IntArray) -> BoolArray:
    """Whether a field is known of each row, shape (n,); a place does not matter to who never meets in person."""
    field = pool.field(table, name)
    if field is not None:
        return np.asarray(field.items.counts(rows) > 0)
    column = pool.tables[table].column(name)[rows]
    blank = np.isnan(column) if column.dtype.kind == "f" else np.equal(column, 0)
    known: BoolArray = ~blank.reshape(len(rows), -1).all(axis=1)
    if name == "place":
        modes = pool.tables[table].column("modes")[rows]
        known = known | ((modes != 0) & ((modes & _IN_PERSON) == 0))
    return known


def _blank(market: Market, needed: list[_Needed], known: BoolArray) -> BoolArray:
    """Whether nothing is known in some block that must be known, shape (n,)."""
    blank = np.zeros(len(known), np.bool_)
    for block in market.kind.config.must_know:
        inside = np.array([block in of.blocks for of in needed], np.bool_)
        if inside.any():
            blank |= ~known[:, inside].any(axis=1)
    return blank
