"""The invented programme behind the key figures: same seed, same bytes; nobody real; every file that can be read."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.learning.kpi.test_report import ROOT, generator

from matchengine.io.outcome_files import KINDS, read_outcomes
from matchengine.learning.kpi import read_objectives

README = ROOT / "examples" / "kpi_programme" / "README.md"


def test_the_same_seed_gives_the_same_bytes_and_another_other_ones(tmp_path: Path) -> None:
    for name, seed in (("one", 7), ("two", 7), ("three", 8)):
        generator().write_programme(tmp_path / name, seed)
    files = {
        name: {p.name: p.read_bytes() for p in (tmp_path / name / "records").iterdir()}
        for name in ("one", "two", "three")
    }
    assert files["one"] == files["two"]
    assert files["one"]["meetings.jsonl"] != files["three"]["meetings.jsonl"]


def test_every_kind_of_file_is_in_it_and_in_the_readme(tmp_path: Path) -> None:
    generator().write_programme(tmp_path)
    found, told = read_outcomes(tmp_path / "records"), README.read_text("utf-8")
    for kind, model in KINDS.items():
        assert getattr(found, kind), kind
        line = next(row for row in told.splitlines() if row.startswith(f"| `{kind}` |"))
        assert all(f"`{field}`" in line for field in model.model_fields), kind


def test_the_objectives_were_declared_with_one_of_them_primary() -> None:
    found = read_objectives(README.parent / "objectives.toml")
    assert [one.id for one in found if one.primary] == ["confidence"]


def test_the_generator_says_where_it_wrote(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    generator().main(["--out", str(tmp_path / "x")])
    assert "2026-06-30" in capsys.readouterr().out
