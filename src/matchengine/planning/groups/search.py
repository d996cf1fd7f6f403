"""Search for better groups by exchanges between two of them: annealing, then descent (domain.md F3).

One step takes two groups (or a group and those in none), judges all exchanges of one unit for one, all moves of one
unit, and staying as it is, in one go, and draws one of them with probability ∝ exp(worth / temperature): simulated
annealing by heat bath, which never wastes a step on a rejected exchange. A descent then takes the best exchange of each
pair of groups until none helps; last, where groups are small, all ways of dividing two groups anew.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import combinations

import numpy as np

from matchengine.batch import FloatArray, IntArray
from matchengine.planning.groups.quality import Judge, Verdict
from matchengine.planning.groups.relax import UNPLACED, Standing, standing
from matchengine.planning.groups.seed import Anchors, State
from matchengine.planning.groups.units import Units

__all__ = ["Search"]

POOL = -1
"""Number of those in no group, where a pair of groups is named."""
HOT, COLD = 0.3, 0.005
SAMPLED = 8
"""At most so many units of the pool take part in one step."""
DIVIDED = 13
"""Two groups of at most so many units together are divided anew in all ways."""
EPSILON = 1e-9
Ways = Callable[[int, int], FloatArray]
Draw = tuple[float, np.random.Generator]


@lru_cache(maxsize=256)
def _exchanges(first: int, second: int) -> FloatArray:
    """Units of the first group after staying, each exchange and each move: float (1 + pq + p + q, p + q)."""
    stay = np.concatenate([np.ones(first), np.zeros(second)])
    leave = np.concatenate([np.repeat(np.arange(first), second), np.arange(first), np.full(second, -1)])
    enter = np.concatenate([np.tile(np.arange(second), first), np.full(first, -1), np.arange(second)])
    found = np.repeat(stay[None], 1 + len(leave), axis=0)
    rows = np.arange(1, len(found))
    found[rows[leave >= 0], leave[leave >= 0]] = 0
    found[rows[enter >= 0], first + enter[enter >= 0]] = 1
    return found


@lru_cache(maxsize=32)
def _divisions(first: int, second: int) -> FloatArray:
    """Units of the first group after staying and after all other ways to divide the units of both."""
    total = first + second
    number = np.arange(2**total)
    number = number[np.abs(np.bitwise_count(number).astype(np.int64) * 2 - total) <= max(abs(first - second), 2)]
    sides = ((number[:, None] >> np.arange(total)) & 1).astype(np.float64)
    stay = np.concatenate([np.ones(first), np.zeros(second)])
    return np.concatenate([stay[None], sides])


@dataclass
class Search:
    """A search over the partitions of one problem.

    `deadline` is a moment of `time.monotonic`, None for none; `stopped` says whether it struck.
    """

    judge: Judge
    units: Units
    anchors: Anchors
    deadline: float | None = None
    stopped: bool = False
    quality: FloatArray = field(default_factory=lambda: np.zeros(0))
    turn: int = 0

    def run(self, state: State, steps: int, rng: np.random.Generator) -> None:
        """Anneal for so many steps, then descend; the state is changed in place."""
        self._measure(state)
        for step in range(steps):
            if self.out_of_time():
                return
            heat = HOT * (COLD / HOT) ** (step / max(steps - 1, 1))
            pair = self._draw(state, rng)
            if pair is not None:
                self._step(state, pair, _exchanges, (heat, rng))
            if not self.anchors.shared and step % 8 == 0:
                self._change_anchor(state, rng)
        self.descend(state)

    def out_of_time(self) -> bool:
        """Whether the clock struck."""
        if self.deadline is not None and time.monotonic() > self.deadline:
            self.stopped = True
        return self.stopped

    def descend(self, state: State, divide: bool = False) -> bool:
        """Take the best exchange of each pair of groups until none helps; tell whether anything changed.

        With `divide`, look at all ways of dividing two groups anew where these are few.
        """
        self._measure(state)
        last: dict[tuple[int, int], int] = {}
        stamp = dict.fromkeys((*range(len(state.groups)), POOL), 0)
        now, changed, any_change = 0, True, False
        while changed and not self.out_of_time():
            changed = False
            for pair in self._pairs(state):
                if last.get(pair, -1) >= max(stamp[pair[0]], stamp[pair[1]]) and not self._worst_in(pair):
                    continue
                few = len(self._of(state, pair[0])) + min(len(self._of(state, pair[1])), SAMPLED) <= DIVIDED
                now += 1
                if self._step(state, pair, _divisions if divide and few else _exchanges, None):
                    stamp[pair[0]] = stamp[pair[1]] = now
                    changed = any_change = True
                else:
                    last[pair] = now
        return any_change

    def standing(self, state: State) -> Standing:
        """How the partition stands; groups below the smallest size count as left out."""
        verdict = self.verdict_of(state)
        full = verdict.size >= self.judge.aims.smallest
        isolates, shares, lacking = (
            int(one[full].sum()) for one in (verdict.isolates, verdict.shares, verdict.lacking)
        )
        unplaced = self.judge.problem.people - int(verdict.size[full].sum())
        counted = (isolates, shares, lacking)
        return standing(unplaced, verdict.size[full], counted, verdict.quality[full], self.judge.aims)

    def verdict_of(self, state: State) -> Verdict:
        """Judge all groups as they are."""
        people = np.arange(self.judge.problem.people)
        member = np.zeros((len(state.groups), len(people)))
        for row, group in enumerate(state.groups):
            for one in group:
                member[row, self.units.members[one]] = 1
        return self.judge.verdict(people, member)

    def _measure(self, state: State) -> None:
        verdict = self.verdict_of(state)
        self.quality = np.where(verdict.size >= self.judge.aims.smallest, verdict.quality, np.inf)

    def _draw(self, state: State, rng: np.random.Generator) -> tuple[int, int] | None:
        """Two groups at random; one of them the pool, more often where people are left out."""
        count = len(state.groups)
        if count and state.pool and (count == 1 or rng.random() < 0.3):
            return int(rng.integers(count)), POOL
        if count < 2:
            return None
        one = int(rng.integers(count))
        return one, (one + 1 + int(rng.integers(count - 1))) % count

    def _pairs(self, state: State) -> Iterable[tuple[int, int]]:
        yield from combinations(range(len(state.groups)), 2)
        if state.pool:
            yield from ((one, POOL) for one in range(len(state.groups)))

    def _worst_in(self, pair: tuple[int, int]) -> bool:
        """Whether one of two groups is the worst, whose exchanges are worth more than before."""
        least = self.quality.min(initial=np.inf)
        return bool(np.isfinite(least)) and any(one >= 0 and self.quality[one] <= least for one in pair)

    def _of(self, state: State, number: int) -> list[int]:
        return state.pool if number == POOL else state.groups[number]

    def _step(self, state: State, pair: tuple[int, int], ways: Ways, draw: Draw | None) -> bool:
        """Change two groups in the best way, or in one that is drawn by heat; tell whether anything changed."""
        first, second = state.groups[pair[0]], self._of(state, pair[1])
        kept: list[int] = []
        if pair[1] == POOL and len(second) > SAMPLED:
            self.turn += SAMPLED
            shift = self.turn % len(second) if draw is None else int(draw[1].integers(len(second)))
            turned = second[shift:] + second[:shift]
            second, kept = turned[:SAMPLED], turned[SAMPLED:]
        both = first + second
        if not both:
            return False
        table: FloatArray = ways(len(first), len(second))
        value, quality = self._values(state, pair, both, table)
        if draw is None:
            row = int(np.argmax(np.round(value, 9)))
            if value[row] <= value[0] + EPSILON:
                return False
        else:
            heat, rng = draw
            row = int(np.argmax(value / heat + rng.gumbel(size=len(value))))
        if row == 0:
            return False
        inside = table[row] > 0.5
        state.groups[pair[0]] = [one for one, is_in in zip(both, inside, strict=True) if is_in]
        rest = [one for one, is_in in zip(both, inside, strict=True) if not is_in]
        self.quality[pair[0]] = quality[0][row]
        if pair[1] == POOL:
            state.pool = rest + kept
        else:
            state.groups[pair[1]] = rest
            self.quality[pair[1]] = quality[1][row]
        return True

    def _values(
        self, state: State, pair: tuple[int, int], both: Sequence[int], table: FloatArray
    ) -> tuple[FloatArray, tuple[FloatArray, FloatArray]]:
        """What each way is worth, −∞ where it breaks a rule, and the quality of both groups (∞ when too small)."""
        people = np.concatenate([self.units.members[one] for one in both])
        member = table[:, np.repeat(np.arange(len(both)), self.units.size[list(both)])]
        count, smallest = len(member), self.judge.aims.smallest
        others = np.delete(self.quality, [one for one in pair if one != POOL]).min(initial=np.inf)
        cells = None if self.anchors.shared else self.anchors.cells[state.anchors[pair[0]]]
        if pair[1] == POOL:
            verdict = self.judge.verdict(people, member, cells)
            value = verdict.worth - UNPLACED * (len(people) - verdict.size)
            value = np.where(verdict.possible, value, -np.inf)
            first = np.where(verdict.size >= smallest, verdict.quality, np.inf)
            second = np.full(count, np.inf)
        else:
            own = None if cells is None else (cells, self.anchors.cells[state.anchors[pair[1]]])
            verdict = self.judge.verdict(people, np.concatenate([member, 1 - member]), own)
            possible = verdict.possible[:count] & verdict.possible[count:]
            value = np.where(possible, verdict.worth[:count] + verdict.worth[count:], -np.inf)
            quality = np.where(verdict.size >= smallest, verdict.quality, np.inf)
            first, second = quality[:count], quality[count:]
        least = np.minimum(np.minimum(first, second), others)
        return value + self.judge.aims.worst * np.where(np.isfinite(least), least, 0.0), (first, second)

    def _change_anchor(self, state: State, rng: np.random.Generator) -> None:
        """Give a group another facilitator or slot, or exchange those of two groups, where all members can."""
        count = len(state.groups)
        if not count:
            return
        one = int(rng.integers(count))
        free = [a for a in self.anchors.free(state.anchors) if self._suits(state.groups[one], a)]
        if free and rng.random() < 0.5:
            state.anchors[one] = free[int(rng.integers(len(free)))]
            return
        other = int(rng.integers(count))
        mine, theirs = state.anchors[one], state.anchors[other]
        if self._suits(state.groups[one], theirs) and self._suits(state.groups[other], mine):
            state.anchors[one], state.anchors[other] = theirs, mine

    def _suits(self, group: Sequence[int], anchor: int) -> bool:
        opened: IntArray = self.units.open[np.ix_(np.asarray(group, np.int64), self.anchors.cells[anchor])]
        return bool(opened.all(axis=0).any())
