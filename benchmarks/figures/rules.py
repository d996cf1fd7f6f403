"""Hard rules that few pass: the search under them costs little and finds exactly what is there."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from benchmarks.floor import DEPTH, Floor
from benchmarks.inside import eligible, match_kind, row_of, views
from benchmarks.measure import Report, Row, interleaved
from benchmarks.worlds import KIND, open_engine
from matchengine.engine import Engine
from matchengine.matching.retrieve import retrieve

GOALS = {"5 %": 0.25, "0.5 %": 0.1}


def measure(quick: bool) -> Report:
    """Measure each share beside the search and the suggestion that nobody is ruled out of."""
    count = 10_000 if quick else 100_000
    rounds = 10 if quick else 20
    report = Report()
    free = open_engine(count, "open")
    floor = Floor(free)
    for share, goal in GOALS.items():
        _measure(report, free, open_engine(count, share), floor, share, goal, rounds)
    return report


def _measure(report: Report, free: Engine, ruled: Engine, floor: Floor, share: str, goal: float, rounds: int) -> None:
    count = len(free._pool.tables["people"])
    people = [f"p-{1 + n * (count // 100)}" for n in range(rounds)]
    what = f"{{}} under a rule that {share} pass, {count:,} people"
    allowed = [_allowed(ruled, person) for person in people]
    found = [_filtered(ruled, floor, person, texts) for person, texts in zip(people, allowed, strict=True)]
    exact = [_brute(floor, person, texts) for person, texts in zip(people, allowed, strict=True)]
    recall = float(np.mean([np.isin(a, b).mean() for a, b in zip(exact, found, strict=True) if len(a)]))

    search = interleaved(
        lambda n: _filtered(ruled, floor, people[n], allowed[n]), lambda n: floor.semantic(people[n]), rounds
    )
    beside = "unfiltered FAISS Flat top 200"
    met = search.within(goal) and recall == 1.0
    row = Row.of(what.format("index search"), search, beside, f"≤ {goal} ×, recall exactly 1", met)
    report.rows.append(row)

    step = interleaved(lambda n: _retrieve(ruled, people[n]), lambda n: floor.suggest(people[n]), rounds)
    beside = "unfiltered FAISS Flat top 200 and lexical product"
    report.rows.append(Row.of(what.format("retrieval step"), step, beside, f"≤ {goal} ×", step.within(goal)))

    whole = interleaved(lambda n: ruled.suggest(people[n], KIND, 5), lambda n: free.suggest(people[n], KIND, 5), rounds)
    report.rows.append(Row.of(what.format("whole suggest"), whole, "suggest with nobody ruled out"))
    report.details[share] = {"recall": recall, "eligible": int(np.mean([len(_passing(ruled, p)) for p in people]))}


def _retrieve(engine: Engine, person: str) -> None:
    """The rules are applied before, so that only the search is timed."""
    rows, passing = [row_of(engine, person)], [_passing(engine, person)]
    retrieve(engine._pool, match_kind(engine), engine.config.retrieve, rows, passing)


_PASSING: dict[tuple[int, str], NDArray[np.int64]] = {}


def _passing(engine: Engine, person: str) -> NDArray[np.int64]:
    key = (id(engine), person)
    if key not in _PASSING:
        _PASSING[key] = eligible(engine, person)
    return _PASSING[key]


def _allowed(engine: Engine, person: str) -> list[NDArray[np.int32]]:
    """Texts of eligible candidates, per view that has texts."""
    rows = _passing(engine, person)
    return [np.unique(right.items.text[right.items.entries(rows)]) for _, right in views(engine)]


def _filtered(engine: Engine, floor: Floor, person: str, allowed: list[NDArray[np.int32]]) -> NDArray[np.int64]:
    """Search each view among the allowed texts; return all hits as numbers that tell view, query and text apart."""
    out = []
    for number, ((_, field), view, own) in enumerate(
        zip(views(engine), floor.views, floor.queries(person), strict=True)
    ):
        hits = engine._pool.indexes[field.name].search(view.vectors.vectors(own), DEPTH, allowed[number])
        out.append(((number * 64 + hits.query) << 40) + hits.ids)
    return np.concatenate(out)


def _brute(floor: Floor, person: str, allowed: list[NDArray[np.int32]]) -> NDArray[np.int64]:
    """The same by multiplying everything; texts that tie with the last within rounding are left out."""
    out = []
    for number, (view, own) in enumerate(zip(floor.views, floor.queries(person), strict=True)):
        matrix = view.index.reconstruct_batch(allowed[number].astype(np.int64))
        products = view.vectors.vectors(own).astype(np.float64) @ matrix.astype(np.float64).T
        depth = min(DEPTH, products.shape[1])
        for query, row in enumerate(products):
            last = np.sort(row)[-depth]
            best = allowed[number][row > last + 1e-6]
            out.append(((number * 64 + query) << 40) + best.astype(np.int64))
    return np.concatenate(out)
