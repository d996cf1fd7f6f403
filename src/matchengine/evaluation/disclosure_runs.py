"""One programme matched with lifts or without: what everybody gets, in base scores (domain.md H6)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from matchengine.batch import BoolArray, FloatArray, IntArray, PairBatch

if TYPE_CHECKING:
    from matchengine.engine import Engine
    from matchengine.scene import Scene

__all__ = ["Ran", "Run", "ran"]

FIRST = 5


@dataclass(frozen=True)
class Run:
    """What one way of matching gives to R requesters and M candidates over P pairs.

    Attributes
    ----------
    requesters, candidates : tuple of str
    requester, candidate : int64 arrays (P,)
        Positions; all pairs that rules allow and that could meet.
    base : float64 array (P,)
        Score without lifts, in [0, 1].
    acts, wished : bool arrays (P,)
        Whether a lift adds something for the requester; whether the requester wishes to share what the candidate
        declares, as running matches are counted against a cap.
    chosen, listed : int64 arrays
        Positions of assigned pairs, and of the first five of every list.
    attention : float64 array (M,)
        Sum of 1 / log2(1 + rank) over lists.
    seats : float64 array (M,)
        Free places; NaN where not known.
    method : str
    """

    requesters: tuple[str, ...]
    candidates: tuple[str, ...]
    requester: IntArray
    candidate: IntArray
    base: FloatArray
    acts: BoolArray
    wished: BoolArray
    chosen: IntArray
    listed: IntArray
    attention: FloatArray
    seats: FloatArray
    method: str

    def cap_breaches(self, engine: Engine, kind: str) -> tuple[int, int]:
        """Count candidates with a cap of identity matches, and those who would be above theirs.

        Counted are running matches and assigned ones; whoever is above the cap already and gets no more is no breach.
        """
        scene = engine._scene(kind)
        table = scene.pool.tables["people"]
        rows = np.array([table.row_of[external] for external in self.candidates], np.int64)
        cap = table.column("identity_cap")[rows]
        running = np.zeros(len(rows))
        at = {external: n for n, external in enumerate(self.candidates)}
        ties = [(g, t) for g, t in scene.pool.ties.open_matches() if g in at and t in table.row_of]
        if ties:
            batch = PairBatch(
                np.array([table.row_of[taker] for _giver, taker in ties], np.int32),
                np.array([table.row_of[giver] for giver, _taker in ties], np.int32),
            )
            np.add.at(running, [at[giver] for giver, _taker in ties], _shares_a_wish(scene, batch))
        new = np.bincount(self.candidate[self.chosen], weights=self.wished[self.chosen], minlength=len(rows))
        return int((~np.isnan(cap)).sum()), int(((new > 0) & (running + new > cap)).sum())


@dataclass(frozen=True)
class Ran:
    """The same programme without and with lifts."""

    off: Run
    on: Run

    def changes(self, side: str) -> tuple[FloatArray, FloatArray | None]:
        """Change of base scores from off to on of each person of a side: of the assignment, and of the first five.

        Requesters get what they are assigned (0 for nobody) and the mean of their list; candidates the sum over their
        matches for each match they have without lifts, or with them where they have none without; no list.
        """
        if side == "requester":
            on, off = (_sums(run.requester, run.base, run.chosen, len(run.requesters)) for run in (self.on, self.off))
            return on - off, _first(self.on) - _first(self.off)
        on, off = (_sums(run.candidate, run.base, run.chosen, len(run.candidates)) for run in (self.on, self.off))
        count = [np.bincount(r.candidate[r.chosen], minlength=len(r.candidates)) for r in (self.on, self.off)]
        return (on - off) / np.maximum(np.where(count[1] > 0, count[1], count[0]), 1), None


def _sums(of: IntArray, base: FloatArray, chosen: IntArray, size: int) -> FloatArray:
    found: FloatArray = np.bincount(of[chosen], weights=base[chosen], minlength=size).astype(np.float64)
    return found


def _first(run: Run) -> FloatArray:
    """Mean base score of the first five of each requester, 0 where the list is empty."""
    size = len(run.requesters)
    total = _sums(run.requester, run.base, run.listed, size)
    found: FloatArray = total / np.maximum(np.bincount(run.requester[run.listed], minlength=size), 1)
    return found


def ran(engine: Engine, kind: str, *, lifts: bool, method: str | None) -> Run:
    """Score, list and assign everybody, with lifts or without."""
    from matchengine.matching.rank import feasible, rank
    from matchengine.programme.assign import assign
    from matchengine.programme.drafting import Ground

    scene = engine._scene(kind)
    if not lifts:
        core = tuple(scorer for scorer in scene.kind.scorers if scorer.block is not None)
        scene = replace(scene, kind=replace(scene.kind, scorers=core))
    members, tables, sides = scene.members(), scene.pool.tables, scene.kind.sides
    own, theirs = tables[sides.requesters], tables[sides.candidates]
    rows = [own.row_of[external] for external in members.requesters]
    batch = PairBatch.many(rows, [scene.eligible(row) for row in rows])
    table = scene.table(batch)[1]
    stands = np.zeros(len(batch), np.bool_)
    stands[feasible(table.blocks)] = True
    best = rank(table, batch, own, theirs, FIRST)
    listed = np.concatenate([np.zeros(0, np.int64), *best])
    place = np.concatenate([np.zeros(0), *(np.arange(1.0, len(of_row) + 1) for of_row in best)])
    of_row = np.full(len(theirs), -1, np.int64)
    of_row[[theirs.row_of[external] for external in members.candidates]] = np.arange(len(members.candidates))
    asking = np.full(len(own), -1, np.int64)
    asking[rows] = np.arange(len(rows))
    requester, candidate = asking[batch.requester_rows], of_row[batch.candidate_rows]
    plan = assign(Ground(lambda: scene, engine.registry, engine.fingerprint), method=method)
    at = {pair: n for n, pair in enumerate(zip(batch.requester_rows.tolist(), batch.candidate_rows.tolist(),
                                               strict=True))}  # fmt: skip
    chosen = np.array([at[own.row_of[a], theirs.row_of[b]] for a, b in plan.pairs], np.int64)
    return Run(
        requesters=members.requesters, candidates=members.candidates, requester=requester, candidate=candidate,
        base=np.clip(table.total - table.lift, 0, 1), acts=(table.lift > 0) & stands,
        wished=_shares_a_wish(scene, batch), chosen=chosen, listed=listed,
        attention=_sums(candidate[listed], 1 / np.log2(1 + place), np.arange(len(listed)), len(members.candidates)),
        seats=np.array([members.places.get(external, np.nan) for external in members.candidates], np.float64),
        method=plan.document.method,
    )  # fmt: skip


def _shares_a_wish(scene: Scene, batch: PairBatch) -> BoolArray:
    """Whether each requester wishes to share something that the candidate declares, bool (P,)."""
    from matchengine.pool.sensitive import JOINT_WISHES, WISH_COLUMNS

    table, tokens = scene.pool.tables["people"], scene.pool.derived.acting_tokens()
    found = np.zeros(len(batch), np.bool_)
    for name in (*WISH_COLUMNS, *JOINT_WISHES):
        wished = table.column(name)
        width = min(wished.shape[1], tokens.shape[1])
        both = wished[batch.requester_rows, :width] & tokens[batch.candidate_rows, :width]
        found |= both.any(axis=1)
    return found
