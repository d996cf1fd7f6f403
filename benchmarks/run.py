"""Run the figures: `python -m benchmarks.run [--quick] [NAME ...]`.

Each figure runs in a process of its own, so that no library that one loads disturbs another. Results go to
benchmarks/results/NAME.json, and the table of all results that are there to benchmarks/results/README.md.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.measure import ROOT, machine

__all__ = ["FIGURES", "main", "table"]

FIGURES = (
    *("ingest", "suggest", "rules", "many", "explain", "cold", "memory", "index", "scorers", "catalogue"),
    *("assign", "stable", "swaps", "groups", "exposure"),
    *("store", "upsert"),
    "evaluation",
    "weightings",
)
RESULTS = ROOT / "benchmarks" / "results"
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
INTRODUCTION = """# Results

Written by `make benchmarks`. Both sides of every ratio are measured in turns in one run; the ratio is the median of
the rounds, with its quartiles. Times move with the machine, ratios much less. Details and steps are in the JSON files.
The population: 3 goals, 4 offers and 5 interests a person, half of the texts distinct.
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what was asked for and write the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.run", description="Measure speed and memory as ratios.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"figures to run: {', '.join(FIGURES)} (all)")
    parser.add_argument("--quick", action="store_true", help="small sizes, for a first impression")
    parser.add_argument("--results", type=Path, default=RESULTS, help="folder for the results")
    parser.add_argument(
        "--threads", type=int, help="threads of FAISS and BLAS on both sides (default: their own choice)"
    )
    parser.add_argument("--here", action="store_true", help="measure in this process and write no table")
    parsed = parser.parse_args(arguments)
    unknown = [name for name in parsed.names if name not in FIGURES]
    if unknown:
        parser.error(f"no figure {', '.join(unknown)}; there are {', '.join(FIGURES)}")
    parsed.results.mkdir(parents=True, exist_ok=True)
    if parsed.here:
        for name in parsed.names:
            _measure(name, parsed.quick, parsed.results)
        return 0
    with tempfile.TemporaryDirectory(prefix="matchengine-bench-") as folder:
        os.environ.setdefault("MATCHENGINE_BENCH_FOLDER", folder)
        if parsed.threads:
            os.environ |= dict.fromkeys(THREADS, str(parsed.threads))
        failed = [name for name in parsed.names or FIGURES if not _apart(name, parsed.quick, parsed.results)]
    (parsed.results / "README.md").write_text(table(parsed.results), encoding="utf-8")
    print(f"results: {os.path.relpath(parsed.results / 'README.md')}")
    return 1 if failed else 0


def _apart(name: str, quick: bool, results: Path) -> bool:
    """Measure one figure in a process of its own; tell whether it came through."""
    command = [sys.executable, "-m", "benchmarks.run", "--here", "--results", str(results), name]
    start = time.perf_counter()
    done = subprocess.run(command + ["--quick"] * quick, cwd=ROOT)
    print(f"{name}: {'done' if done.returncode == 0 else 'FAILED'} in {time.perf_counter() - start:.0f} s", flush=True)
    return done.returncode == 0


def _measure(name: str, quick: bool, results: Path) -> None:
    report = importlib.import_module(f"benchmarks.figures.{name}").measure(quick)
    document = {
        "figure": name,
        "quick": quick,
        "measured_on": datetime.now(UTC).date().isoformat(),
        "machine": machine(),
        **report.to_dict(),
    }
    text = json.dumps(document, indent=1, ensure_ascii=False)
    (results / f"{name}.json").write_text(text + "\n", encoding="utf-8")
    for row in document["rows"]:
        print("  " + " | ".join(_cells(row)), flush=True)


def table(results: Path) -> str:
    """Return the table of all results in a folder as Markdown."""
    found = [results / f"{name}.json" for name in FIGURES]
    documents = [json.loads(path.read_text(encoding="utf-8")) for path in found if path.exists()]
    lines = [INTRODUCTION]
    lines += [f"Machine: {facts}.\n" for facts in dict.fromkeys(_facts(document["machine"]) for document in documents)]
    lines += ["| figure | what | measured | beside | ratio (quartiles) | goal | met |", "|---|---|---|---|---|---|---|"]
    for document in documents:
        name = document["figure"] + (" (quick)" if document["quick"] else "")
        lines += ["| " + " | ".join([name, *_cells(row)]) + " |" for row in document["rows"]]
    return "\n".join(lines) + "\n"


def _facts(facts: dict[str, Any]) -> str:
    flags = {True: "yes", False: "no"}
    told = [f"{name} {flags[value] if isinstance(value, bool) else value}" for name, value in facts.items()]
    return ", ".join(told)


def _cells(row: dict[str, Any]) -> list[str]:
    ratio = "" if row["ratio"] is None else f"{row['ratio']:.3g}"
    if row["quartiles"] and row["quartiles"][0] != row["quartiles"][1]:
        ratio += f" ({row['quartiles'][0]:.3g}–{row['quartiles'][1]:.3g})"
    met = {True: "yes", False: "**no**", None: ""}[row["met"]]
    return [row["what"], row["measured"], row["beside"], ratio, row["goal"] or "reported", met]


if __name__ == "__main__":
    sys.exit(main())
