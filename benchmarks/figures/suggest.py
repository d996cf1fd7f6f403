"""A warm suggestion for a known person, with all scorers, rules and reasons, beside the bare search."""

from __future__ import annotations

from benchmarks.floor import Floor
from benchmarks.inside import eligible
from benchmarks.measure import Report, Row, interleaved
from benchmarks.steps import steps
from benchmarks.worlds import KIND, open_engine
from matchengine.engine import Engine

GOALS = {2_000: (1.3, 1e-3), 10_000: (1.3, 1e-3), 100_000: (1.2, 0.0)}
"""Per number of people: how many times the floor, and seconds on top."""
VARIANTS = {"programme": "the programme's rules", "floor": "optional rules off", "open": "nobody ruled out"}


def measure(quick: bool) -> Report:
    """Measure every variant at each size."""
    report = Report()
    for count, rounds in ((2_000, 20), (10_000, 20)) if quick else ((10_000, 60), (100_000, 30)):
        for variant in VARIANTS:
            _measure(report, count, variant, rounds)
    return report


def _measure(report: Report, count: int, variant: str, rounds: int) -> None:
    engine = open_engine(count, variant)
    floor = Floor(engine)
    people = [f"p-{1 + n * (count // 100)}" for n in range(rounds)]
    comparison = interleaved(
        lambda n: engine.suggest(people[n], KIND, 5), lambda n: floor.suggest(people[n]), rounds, 3
    )
    times, extra = GOALS[count]
    goal = f"≤ {times} ×" + (f" + {extra * 1e3:.0f} ms" if extra else "")
    what = f"suggest, {count:,} people, {VARIANTS[variant]}"
    beside = "FAISS Flat top 200 and lexical product"
    report.rows.append(Row.of(what, comparison, beside, goal, comparison.within(times, extra)))
    report.details[f"{count} {variant}"] = _details(engine, floor, people)


def _details(engine: Engine, floor: Floor, people: list[str]) -> dict[str, float]:
    """Milliseconds per suggestion of each step, of each half of the floor, and how many candidates are eligible."""
    passing = sum(len(eligible(engine, person)) for person in people)
    with steps() as spent:
        whole = interleaved(lambda n: engine.suggest(people[n], KIND, 5), lambda n: None, len(people), 0)
    halves = interleaved(lambda n: floor.semantic(people[n]), lambda n: floor.lexical(people[n]), len(people), 0)
    each = {name: 1e3 * seconds / len(people) for name, seconds in spent.items()}
    each["everything else"] = 1e3 * sum(whole.ours) / len(people) - sum(each.values())
    each["floor: FAISS Flat"] = 1e3 * sum(halves.ours) / len(people)
    each["floor: lexical product"] = 1e3 * sum(halves.beside) / len(people)
    return {name: round(value, 3) for name, value in each.items()} | {"eligible": passing // len(people)}
