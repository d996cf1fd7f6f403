"""Pairs of a mentee with another mentor: whether the rules allow them, how they fit, what the mentee would gain."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from matchengine.batch import BoolArray, FloatArray, IntArray, PairBatch
from matchengine.matching.constrain import allowed
from matchengine.matching.rank import feasible
from matchengine.plan_config import SwapsConfig
from matchengine.programme.swaps.gains import (
    Needs,
    Voices,
    Wishes,
    gain,
    mentor_side,
    needs_met,
    parts,
    voices,
    wishes,
)
from matchengine.programme.swaps.wishes import Slot
from matchengine.records import Relationship
from matchengine.scene import Scene

__all__ = ["Arcs", "Pairing", "Unwanted", "former_pairs"]

_PLACES = "capacity"
"""The rule that asks for a free place: in an exchange a place becomes free, and starters were counted before."""
Unwanted = set[tuple[str | None, str | None]]
"""Pairs (mentee, mentor) that are out of the question; None stands for anybody."""


@dataclass(frozen=True)
class Arcs:
    """What is known of E arcs: `fit` and `side` float64 (E,) in [0, 1], `gain`, and the parts of the gain.

    `gain` may be NaN or below 0 only where mentees rank the mentors themselves; `rank` int64 (E,) is the place of the
    mentor in the ranking of the mentee from 0, −1 for none.
    """

    fit: FloatArray
    side: FloatArray
    gain: FloatArray
    cover: FloatArray
    perspective: FloatArray
    wish: FloatArray
    apart: FloatArray
    style: FloatArray
    rank: IntArray

    def take(self, chosen: IntArray) -> Arcs:
        """Return the arcs at some positions."""
        return Arcs(**{name: array[chosen] for name, array in self.__dict__.items()})

    @classmethod
    def joined(cls, several: Sequence[Arcs]) -> Arcs:
        """Return several one after the other."""
        none = np.zeros(0)
        listed = [cls(none, none, none, none, none, none, none, none, np.zeros(0, np.int64)), *several]
        return cls(**{name: np.concatenate([getattr(each, name) for each in listed]) for name in listed[0].__dict__})


def former_pairs(relationships: Iterable[Relationship], since: date) -> Unwanted:
    """Pairs (mentee, mentor) whose mentoring ended on or after a day, or nobody knows when."""
    return {
        (tie.person_id, tie.other_id)
        for tie in relationships
        if tie.kind == "mentoring" and (tie.ends or date.max) >= since
    }


@dataclass(frozen=True)
class Pairing:
    """Answers questions about pairs (slot, place of a mentor among `rows`).

    Attributes
    ----------
    rows : int64 array (M,)
        Rows of all mentors, each once; `at` int64 (V,) says which of them each slot's mentor is.
    ranked : bool
        Whether mentees' rankings stand for the fit.
    """

    scene: Scene
    config: SwapsConfig
    slots: tuple[Slot, ...]
    rows: IntArray
    at: NDArray[np.int64]
    ranked: bool = False

    @classmethod
    def of(cls, scene: Scene, config: SwapsConfig, slots: Sequence[Slot], *, ranked: bool = False) -> Pairing:
        """Make one over the slots of a round."""
        rows, at = np.unique(np.array([slot.mentor for slot in slots], np.int64), return_inverse=True)
        return cls(scene, config, tuple(slots), rows, np.asarray(at, np.int64), ranked)

    @cached_property
    def known(self) -> Voices:
        """What is known of the way of each mentor."""
        return voices(self.scene, self.rows)

    @cached_property
    def spoken(self) -> Wishes:
        """What other perspective each slot's mentee wishes."""
        told = [slot.wish for slot in self.slots]
        return wishes(
            self.scene,
            [None if w is None or w.perspective is None else (w.perspective, w.perspective_language) for w in told],
        )

    @cached_property
    def mentees(self) -> IntArray:
        """Rows of the slots' mentees, int32 (V,); 0 for a place."""
        return np.array([slot.mentee or 0 for slot in self.slots], np.int32)

    def batch(self, slot: IntArray, mentor: IntArray) -> PairBatch:
        """Return pairs as rows."""
        return PairBatch(self.mentees[slot], self.rows[mentor].astype(np.int32))

    def may(self, slot: IntArray, mentor: IntArray, unwanted: Unwanted) -> BoolArray:
        """Whether every rule allows each pair and nobody refused it, shape (P,)."""
        pool, sides = self.scene.pool, self.scene.kind.sides
        batch = self.batch(slot, mentor)
        inputs = self.scene.inputs(batch)
        mask = ~self._refused(slot, mentor, unwanted) & ~inputs["pair_existing"]
        mask &= pool.candidates(sides)[batch.candidate_rows]
        return allowed([rule for rule in self.scene.kind.constraints if rule.spec.name != _PLACES], inputs, mask)

    def _refused(self, slot: IntArray, mentor: IntArray, unwanted: Unwanted) -> BoolArray:
        ids = self.scene.pool.tables[self.scene.kind.sides.candidates].ids
        place = {ids[row]: n for n, row in enumerate(self.rows.tolist())}
        of: dict[str | None, list[int]] = {}
        for n, each in enumerate(self.slots):
            of.setdefault(each.person_id, []).append(n)
        width = len(self.rows)
        whole = [n for who, to in unwanted if to is None for n in of.get(who, ())]
        closed = [place[to] for who, to in unwanted if who is None and to in place]
        codes = [n * width + place[to] for who, to in unwanted if who and to in place for n in of.get(who, ())]
        refused: BoolArray = np.isin(slot, whole) | np.isin(mentor, closed) | np.isin(slot * width + mentor, codes)
        return refused

    def scored(self, slot: IntArray, mentor: IntArray) -> tuple[IntArray, Arcs]:
        """Score pairs of slots in ascending order; return the positions of those that fit, and what is known of them.

        Without rankings a pair fits that reaches the least fit and of which enough is known; the feasible block has
        its floor either way (G1).
        """
        batch = self.batch(slot, mentor)
        _raw, table = self.scene.table(batch)
        fit = np.asarray(table.total - table.lift, np.float64)
        side = mentor_side(self.scene, batch, table)
        fits: IntArray = np.arange(len(fit))[feasible(table.blocks)]
        if not self.ranked:
            fits = fits[(fit >= self.config.least_fit)[fits] & table.informed[fits]]
        return fits, self._gained(slot[fits], mentor[fits], fit[fits], side[fits])

    def _gained(self, slot: IntArray, mentor: IntArray, fit: FloatArray, side: FloatArray) -> Arcs:
        some, place = np.unique(slot, return_inverse=True)
        place = np.asarray(place, np.int64)
        own = (self.own(some), self.at[some])
        spoken = Wishes(self.spoken.vectors[some])
        told = parts(self.scene, own, self.batch(slot, mentor), (place, mentor), spoken, self.known)
        return Arcs(
            fit=fit,
            side=side,
            gain=gain(told, fit, self.price[slot]),
            cover=told.cover,
            perspective=told.perspective,
            wish=told.wish,
            apart=told.apart,
            style=told.style,
            rank=self._ranks(slot, mentor),
        )

    def own(self, some: IntArray) -> Needs:
        """Return what the present mentors of some slots give."""
        return needs_met(self.scene, self.batch(some, self.at[some]))

    @cached_property
    def price(self) -> FloatArray:
        """What the interruption costs each slot's mentee, float64 (V,)."""
        config = self.config
        return np.array([config.disruption_young if slot.young else config.disruption for slot in self.slots])

    def _ranks(self, slot: IntArray, mentor: IntArray) -> IntArray:
        ids = self.scene.pool.tables[self.scene.kind.sides.candidates].ids
        orders = [{name: n for n, name in enumerate(s.wish.ranking)} if s.wish else {} for s in self.slots]
        listed = zip(slot.tolist(), self.rows[mentor].tolist(), strict=True)
        return np.array([orders[n].get(ids[row], -1) for n, row in listed], np.int64)
