"""Everything a coordinator takes away, in the language that shows what went past the catalogue."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import openpyxl
import pytest

from matchengine.i18n import PSEUDO
from tests.cli.commands import Done, run, search_little
from tests.i18n.programme import write_programme
from tests.i18n.test_pseudo import _own_cache, folder, plain  # noqa: F401 (fixtures)

KEYS = ("run.csv", "run.xlsx", "run.html", "check.csv", "check.xlsx", "check.html")


@pytest.mark.parametrize("viewer", ["requester", "candidate", "coordinator"])
@pytest.mark.parametrize("candidate", ["2", "5"])
def test_explanations(folder: Path, viewer: str, candidate: str) -> None:  # noqa: F811
    done = run("explain", "1", candidate, "--viewer", viewer, "--data", folder / "data", "--language", PSEUDO)
    assert done.status == 0, done.err
    assert "⟦" in done.out
    assert not plain(done, folder)


@pytest.mark.parametrize("kind", ["mentor", "group"])
def test_the_check_and_its_files(folder: Path, tmp_path: Path, kind: str) -> None:  # noqa: F811
    files = [tmp_path / name for name in KEYS[3:]]
    asked = [word for path in files for word in (f"--{path.suffix[1:]}", path)]
    done = run("check", "--kind", kind, *asked, "--data", folder / "data", "--language", PSEUDO)
    assert done.status == 0, done.err
    assert not plain(done, folder, *files)
    for path in files:
        assert not plain(Done(0, text_of(path), ""), *DATA), path.name


@pytest.mark.parametrize("kind", ["mentor", "group"])
def test_a_run_and_its_files(folder: Path, tmp_path: Path, kind: str) -> None:  # noqa: F811
    files = [tmp_path / name for name in KEYS[:3]]
    asked = [word for path in files for word in (f"--{path.suffix[1:]}", path)]
    done = run("suggest", "--everyone", "--kind", kind, *asked, "--data", folder / "data", "--language", PSEUDO)
    assert done.status == 0, done.err
    assert not plain(done, folder, *files)
    for path in files:
        assert not plain(Done(0, text_of(path), ""), *DATA), path.name


COLUMNS = [f"{side}_{key}" for side in ("requester", "candidate") for key in ("name", "email")]
DATA = (*COLUMNS, "hashing", "n-grams", PSEUDO)
"""What is data in the files: the names of columns, the model in the fingerprint."""


def text_of(path: Path) -> str:
    """Return every text that a reader of a file sees, less the addresses."""
    if path.suffix == ".xlsx":
        book = openpyxl.load_workbook(path)
        cells = [cell for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row]
        text = "\n".join(cell for cell in cells if isinstance(cell, str))
    else:
        text = path.read_text(encoding="utf-8-sig")
    if path.suffix == ".html":
        text = re.sub(r"(?s)<style>.*?</style>|<head>.*?</head>", " ", text)
        text = unescape(re.sub(r"<[^>]+>", " ", text))
    return re.sub(r"\d@example\.org", " ", text)


def test_a_diff_of_a_second_import(folder: Path) -> None:  # noqa: F811
    done = run("import", *write_programme(folder), "--diff", "--language", PSEUDO)
    assert done.status == 0, done.err
    assert not plain(done, folder, "1.csv", "2.csv", "3.csv", "records", "import-report.json", ".gender")


def test_the_demo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    search_little(monkeypatch)
    done = run("demo", "--config", "lexical", "--out", tmp_path / "0", "--language", PSEUDO)
    assert done.status == 0, done.err
    shown = [line for line in done.out.splitlines() if "⟦" in line or not line.strip()]
    assert len(shown) > 30
