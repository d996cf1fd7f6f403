"""What a command writes out of a store, the store remembers: an erasure names every file that it cannot reach."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from matchengine.cli.shipped import config_path
from matchengine.engine import Engine
from tests.cli.commands import run
from tests.support import mentee, mentor

FILES = ("--csv", "pairs.csv", "--xlsx", "pairs.xlsx", "--html", "pairs.html")


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty folder to work in, with a store."""
    monkeypatch.chdir(tmp_path)
    with Engine.open(tmp_path / "p.db", config_path("lexical")) as made:
        made.load([mentee("a"), mentee("b"), mentor("m"), mentor("n")])
    return tmp_path


@pytest.mark.parametrize(
    ("command", "files"),
    [
        (("suggest", "a", "--kind", "mentor", *FILES), FILES[1::2]),
        (("suggest", "--everyone", "--kind", "mentor", *FILES[:2]), FILES[1:2]),
        (("check", "--kind", "mentor", *FILES), FILES[1::2]),
        (("assign", "--kind", "mentor", "--save", "plan.json", *FILES), ("plan.json", *FILES[1::2])),
        (("person", "export", "a", "--to", "a.json"), ("a.json",)),
    ],
    ids=lambda told: " ".join(told[:2]),
)
def test_an_erasure_names_what_a_command_wrote(place: Path, command: tuple[str, ...], files: tuple[str, ...]) -> None:
    done = run(*command, "--data", "p.db")
    assert done.status == 0, done.text
    assert all((place / name).is_file() for name in files)
    erased = run("person", "erase", "a", "--yes", "--by", "coordinator:7", "--data", "p.db", "--json")
    copies = {each["address"]: each["what"] for each in json.loads(erased.out)["copies"]}
    assert copies == {str(place / name): f"matchengine {command[0]}" for name in files}


def test_a_command_that_writes_nothing_leaves_no_copy(place: Path) -> None:
    assert run("suggest", "a", "--kind", "mentor", "--data", "p.db").status == 0
    with Engine.open(place / "p.db") as made:
        assert made.copies() == ()
