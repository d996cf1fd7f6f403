"""How good groups are: likeness, difference, mutual teaching, faultlines (domain.md F1); what they break (F2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from matchengine.batch import BoolArray, FloatArray, IntArray
from matchengine.planning.groups.faultlines import strengths
from matchengine.planning.groups.feasible import Cells, cells_of, matrices
from matchengine.planning.groups.problem import GroupAims, GroupsProblem
from matchengine.planning.groups.relax import UNPLACED, penalty

__all__ = ["Judge", "Verdict", "kinds_of", "taught"]


@dataclass(frozen=True)
class Verdict:
    """What B possible groups are worth.

    `possible` bool (B,): within the largest size, nobody apart, a cell open to all. `quality` float (B,) is Q(g), 0
    below the smallest size; `worth` is the quality less what is given up, or what it costs to leave the people out;
    `similarity`, `difference` (NaN unknown), `teaching`, `faultline` its parts. `isolates`, `shares` int (B,) and
    `lacking` bool (B,) count what is given up.
    """

    possible: BoolArray
    size: IntArray
    worth: FloatArray
    quality: FloatArray
    similarity: FloatArray
    difference: FloatArray
    teaching: FloatArray
    faultline: FloatArray
    isolates: IntArray
    shares: IntArray
    lacking: BoolArray


def taught(offers: FloatArray, wants: FloatArray) -> FloatArray:
    """Mutual teaching T = Σ_topics min(1, Σ_i offer) · want_g, float (B,): the share of the wishes the group can meet.

    Parameters
    ----------
    offers, wants : float array (B, T)
        Sums over the members. want_g is the topic's share of all that the group wants, so that T is in [0, 1]; 0 where
        nobody wants anything. In the offers T is monotone and submodular.
    """
    total = wants.sum(axis=1)
    met = (np.minimum(offers, 1) * wants).sum(axis=1)
    found: FloatArray = np.divide(met, total, out=np.zeros(len(total)), where=total > 1e-12)
    return found


def kinds_of(problem: GroupsProblem) -> tuple[FloatArray, IntArray, int]:
    """Who holds which value that is balanced, one column for each value, newcomers last; of a `prepared` problem.

    Returns
    -------
    (float64 array (N, V), int64 array (V, 2), int)
        The columns, dimension and value of each, and how many of them may have a least share (newcomers have none).
    """
    columns, names = [np.zeros((problem.people, 0))], []
    for dimension, values in enumerate(problem.balance):
        found = np.unique(values)
        kept = found[found >= 0]
        columns.append((values[:, None] == kept).astype(np.float64))
        names += [(dimension, int(value)) for value in kept]
    shared = len(names)
    if problem.newcomer is not None:
        columns.append(problem.newcomer[:, None].astype(np.float64))
        names.append((len(problem.balance), 1))
    return np.concatenate(columns, axis=1), np.array(names, np.int64).reshape(-1, 2), shared


@dataclass(frozen=True)
class Judge:
    """Everything about a problem that judging a group needs, made once."""

    problem: GroupsProblem
    aims: GroupAims
    cells: Cells
    likeness: FloatArray
    known_likeness: FloatArray | None
    difference: FloatArray
    known_difference: FloatArray | None
    conflict: FloatArray | None
    kinds: FloatArray
    names: IntArray
    shared: int
    additive: FloatArray = field(repr=False)
    topics: int = 0

    @classmethod
    def of(cls, problem: GroupsProblem, aims: GroupAims) -> Judge:
        """Make one from a `prepared` problem of so few people that matrices of all pairs fit."""
        likeness, difference = matrices(problem)
        kinds, names, shared = kinds_of(problem)
        conflict = None
        if len(problem.apart) or problem.fixed is not None:
            conflict = np.zeros((problem.people, problem.people))
            conflict[problem.apart[:, 0], problem.apart[:, 1]] = 1
            conflict = np.maximum(conflict, conflict.T)
        if conflict is not None and problem.fixed is not None:
            locked = problem.fixed >= 0
            conflict[np.ix_(locked, locked)] = np.maximum(
                conflict[np.ix_(locked, locked)], problem.fixed[locked][:, None] != problem.fixed[locked]
            )
        experienced = np.zeros((problem.people, 0))
        if problem.experienced is not None:
            experienced = problem.experienced[:, None].astype(np.float64)
        topics = problem.wants.shape[1] if problem.wants.size and problem.offers.size else 0
        taught_columns = [np.nan_to_num(problem.offers), np.nan_to_num(problem.wants)] if topics else []
        additive = np.concatenate([kinds, experienced, *taught_columns], axis=1, dtype=np.float64)
        return cls(
            problem,
            aims,
            cells_of(problem, 1),
            *_filled(likeness),
            *_filled(difference),
            conflict,
            kinds,
            names,
            shared,
            additive,
            topics,
        )

    def verdict(
        self, people: IntArray, member: FloatArray, allowed: Sequence[IntArray | None] | IntArray | None = None
    ) -> Verdict:
        """Judge B groups of U people.

        Parameters
        ----------
        people : int64 array (U,)
        member : float array (B, U)
            1 for who belongs to a group.
        allowed : int64 array, or two of them, or None
            Cells in which the groups may meet; with two, the first half of the groups and the second have their own.
            None means all.
        """
        size = member.sum(axis=1)
        possible = (size <= self.aims.largest) & self._meet(people, member, size, allowed)
        if self.conflict is not None:
            clash = self.conflict[np.ix_(people, people)]
            if clash.any():
                possible &= ((member @ clash) * member).sum(axis=1) < 0.5
        likeness = _mean(people, member, size, self.likeness, self.known_likeness)
        difference = _mean(people, member, size, self.difference, self.known_difference)
        sums = member @ self.additive[people]
        values = sums[:, : len(self.names)]
        isolates = (np.abs(values - 1) < 0.5).sum(axis=1)
        least = self.aims.min_share * size[:, None] - 1e-9
        balanced = values[:, : self.shared]
        shares = ((balanced > 0.5) & (balanced < least)).sum(axis=1)
        place = len(self.names) + (self.additive.shape[1] - len(self.names) - 2 * self.topics)
        lacking = sums[:, place - 1] < 0.5 if place > len(self.names) else np.zeros(len(size), np.bool_)
        offers, wants = sums[:, place : place + self.topics], sums[:, place + self.topics :]
        teaching = taught(offers, wants) if self.topics else np.zeros(len(size))
        full = possible & (size >= self.aims.smallest)
        faultline = self.faultlines(people, member, full)
        alpha = self.aims.alpha
        mixed = alpha * np.nan_to_num(likeness) + (1 - alpha) * np.nan_to_num(difference)
        mixed = np.where(np.isnan(likeness), np.nan_to_num(difference), mixed)
        mixed = np.where(np.isnan(difference), np.nan_to_num(likeness), mixed)
        quality = np.where(full, mixed + self.aims.teaching * teaching - self.aims.faultline * faultline, 0.0)
        given_up = penalty(size, isolates, shares, lacking, self.aims.target)
        worth = np.where(full, quality - given_up, -UNPLACED * size)
        sized = size.astype(np.int64)
        return Verdict(
            possible, sized, worth, quality, likeness, difference, teaching, faultline, isolates, shares, lacking
        )

    def faultlines(self, people: IntArray, member: FloatArray, wanted: BoolArray) -> FloatArray:
        """Faultline strength of the groups wanted, 0 for the others, float (B,)."""
        found = np.zeros(len(member))
        if not self.problem.features.size:
            return found
        features = self.problem.features[people]
        size = member.sum(axis=1).astype(np.int64)
        for one in np.unique(size[wanted]):
            rows = np.flatnonzero(wanted & (size == one))
            inside = np.nonzero(member[rows] > 0.5)[1].reshape(len(rows), one)
            found[rows] = strengths(features[inside].astype(np.float64))
        return found

    def _meet(
        self,
        people: IntArray,
        member: FloatArray,
        size: FloatArray,
        allowed: Sequence[IntArray | None] | IntArray | None,
    ) -> BoolArray:
        if isinstance(allowed, (list, tuple)):
            half = len(member) // 2
            first = self._meet(people, member[:half], size[:half], allowed[0])
            second = self._meet(people, member[half:], size[half:], allowed[1])
            return np.concatenate([first, second])
        cells = slice(None) if allowed is None else np.asarray(allowed, np.int64)
        can = self.cells.open[people][:, cells]
        if can.shape[1] and bool(np.all(can)):
            return np.ones(len(member), np.bool_)
        barred = member @ np.logical_not(can)
        found: BoolArray = np.any(barred < 0.5, axis=1)
        return np.logical_or(found, size < 0.5)


def _filled(values: FloatArray) -> tuple[FloatArray, FloatArray | None]:
    """Values with 0 on the diagonal and where unknown, and which are known; None where all are."""
    known = ~np.isnan(values)
    np.fill_diagonal(known, True)
    filled = np.where(known, values, 0.0)
    np.fill_diagonal(filled, 0.0)
    if known.all():
        return filled, None
    told = known.astype(np.float64)
    np.fill_diagonal(told, 0.0)
    return filled, told


def _mean(
    people: IntArray, member: FloatArray, size: FloatArray, values: FloatArray, known: FloatArray | None
) -> FloatArray:
    """Mean over the pairs of each group of which something is known, NaN where there is none, float (B,)."""
    square = np.ix_(people, people)
    total = ((member @ values[square]) * member).sum(axis=1)
    pairs = size * (size - 1) if known is None else ((member @ known[square]) * member).sum(axis=1)
    found: FloatArray = np.divide(total, pairs, out=np.full(len(total), np.nan), where=pairs > 0.5)
    return found
