"""Servers that fork their workers, spawn them or use threads: nothing hangs, and no child believes it writes (REL9)."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
SECONDS = 10.0
"""A child that has not answered by then hangs."""


def served(manner: str, index: str, count: int, folder: Path) -> list[dict[str, Any]]:
    """Return what a server of some manner and its workers say, each repetition."""
    command = [sys.executable, "-m", "tests.reliability.servers", manner, index, str(count), str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=900, check=False)  # noqa: S603
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(found) == count, done.stderr[-2_000:]
    return found


@pytest.mark.parametrize("count", [2, pytest.param(20, marks=pytest.mark.slow)])
@pytest.mark.parametrize("index", ["numpy", "faiss"])
@pytest.mark.parametrize("manner", ["prefork", "busy", "threads"])
def test_workers_of_every_kind_answer_like_the_server_itself(
    manner: str, index: str, count: int, tmp_path: Path
) -> None:
    """`prefork` forks after use, `busy` forks while other threads read and write, `threads` shares one engine."""
    assert [each for each in served(manner, index, count, tmp_path) if each["problems"]] == []


@pytest.mark.parametrize("count", [2, pytest.param(20, marks=pytest.mark.slow)])
def test_spawned_workers_follow_the_server(count: int, tmp_path: Path) -> None:
    assert [each for each in served("spawn", "faiss", count, tmp_path) if each["problems"]] == []


@pytest.mark.parametrize("count", [2, pytest.param(20, marks=pytest.mark.slow)])
@pytest.mark.parametrize("kind", ["Flat", "HNSW32"])
def test_the_search_of_faiss_itself_goes_on_in_a_forked_child(kind: str, count: int, tmp_path: Path) -> None:
    """Whatever index of FAISS a plugin brings: the child has one thread of OpenMP."""
    assert [each for each in served("faiss", kind, count, tmp_path) if each["problems"]] == []


def test_without_the_hook_the_search_of_faiss_hangs_in_a_child(tmp_path: Path) -> None:
    """The negative control (REL22): the same scene, with the hook taken away."""
    found = served("faiss without the hook", "Flat", 1, tmp_path)
    assert "hangs" in str(found[0]["problems"])


def test_a_lock_that_another_thread_held_is_new_in_a_child(tmp_path: Path) -> None:
    assert [each for each in served("locked", "numpy", 1, tmp_path) if each["problems"]] == []


@pytest.mark.parametrize("manner", ["between", "closing"])
def test_a_fork_in_the_middle_of_a_commit_and_a_server_that_closes_first_lose_nothing(
    manner: str, tmp_path: Path
) -> None:
    assert [each for each in served(manner, "numpy", 2, tmp_path) if each["problems"]] == []


@pytest.mark.parametrize(("manner", "what"), [("between", "SQLITE_BUSY"), ("closing", "kept are")])
def test_without_the_gate_a_child_never_has_its_turn_or_its_lines_are_lost(
    manner: str, what: str, tmp_path: Path
) -> None:
    """The negative control (REL22)."""
    found = served(f"{manner} without the gate", "numpy", 1, tmp_path)
    assert what in str(found[0]["problems"])
