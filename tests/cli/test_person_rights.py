"""`matchengine person` and `matchengine purge`: plain text of 80 columns, nothing erased without --yes."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import pytest

from matchengine.cli import person_rights
from matchengine.cli.output import Output
from matchengine.errors import ConfigError, UnknownIdError
from tests.rights.support import opened, programme


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    pytest.importorskip("sqlalchemy")
    with programme(tmp_path / "p.db") as made:
        made.save(tmp_path / "copy")

    def open_data(arguments: argparse.Namespace, _options: Any, *, read_only: bool = True) -> Any:
        return opened(arguments.data, programme=arguments.programme, read_only=read_only)

    monkeypatch.setattr(person_rights, "open_data", open_data)
    return tmp_path / "p.db"


def run(command: str, *arguments: object, as_json: bool = False) -> int:
    """Run one of the two commands with arguments, as `matchengine` does."""
    parser = argparse.ArgumentParser()
    {"person": person_rights.add_person, "purge": person_rights.add_purge}[command](parser)
    parser.set_defaults(command=command)
    parsed = parser.parse_args([str(each) for each in arguments])
    return int(parsed.run(parsed, Output(json=as_json)))


def test_a_person_is_shown_and_handed_over(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("person", "show", "a0", "--data", place) == 0
    text = capsys.readouterr().out
    assert "What is held about a0" in text
    assert all(len(line) <= 80 for line in text.splitlines())
    assert run("person", "export", "a0", "--data", place, "--to", place.parent / "a0.json") == 0
    assert json.loads((place.parent / "a0.json").read_text(encoding="utf-8"))["record"]["id"] == "a0"
    assert (place.parent / "a0.json").stat().st_mode & 0o777 == 0o600
    capsys.readouterr()
    assert run("person", "export", "a0", "--data", place) == 0
    assert json.loads(capsys.readouterr().out)["person_id"] == "a0"


def test_an_erasure_asks_for_yes_and_names_copies(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    by = ("--by", "coordinator:7", "--data", place)
    with pytest.raises(ConfigError, match="--yes"):
        run("person", "erase", "a0", *by)
    assert run("person", "show", "a0", "--data", place) == 0
    capsys.readouterr()
    assert run("person", "erase", "a0", *by, "--yes") == 0
    assert str(place.parent / "copy") in capsys.readouterr().out
    with pytest.raises(UnknownIdError):
        run("person", "show", "a0", "--data", place)
    assert run("person", "allow", "a0", *by, as_json=True) == 0
    assert json.loads(capsys.readouterr().out) == {"allowed": True}


def test_a_purge_says_what_went(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("purge", "--data", place) == 0
    assert capsys.readouterr().out == "Nothing has run out.\n"


def test_a_folder_is_no_store(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="folder"):
        run("purge", "--data", tmp_path)
