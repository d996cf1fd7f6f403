"""The table of mutation scores counts right; no mutant is made here."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tools import mutation


def left(folder: Path, **modules: list[int | None]) -> Path:
    """Write what mutmut leaves about some modules."""
    (folder / "src").mkdir()
    for name, codes in modules.items():
        kept = {"exit_code_by_key": {f"{name}.mutant_{n}": code for n, code in enumerate(codes)}}
        (folder / "src" / f"{name}.py.meta").write_text(json.dumps(kept), encoding="utf-8")
    return folder


def test_only_what_a_test_notices_counts(tmp_path: Path) -> None:
    [first, second] = mutation.scores(left(tmp_path, b=[1, 1, 3, 36, 0], a=[1, 33, 0, -24], nothing=[]))
    assert first == ("src/a.py", 4, 2, 1, 1, 1)
    assert second == ("src/b.py", 5, 4, 1, 1, 0)
    assert (first.share, second.share) == (0.5, 0.8)


@pytest.mark.parametrize(("codes", "result", "told"), [([1, 1, 1, 1, 0], 0, "80 %"), ([1, 1, 0], 1, "66 %")])
def test_a_module_below_the_goal_fails(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], codes: list[int | None], result: int, told: str
) -> None:
    table = tmp_path / "mutation.md"
    assert mutation.main(["--mutants", str(left(tmp_path, a=codes)), "--table", str(table)]) == result
    assert f"| {told} |" in table.read_text(encoding="utf-8")
    assert ("below" in capsys.readouterr().out) is bool(result)


@pytest.mark.parametrize("modules", [{}, {"a": [1, None]}, {"a": [1], "b": [2]}])
def test_a_run_that_did_not_end_is_no_score(tmp_path: Path, modules: dict[str, list[int | None]]) -> None:
    with pytest.raises(SystemExit):
        mutation.main(["--mutants", str(left(tmp_path, **modules)), "--table", str(tmp_path / "mutation.md")])
    assert not (tmp_path / "mutation.md").exists()


def test_committed_scores_meet_the_goal() -> None:
    rows = [line.split("|") for line in mutation.TABLE.read_text(encoding="utf-8").splitlines() if "`src/" in line]
    assert len(rows) >= 5
    assert all(float(row[-2].strip(" %")) >= 100 * mutation.GOAL for row in rows)
    assert all((mutation.ROOT / row[1].strip(" `")).is_file() for row in rows)
