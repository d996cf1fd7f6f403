"""Hours of use in a small: mixed questions and changes leave no memory, no open file and no thread behind (REL16)."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
MOST_MEGABYTES_A_MINUTE = 1.0


def soaked(seconds: int, folder: Path) -> dict[str, Any]:
    """Return what a process measured of itself under load."""
    command = [sys.executable, "-m", "tests.reliability.soak", str(seconds), str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=seconds + 240, check=False)  # noqa: S603
    assert done.returncode == 0, done.stderr[-2_000:]
    return dict(json.loads(done.stdout))


@pytest.mark.parametrize("seconds", [10, pytest.param(300, marks=pytest.mark.slow)])
def test_a_mixed_load_leaves_nothing_behind(seconds: int, tmp_path: Path) -> None:
    measured = soaked(seconds, tmp_path)
    assert measured["calls"] > 2 * seconds
    assert measured["files"][-1] <= measured["files"][0]
    assert measured["threads"][-1] <= measured["threads"][0]
    if seconds >= 300:  # a few seconds say nothing about a minute
        assert measured["megabytes a minute"] < MOST_MEGABYTES_A_MINUTE, measured
