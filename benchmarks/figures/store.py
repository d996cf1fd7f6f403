"""Opening a programme from a SQLite store beside which a valid cache lies; beside reading and hashing the same bytes.

Vectors are the benchmark's own (`BenchVectors`), 384 numbers a text. Each side runs in a process of its own that has
only just started, in turns; imports and the start of Python are left out of both.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

from benchmarks.measure import ROOT, Report, Row, compare, peak_rss, rss, seconds
from benchmarks.population import BenchPlugin, people
from benchmarks.worlds import KIND, configuration, saved
from matchengine.engine import Engine
from matchengine.records import Person
from matchengine.store.snapshot import read_snapshot

SECONDS, AFTER = 5.0, 200


def measure(quick: bool) -> Report:
    """Open from the cache, from the cache with changes to replay, and from the store alone."""
    count = 2_000 if quick else 100_000
    database, report = _store(count), Report()
    size = sum(path.stat().st_size for path in _cache(database).iterdir())
    rounds = [(_apart("open", database), _apart("floor", database)) for _ in range(3 if quick else 5)]
    comparison = compare([ours["s"] for ours, _floor in rounds], [floor["s"] for _ours, floor in rounds])
    slowest = max(comparison.ours)
    what = f"opening {count:,} people from SQLite with a valid cache"
    goal = f"≤ {SECONDS:.0f} s"
    report.rows.append(
        Row.of(what, comparison, f"reading and hashing the same {size / 1e6:,.0f} MB", goal, slowest <= SECONDS)
    )
    last = rounds[-1][0]
    report.rows.append(
        Row(
            what=f"resident after opening {count:,} people so",
            measured=f"{last['rss'] / count / 1000:.2f} kB a person",
            beside=f"of it pages of the file, which processes share: {last['shared'] / count / 1000:.2f} kB",
        )
    )
    replayed = _apart("change", database)
    again = _apart("open", database)
    report.rows.append(
        Row(
            what=f"the same with {AFTER} changes to replay",
            measured=seconds(again["s"]),
            beside=f"a change after opening: {seconds(replayed['median'])}, the first: {seconds(replayed['first'])}",
        )
    )
    report.details = {"rounds": rounds, "changes": replayed, "with changes": again, "slowest": slowest}
    if quick:
        _cache(database).joinpath("manifest.json").unlink()
        report.details["without a cache"] = _apart("open", database)
    return report


def _store(count: int) -> Path:
    """Return a database with the benchmark's people, as a programme of that size has it, and a cache beside it."""
    folder = saved(count)
    database = folder / "programme.db"
    if not database.exists():
        _apart("fill", database)
    return database


def _cache(database: Path) -> Path:
    return database.with_name(f"{database.name}-files") / "cache" / "main"


def _apart(step: str, database: Path) -> dict[str, float]:
    """Run a step in a fresh process and return what it measured."""
    command = [sys.executable, "-m", "benchmarks.figures.store", step, str(database)]
    done = subprocess.run(command, check=True, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    measured: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return measured


def _fill(database: Path) -> dict[str, float]:
    """Put the people of the saved engine into a database; their vectors are those that were made when it was saved."""
    with (database.parent / "people.jsonl").open(encoding="utf-8") as file:
        records = (Person.model_validate_json(line) for line in file)
        with Engine.open(database, configuration(), plugins=[BenchPlugin()]) as engine:
            start = time.perf_counter()
            engine.load(records)
            return {"s": time.perf_counter() - start}


def _open(database: Path) -> dict[str, float]:
    warm = Engine(configuration(), plugins=[BenchPlugin()])
    warm.load(people(50, seed=1))
    warm.suggest("p-0", KIND)
    before = rss()
    start, busy = time.perf_counter(), time.process_time()
    engine = Engine.open(database, configuration(), plugins=[BenchPlugin()], read_only=True)
    taken, busy = time.perf_counter() - start, time.process_time() - busy
    first = time.perf_counter()
    engine.suggest("p-7", KIND)
    first = time.perf_counter() - first
    if engine._cache is None or engine._cache.position is None:
        sys.stderr.write("opened without the cache\n")
    return {"s": taken, "cpu": busy, "suggest": first, "rss": rss() - before, "peak": peak_rss(), "shared": _shared()}


def _shared() -> int:
    """Bytes of files that are resident in this process."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next((1024 * int(line.split()[1]) for line in lines if line.startswith("RssFile:")), 0)


def _floor(database: Path) -> dict[str, float]:
    start = time.perf_counter()
    read_snapshot(_cache(database), mapped=True)
    return {"s": time.perf_counter() - start}


def _change(database: Path) -> dict[str, float]:
    """Change somebody again and again without publishing the cache at the end, as a process that was stopped."""
    engine = Engine.open(database, configuration(), plugins=[BenchPlugin()])
    taken = []
    for number, each in enumerate(people(AFTER, seed=99)):
        record = Person.model_validate({**each, "id": f"new-{number}"})
        start = time.perf_counter()
        engine.upsert(record)
        taken.append(time.perf_counter() - start)
    engine._keeper.store.close()  # type: ignore[union-attr]
    sys.stdout.write(json.dumps({"first": taken[0], "tenth": taken[9], "median": sorted(taken)[AFTER // 2]}) + "\n")
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    steps = {"fill": _fill, "open": _open, "floor": _floor, "change": _change}
    sys.stdout.write(json.dumps(steps[sys.argv[1]](Path(sys.argv[2]))) + "\n")
