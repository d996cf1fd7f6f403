"""`matchengine check`: text, JSON, sheets, a page, and the exit status."""

from __future__ import annotations

import argparse
import contextlib
import csv
import io
from pathlib import Path

import pytest

from matchengine.cli.check import add_check
from matchengine.cli.output import Output
from matchengine.errors import ConfigError
from matchengine.i18n import PSEUDO, speaking
from matchengine.records import Readiness
from tests.cli.commands import Done, too_wide
from tests.cli.test_contacts import contacts, told


def check(*arguments: object, json: bool = False) -> Done:
    """Run the command by its own arguments."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--config")
    add_check(parser)
    parsed = parser.parse_args([str(argument) for argument in arguments])
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        status = parsed.run(parsed, Output(json=json))
    return Done(status, out.getvalue(), err.getvalue())


@pytest.mark.parametrize("kind", ["mentor", "group"])
def test_the_report_of_the_sample_programme_can_be_read(data: Path, kind: str) -> None:
    done = check("--data", data, "--kind", kind)
    assert (done.status, done.err) == (0, "")
    assert not too_wide(done.out)
    for part in (
        "What to look at first",
        "Rules",
        "Without anybody",
        "Languages",
        "Times of the week",
        "What would help",
    ):
        assert part in done.out
    assert f"kind “{kind}”" in done.out
    assert not told(done.out, data)


def test_json_is_the_document_and_agrees_with_the_text(data: Path) -> None:
    found = Readiness.model_validate_json(check("--data", data, json=True).out)
    text = " ".join(check("--data", data).out.split())
    assert (found.kind, found.requesters > 80, found.candidates > 60) == ("mentor", True, True)
    assert 0 < found.servable <= found.requesters
    assert found.summary
    for sentence in found.summary:
        assert sentence in text
    assert f"Looking: {found.requesters}." in text
    assert all(of.person_id in text for of in (*found.stuck[:10], *found.thin[:10]))


def test_strict_fails_where_somebody_is_stuck(data: Path) -> None:
    assert check("--data", data, "--strict").status == 4


def test_an_unknown_kind_is_a_mistake_in_the_command(data: Path) -> None:
    with pytest.raises(ConfigError, match="mentor"):
        check("--data", data, "--kind", "mentr")


def test_files_are_written_and_names_stay_in_the_sheets(data: Path, tmp_path: Path) -> None:
    pytest.importorskip("openpyxl")
    pytest.importorskip("jinja2")
    files = {name: tmp_path / f"out.{name}" for name in ("csv", "xlsx", "html")}
    done = check("--data", data, *(part for name, path in files.items() for part in (f"--{name}", path)))
    assert all(str(path) in done.err.replace("\n", "") for path in files.values())
    with files["csv"].open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert any("Arabic" in row for row in rows)
    assert len(contacts(data)) > 250
    assert not told(files["html"].read_text(encoding="utf-8"), data)
    assert not told(files["csv"].read_text(encoding="utf-8-sig"), data)
    import openpyxl

    cells = [str(cell) for sheet in openpyxl.load_workbook(files["xlsx"]) for row in sheet.values for cell in row]
    assert "HB-0025" in cells
    assert any("@example." in cell for cell in cells)


def test_every_line_of_the_text_is_in_the_catalogue(data: Path) -> None:
    with speaking(PSEUDO):
        done = check("--data", data)
    assert "What" not in done.out
    assert "candidate" not in done.out.replace("candidates", "")
    assert done.out.startswith("⟦")
