"""Better plans by solving small neighbourhoods anew, first where the prices say that most is lost (domain.md D2)."""

from __future__ import annotations

import numpy as np

from matchengine.batch import BoolArray, FloatArray, IntArray
from matchengine.planning.swaps.exact import pack
from matchengine.planning.swaps.limits import Clock, Work
from matchengine.planning.swaps.prices import Prices

__all__ = ["ROUNDS", "improved"]

_NEAR, _BRANCHES, _WIDER = 0.15, 6, 1.3
ROUNDS = 4
"""How often every vertex may be the middle of a window, each time of a wider one."""


class _Search:
    """A plan being improved: `owner` int64 (V,) is the exchange of each vertex, -1 for nobody's."""

    def __init__(self, members: IntArray, values: FloatArray, prices: Prices, chosen: IntArray, work: Work) -> None:
        self.work = work
        vertices = len(prices.price)
        gap = max(prices.bound - float(values[chosen].sum()), 0.0)
        useful = prices.margin > -min(gap + 1e-9, _NEAR * float(values.max()))
        useful[chosen] = True
        self.rows = np.flatnonzero(useful)
        self.members, self.values = members[self.rows], values[self.rows]
        self.price, self.loss = prices.price, np.maximum(-prices.margin[self.rows], 0.0)
        row, column = np.nonzero(self.members >= 0)
        vertex = self.members[row, column]
        order = np.lexsort((self.loss[row], vertex))
        self.start = np.searchsorted(vertex[order], np.arange(vertices + 1))
        self.of_vertex = row[order]
        self.owner = np.full(vertices, -1, np.int64)
        self._put(np.flatnonzero(np.isin(self.rows, chosen)))

    def _put(self, exchanges: IntArray) -> None:
        for exchange in exchanges.tolist():
            line = self.members[exchange]
            self.owner[line[line >= 0]] = exchange

    @property
    def chosen(self) -> IntArray:
        return np.unique(self.owner[self.owner >= 0])

    def losses(self) -> FloatArray:
        """What is lost against the bound at each vertex: its price if it is free, else what its exchange lacks."""
        out: FloatArray = np.where(self.owner < 0, self.price, self.loss[self.owner])
        return out

    def _through(self, vertices: IntArray, most: int | None) -> IntArray:
        """Exchanges through some vertices, the most promising `most` of each, as positions, with repetitions."""
        counts = self.start[vertices + 1] - self.start[vertices]
        if most is not None:
            counts = np.minimum(counts, most)
        ends = np.cumsum(counts)
        inside = np.arange(ends[-1] if len(ends) else 0) - np.repeat(ends - counts, counts)
        found: IntArray = self.of_vertex[np.repeat(self.start[vertices], counts) + inside]
        return found

    def window(self, seed: int, size: int, loss: FloatArray) -> BoolArray:
        """About `size` vertices around one, with every exchange of the plan either wholly in or wholly out."""
        within = np.zeros(len(self.owner), np.bool_)
        front, count = np.array([seed]), 0
        while len(front) and count < size:
            owners = self.owner[front]
            whole = self.members[owners[owners >= 0]].ravel()
            new = np.unique(np.concatenate((front[owners < 0], whole[whole >= 0])))
            new = new[~within[new]]
            within[new] = True
            count += len(new)
            around = self.members[self._through(new, _BRANCHES)].ravel()
            around = np.unique(around[around >= 0])
            around = around[~within[around]]
            room = max(size - count, 0)
            front = around[np.argsort(-loss[around], kind="stable")[:room]] if len(around) > room else around
        return within

    def solve(self, within: BoolArray, clock: Clock) -> bool:
        """Solve one window anew; tell whether the plan became better.

        An exchange that loses as much as the whole window does now cannot be part of anything better there.
        """
        inside = np.flatnonzero(within)
        owners = self.owner[inside]
        now = np.unique(owners[owners >= 0])
        lost = float(self.price[inside[owners < 0]].sum() + self.loss[now].sum())
        options = np.unique(self._through(inside, None))
        lines = self.members[options]
        fits = (within[lines] | (lines < 0)).all(axis=1) & (self.loss[options] < lost)
        options, lines = options[fits], lines[fits]
        label = np.full(len(within) + 1, -1, np.int32)
        label[inside] = np.arange(len(inside))
        found = pack(label[lines], self.values[options], len(inside), nodes=self.work.nodes_each, seconds=clock.left)
        if found.chosen is None:
            return False
        better = options[found.chosen]
        if float(self.values[better].sum()) <= float(self.values[now].sum()) * (1 + 1e-9) + 1e-12:
            return False
        self.owner[inside] = -1
        self._put(better)
        return True


def improved(
    members: IntArray,
    values: FloatArray,
    prices: Prices,
    chosen: IntArray,
    work: Work,
    clock: Clock,
    rounds: int = ROUNDS,
) -> tuple[IntArray, int]:
    """Return a plan at least as good, and how many windows were solved.

    Parameters
    ----------
    members : int32 array (C, W)
        Vertices of each exchange, -1 where there are no more.
    chosen : int64 array (K,)
        Rows of a plan whose exchanges share no vertex.
    rounds : int
        How often every vertex may be the middle of a window, each time of a wider one.
    """
    if not len(values) or not len(chosen):
        return chosen, 0
    search = _Search(members, values, prices, chosen, work)
    solved, size = 0, work.window
    reachable = len(np.unique(members[members >= 0]))
    for turn in range(rounds):
        if turn and 2 * size > reachable:
            break
        open_ = np.ones(len(prices.price), np.bool_)
        while solved < work.windows and not clock.over():
            loss = search.losses()
            seed = int(np.argmax(np.where(open_, loss, -1.0)))
            if not open_[seed] or loss[seed] <= 1e-9:
                break
            within = search.window(seed, size, loss)
            owner = search.owner[seed]
            open_[seed] = False
            if owner >= 0:
                line = search.members[owner]
                open_[line[line >= 0]] = False
            search.solve(within, clock)
            solved += 1
        size = int(size * _WIDER)
    return search.rows[search.chosen], solved
