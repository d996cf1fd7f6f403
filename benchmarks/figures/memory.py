"""Memory that a loaded programme takes beyond its vectors."""

from __future__ import annotations

import json

from benchmarks.measure import Report, Row
from benchmarks.worlds import saved

GOAL = 6_000


def measure(quick: bool) -> Report:
    """Read what loading in a process of its own has measured."""
    count = 10_000 if quick else 100_000
    measured = json.loads((saved(count) / "measured.json").read_text(encoding="utf-8"))
    grown, accounted = measured["beyond_vectors_per_person"], measured["accounted_per_person"]
    report = Report(details=measured)
    report.rows = [
        Row(
            what=f"memory per person beyond the vectors, {count:,} people",
            measured=f"{grown / 1000:.2f} kB resident",
            beside=f"vectors: {measured['vectors'] / count / 1000:.2f} kB a person",
            goal=f"≤ {GOAL / 1000:.0f} kB",
            met=grown <= GOAL,
            ratio=round(grown * count / measured["vectors"], 4),
        ),
        Row(
            what=f"the same, counted object by object, {count:,} people",
            measured=f"{accounted / 1000:.2f} kB",
            beside="arrays, strings and containers, each once",
        ),
        Row(
            what=f"most resident while loading, vectors included, {count:,} people",
            measured=f"{measured['peak_per_person'] / 1000:.1f} kB a person",
            beside="records are read one by one from a file",
        ),
    ]
    return report
