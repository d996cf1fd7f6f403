"""Many weightings of cached scores: beside the bare matrix products, without which nothing can be combined at all."""

from __future__ import annotations

import statistics
import time

import numpy as np
from numpy.typing import NDArray

from benchmarks.measure import Report, Row, interleaved, seconds, timed
from matchengine.batch import Sides
from matchengine.components import ScorerSpec, Settings
from matchengine.config import MatchConfig, ScorerChoice
from matchengine.evaluation.strategies.matrices import ScoreMatrices
from matchengine.evaluation.strategies.sweep import sweep_ndcg
from matchengine.evaluation.strategies.tune import leave_one_cluster_out
from matchengine.evaluation.strategies.weighting import combined, configured, leave_one_out, simplex
from matchengine.kinds import ActiveScorer, MatchKind

GOAL = 2.0
BLOCKS = ("need", "relate", "feasible")
ROWS = 320
"""Pairs in a block of products, as the sweep takes them for 200 weightings."""


def measure(quick: bool) -> Report:
    """Judge lists of five under 200 weightings, with everything known and with a tenth unknown."""
    report = Report()
    people, others, scorers, trials = (200, 100, 8, 100) if quick else (1_000, 300, 8, 200)
    for gaps in (0.0, 0.1):
        matrices, starts, gain = world(people, others, scorers, gaps)
        settings = simplex(matrices, configured(matrices), trials, 1)
        inside = _weights(matrices, trials)
        compared = interleaved(
            lambda _, m=matrices, s=settings, at=starts, g=gain: sweep_ndcg(m, at, g, s),
            lambda _, m=matrices, w=inside: _products(m, w),
            3 if quick else 7,
        )
        unknown = "everything known" if not gaps else f"{gaps:.0%} unknown"
        what = f"nDCG@5 of {people:,} × {others} × {scorers} scorers under {trials} weightings, {unknown}"
        met = statistics.median(compared.ours) <= GOAL
        goal = None if quick else f"≤ {GOAL:.0f} s"
        report.rows.append(Row.of(what, compared, "bare matrix products", goal or "", None if quick else met))
    began = time.process_time()
    values = sweep_ndcg(matrices, starts, gain, settings)
    busy = time.process_time() - began
    report.rows.append(Row("the same in processor time, whoever else uses the machine", seconds(busy), ""))
    clusters = np.arange(people) // 25
    leave_one_cluster_out(values, clusters)
    nested = min(timed(lambda: leave_one_cluster_out(values, clusters)) for _round in range(5))
    report.rows.append(Row(f"weights chosen without each of {len(np.unique(clusters))} clusters", seconds(nested), ""))
    ablations = leave_one_out(configured(matrices)).values()
    exact = timed(lambda: [combined(matrices, weighting, starts) for weighting in ablations])
    report.rows.append(Row(f"{len(ablations)} ablations by the engine's own function", seconds(exact), ""))
    report.details["size"] = {"people": people, "others": others, "scorers": scorers, "weightings": trials}
    return report


def world(
    people: int, others: int, scorers: int, gaps: float
) -> tuple[ScoreMatrices, NDArray[np.int64], NDArray[np.float64]]:
    """Random scores in float32, about three relevant candidates each; where lists begin, and gains."""
    rng = np.random.default_rng(7)
    names = [f"scorer{n}" for n in range(scorers)]
    chosen = {name: ScorerChoice(use="x", block=BLOCKS[n % 3]) for n, name in enumerate(names)}
    active = tuple(
        ActiveScorer(name, ScorerSpec("scorer", name, len, Settings), {}, chosen[name].block, 1.0) for name in names
    )
    match = MatchConfig(requester="mentee", candidate="mentor", scorers=chosen)
    kind = MatchKind("mentor", match, Sides("people", "people"), None, active, ())
    pairs = people * others
    values = rng.random((pairs, scorers)).astype(np.float32)
    values[rng.random(values.shape) < gaps] = np.nan
    sure = np.where(np.isnan(values), 0, 1 - 0.3 * rng.random(values.shape)).astype(np.float32)
    yes, sample = np.ones(pairs, np.bool_), slice(0, 2_304)
    matrices = ScoreMatrices(
        kind, values, sure, yes, yes, None, values[sample].astype(np.float64), sure[sample].astype(np.float64), None,
        True, "made",
    )  # fmt: skip
    gain = np.where(rng.random(pairs) < 3 / others, rng.integers(1, 3, pairs), 0).astype(np.float64)
    return matrices, np.arange(people + 1) * others, gain


def _weights(matrices: ScoreMatrices, trials: int) -> list[tuple[list[int], NDArray[np.float32]]]:
    """Columns of each block, and of the confidence, with random weights (S, T)."""
    rng = np.random.default_rng(1)
    columns = [[n for n, s in enumerate(matrices.scorers) if s.block == block] for block in BLOCKS]
    columns.append(list(range(len(matrices.scorers))))
    return [(own, rng.random((len(own), trials)).astype(np.float32)) for own in columns]


def _products(matrices: ScoreMatrices, weights: list[tuple[list[int], NDArray[np.float32]]]) -> None:
    """One product for each block and one for the confidence, block of pairs after block of pairs."""
    for start in range(0, len(matrices), ROWS):
        for own, inside in weights[:-1]:
            matrices.values[start : start + ROWS, own] @ inside
        matrices.confidences[start : start + ROWS] @ weights[-1][1]
