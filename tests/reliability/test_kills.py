"""Nothing that was acknowledged is lost when a process is killed, and of writers there is one (REL1, REL8, REL22)."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from matchengine.records import Person
from tests.reliability import kills
from tests.reliability import programme as p
from tests.reliability.children import Child, tell
from tests.support import engine, over

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a programme in a store, which repetitions copy."""
    folder = tmp_path_factory.mktemp("template")
    with p.programme(folder / kills.FILE) as made:
        assert p.differing(p.found(made), p.expected([])) == []
    return folder


def repeated(scene: str, template: Path, count: int, mechanism: str = "", seed: int = 1) -> list[dict[str, Any]]:
    """Return what came of each repetition; all of them must say something."""
    command = [sys.executable, "-m", "tests.reliability.kills", scene, str(template), str(count), str(seed), mechanism]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=1_800, check=False)  # noqa: S603
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(found) == count, done.stderr[-2_000:]
    void = [each for each in found if each["void"]]
    assert not void, f"VOID: {void[:3]}"
    return found


@pytest.mark.parametrize("count", [30, pytest.param(300, marks=pytest.mark.slow)])
def test_a_kill_at_any_moment_loses_nothing_that_was_acknowledged_and_leaves_nothing_half(
    template: Path, count: int
) -> None:
    found = repeated("killed writer", template, count)
    assert [each for each in found if each["problems"]] == []
    assert sum(each["done"] for each in found) > 3 * count


@pytest.mark.parametrize("mechanism", [kills.TOO_EARLY, "halves"])
def test_an_acknowledgement_that_comes_too_early_and_a_commit_in_halves_are_noticed(
    template: Path, mechanism: str
) -> None:
    found = repeated("killed writer", template, 6, mechanism, seed=2)
    assert any("neither before nor after" in problem for each in found for problem in each["problems"])


@pytest.mark.parametrize("count", [5, pytest.param(50, marks=pytest.mark.slow)])
def test_a_second_writer_is_refused_and_takes_over_when_the_first_was_killed(template: Path, count: int) -> None:
    found = repeated("rivals", template, count)
    assert [each for each in found if each["problems"]] == []


def test_without_the_lock_a_second_writer_is_noticed(template: Path) -> None:
    found = repeated("rivals", template, 2, "no lock")
    assert all(any("a second process could write" in told for told in each["problems"]) for each in found)


@pytest.mark.slow
def test_fifty_thousand_people_are_back_within_ten_seconds_of_a_kill(tmp_path: Path) -> None:
    """With the cache beside the store; without it, only that nothing is lost."""
    with over(tmp_path / kills.FILE, engine().config) as made:
        made.load([p.member(number, 0) for number in range(50_000)])

    def write(pipe: int) -> None:
        made = over(tmp_path / kills.FILE)
        for number in range(1, 1_000):
            made.upsert(Person.model_validate(p.member(number, number)))
            tell(pipe, "done")

    def look(pipe: int) -> None:
        start = time.perf_counter()
        with over(tmp_path / kills.FILE) as made:
            spent = time.perf_counter() - start
            told = p.found(made)
        people = {number: told[f"person p{number}"] for number in range(1, 60)}
        tell(pipe, "looked", seconds=spent, people=people, all=len(told))

    child = Child(write)
    child.listen(120, "done", 40)
    child.kill()
    done = len(child.told("done"))
    assert done >= 40
    looking = Child(look)
    looking.listen(180, "over")
    looking.kill()
    (found,) = looking.told("looked")
    assert found["all"] >= 50_000
    assert all(found["people"][str(number)].startswith(f"version {number} ") for number in range(1, min(done, 59) + 1))
    assert found["seconds"] <= 10
