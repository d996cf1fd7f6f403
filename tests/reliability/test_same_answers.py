"""The same data give the same answers: however they are kept, opened, ordered and asked for (REL15)."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from matchengine.engine import Engine
from tests.properties.populations import programme as population
from tests.support import engine, group, over

ROOT = Path(__file__).parents[2]
ASKING = 20
SEARCHING = "[retrieve]\nshortlist = 10\ndense_up_to = 0\n"
FILE = "programme.db"


def told(made: Engine) -> list[Any]:
    """Return everything that people are told, one call for all."""
    found = [made.suggest_many([f"a{n}" for n in range(ASKING)], kind, 5) for kind in ("mentor", "group")]
    return [s.model_dump_json() for each in found for of in each.values() for s in of]


def one_by_one(made: Engine) -> list[Any]:
    """Return the same, one call for each person."""
    found = [made.suggest(f"a{n}", kind, 5) for kind in ("mentor", "group") for n in range(ASKING)]
    return [s.model_dump_json() for of in found for s in of]


def filled(folder: Path, order: int | None = None) -> Engine:
    """Return an engine over a new store; with an order, the records come shuffled."""
    people, groups = population(ASKING, 40, seed=3), [group(f"g{n}", topics=["sql", "hiking"]) for n in range(5)]
    if order is not None:
        random.Random(order).shuffle(people)
    made = over(folder / FILE, engine(SEARCHING).config)
    made.load(people, groups)
    return made


def main(folder: Path) -> None:
    """Print what an engine over a new store answers, and then what it does when it is opened again."""
    made = filled(folder)
    print(json.dumps(told(made)))  # noqa: T201
    made.close()
    print(json.dumps(told(over(folder / FILE))))  # noqa: T201


def in_a_process(folder: Path, hash_seed: int, threads: int) -> list[list[str]]:
    """Return both answers of a fresh process."""
    folder.mkdir()
    counts = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), str(threads))
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-m", "tests.reliability.test_same_answers", str(folder)],
        cwd=ROOT, capture_output=True, text=True, timeout=300, check=False,
        env=os.environ | counts | {"PYTHONHASHSEED": str(hash_seed)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2_000:]
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.fixture
def expected() -> list[str]:
    """Return what an engine without a store answers."""
    made = engine(SEARCHING)
    made.load(population(ASKING, 40, seed=3), [group(f"g{n}", topics=["sql", "hiking"]) for n in range(5)])
    return told(made)


def test_kept_opened_rebuilt_read_and_saved_answer_alike_to_the_last_byte(tmp_path: Path, expected: list[str]) -> None:
    with filled(tmp_path) as made:
        assert told(made) == expected
        assert one_by_one(made) == expected
        made.save(tmp_path / "saved")
        with over(tmp_path / FILE, read_only=True) as reader:
            assert told(reader) == expected
    with over(tmp_path / FILE) as again:
        assert told(again) == expected
    shutil.rmtree(tmp_path / f"{FILE}-files" / "cache", ignore_errors=True)
    with over(tmp_path / FILE) as rebuilt:
        assert told(rebuilt) == expected


@pytest.mark.parametrize("order", [1, *(pytest.param(n, marks=pytest.mark.slow) for n in range(2, 11))])
def test_the_order_in_which_people_come_changes_nothing(tmp_path: Path, expected: list[str], order: int) -> None:
    with filled(tmp_path, order) as made:
        assert told(made) == expected
    with over(tmp_path / FILE) as again:
        assert told(again) == expected


@pytest.mark.parametrize(
    "seed", [0, pytest.param(7, marks=pytest.mark.slow), pytest.param(4242, marks=pytest.mark.slow)]
)
def test_neither_the_hash_seed_nor_the_threads_change_an_answer(tmp_path: Path, expected: list[str], seed: int) -> None:
    one, two = in_a_process(tmp_path / "one", seed, 1), in_a_process(tmp_path / "two", seed, 2)
    assert one == [expected, expected]
    for answers in two:
        mine, theirs = ([json.loads(each) for each in of] for of in (answers, expected))
        order = [[(s["requester_id"], s["candidate_id"], s["rank"]) for s in of] for of in (mine, theirs)]
        assert order[0] == order[1]
        # scores have two decimals, and rounding may fall either way
        assert all(abs(a["score"] - b["score"]) <= 0.011 for a, b in zip(mine, theirs, strict=True))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
