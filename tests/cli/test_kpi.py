"""`matchengine kpi`: text, JSON and files of the invented programme."""

from __future__ import annotations

import argparse
import contextlib
import io
import json
from pathlib import Path
from typing import Any

import pytest

from matchengine.cli.kpi import add_kpi
from matchengine.cli.output import Output
from matchengine.errors import ConfigError, DataError
from matchengine.i18n import PSEUDO, speaking
from matchengine.records.kpi import KpiReport
from matchengine.report import page as page_module
from matchengine.report.kpi_page import kpi_page
from tests.cli.commands import too_wide
from tests.learning.kpi.test_report import ROOT, generator

OBJECTIVES = ROOT / "examples" / "kpi_programme" / "objectives.toml"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    generator().write_programme(folder)
    return folder


def run(*arguments: object, as_json: bool = False) -> tuple[str, str]:
    """Run the command by its own parser, and return both streams."""
    parser = argparse.ArgumentParser()
    add_kpi(parser)
    told = parser.parse_args([str(each) for each in arguments])
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        assert told.run(told, Output(json=as_json)) == 0
    return out.getvalue(), err.getvalue()


def kpi(data: Path, *more: object, **how: Any) -> tuple[str, str]:
    return run(data, "--as-of", "2026-06-30", "--objectives", OBJECTIVES, *more, **how)


def test_the_text_tells_figures_missing_and_what_it_cannot_tell(data: Path) -> None:
    text, _err = kpi(data, "--by", "region")
    assert not too_wide(text)
    for heading in ("Objectives", "How far people come", "Satisfaction of both sides", "What this cannot tell you"):
        assert f"\n{heading}\n" in text
    assert "missing" in text
    assert "in every 100 (" in text
    assert "Those who stay and answer" in text


def test_the_document_is_a_report(data: Path) -> None:
    text, _err = kpi(data, as_json=True)
    found = KpiReport.model_validate_json(text)
    assert found.objectives[0].objective.primary
    assert json.loads(text)["today"] == "2026-06-30"


def test_a_final_report_needs_its_primary_objective(data: Path) -> None:
    assert json.loads(kpi(data, "--final", as_json=True)[0])["status"] == "final"
    with pytest.raises(ConfigError, match="declared as primary"):
        run(data, "--as-of", "2026-06-30", "--final")


def test_files_are_written(data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(page_module._PAGES, KpiReport, kpi_page)
    files = [tmp_path / f"kpi.{ending}" for ending in ("csv", "xlsx", "html")]
    _out, err = kpi(data, "--csv", files[0], "--xlsx", files[1], "--html", files[2])
    assert all(path.stat().st_size > 1_000 for path in files)
    assert "Written" in err
    again = [tmp_path / f"again.{ending}" for ending in ("csv", "xlsx", "html")]
    kpi(data, "--csv", again[0], "--xlsx", again[1], "--html", again[2])
    assert [path.read_bytes() for path in files] == [path.read_bytes() for path in again]
    text = files[0].read_text("utf-8-sig") + files[2].read_text("utf-8")
    assert "P-001" not in text
    assert "M-001" not in text


def test_the_cells_may_not_be_too_small(data: Path) -> None:
    with pytest.raises(DataError, match="at least 5"):
        kpi(data, "--min-cell", 4)


def test_every_sentence_is_translated(data: Path) -> None:
    with speaking(PSEUDO):
        text, _err = kpi(data)
    plain = [line for line in text.splitlines() if line and line[0].isalpha()]
    assert plain == []


def test_a_published_report_is_made_against_the_one_before(data: Path, tmp_path: Path) -> None:
    members, file = ("--audience", "members"), tmp_path / "before.json"
    first, _err = run(data, "--as-of", "2026-03-31", *members, as_json=True)
    assert "made without an earlier one" in first
    file.write_text(first, encoding="utf-8")
    second = KpiReport.model_validate_json(
        run(data, "--as-of", "2026-06-30", *members, "--earlier", file, as_json=True)[0]
    )
    assert str(second.earlier) == "2026-03-31"
    repeated = [row for row in second.measures().values() if row.as_of is not None and row.value is not None]
    assert repeated
    text, _err = run(data, "--as-of", "2026-06-30", *members, "--earlier", file)
    assert "as of 2026-03-31" in text
    assert not too_wide(text)


def test_an_earlier_report_that_cannot_be_used_is_refused(data: Path, tmp_path: Path) -> None:
    file = tmp_path / "before.json"
    with pytest.raises(DataError, match="cannot be read"):
        run(data, "--audience", "members", "--earlier", file)
    file.write_text('{"people": "ana"}', encoding="utf-8")
    with pytest.raises(DataError, match="no report of key figures") as error:
        run(data, "--audience", "members", "--earlier", file)
    assert "ana" not in str(error.value)
    file.write_text(run(data, "--as-of", "2026-06-30", as_json=True)[0], encoding="utf-8")
    with pytest.raises(DataError, match="two reports for members"):
        run(data, "--as-of", "2026-06-30", "--audience", "members", "--earlier", file)
    file.write_text(run(data, "--as-of", "2026-06-30", "--audience", "members", as_json=True)[0], encoding="utf-8")
    with pytest.raises(DataError, match="after the day of this one"):
        run(data, "--as-of", "2026-03-31", "--audience", "members", "--earlier", file)
    with pytest.raises(DataError, match="two reports for members"):
        run(data, "--as-of", "2026-06-30", "--earlier", file)
    with file.open("ab") as sparse:
        sparse.truncate((1 << 24) + 1)
    with pytest.raises(DataError, match="larger than"):
        run(data, "--audience", "members", "--earlier", file)
