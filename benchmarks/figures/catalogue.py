"""Every built-in scorer on 200,000 pairs beyond the inputs it shares with others, and what the boundary costs."""

from __future__ import annotations

import statistics
from typing import Any

import numpy as np

from benchmarks.measure import Report, Row, interleaved, seconds, timed
from benchmarks.population import BenchPlugin
from benchmarks.varied import consents_of, gatherings, varied_people
from benchmarks.worlds import configuration
from matchengine.batch import PairBatch, Sides
from matchengine.components import ScorerSpec
from matchengine.engine import Engine
from matchengine.matching.score import run_scorer
from matchengine.pool.inputs import Inputs, offers
from matchengine.registry import ActiveScorer

ALL_SECONDS, OVERHEAD = 1.0, 0.05
SIDES = (
    Sides("people", "people"),
    Sides("people", "groups"),
    Sides("people", "events"),
    Sides("people", "resources"),
    Sides("people", "projects"),
)


def measure(quick: bool) -> Report:
    """Measure each scorer alone on its inputs, and the same call without the engine around it."""
    count, each = (200, 20) if quick else (1_000, 200)
    made = Engine(configuration(index="numpy"), plugins=[BenchPlugin()])
    crowd = varied_people(count)
    made.load(crowd, consents=consents_of([person["id"] for person in crowd]), **gatherings(count))
    rng = np.random.default_rng(5)
    found = [np.sort(rng.choice(count, each, replace=False)) for _ in range(count)]
    batch = PairBatch.many(list(range(count)), found)
    small = batch.take(np.arange(min(10_000, len(batch))))
    taken: dict[str, float] = {}
    overhead: dict[str, float] = {}
    spent = [0.0, 0.0]
    for scorer in _scorers(made):
        sides = next(s for s in SIDES if all(offers(made._pool, s, name) for name in scorer.spec.inputs))
        taken[f"{scorer.spec.role} {scorer.name}"] = _alone(made, sides, scorer, batch)
        comparison = _boundary(made, sides, scorer, small)
        overhead[scorer.name] = round(comparison.ratio - 1, 3)
        spent[0] += statistics.median(comparison.ours)
        spent[1] += statistics.median(comparison.beside)
    core = sum(value for name, value in taken.items() if name.startswith("core"))
    over = spent[0] / spent[1] - 1
    report = Report()
    report.rows.append(
        Row(
            f"all {sum(name.startswith('core') for name in taken)} core scorers, {len(batch):,} pairs",
            seconds(core),
            "beyond the inputs they share",
            f"≤ {ALL_SECONDS:g} s",
            core <= ALL_SECONDS,
        )
    )
    report.rows.append(
        Row(
            f"what the boundary adds to a scorer, all of them, {len(small):,} pairs",
            f"{100 * over:.1f} %",
            f"the functions alone: {seconds(spent[1])}",
            f"≤ {100 * OVERHEAD:.0f} %",
            over <= OVERHEAD,
        )
    )
    report.details = {
        "seconds": {name: round(value, 4) for name, value in sorted(taken.items())},
        "overhead of each": overhead,
    }
    return report


def _scorers(engine: Engine) -> list[ActiveScorer]:
    """Every scorer that the built-in plugin offers, with its default settings."""
    specs = [spec for spec in engine.registry.specs("scorer") if isinstance(spec, ScorerSpec)]
    return [
        ActiveScorer(spec.name, spec, spec.settings().model_dump(), None if spec.role == "lift" else spec.block, 1.0)
        for spec in specs
    ]


def _inputs(engine: Engine, sides: Sides, scorer: ActiveScorer, batch: PairBatch) -> Inputs:
    """Inputs of a batch, all that the scorer reads made already."""
    made = Inputs(engine._pool, sides, batch)
    for name in scorer.spec.inputs:
        made[name]
    return made


def _alone(engine: Engine, sides: Sides, scorer: ActiveScorer, batch: PairBatch) -> float:
    made = _inputs(engine, sides, scorer, batch)
    return min(timed(lambda: run_scorer(scorer, made)) for _ in range(3))


def _boundary(engine: Engine, sides: Sides, scorer: ActiveScorer, batch: PairBatch) -> Any:
    made = _inputs(engine, sides, scorer, batch)
    arguments = [made[name] for name in scorer.spec.inputs]
    return interleaved(
        lambda _: run_scorer(scorer, made), lambda _: scorer.spec.build(*arguments, **scorer.settings), rounds=15
    )
