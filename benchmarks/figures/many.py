"""Suggestions for a thousand people in one call, beside the batched search."""

from __future__ import annotations

from benchmarks.floor import Floor
from benchmarks.measure import Report, Row, interleaved, timed
from benchmarks.steps import steps
from benchmarks.worlds import KIND, open_engine

GOAL = 0.6


def measure(quick: bool) -> Report:
    """Measure throughput under the programme's rules and with nobody ruled out."""
    count, asked, rounds = (2_000, 200, 3) if quick else (10_000, 1_000, 3)
    report = Report()
    for variant, words in (("programme", "the programme's rules"), ("open", "nobody ruled out")):
        _measure(report, count, asked, rounds, variant, words)
    return report


def _measure(report: Report, count: int, asked: int, rounds: int, variant: str, words: str) -> None:
    people = [f"p-{n}" for n in range(asked)]
    engine = open_engine(count, variant)
    floor = Floor(engine)
    floor.suggest_many(people)
    engine.suggest_many(people[:64], KIND, 5)
    batch = interleaved(lambda _: engine.suggest_many(people, KIND, 5), lambda _: floor.suggest_many(people), rounds, 0)
    what = f"suggest_many, {asked:,} of {count:,} people, {words}"
    goal = f"≥ {GOAL} of its throughput (time ≤ {1 / GOAL:.2f} ×)"
    report.rows.append(Row.of(what, batch, "batched FAISS Flat and lexical top 200", goal, batch.within(1 / GOAL)))
    with steps() as spent:
        whole = timed(lambda: engine.suggest_many(people, KIND, 5))
    each = {name: round(1e3 * seconds / asked, 3) for name, seconds in spent.items()}
    report.details[variant] = {"ms per person": each, "all steps": round(1e3 * whole / asked, 3)}
    some = people[:50]
    loop = interleaved(
        lambda _: [engine.suggest(person, KIND, 5) for person in some],
        lambda _: engine.suggest_many(some, KIND, 5),
        rounds,
    )
    report.rows.append(Row.of(f"one suggest after another, 50 of {count:,} people, {words}", loop, "suggest_many"))
