"""The best plan among listed exchanges: prices and neighbourhoods, then branch and bound where that is possible."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from matchengine.batch import FloatArray, IntArray
from matchengine.planning.swaps.enumerate import Exchanges
from matchengine.planning.swaps.exact import Row, pack
from matchengine.planning.swaps.limits import Clock, Work
from matchengine.planning.swaps.neighbourhoods import ROUNDS, improved
from matchengine.planning.swaps.objectives import hundredths
from matchengine.planning.swaps.prices import exact_prices, find_prices, greedy
from matchengine.planning.swaps.problem import SwapGraph

__all__ = ["Found", "best", "fits_exactly", "leximin"]

_PAIRS_UP_TO = 20_000
"""Cycles of two up to which the whole pool is solved exactly, however many people there are."""


@dataclass
class Found:
    """Rows of the chosen exchanges, an upper bound of their value, whether it is proven, and the steps taken."""

    chosen: IntArray
    bound: float
    proven: bool
    steps: dict[str, int] = field(default_factory=dict)


def fits_exactly(found: Exchanges, work: Work) -> bool:
    """Whether a pool is small enough for branch and bound over all of it; cycles of two alone nearly always are."""
    people = len(np.unique(found.members[found.members >= 0]))
    only_pairs = len(found) <= _PAIRS_UP_TO and not (found.members[:, 2:] >= 0).any()
    return people <= work.exact_people or only_pairs


def best(found: Exchanges, values: FloatArray, vertices: int, work: Work, clock: Clock) -> Found:
    """Return a plan of high value, and what no plan can exceed."""
    if not len(found):
        return Found(np.zeros(0, np.int64), 0.0, True)
    prices = find_prices(found.members, values, vertices, work.price_steps, clock)
    first = greedy(found.members, np.argsort(-prices.margin, kind="stable"), vertices)
    plain = greedy(found.members, np.argsort(-values, kind="stable"), vertices)
    start = plain if values[plain].sum() > values[first].sum() else first
    rounds = _rounds(found, work)
    chosen, windows = improved(found.members, values, prices, start, work, clock, rounds)
    steps = {"exchanges": len(found), "windows": windows, "nodes": 0}
    relaxed = exact_prices(found.members, values, vertices)
    if relaxed is not None and relaxed.bound < prices.bound:
        prices = relaxed
    out = Found(chosen, prices.bound, _reaches(float(values[chosen].sum()), prices.bound), steps)
    if out.proven or not fits_exactly(found, work) or clock.over():
        return out
    value = float(values[chosen].sum())
    left = np.flatnonzero(prices.margin > -(prices.bound - value) * (1 + 1e-6) - 1e-9)
    whole = pack(found.members[left], values[left], vertices, nodes=work.nodes, seconds=clock.left)
    clock.over()
    steps["nodes"] = whole.nodes
    if whole.chosen is not None and values[left[whole.chosen]].sum() > value:
        out.chosen = np.sort(left[whole.chosen])
        value = float(values[out.chosen].sum())
    out.bound = value if whole.proven else max(min(out.bound, whole.bound), value)
    out.proven = whole.proven
    return out


def _rounds(found: Exchanges, work: Work) -> int:
    """Rounds of windows: all where nothing else follows, one or none before branch and bound over the whole pool."""
    if not fits_exactly(found, work):
        return ROUNDS
    return int(len(np.unique(found.members)) > 2 * work.window)


def _reaches(value: float, bound: float) -> bool:
    return value >= bound * (1 - 1e-9) - 1e-12


def leximin(graph: SwapGraph, found: Exchanges, start: Found, rows: tuple[Row, ...], work: Work, clock: Clock) -> Found:
    """Raise the lowest gain first, then the next, level by level (domain.md D2).

    For t = 0, 1, 2 … hundredths: as many people as possible gain more than t, with what was reached for lower t kept. A
    level at which nobody stands needs no search. Last, the highest weight among the plans that are left.

    Parameters
    ----------
    start : Found
        A plan to begin with, which is improved.
    rows : tuple of Row
        Demands that every plan has to meet; then `start` is not used.
    """
    levels = hundredths(graph, found)
    current, kept, proven = (None if rows else start.chosen), list(rows), True
    people, solved, nodes = start.bound, 0, 0
    reached = -1.0
    for level in range(int(levels.max(initial=0))):
        above = (levels > level).sum(axis=1).astype(np.float64)
        now = -1.0 if current is None else float(above[current].sum())
        if level == 0 or now < reached:
            if solved >= work.levels or clock.over():
                proven = False
                break
            step = pack(found.members, above, graph.vertices, kept, work.nodes, clock.left)
            clock.over()
            solved, nodes = solved + 1, nodes + step.nodes
            proven &= step.proven
            if step.impossible and current is None:
                return Found(np.zeros(0, np.int64), -np.inf, True)
            if step.chosen is not None and above[step.chosen].sum() > now:
                current, now = step.chosen, float(above[step.chosen].sum())
            if level == 0:
                people = float(np.floor(step.bound + 1e-6))
        if current is None:
            break
        if level > 0 and now == reached:
            kept.pop()
        reached = now
        used = np.flatnonzero(above)
        kept.append(Row(used, above[used], now))
    steps = start.steps | {"levels": solved, "nodes": nodes}
    if current is None:
        return Found(np.zeros(0, np.int64), people, False, steps)
    last = pack(found.members, found.weight, graph.vertices, kept, work.nodes, clock.left)
    clock.over()
    if last.chosen is not None and found.weight[last.chosen].sum() > found.weight[current].sum():
        current = last.chosen
    return Found(np.sort(current), people, proven and last.proven, steps)
