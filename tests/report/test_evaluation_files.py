"""The files of an evaluation: what is written, that no cell is a formula and no text a command of LaTeX."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path
from typing import Any

import pytest

from matchengine.errors import DataError
from matchengine.i18n import PSEUDO
from matchengine.records.evaluation import EvaluationResult, StrategyResult
from matchengine.report.evaluation_facts import EvaluationReport, report_of
from matchengine.report.evaluation_files import table_of, tex_of, write_evaluation
from tests.report.evaluation_drafts import KINDS, result, strategy
from tests.report.payloads import PAYLOADS

FACTS = {
    "packages": {"matchengine": "0.4.0", "python": "3.11"},
    "plugins": {"builtin": "0.4.0"},
    "processor": "x86_64",
    "seed": 7,
    "source": {"commit": "0123456789abcdef0123"},
    "file": "my autumn.toml",
    "nodes": {"rules": {"seconds": 0.25}, "hybrid": {"seconds": 30.0}, "odd": {}},
}


def written(folder: Path, found: EvaluationResult) -> dict[str, str]:
    """Return the text of every file that is written."""
    made = write_evaluation(folder, found, html=True, csv=True, latex=True)
    return {path.name: path.read_bytes().decode("utf-8-sig") for path in made}


def cells(text: str) -> list[dict[str, str]]:
    """Return the rows of a CSV file by column."""
    return list(csv.DictReader(io.StringIO(text, newline="")))


def renamed(name: str) -> EvaluationResult:
    """Return an evaluation with a strategy of a name."""
    found = result()
    first = found.strategies[0].model_copy(update={"title": name})
    return found.model_copy(update={"strategies": (first, *found.strategies[1:])})


@pytest.mark.parametrize("kind", KINDS)
def test_all_files_of_every_outcome_are_written_for_the_owner_alone(tmp_path: Path, kind: str) -> None:
    assert set(written(tmp_path, result(kind))) == {"report.html", "table.csv", "table.tex"}
    assert {path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == {0o600}


def test_only_what_is_asked_for_is_written(tmp_path: Path) -> None:
    assert write_evaluation(tmp_path, result(), html=False, csv=False, latex=False) == []
    assert write_evaluation(tmp_path, result(), html=False, csv=True, latex=False) == [tmp_path / "table.csv"]
    assert [path.name for path in tmp_path.iterdir()] == ["table.csv"]


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(DataError):
        write_evaluation(tmp_path / "no", result(), html=False, csv=True, latex=False)


def test_the_table_holds_every_figure_with_its_difference_and_requirement(tmp_path: Path) -> None:
    found = cells(written(tmp_path, result())["table.csv"])
    assert len(found) == sum(len(one.figures) for one in result().strategies)
    one = next(row for row in found if row["strategy"] == "hybrid" and row["metric"] == "success@5")
    assert (one["value"], one["difference"], one["difference_low"], one["verdict"]) == (
        "0.69",
        "0.08",
        "0.04",
        "better",
    )
    assert (one["declared"], one["requirement"], one["against"]) == ("yes", "", "rules")
    rule = next(row for row in found if row["strategy"] == "hybrid" and row["metric"] == "unmatched_rate")
    assert (rule["requirement"], rule["holds"], rule["declared"]) == ("<= 0.05", "yes", "")
    missing = next(row for row in found if row["metric"] == "brier")
    assert (missing["value"], missing["note"]) == ("", "needs chances")


def test_the_table_says_what_failed_and_what_is_no_evidence() -> None:
    rows = table_of(result("strategy")).rows
    assert next(row for row in rows if "the model is not there" in row)[:3] == ("hybrid", "Hybrid", "declared")
    note = table_of(result("trial")).header.index("note")
    assert {row[note] for row in table_of(result("trial")).rows} == {"Trial run with 50 people: not evidence."}


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", " =1", "\t=1", "＝1", "=HYPERLINK(A1)"])
def test_no_cell_is_a_formula(tmp_path: Path, text: str) -> None:
    found = cells(written(tmp_path, renamed(text))["table.csv"])
    assert found[0]["title"] == "'" + text


@pytest.mark.parametrize("payload", [*PAYLOADS, "\\input{/etc/passwd}", "a & b % c $ d # e _ f ^ g ~ h", "[1em]", "*"])
def test_no_text_is_a_command_of_latex(payload: str) -> None:
    plain, tex = tex_of(renamed("harmless")), tex_of(renamed(payload))
    assert len(tex.splitlines()) == len(plain.splitlines())
    row = next(line for line in tex.splitlines() if " & 61.0 & " in line)
    cell = row[: row.index(" & 61.0 & ")]
    bare = re.sub(r"\\(text[a-z]+\{\}|pm|[&%$#_{},])|\{[\[\]*]\}|\$(-|\\pm)\$", "", cell)
    assert not re.search(r"[\\&%$#_{}~^\[*]", bare)


def test_the_table_of_a_paper_has_one_line_for_each_strategy() -> None:
    tex = tex_of(result())
    assert tex.startswith("\\begin{tabular}{lrrrrll}\n")
    assert tex.endswith("\\end{tabular}\n")
    assert "Hybrid & 69.0 & 64.0 to 74.0 & +8.0 & +4.0 to +12.0 & better & " in tex
    assert "at most 5.0: holds" in tex
    assert tex_of(result("same").model_copy(update={"strategies": ()})).count("\\hline") == 3
    assert "not evidence" in tex_of(result("trial"))
    assert "− " not in tex_of(result("worse"))
    assert "$-$6.0" in tex_of(result("worse"))


def test_files_come_in_the_language_of_the_result(tmp_path: Path) -> None:
    made = written(tmp_path, result().model_copy(update={"language": PSEUDO}))
    assert "⟦" in made["table.tex"]
    assert made["table.csv"].startswith('"strategy","title"')
    assert f'lang="{PSEUDO}"' in made["report.html"]


def test_a_figure_without_a_signature_or_a_strategy_without_figures_has_a_row() -> None:
    found = result().model_copy(update={"strategies": (strategy("rules", 0.5), StrategyResult(name="x", title="X"))})
    assert table_of(found).rows[-1][:2] == ("x", "X")
    assert {len(row) for row in table_of(found).rows} == {len(table_of(found).header)}


def test_facts_of_the_run_come_from_its_folder(tmp_path: Path) -> None:
    (tmp_path / "run.json").write_text(json.dumps(FACTS), encoding="utf-8")
    report = report_of(tmp_path, result())
    assert report.seconds == {"rules": 0.25, "hybrid": 30.0}
    assert report.command == "matchengine eval 'my autumn.toml' --fresh"
    assert (report.commit, report.seed) == ("0123456789abcdef", 7)
    page = written(tmp_path, result())["report.html"]
    assert "time to run" in page
    assert "30\N{NO-BREAK SPACE}s" in page
    assert "0123456789abcdef" in page


@pytest.mark.parametrize("text", [None, "", "[]", "{", "{}"])
def test_a_run_without_facts_has_a_page_without_them(tmp_path: Path, text: Any) -> None:
    if text is not None:
        (tmp_path / "run.json").write_text(text, encoding="utf-8")
    assert report_of(tmp_path, result()) == EvaluationReport(result=result())
    assert "Do it again" not in written(tmp_path, result())["report.html"]
