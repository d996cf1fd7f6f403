"""Saved engines over the benchmark's population: each size is loaded once per run, in a process of its own.

`python -m benchmarks.worlds write COUNT FOLDER` writes the records to FOLDER/people.jsonl. `python -m benchmarks.worlds
load COUNT FOLDER` reads them line by line into an engine, measures what stays in memory, and saves the engine to
FOLDER/engine and the measurements to FOLDER/measured.json. Two processes, so that making the population leaves no
trace in the memory that is measured.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from benchmarks.accounting import arrays_and_strings
from benchmarks.measure import ROOT, peak_rss, rss, settle
from benchmarks.population import DIMENSION, BenchPlugin, BenchVectors, people
from matchengine.config import EngineConfig, load_config
from matchengine.engine import Engine
from matchengine.records import Person

__all__ = ["KIND", "VARIANTS", "configuration", "open_engine", "real_model", "saved"]

FOLDER = "MATCHENGINE_BENCH_FOLDER"
"""Environment variable that names the folder in which the worlds of one run lie."""
KIND = "mentor"
_ANYWHERE = {"time": 0.0, "language": 0.0, "distance": 0.2}
"""Settings of the scorer `feasibility` under which nobody who can meet online is ruled out by the feasible block."""
VARIANTS: Mapping[str, dict[str, Any] | None] = {
    "programme": None,
    "floor": {"use": []},
    "open": {"use": []},
    "5 %": {"use": ["bench_share"], "with": {"bench_share": {"share": 0.05}}},
    "0.5 %": {"use": ["bench_share"], "with": {"bench_share": {"share": 0.005}}},
}
"""Rules of the variants; None leaves the programme's own. Constraints that are always on need no line.

`programme` and `floor` keep the feasible block as it is, which rules out whoever shares no time or no language; in
the others nobody is ruled out by it, so that the share of eligible people is the one named.
"""


def configuration(variant: str = "programme", index: str = "faiss") -> EngineConfig:
    """Return configs/mentoring.toml with the benchmark's embedder and a variant of the rules."""
    shipped = load_config(ROOT / "configs" / "mentoring.toml").model_dump(by_alias=True, mode="json", exclude_none=True)
    shipped["plugins"] = {"enable": ["builtin", "faiss"]}
    shipped["embedder"] = {"use": "bench-vectors", "with": {}, "cache": False}
    shipped["index"] = {"use": index}
    match = shipped["match"][KIND]
    if VARIANTS[variant] is not None:
        match["constraints"] = VARIANTS[variant]
    if variant not in ("programme", "floor"):
        match["scorers"]["practical"]["with"] = _ANYWHERE
    return EngineConfig.model_validate(shipped)


def saved(count: int) -> Path:
    """Return the folder of the world with so many people, loading and saving it first where it is not there."""
    folder = _home() / f"people-{count}"
    if not (folder / "measured.json").exists():
        for step in ("write", "load"):
            command = [sys.executable, "-m", "benchmarks.worlds", step, str(count), str(folder)]
            subprocess.run(command, check=True, cwd=ROOT)
    return folder


def open_engine(count: int, variant: str = "programme") -> Engine:
    """Return an engine over so many people, with a variant of the rules, opened from its saved folder."""
    return Engine.open(saved(count) / "engine", configuration(variant), plugins=[BenchPlugin()])


def real_model(count: int) -> Path:
    """Save a world under the shipped configuration unchanged, as a programme has it; return its folder.

    The vectors are still the benchmark's: a known person's suggestions never ask for the model.
    """
    folder = _home() / f"shipped-{count}" / "engine"
    if not folder.exists():
        engine = Engine.from_config(ROOT / "configs" / "mentoring.toml")
        real, engine.embedder = engine.embedder.fingerprint, BenchVectors()
        engine.config = engine.config.model_copy(
            update={"embedder": engine.config.embedder.model_copy(update={"cache": False})}
        )
        engine.load(people(count))
        engine._pool.model = real  # what opens the folder asks for the configured model
        engine.save(folder)
    return folder.parent


@cache
def _home() -> Path:
    if FOLDER not in os.environ:
        keep = tempfile.TemporaryDirectory(prefix="matchengine-bench-")
        _home.keep = keep  # type: ignore[attr-defined]
        os.environ[FOLDER] = keep.name
    return Path(os.environ[FOLDER])


def _write(count: int, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "people.jsonl").open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(person) + "\n" for person in people(count))


def _records(path: Path) -> Iterator[Person]:
    """Yield validated people, one line at a time."""
    with path.open(encoding="utf-8") as file:
        for line in file:
            yield Person.model_validate_json(line)


def _load(count: int, folder: Path) -> None:
    warm = Engine(configuration(), plugins=[BenchPlugin()])
    warm.load(people(300, seed=1))
    warm.suggest("p-0", KIND)
    engine = Engine(configuration(), plugins=[BenchPlugin()])
    settle()
    before = rss()
    start = time.perf_counter()
    engine.load(_records(folder / "people.jsonl"))
    taken = time.perf_counter() - start
    peak = peak_rss()
    settle()
    grown = rss() - before
    pool = engine._pool
    vectors = sum(len(index) for index in pool.indexes.values()) * DIMENSION * 4
    accounted, parts = arrays_and_strings(pool)
    engine.save(folder / "engine")
    measured = {
        "people": count,
        "load_and_validation_s": round(taken, 2),
        "grown": grown,
        "vectors": vectors,
        "beyond_vectors_per_person": round((grown - vectors) / count),
        "accounted_per_person": round((accounted - vectors) / count),
        "parts_per_person": {name: round(size / count) for name, size in parts.items()},
        "peak_per_person": round((peak - before) / count),
    }
    (folder / "measured.json").write_text(json.dumps(measured, indent=1), encoding="utf-8")


if __name__ == "__main__":
    {"write": _write, "load": _load}[sys.argv[1]](int(sys.argv[2]), Path(sys.argv[3]))
