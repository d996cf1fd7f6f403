"""One person more, or described anew, in a programme over SQLite, durable and visible; beside a bare commit to SQLite.

The floor writes as many bytes as the person's document and the vectors of their new texts have, into a database of its
own, with the same journal and the same care for the disk. Both run in turns.
"""

from __future__ import annotations

import sqlite3
import statistics
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import numpy as np

from benchmarks.figures.store import _store
from benchmarks.measure import Report, Row, compare, interleaved, seconds, timed
from benchmarks.population import BenchPlugin, people
from benchmarks.worlds import KIND, configuration
from matchengine.engine import Engine
from matchengine.pool.pool import Pool
from matchengine.records import Person
from matchengine.store.base import Commit, Position
from matchengine.store.keep import Keeper

SECONDS = 0.050
ROUNDS, WARM = 200, 10


def measure(quick: bool) -> Report:
    """Measure people who come, and people who are described anew."""
    count = 2_000 if quick else 100_000
    rounds = 30 if quick else ROUNDS
    report = Report()
    with Engine.open(_store(count), configuration(), plugins=[BenchPlugin()]) as engine:
        engine.suggest("p-7", KIND)
        for what, named in (("one person more", "new-{}"), ("one person described anew", "p-{}")):
            made = [
                Person.model_validate({**each, "id": named.format(n)})
                for n, each in enumerate(people(rounds + WARM, seed=99 if named.startswith("new") else 98))
            ]
            _measure(report, engine, made, f"{what} among {count:,}", rounds)
        report.details["steps"] = _steps(engine, count)
        report.details["seen by the next call"] = _visible(engine)
    return report


def _measure(report: Report, engine: Engine, made: list[Person], what: str, rounds: int) -> None:
    store = engine._keeper.store  # type: ignore[union-attr]
    whole, sizes = store.write, []

    def write(programme: str, commit: Commit) -> Position:
        sizes.append(sum(len(c.document or "") for c in commit.changes) + sum(v.vectors.nbytes for v in commit.vectors))
        return whole(programme, commit)

    store.write = write  # type: ignore[method-assign]
    try:
        first = [timed(lambda each=each: engine.upsert(each)) for each in made[:WARM]]  # type: ignore[misc]
    finally:
        store.write = whole  # type: ignore[method-assign]
    size = int(statistics.median(sizes))
    with closing(_database(engine)) as connection:
        comparison = interleaved(
            lambda n: engine.upsert(made[WARM + n]), lambda n: _commit(connection, n, size), rounds, 0
        )
    taken = np.array(comparison.ours)
    half, most = (float(np.quantile(taken, share)) for share in (0.5, 0.95))
    goal = f"≤ {SECONDS * 1e3:.0f} ms in 95 of 100"
    floor = f"a bare commit of {size / 1e3:.0f} kB"
    report.rows.append(Row.of(f"{what}, committed and visible", comparison, floor, goal, most <= SECONDS))
    slow = compare([float(taken.max())], [max(comparison.beside)])
    report.rows.append(Row.of(f"{what}, the slowest of {rounds}", slow, "the slowest of those"))
    report.details[what] = {
        "median": seconds(half), "95 of 100": seconds(most), "slowest": seconds(float(taken.max())),
        "the first": [seconds(each) for each in first],
        "floor 95 of 100": seconds(float(np.quantile(comparison.beside, 0.95))),
    }  # fmt: skip


def _database(engine: Engine) -> sqlite3.Connection:
    path = Path(getattr(engine._keeper.store, "location", "")).with_name("floor.db")  # type: ignore[union-attr]
    path.unlink(missing_ok=True)
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in ("journal_mode = WAL", "synchronous = FULL"):
        connection.execute(f"PRAGMA {pragma}")
    connection.execute("CREATE TABLE held (id INTEGER PRIMARY KEY, bytes BLOB)")
    return connection


def _commit(connection: sqlite3.Connection, number: int, size: int) -> None:
    connection.execute("BEGIN IMMEDIATE")
    connection.execute("INSERT OR REPLACE INTO held VALUES (?, ?)", (number, bytes(size)))
    connection.execute("COMMIT")


def _steps(engine: Engine, count: int) -> dict[str, str]:
    """Median time of the three parts of a change: the fork of the pool, the change to it, the commit."""
    spent: dict[str, list[float]] = {}
    made = [Person.model_validate({**each, "id": f"step-{n}"}) for n, each in enumerate(people(40, seed=97))]
    parts: tuple[tuple[type, str], ...] = ((Pool, "fork"), (Pool, "upsert"), (Keeper, "commit"))
    whole = {(owner, name): getattr(owner, name) for owner, name in parts}
    for (owner, name), method in whole.items():
        setattr(owner, name, _timed(method, spent.setdefault(name, [])))
    try:
        for each in made:
            engine.upsert(each)
    finally:
        for (owner, name), method in whole.items():
            setattr(owner, name, method)
    return {name: seconds(statistics.median(times)) for name, times in spent.items() if times}


def _timed(method: Callable[..., object], times: list[float]) -> Callable[..., object]:
    def run(*arguments: object, **named: object) -> object:
        found: list[object] = []
        times.append(timed(lambda: found.append(method(*arguments, **named))))
        return found[0]

    return run


def _visible(engine: Engine) -> bool:
    """Whether whoever has just come may ask, and may be suggested, in the very next call."""
    (person,) = people(1, seed=96)
    engine.upsert(Person.model_validate({**person, "id": "just-now"}))
    asks = bool(engine.suggest("just-now", KIND))
    return asks and "just-now" in engine.members(KIND).candidates
