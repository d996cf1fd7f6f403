"""Every pair that lists for everybody may hold, in an order that does not depend on how the data were loaded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from matchengine.batch import BoolArray, FloatArray, IntArray, PairBatch
from matchengine.matching.rank import LIFTED, feasible
from matchengine.matching.retrieve import retrieve
from matchengine.planning.exposure.market import Market
from matchengine.planning.exposure.measures import worth
from matchengine.scene import Scene

__all__ = ["Offered", "gather_offered"]

_BATCH = 64
_DECIMALS = 4
_MIX = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True)
class Offered:
    """A eligible pairs with their scores, requesters and candidates in the order of their lottery numbers.

    Attributes
    ----------
    requesters, candidates : int64 array (R,) or (C,)
        Rows of the tables; the market counts in positions of these.
    places : float64 array (C,)
        Free places, NaN where nobody stated any.
    market : Market
        With the scores without lifts; who states no places counts with the number of the configuration.
    lift : float64 array (A,)
    informed : bool array (A,)
        False where too little is known to rank the pair among the others.
    draw : uint64 array (A,)
        Breaks ties, the smaller first.
    """

    requesters: IntArray
    candidates: IntArray
    places: FloatArray
    market: Market
    lift: FloatArray
    informed: BoolArray
    draw: IntArray

    @cached_property
    def batch(self) -> PairBatch:
        """The pairs as rows."""
        market = self.market
        asking = self.requesters[market.requester].astype(np.int32)
        return PairBatch(asking, self.candidates[market.candidate].astype(np.int32))

    def ranks(self, key: FloatArray) -> IntArray:
        """Place of each pair in the list of its requester by a key, from 1: what is too little known comes last."""
        market = self.market
        order = np.lexsort((self.draw, -np.round(key, _DECIMALS), ~self.informed, market.requester))
        out = np.empty(len(market), np.int64)
        out[order] = np.arange(len(market)) - market.starts[market.run] + 1
        return out

    def suggested_ranks(self, lifts_are_discreet: bool) -> IntArray:
        """Places as `suggest` gives them: with lifts, towards people the first five alone (decision 12)."""
        total = self.ranks(self.market.score + self.lift)
        if not lifts_are_discreet or not self.lift.any():
            return total
        first = total <= LIFTED
        rest = self.ranks(np.where(first, np.inf, self.market.score))
        return np.where(first, total, np.maximum(rest, LIFTED + 1))

    def demand(self, k: int) -> Market:
        """Who asks for whom in lists of k: the attention that the first places hold, and that the others hold, apart.

        What is too little known stands behind all the rest of a list, whatever its score. So a requester asks twice,
        for those who can be ranked and for the others, each time for as much as the places are worth that they fill.
        """
        market, size = self.market, 2 * len(self.requesters)
        part = 2 * market.requester + ~self.informed
        counts = np.bincount(part, minlength=size).reshape(-1, 2)
        held = np.append(0, np.cumsum(worth(np.arange(1, k + 1))))
        filled = np.minimum(np.stack([counts[:, 0], counts.sum(axis=1)], axis=1), k)
        mass = np.diff(held[filled] / held[k], axis=1, prepend=0).ravel()
        kept = np.flatnonzero(mass[part] > 0)
        kept = kept[np.argsort(part[kept], kind="stable")]
        return Market(
            size, market.candidates, part[kept], market.candidate[kept], market.score[kept], market.places,
            np.where(mass > 0, mass, 1),
        )  # fmt: skip

    def taken(self, ranks: IntArray, k: int) -> list[IntArray]:
        """Positions of the first k pairs of each requester, best first; empty for whoever has none."""
        if not len(self.requesters):
            return []
        shown = np.flatnonzero(ranks <= k)
        shown = shown[np.lexsort((ranks[shown], self.market.requester[shown]))]
        cuts = np.searchsorted(self.market.requester[shown], np.arange(1, len(self.requesters)))
        return list(np.split(shown, cuts))


def gather_offered(scene: Scene, rows: Sequence[int]) -> Offered:
    """Score the pairs of some requesters that `suggest` would score; nobody without a free place is among them."""
    pool, sides = scene.pool, scene.kind.sides
    tables = pool.tables
    lottery = tables[sides.requesters].lottery, tables[sides.candidates].lottery
    asking = np.array(rows, np.int64)
    asking = asking[np.argsort(lottery[0][asking])]
    giving = np.flatnonzero(pool.candidates(sides))
    giving = giving[np.argsort(lottery[1][giving])]
    places = pool.derived.free_places(sides.candidates, sides.role)[giving].astype(np.float64)
    position = np.full(len(tables[sides.candidates]), -1)
    position[giving] = np.arange(len(giving))
    free = np.where(np.isnan(places), scene.kind.config.assign.places, np.maximum(np.floor(places), 0))
    parts = [_scored(scene, asking[start : start + _BATCH], start) for start in range(0, len(asking), _BATCH)]
    whole = [np.concatenate(columns) for columns in zip(*parts, strict=True)] if parts else [np.zeros(0)] * 5
    requester, candidate = whole[0].astype(np.int64), position[whole[1].astype(np.int64)]
    kept = np.flatnonzero((candidate >= 0) & (free[candidate] > 0))
    kept = kept[np.lexsort((candidate[kept], requester[kept]))]
    requester, candidate = requester[kept], candidate[kept]
    draw = (lottery[1][giving][candidate] ^ lottery[0][asking][requester]) * _MIX
    market = Market(len(asking), len(giving), requester, candidate, whole[2][kept], free)
    return Offered(asking, giving, places, market, whole[3][kept], whole[4][kept].astype(np.bool_), draw)


def _scored(scene: Scene, rows: IntArray, first: int) -> tuple[IntArray, IntArray, FloatArray, FloatArray, BoolArray]:
    """Requester's position, candidate's row, score without lifts, lift and whether enough is known, of each pair."""
    asked = rows.tolist()
    eligible = [scene.eligible(row) for row in asked]
    found = retrieve(scene.pool, scene.kind, scene.config.retrieve, asked, eligible)
    batch = PairBatch.many(asked, found)
    owner = first + np.repeat(np.arange(len(asked)), [len(few) for few in found])
    if not len(batch):
        none = np.zeros(0)
        return owner, batch.candidate_rows, none, none, none.astype(np.bool_)
    table = scene.table(batch)[1]
    stands = np.zeros(len(batch), np.bool_)
    stands[feasible(table.blocks)] = True
    plain = np.round(np.clip(table.total - table.lift, 0, 1), _DECIMALS)
    return tuple(column[stands] for column in (owner, batch.candidate_rows, plain, table.lift, table.informed))  # type: ignore[return-value]
