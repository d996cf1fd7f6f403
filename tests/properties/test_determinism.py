"""The same data give the same bytes in another process, with other hash seeds and other numbers of threads (REL15)."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SCRIPT = """
import sys
from tests.properties.populations import programme
from tests.support import engine, group, WordsPlugin
people = programme(40, 90, seed=3)
out = []
for extra in ("", "[retrieve]\\nshortlist = 10\\ndense_up_to = 0\\n"):
    made = engine(extra)
    groups = [group(f"g{n}", topics=["sql data", "hiking", "baking bread"][: n % 3 + 1]) for n in range(9)]
    made.load(people, groups=groups)
    for kind in ("mentor", "group"):
        for who, got in made.suggest_many([f"a{n}" for n in range(40)], kind, 5).items():
            out += [s.model_dump_json() for s in got]
    out.append(made.fingerprint().model_dump_json())
sys.stdout.write("\\n".join(out))
"""


def run(hash_seed: int, threads: int) -> str:
    """Return everything that a fresh process suggests."""
    counts = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), str(threads))
    environment = os.environ | counts | {"PYTHONHASHSEED": str(hash_seed), "PYTHONPATH": str(ROOT)}
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", SCRIPT],
        capture_output=True,
        text=True,
        env=environment,
        cwd=ROOT,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def first() -> str:
    """Return what the first process says."""
    return run(0, 1)


@pytest.mark.parametrize("seed", [4242, pytest.param(1, marks=pytest.mark.slow)])
def test_the_hash_seed_of_python_changes_no_byte(first: str, seed: int) -> None:
    assert run(seed, 1) == first


def test_two_threads_give_the_ranking_of_one(first: str) -> None:
    one, two = ([json.loads(line) for line in text.splitlines()] for text in (first, run(0, 2)))
    assert len(one) > 300
    assert [(s.get("requester_id"), s.get("candidate_id"), s.get("rank")) for s in one] == [
        (s.get("requester_id"), s.get("candidate_id"), s.get("rank")) for s in two
    ]
    scores = [(a["score"], b["score"]) for a, b in zip(one, two, strict=True) if "score" in a]
    assert max(abs(a - b) for a, b in scores) <= 0.011  # two decimals of 100: rounding may fall either way
