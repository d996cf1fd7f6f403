"""The metric kernel: five metrics of 10,000 people with 100 candidates each, beside only sorting the same arrays."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable

import numpy as np

from benchmarks.measure import Report, Row, interleaved, peak_rss, rss, settle
from matchengine.batch import FloatArray
from matchengine.comparison import Case, Lists
from matchengine.metrics.average_precision import average_precision
from matchengine.metrics.ndcg import ndcg
from matchengine.metrics.recall import recall
from matchengine.metrics.reciprocal_rank import reciprocal_rank

SECONDS, FLOORS, MEMORY = 1.0, 2.0, 6.0
"""Goals: seconds in all, times the floor, bytes for each byte of the lists."""
METRICS: tuple[Callable[[Case], FloatArray], ...] = (
    lambda case: ndcg(case, k=10),
    average_precision,
    reciprocal_rank,
    lambda case: recall(case, k=10),
    lambda case: recall(case, k=100),
)


def measure(quick: bool) -> Report:
    """Measure lists without ties, with many, and of a strategy that gives everybody the same score."""
    report = Report()
    people, candidates = (1_000, 100) if quick else (10_000, 100)
    rounds = 3 if quick else 9
    _beside_sorting(report, lists_of(people, candidates, 15), "no ties", rounds)
    _beside_sorting(report, lists_of(people, candidates, 1), "scores of one decimal", rounds)
    _beside_sorting(report, lists_of(people, candidates, 0), "one score for all", rounds, sorted_already=True)
    return report


def lists_of(people: int, candidates: int, decimals: int) -> Lists:
    """Draw lists of everybody with as many candidates, a tenth of them suitable; 0 decimals for one score for all."""
    rng = np.random.default_rng(23)
    pairs = people * candidates
    score = np.round(rng.random(pairs), decimals) if decimals else np.zeros(pairs)
    gain = np.where(rng.random(pairs) < 0.1, rng.integers(1, 4, pairs), 0).astype(np.float64)
    person = np.repeat(np.arange(people, dtype=np.int32), candidates)
    candidate = np.tile(np.arange(candidates, dtype=np.int32), people)
    return Lists(people, candidates, person, candidate, score, gain)


def five(lists: Lists) -> list[float]:
    """Check and put in order new lists, then measure all five metrics of them."""
    case = Case(Lists(lists.people, lists.candidates, lists.person, lists.candidate, lists.score, lists.gain))
    return [float(np.nanmean(metric(case))) for metric in METRICS]


def _beside_sorting(report: Report, lists: Lists, name: str, rounds: int, *, sorted_already: bool = False) -> None:
    """Measure one kind of lists; arrays that are sorted already cost nothing to sort, so only seconds count then."""

    def floor(_round: int) -> object:
        return np.lexsort((-lists.score, lists.person))

    taken = interleaved(lambda _: five(lists), floor, rounds)
    seconds = sorted(taken.ours)[len(taken.ours) // 2]
    size = f"{lists.people:,} × {lists.candidates:,}, five metrics, {name}"
    goal = f"≤ {SECONDS:g} s" if sorted_already else f"≤ {FLOORS:g} ×, ≤ {SECONDS:g} s"
    met = seconds <= SECONDS and (sorted_already or taken.within(FLOORS))
    report.rows.append(Row.of(size, taken, "NumPy lexsort of the same arrays", goal, met))
    report.details[name] = {"means": [round(value, 6) for value in five(lists)], "seconds": round(seconds, 4)}
    if name == "no ties":
        _memory(report, lists)


def _memory(report: Report, lists: Lists) -> None:
    """Report the most memory that Python and NumPy held at once beyond the lists themselves."""
    settle()
    held = sum(array.nbytes for array in (lists.person, lists.candidate, lists.score, lists.gain))
    tracemalloc.start()
    five(lists)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    report.rows.append(
        Row(
            what="memory of the five metrics at their peak",
            measured=f"{peak / 2**20:.0f} MiB",
            beside=f"the lists themselves: {held / 2**20:.0f} MiB",
            goal=f"≤ {MEMORY:g} ×",
            met=peak <= MEMORY * held,
            ratio=round(peak / held, 4),
        )
    )
    report.details["process"] = {"resident": rss(), "peak": peak_rss()}
