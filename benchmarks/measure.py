"""Measuring: interleaved ratios, cold starts, memory, and the facts of the machine that belong beside a number."""

from __future__ import annotations

import ctypes
import gc
import importlib.metadata
import os
import platform
import statistics
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

__all__ = [
    "ROOT",
    "Comparison",
    "Report",
    "Row",
    "cold_starts",
    "compare",
    "interleaved",
    "machine",
    "peak_rss",
    "rss",
    "seconds",
    "settle",
    "timed",
]

ROOT = Path(__file__).resolve().parent.parent
LIBRARIES = ("numpy", "pydantic", "faiss-cpu", "scipy", "torch", "sentence-transformers")


@dataclass(frozen=True)
class Comparison:
    """Seconds of two sides, measured in turns: `ours[n]` and `beside[n]` belong together."""

    ours: tuple[float, ...]
    beside: tuple[float, ...]

    @property
    def ratio(self) -> float:
        """Median of the ratios of the rounds."""
        return statistics.median(self.ratios())

    @property
    def quartiles(self) -> tuple[float, float]:
        """First and third quartile of the ratios."""
        if len(self.ours) < 2:
            return self.ratio, self.ratio
        low, _, high = statistics.quantiles(self.ratios(), n=4, method="inclusive")
        return low, high

    def ratios(self, allowance: float = 0.0) -> list[float]:
        """Ratio of each round, after `allowance` seconds are taken from our side."""
        return [(a - allowance) / b for a, b in zip(self.ours, self.beside, strict=True)]

    def within(self, goal: float, allowance: float = 0.0) -> bool:
        """Whether the median round is at most `goal` times the other side, plus `allowance` seconds."""
        return statistics.median(self.ratios(allowance)) <= goal


@dataclass(frozen=True)
class Row:
    """One line of the results: what was measured beside what, the ratio, the goal, and whether it is met.

    `met` is None where a number is reported without a goal.
    """

    what: str
    measured: str
    beside: str
    goal: str = ""
    met: bool | None = None
    ratio: float | None = None
    quartiles: tuple[float, float] | None = None

    @classmethod
    def of(cls, what: str, comparison: Comparison, beside: str, goal: str = "", met: bool | None = None) -> Row:
        """Make a row from a comparison; `beside` names the other side."""
        ours, other = statistics.median(comparison.ours), statistics.median(comparison.beside)
        return cls(
            what=what,
            measured=seconds(ours),
            beside=f"{beside}: {seconds(other)}",
            goal=goal,
            met=met,
            ratio=round(comparison.ratio, 4),
            quartiles=(round(comparison.quartiles[0], 4), round(comparison.quartiles[1], 4)),
        )


@dataclass
class Report:
    """What one figure found: rows of the table, and details for whoever looks closer."""

    rows: list[Row] = field(default_factory=list)
    details: dict[str, Any] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Return plain data for JSON."""
        return {"rows": [asdict(row) for row in self.rows], "details": self.details}


def seconds(value: float) -> str:
    """Write a duration with three digits and a unit that fits."""
    for scale, unit in ((1.0, "s"), (1e-3, "ms"), (1e-6, "µs")):
        if value >= scale:
            return f"{value / scale:.3g} {unit}"
    return f"{value * 1e9:.3g} ns"


def timed(work: Callable[[], object]) -> float:
    """Seconds that one call takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def interleaved(
    ours: Callable[[int], object], beside: Callable[[int], object], rounds: int, warm: int = 1
) -> Comparison:
    """Time two sides in turns, A B, B A, A B …, so that what disturbs the machine disturbs both.

    Both are called with the number of the round, after `warm` rounds that are not counted.
    """
    for n in range(warm):
        ours(n)
        beside(n)
    own: list[float] = []
    other: list[float] = []
    sides = ((ours, own), (beside, other))
    gc.collect()
    for n in range(rounds):
        for work, seen in sides if n % 2 == 0 else sides[::-1]:
            start = time.perf_counter()
            work(n)
            seen.append(time.perf_counter() - start)
    return Comparison(tuple(own), tuple(other))


def compare(ours: Sequence[float], beside: Sequence[float]) -> Comparison:
    """Make a comparison from seconds that were measured elsewhere, round by round."""
    return Comparison(tuple(ours), tuple(beside))


def cold_starts(commands: Sequence[Sequence[str]], repeats: int = 5) -> list[list[float]]:
    """Run commands in fresh processes, in turns, and return the seconds of each, one list per command.

    The first round only fills the file cache. Whoever wants one number takes the smallest: a start can be slower
    than it must be, never faster.
    """
    taken: list[list[float]] = [[] for _ in commands]
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": ""}
    for turn in range(repeats + 1):
        for command, seen in zip(commands, taken, strict=True):
            start = time.perf_counter()
            subprocess.run(command, check=True, capture_output=True, cwd=ROOT, env=environment)
            if turn:
                seen.append(time.perf_counter() - start)
    return taken


def rss() -> int:
    """Resident memory of this process in bytes; 0 where the system does not tell."""
    return _status("VmRSS:")


def peak_rss() -> int:
    """Largest resident memory of this process so far in bytes; 0 where the system does not tell."""
    return _status("VmHWM:")


def _status(key: str) -> int:
    try:
        lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0
    return next((1024 * int(line.split()[1]) for line in lines if line.startswith(key)), 0)


def settle() -> None:
    """Collect garbage and give free memory back to the system, before memory is read."""
    for _ in range(3):
        gc.collect()
    try:
        ctypes.CDLL("libc.so.6").malloc_trim(0)
    except (OSError, AttributeError):
        return


def machine() -> dict[str, Any]:
    """Return what matters about the machine; no names of hosts, users or folders."""
    try:
        flags = Path("/proc/cpuinfo").read_text(encoding="ascii", errors="replace")
    except OSError:
        flags = ""
    return {
        "architecture": platform.machine(),
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "threads": os.environ.get("OMP_NUM_THREADS", "as the libraries choose"),
        "avx2": " avx2" in flags,
        "avx512": " avx512f" in flags,
        "amx": " amx_bf16" in flags,
        "python": platform.python_version(),
        **{name: _version(name) for name in LIBRARIES},
    }


def _version(name: str) -> str:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return "not installed"
