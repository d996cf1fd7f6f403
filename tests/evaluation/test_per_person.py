"""The per-person table as Parquet: what the saved table holds, private, and refused at once without polars."""

from __future__ import annotations

import stat
import sys
from pathlib import Path

import numpy as np
import pytest

from matchengine.errors import ConfigError, DataError
from matchengine.evaluation.measurements import Table
from matchengine.evaluation.per_person import write_parquet
from matchengine.evaluation.run import Finished, check_evaluation
from tests.cli.commands import run
from tests.evaluation.programme import FILE, Programme, digest

PARQUET = FILE.replace("draws = 1000", "draws = 200") + "[report]\nparquet = true\ntrec = true\n"
COMMAND = r"pip install 'polars>=1\.10'"


def test_it_holds_the_saved_table(finished: Finished, tmp_path: Path) -> None:
    polars = pytest.importorskip("polars")
    measured = Table.read(finished.folder)
    measured["goals"].metrics["ndcg@5"].values[[0, 7]] = np.nan  # nobody suitable
    measured.write(tmp_path)
    path = write_parquet(tmp_path)
    assert path == tmp_path / "per_person.parquet"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    found, table = polars.read_parquet(path), measured
    assert tuple(found["person_id"]) == table.person
    assert found.columns[:5] == ["person_id", "cluster", "judged", "candidates", "relevant"]
    for name in ("cluster", "judged", "candidates", "relevant"):
        assert np.array_equal(found[name].to_numpy(), getattr(table, name)), name
    values = table.by_person()
    assert found.columns[5:] == list(values)
    assert "goals:ndcg@5" in values
    for name, own in values.items():
        assert found[name].dtype == polars.Float64
        assert not found[name].is_nan().any(), "no value is null"
        assert np.array_equal(found[name].to_numpy(), own, equal_nan=True), name
    assert found["goals:ndcg@5"].null_count() == 2
    first = digest(path)
    assert digest(write_parquet(tmp_path)) == first


def test_a_folder_without_a_run_is_refused(folder: Programme) -> None:
    with pytest.raises(DataError, match="no per-person table"):
        write_parquet(folder.folder)


def test_without_polars_the_check_is_the_pip_command(folder: Programme, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "polars", None)
    folder.write()
    with pytest.raises(ConfigError, match=f"report.parquet needs the package polars.*{COMMAND}"):
        check_evaluation(folder.config(PARQUET), folder.folder)
    with pytest.raises(ConfigError, match=COMMAND):
        folder.run("run", PARQUET)
    assert not (folder.folder / "run").exists(), "nothing was run"
    assert check_evaluation(folder.config(FILE), folder.folder).passed
    with pytest.raises(ConfigError, match=COMMAND):
        write_parquet(folder.folder)


def test_the_command_writes_what_is_asked_for_and_writes_it_again(folder: Programme) -> None:
    file = folder.write().folder / "eval.toml"
    file.write_text(PARQUET, encoding="utf-8")
    out = folder.folder / "run"
    done = run("eval", file, "--out", out)
    assert done.status == 0, done.text
    names = ("per_person.parquet", "trec/qrels.txt", "trec/goals.run", "trec/tags.run")
    before = {name: digest(out / name) for name in names}
    assert all("".join(f"{out / name}".split()) in "".join(done.err.split()) for name in names)
    for name in names:
        (out / name).unlink()
    assert run("eval", "report", out).status == 0
    assert {name: digest(out / name) for name in names} == before
    page = (out / "report.html").read_text(encoding="utf-8")
    assert "a001" not in page


def test_a_wrong_key_is_told_with_the_nearest_name(folder: Programme) -> None:
    file = folder.write().folder / "eval.toml"
    file.write_text(PARQUET.replace("parquet = true", "parquett = true"), encoding="utf-8")
    done = run("eval", file, "--check")
    assert done.status == 2
    assert "parquet" in done.err
