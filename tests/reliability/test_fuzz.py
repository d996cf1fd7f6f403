"""Damaged files are read or refused with an error of this package, quickly and in little memory (REL13)."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.reliability import fuzz

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(("count", "seconds"), [(60, 0), pytest.param(500, 60, marks=pytest.mark.slow)])
@pytest.mark.parametrize("form", fuzz.FORMATS)
def test_every_damaged_file_is_read_or_refused(form: str, count: int, seconds: int, tmp_path: Path) -> None:
    arguments = [form, str(count), str(seconds), "1", str(tmp_path)]
    command = [sys.executable, "-m", "tests.reliability.fuzz", *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=seconds + 400, check=False)  # noqa: S603
    assert done.returncode == 0, done.stderr[-2_000:]
    *wrong, told = map(json.loads, done.stdout.splitlines())
    assert wrong == []
    assert told["refused"] > count / 20
    assert told["read"] + told["refused"] >= count
