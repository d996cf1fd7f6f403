"""The files that commands write beside a draft for a whole programme."""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path

import openpyxl
import pytest

from matchengine.cli.files import add_files, take_away, write_timings
from matchengine.cli.output import Output
from matchengine.io import Contact, ContactSheet, write_folder
from tests.report import drafts

MADE = drafts.all_drafts()


def arguments(data: Path, *words: str) -> argparse.Namespace:
    """Return parsed arguments of a command with files."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", default=str(data))
    add_files(parser)
    return parser.parse_args(words)


@pytest.mark.parametrize("name", MADE)
def test_each_draft_is_written_in_three_forms(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = [tmp_path / f"draft.{form}" for form in ("csv", "xlsx", "html")]
    words = [word for file in files for word in (f"--{file.suffix[1:]}", str(file))]
    take_away(arguments(tmp_path, *words), Output(), MADE[name])
    assert all(file.stat().st_mode & 0o777 == 0o600 for file in files)
    assert openpyxl.load_workbook(files[1]).sheetnames[0] == "Summary"
    said = "".join(capsys.readouterr().err.split())  # long paths are wrapped
    assert all(str(file) in said for file in files)


def test_nothing_is_written_and_nothing_read_unless_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    take_away(arguments(tmp_path / "missing"), Output(), MADE["plan"])
    assert list(tmp_path.iterdir()) == []
    assert capsys.readouterr().err == ""


def test_names_are_joined_in_sheets_and_never_on_the_page(tmp_path: Path) -> None:
    write_folder(tmp_path / "records", {}, contacts=ContactSheet([Contact(id="e1", name="Zora Quill")]))
    words = ["--csv", str(tmp_path / "a.csv"), "--html", str(tmp_path / "a.html")]
    take_away(arguments(tmp_path, *words), Output(), MADE["plan"])
    assert "Zora Quill" in (tmp_path / "a.csv").read_text(encoding="utf-8-sig")
    assert "Zora Quill" not in (tmp_path / "a.html").read_text(encoding="utf-8")


def test_timings_are_a_file_of_their_own(tmp_path: Path) -> None:
    """How long a run took is no part of its result (domain.md G6)."""
    path = tmp_path / "timings.json"
    write_timings(path, "assign", time.perf_counter() - 2)
    told = json.loads(path.read_text("utf-8"))
    assert told["command"] == "assign"
    assert told["seconds"] >= 2
    assert path.stat().st_mode & 0o777 == 0o600
