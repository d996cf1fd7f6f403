"""What swaps bring, whom they move and what was possible (domain.md H4). Gains are true ones.

Plans that move nobody have no gain per swap (NaN); sums are 0 then.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from matchengine.batch import FloatArray, IntArray
from matchengine.comparison import Case, Exchanged
from matchengine.comparison_components import metric
from matchengine.errors import DataError
from matchengine.metrics.shared import mean_of, once, one

__all__ = [
    "blocking_cycles",
    "expected_gain",
    "gained_cover",
    "least_swap_gain",
    "people_asked",
    "people_moved",
    "rationality_violations",
    "swap_gain",
    "swap_regret",
]

INFINITE = float("inf")


@metric(
    "swap_gain",
    level="market",
    title="What a swap brings whoever takes part",
    unit="value",
    needs=("swaps",),
    lowest=-1.0,
)
def swap_gain(case: Case) -> FloatArray:
    """Mean true gain over everybody who takes another place, float64 (1,)."""
    return one(mean_of(_gains(case)))


@metric(
    "least_swap_gain", level="market", title="What the swap that brings least brings", needs=("swaps",), lowest=-1.0
)
def least_swap_gain(case: Case) -> FloatArray:
    """Lowest true gain of anybody who takes another place, float64 (1,)."""
    gains = _gains(case)
    return one(float(gains.min()) if len(gains) else float("nan"))


@metric("people_moved", level="market", title="People who get another place", unit="share of people", needs=("swaps",))
def people_moved(case: Case) -> FloatArray:
    """People who take another place, over all who could (starters left out), float64 (1,); NaN where nobody could."""
    drafted = _swaps(case)
    return _of_takers(drafted, len(_arcs(drafted)))


@metric(
    "people_asked",
    level="market",
    better="lower",
    title="People who are asked to swap",
    unit="share of people",
    needs=("swaps",),
)
def people_asked(case: Case) -> FloatArray:
    """People who were asked whether they want to swap, over all who could, float64 (1,).

    Where it is not known who was asked, everybody who takes another place.
    """
    drafted = _swaps(case)
    count = len(_arcs(drafted)) if drafted.asked is None else int((drafted.asked & ~drafted.graph.starter).sum())
    return _of_takers(drafted, count)


@metric(
    "gained_cover",
    level="market",
    title="People who swap and have more of their goals covered",
    unit="share of people",
    needs=("swaps",),
)
def gained_cover(case: Case) -> FloatArray:
    """Share of those who take another place whose cover rises, float64 (1,); NaN where no change is known."""
    drafted = _swaps(case)
    if drafted.cover_change is None:
        return one(float("nan"))
    change = drafted.cover_change[_arcs(drafted)]
    known = change[~np.isnan(change)]
    return one(float((known > 0).mean()) if len(known) else float("nan"))


@metric(
    "rationality_violations",
    level="market",
    better="lower",
    title="People who swap and do not gain",
    unit="people",
    needs=("swaps",),
    highest=INFINITE,
)
def rationality_violations(case: Case) -> FloatArray:
    """How many take another place without a true gain above 0, float64 (1,)."""
    return one(float((_gains(case) <= 0).sum()))


@metric(
    "expected_gain",
    level="market",
    title="What swaps bring together, some of them declined",
    unit="value",
    needs=("swaps",),
    lowest=-INFINITE,
    highest=INFINITE,
)
def expected_gain(case: Case) -> FloatArray:
    """Σ over exchanges of the true gains in it, times the chance that nobody declines, float64 (1,) (GN11)."""
    return one(_completed(_swaps(case)))


@metric(
    "swap_regret",
    level="market",
    better="lower",
    title="What swaps miss of what was possible",
    unit="share",
    needs=("swaps",),
    highest=INFINITE,
)
def swap_regret(case: Case) -> FloatArray:
    """1 − expected completed gain over the highest possible, float64 (1,); 0 where nothing could be gained.

    Where the highest possible gain is not given, its proven upper bound under the same limits of length. Above 1 where
    a plan does harm.
    """
    drafted = _swaps(case)
    best = once(drafted, "optimum", lambda: _optimum(drafted))
    return one(max(1 - _completed(drafted) / best, 0.0) if best > 0 else 0.0)


@metric(
    "blocking_cycles",
    level="market",
    better="lower",
    title="Circles in which everybody would gain more than they do",
    unit="circles",
    needs=("swaps",),
    highest=INFINITE,
)
def blocking_cycles(case: Case) -> FloatArray:
    """How many cycles block the plan (domain.md D3), float64 (1,)."""
    from matchengine.planning.swaps import blocking

    drafted = _swaps(case)
    found = blocking.blocking_cycles(drafted.graph, drafted.exchanges, drafted.longest_cycle, drafted.decline)
    return one(float(len(found)))


def _swaps(case: Case) -> Exchanged:
    if case.swaps is None:
        raise DataError("the case has no swaps")
    return case.swaps


def _arcs(drafted: Exchanged) -> IntArray:
    """Positions of all arcs used: one for each person who takes another place."""
    if not drafted.exchanges:
        return np.zeros(0, np.int64)
    return np.sort(np.concatenate([exchange.arcs for exchange in drafted.exchanges]))


def _gains(case: Case) -> FloatArray:
    drafted = _swaps(case)
    return np.sort(drafted.graph.gain[_arcs(drafted)])


def _of_takers(drafted: Exchanged, count: int) -> FloatArray:
    takers = int((~drafted.graph.starter).sum())
    return one(count / takers if takers else float("nan"))


def _completed(drafted: Exchanged) -> float:
    from matchengine.planning.swaps.alternatives import completion

    gains = [float(drafted.graph.gain[one.arcs].sum()) * completion(one, drafted.decline) for one in drafted.exchanges]
    return float(np.sort(gains).sum())


def _optimum(drafted: Exchanged) -> float:
    """Highest expected completed gain, or its proven bound, over plans in which everybody gains."""
    from matchengine.planning.swaps.solve import plan_swaps

    if not np.isnan(drafted.optimum):
        return drafted.optimum
    graph = drafted.graph
    gains = graph.gain > 0
    arcs = {name: getattr(graph, name)[gains] for name in ("source", "target", "gain")}
    possible = replace(graph, priority=np.ones(graph.vertices), **arcs)
    return plan_swaps(
        possible, longest_cycle=drafted.longest_cycle, longest_chain=drafted.longest_chain, decline=drafted.decline
    ).bound
