"""What words cost: explaining shown pairs beside scoring them, and the readiness check beside its rules alone."""

from __future__ import annotations

import statistics
from collections.abc import Callable

import numpy as np

from benchmarks.inside import row_of, scene
from benchmarks.measure import Report, Row, interleaved
from benchmarks.worlds import KIND, open_engine
from matchengine.batch import PairBatch
from matchengine.engine import Engine
from matchengine.matching.combine import drops
from matchengine.matching.constrain import passes
from matchengine.matching.explain import explain
from matchengine.matching.voice import Voice

SHOWN, CHECKED = 10, 2_000
EXPLAIN_GOAL, CHECK_GOAL = 1e-3, 3.0
ROUNDS = 15


def measure(quick: bool) -> Report:
    """Measure the explanation of ten pairs, one whole explanation, and the check of 2,000 people."""
    report = Report()
    engine = open_engine(CHECKED)
    rounds = 5 if quick else ROUNDS
    comparison = interleaved(*_explaining(engine), rounds)
    met = statistics.median(comparison.ours) <= EXPLAIN_GOAL
    what = f"explain {SHOWN} shown pairs"
    report.rows.append(Row.of(what, comparison, "scoring all candidates of the person", "≤ 1 ms", met))
    comparison = interleaved(*_checking(engine), 2 if quick else 5)
    met = statistics.median(comparison.ours) <= CHECK_GOAL
    what = f"readiness check, {CHECKED:,} people"
    report.rows.append(Row.of(what, comparison, "every rule over every pair, nothing kept", "≤ 3 s", met))
    report.details = {"people": CHECKED, "looking": len(engine.members(KIND).requesters)}
    return report


def _explaining(engine: Engine) -> tuple[Callable[[int], object], Callable[[int], object]]:
    lists = engine.suggest_many(engine.members(KIND).requesters, KIND, SHOWN)
    person = next(person for person, found in lists.items() if len(found) == SHOWN)
    here = scene(engine)
    batch = PairBatch.one_to_many(row_of(engine, person), here.eligible(row_of(engine, person)))
    raw, table = here.table(batch)
    best = np.argsort(-table.total)[:SHOWN]
    shown, scored = table.take(best), [each.take(best) for each in raw.scored]
    voice = Voice(here.pool)
    return (
        lambda _round: explain(voice, here.kind, scored, shown, drops(here.kind, shown)),
        lambda _round: here.table(batch),
    )


def _checking(engine: Engine) -> tuple[Callable[[int], object], Callable[[int], object]]:
    here = scene(engine)
    asking = np.flatnonzero(here.pool.members(here.kind.sides.requesters, here.kind.requester_role)).tolist()

    def rules_alone(_round: int) -> None:
        for row in asking:
            inputs, _giving = here.everybody(row)
            for constraint in here.kind.constraints:
                passes(constraint, inputs)

    return lambda _round: engine.check(KIND), rules_alone
