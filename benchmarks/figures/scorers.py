"""Every scorer on a large batch of pairs at once, beside the same pairs one by one."""

from __future__ import annotations

import numpy as np

from benchmarks.inside import inputs, match_kind
from benchmarks.measure import Report, Row, compare, timed
from benchmarks.worlds import open_engine
from matchengine.batch import PairBatch
from matchengine.engine import Engine
from matchengine.matching.score import run_scorer, score

GOAL = 12.0
ROUNDS = 3


def measure(quick: bool) -> Report:
    """Measure a batch, each scorer in it, and a sample pair by pair."""
    count, requesters = (2_000, 20) if quick else (10_000, 1_000)
    engine = open_engine(count)
    match = match_kind(engine)
    rng = np.random.default_rng(5)
    rows = np.arange(requesters)
    found = [np.sort(rng.choice(count, 200, replace=False)) for _ in rows]
    batch = PairBatch.many(rows.tolist(), found)
    sample = [PairBatch.many([int(row)], [candidates[:10]]) for row, candidates in zip(rows[:20], found, strict=False)]
    score(match, inputs(engine, PairBatch.many(rows[:10].tolist(), found[:10])))
    seconds = [timed(lambda: score(match, inputs(engine, batch))) for _ in range(ROUNDS)]
    single = [_one_by_one(engine, sample) for _ in range(ROUNDS)]
    per_pair = [s / sum(map(len, sample)) for s in single]
    comparison = compare(per_pair, [s / len(batch) for s in seconds])
    report = Report()
    row = Row.of(
        "all scorers, pair by pair, seconds a pair",
        comparison,
        f"one call for {len(batch):,} pairs",
        f"≥ {GOAL:.0f} ×",
        comparison.ratio >= GOAL,
    )
    report.rows.append(row)
    report.details = {
        "pairs": len(batch),
        "seconds": round(float(np.median(seconds)), 3),
        "seconds per scorer": _each(engine, batch),
    }
    return report


def _one_by_one(engine: Engine, sample: list[PairBatch]) -> float:
    match = match_kind(engine)
    singles = [batch.take(np.array([n])) for batch in sample for n in range(len(batch))]
    return timed(lambda: [score(match, inputs(engine, single)) for single in singles])


def _each(engine: Engine, batch: PairBatch) -> dict[str, float]:
    """Seconds of each scorer alone, and of the inputs that they share."""
    match = match_kind(engine)
    out: dict[str, float] = {}
    read = inputs(engine, batch)
    for scorer in match.scorers:
        for name in scorer.spec.inputs:
            out[f"input {name}"] = round(timed(lambda name=name: read[name]), 4)
    for scorer in match.scorers:
        out[f"scorer {scorer.name}"] = round(timed(lambda scorer=scorer: run_scorer(scorer, read)), 4)
    return out
