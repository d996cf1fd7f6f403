"""Every pair that may be assigned, and what it is worth to either side (domain.md E).

Numbers that people read are scores without lifts. What people wish to share takes part in the two views alone: that of
the requester holds the requester's lifts, that of the candidate the candidate's own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from matchengine.batch import BoolArray, FloatArray, IntArray, PairBatch, ScoreTable, Sides
from matchengine.matching.combine import combine
from matchengine.matching.rank import feasible
from matchengine.matching.retrieve import retrieve
from matchengine.matching.score import score
from matchengine.pool.inputs import Inputs
from matchengine.readiness.market import Market
from matchengine.scene import Scene

__all__ = ["Pairs", "gather", "is_mutual", "matched_before"]

_BATCH = 64
"""Requesters whose pairs are scored together."""
_AT_ONCE = 100_000
"""Pairs whose lifts are worked out together."""
_BEHIND = 0.01
"""What a pair is worth about which too little is known: less than any other, whose score is .01 at least (G1)."""
_OPEN, _PAST = "existing", "past"


@dataclass(frozen=True)
class Pairs:
    """A pairs of R requesters and C candidates, both in the order of their ids; pairs by requester, then candidate.

    Attributes
    ----------
    requesters, candidates : int32 arrays (R,), (C,)
        Rows of the two tables.
    requester, candidate : int64 arrays (A,)
        Positions in those two arrays.
    base, confidence : float64 arrays (A,)
        Score without lifts and confidence, in [0, 1].
    informed : bool array (A,)
    requester_value, candidate_value : float64 arrays (A,)
        What either side sees, in [0, 1]; a hundredth of it where too little is known, so that such pairs come after all
        others on every list and no sum or minimum prefers them.
    eligible : int64 array (R,)
        Candidates of each requester that no rule forbids.
    whole : bool array (R,)
        Whether all of them were compared.
    """

    requesters: IntArray
    candidates: IntArray
    requester: IntArray
    candidate: IntArray
    base: FloatArray
    confidence: FloatArray
    informed: BoolArray
    requester_value: FloatArray
    candidate_value: FloatArray
    eligible: IntArray
    whole: BoolArray

    def __len__(self) -> int:
        return len(self.requester)

    @property
    def points(self) -> FloatArray:
        """Scores as people read them, 0 to 100 with two decimals, shape (A,)."""
        return np.round(100 * self.base, 2)

    @property
    def joint(self) -> FloatArray:
        """What each pair is worth to both together, shape (A,)."""
        joint: FloatArray = (self.requester_value + self.candidate_value) / 2
        return joint

    @property
    def plain(self) -> FloatArray:
        """What each pair is worth without lifts, pairs about which too little is known behind all others, (A,)."""
        return np.where(self.informed, self.base, _BEHIND * self.base)

    @cached_property
    def keys(self) -> IntArray:
        """One number for each pair, ascending, int64 (A,)."""
        return self.requester.astype(np.int64) * max(len(self.candidates), 1) + self.candidate

    def take(self, kept: BoolArray | IntArray) -> Pairs:
        """Return some pairs of the same people."""
        return replace(self, **{name: getattr(self, name)[kept] for name in _OF_PAIRS})

    def position(self, requester: int, candidate: int) -> int | None:
        """Position of a pair given by the positions of both; None where it is not among them."""
        key = requester * max(len(self.candidates), 1) + candidate
        at = int(np.searchsorted(self.keys, key))
        return at if at < len(self) and int(self.keys[at]) == key else None

    def joined(self, other: Pairs) -> Pairs:
        """Return these pairs and others of the same people, each once."""
        both = {name: np.concatenate([getattr(self, name), getattr(other, name)]) for name in _OF_PAIRS}
        _keys, first = np.unique(np.concatenate([self.keys, other.keys]), return_index=True)
        merged = {name: column[first] for name, column in both.items()}
        eligible = np.maximum(self.eligible, other.eligible)
        return replace(self, **merged, eligible=eligible, whole=self.whole | other.whole)


_OF_PAIRS = ("requester", "candidate", "base", "confidence", "informed", "requester_value", "candidate_value")


def is_mutual(scene: Scene) -> bool:
    """Whether both sides of a kind of match are the same people in the same role, so that a pair has no direction."""
    kind = scene.kind
    return kind.sides.candidates == kind.sides.requesters and kind.requester_role == kind.sides.role


def matched_before(scene: Scene, requester_id: str) -> set[str]:
    """Return with whom somebody has a running match, or had one that the programme does not repeat."""
    ties = scene.pool.ties
    known = set(ties.others(_OPEN, requester_id))
    if not scene.kind.config.assign.repeat:
        known |= set(ties.others(_PAST, requester_id))
    return known


def gather(
    scene: Scene,
    *,
    among: IntArray | None = None,
    shortlist: int | None = None,
    also: Mapping[int, Sequence[int]] | None = None,
) -> Pairs:
    """Compare everybody who looks with everybody who gives, as far as rules allow and they could meet.

    Parameters
    ----------
    among : int array or None
        Positions of the requesters whose pairs are wanted; all of them by default.
    shortlist : int or None
        Candidates of each where there are too many pairs to compare all (`dense_up_to`); as configured by default.
    also : mapping of row to rows
        Candidates that are compared beside a shortlist, by requester; rules hold for them too.
    """
    market = Market.of(scene.pool, scene.kind, scene.config)
    chosen = np.arange(len(market.requesters)) if among is None else among
    place = np.full(len(market.candidate_table), -1, np.int64)
    place[market.candidates] = np.arange(len(market.candidates))
    eligible, whole = np.zeros(len(market.requesters), np.int64), np.zeros(len(market.requesters), np.bool_)
    batches, tables, asking = [], [], []
    for start in range(0, len(chosen), _BATCH):
        part = chosen[start : start + _BATCH]
        rows = market.requesters[part].tolist()
        open_to = [_open_to(scene, row, place) for row in rows]
        found = _looked_at(scene, market, rows, open_to, shortlist, also or {})
        eligible[part], whole[part] = (
            [len(rows) for rows in open_to],
            [len(few) == len(all_) for few, all_ in zip(found, open_to, strict=True)],
        )
        batch = PairBatch.many(rows, found)
        if len(batch):
            table = scene.table(batch)[1]
            stands = np.zeros(len(batch), np.bool_)
            stands[feasible(table.blocks)] = True
            kept = np.flatnonzero(stands)
            batches.append(batch.take(kept))
            tables.append(table.take(kept))
            asking.append(np.repeat(part, [len(few) for few in found])[kept])
    return _made(scene, market, (batches, tables, asking), place, (eligible, whole))


def _open_to(scene: Scene, row: int, place: IntArray) -> IntArray:
    """Rows that every rule lets one requester be assigned to, ascending."""
    rows = scene.eligible(row)
    rows = rows[place[rows] >= 0]
    sides, tables = scene.kind.sides, scene.pool.tables
    known = matched_before(scene, tables[sides.requesters].ids[row])
    gone = [tables[sides.candidates].row_of[other] for other in known if other in tables[sides.candidates].row_of]
    return rows[~np.isin(rows, gone)] if gone else rows


def _looked_at(
    scene: Scene,
    market: Market,
    rows: list[int],
    open_to: list[IntArray],
    shortlist: int | None,
    also: Mapping[int, Sequence[int]],
) -> list[IntArray]:
    """Which of the candidates open to each requester are compared."""
    config = scene.kind.config.assign
    if len(market.requesters) * len(market.candidates) <= config.dense_up_to:
        return open_to
    size = max(config.shortlist if shortlist is None else shortlist, 10)
    search = scene.config.retrieve.model_copy(update={"shortlist": size, "dense_up_to": size})
    found = retrieve(scene.pool, scene.kind, search, rows, open_to)
    return [
        np.union1d(few, np.intersect1d(every, list(also.get(row, ())))).astype(np.int32)
        for row, few, every in zip(rows, found, open_to, strict=True)
    ]


def _made(
    scene: Scene,
    market: Market,
    parts: tuple[list[PairBatch], list[ScoreTable], list[IntArray]],
    place: IntArray,
    counts: tuple[IntArray, BoolArray],
) -> Pairs:
    """Put scored batches together, with the view of either side."""
    batches, tables, asking = parts
    none = np.zeros(0)
    batch = PairBatch(
        np.concatenate([np.zeros(0, np.int32), *(b.requester_rows for b in batches)]),
        np.concatenate([np.zeros(0, np.int32), *(b.candidate_rows for b in batches)]),
    )
    total = np.concatenate([none, *(t.total for t in tables)])
    base = np.concatenate([none, *(t.total - t.lift for t in tables)])
    informed = np.concatenate([none.astype(np.bool_), *(t.informed for t in tables)])
    requester = np.concatenate([none.astype(np.int64), *asking])
    weight = np.where(informed, 1.0, _BEHIND)
    made = Pairs(
        market.requesters,
        market.candidates,
        requester,
        place[batch.candidate_rows],
        np.clip(base, 0, 1),
        np.concatenate([none, *(t.confidence for t in tables)]),
        informed,
        weight * np.clip(total, 0, 1),
        weight * np.clip(total if is_mutual(scene) else _their_view(scene, batch, base), 0, 1),
        *counts,
    )
    return made.take(np.lexsort((made.candidate, made.requester)))


def _their_view(scene: Scene, batch: PairBatch, base: FloatArray) -> FloatArray:
    """Scores as candidates see them: without the requester's lifts, with the candidate's own, shape (P,).

    A candidate's lift acts under the conditions under which it would act if they looked: they wish for two things at
    least, the requester opened what is shared to matching, and is not at the cap they set.
    """
    kind = scene.kind
    lifts = tuple(scorer for scorer in kind.scorers if scorer.block is None)
    if not lifts or not kind.sides.requesters == kind.sides.candidates == "people":
        return base
    out = base.copy()
    order = np.argsort(batch.candidate_rows, kind="stable")
    turned = replace(kind, sides=replace(kind.sides, role=kind.requester_role), scorers=lifts)
    columns = [n for n, scorer in enumerate(kind.scorers) if scorer.block is None]
    for start in range(0, len(order), _AT_ONCE):
        at = order[start : start + _AT_ONCE]
        theirs = PairBatch(batch.candidate_rows[at], batch.requester_rows[at])
        acts = np.flatnonzero(_inputs(scene, turned.sides, theirs).may_lift())
        if not len(acts):
            continue
        raw = score(turned, _inputs(scene, turned.sides, theirs.take(acts)))
        values = np.full((len(acts), len(kind.scorers)), np.nan)
        values[:, columns] = raw.values
        table = combine(kind, values, np.zeros_like(values), scene.neutral)  # nothing but lifts is known
        share = table.lift / (1 - table.neutral)
        out[at[acts]] += (1 - base[at[acts]]) * share
    return out


def _inputs(scene: Scene, sides: Sides, batch: PairBatch) -> Inputs:
    retrieve_by = scene.config.retrieve
    return Inputs(scene.pool, sides, batch, retrieve_by.semantic, retrieve_by.lexical)
