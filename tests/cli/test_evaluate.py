"""`matchengine eval`: exit statuses, what is shown, what is not, and typos told with the nearest name."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from matchengine.records.evaluation import DataGate, EvaluationDifference, EvaluationResult
from tests.cli.commands import Done, run, too_wide
from tests.evaluation.programme import FILE, Programme, edited, programme

QUICK = FILE.replace("seed = 5\n", "seed = 5\ncanaries = []\n")  # where no test of the comparison is looked at


@pytest.fixture
def folder(tmp_path: Path) -> Programme:
    return programme(tmp_path).write()


def evaluated(folder: Programme, *more: object, text: str = FILE, changes: tuple[tuple[str, str], ...] = ()) -> Done:
    path = folder.folder / "eval.toml"
    path.write_text(edited(text, *changes), encoding="utf-8")
    return run("eval", path, "--out", folder.folder / "run", *more)


def test_a_run_a_report_and_a_difference(folder: Programme) -> None:
    done = evaluated(folder)
    assert done.status == 0, done.text
    assert not too_wide(done.out)
    assert "BETTER: goals is better than tags" in done.out
    assert "What this cannot tell you" in done.out
    results = folder.folder / "run" / "results.json"
    before = results.read_bytes()
    for path in (folder.folder / "run").glob("*.html"):
        path.unlink()
    again = run("eval", "report", folder.folder / "run", "--json")
    assert again.status == 0
    assert EvaluationResult.model_validate(again.document).verdict.light == "green"
    assert results.read_bytes() == before
    assert list((folder.folder / "run").glob("*.html"))
    same = run("eval", "diff", folder.folder / "run", folder.folder / "run")
    assert same.status == 0
    assert same.out.startswith("Nothing changed")
    told = run("eval", "diff", folder.folder / "run", folder.folder / "run", "--json")
    assert EvaluationDifference.model_validate(told.document).same


def test_a_check_shows_power_and_no_result(folder: Programme) -> None:
    done = evaluated(folder, "--check")
    assert done.status == 0
    assert "Ready to run." in done.out
    assert "people a difference" in done.out
    assert "ndcg" not in done.out
    assert not (folder.folder / "run").exists()
    assert DataGate.model_validate(evaluated(folder, "--check", "--json").document).passed


def test_data_that_do_not_pass_exit_with_3_and_show_no_figure(folder: Programme) -> None:
    told = (("[unit]\n", '[data.leakage]\nforbid = ["goals"]\n[unit]\n'),)
    check = evaluated(folder, "--check", changes=told)
    assert check.status == 3
    assert "REFUSED (forbidden_field)" in check.out
    done = evaluated(folder, changes=told)
    assert done.status == 3
    assert "which is forbidden" in done.err
    assert not (folder.folder / "run" / "results.json").exists()
    folder.write_outcomes([{**row, "candidate_id": f"x{row['candidate_id']}"} for row in folder.rows])
    nobody = evaluated(folder)
    assert nobody.status == 3
    assert "nobody can be judged" in nobody.err


def test_a_red_test_of_the_comparison_exits_with_3(folder: Programme) -> None:
    assert evaluated(folder, text=QUICK + "\n[strategies.again]\nscorers = { goals = 1 }\n").status == 3


def test_a_requirement_that_fails_exits_with_4(folder: Programme) -> None:
    rule = ('primary = "ndcg@5"', 'primary = "ndcg@5"\nguardrails = { rr = ">= 0.999" }')
    done = evaluated(folder, text=QUICK, changes=(rule,))
    assert done.status == 4
    assert "a requirement failed" in done.out


def test_a_run_that_was_stopped_exits_with_130_and_goes_on(folder: Programme) -> None:
    late = ("draws = 1000", "draws = 1000\n[budget]\nmax_seconds = 0.000001")
    done = evaluated(folder, text=QUICK, changes=(late,))
    assert done.status == 130
    assert "goes on from there" in done.err
    assert evaluated(folder, text=QUICK).status == 0


def test_an_interruption_exits_with_130(folder: Programme, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_given: object) -> object:
        raise KeyboardInterrupt

    monkeypatch.setattr("matchengine.evaluation.run.ask_and_measure", interrupted)
    done = evaluated(folder)
    assert done.status == 130
    assert "what is done is kept" in done.err


def test_a_trial_run_says_so_first(folder: Programme) -> None:
    done = evaluated(folder, "--limit", 40, text=QUICK)
    assert done.out.startswith("TRIAL RUN WITH 40 PEOPLE: NOT EVIDENCE.")
    assert evaluated(folder, "--limit", 0).status == 2
    assert evaluated(folder, "--workers", 0).status == 2


@pytest.mark.parametrize(
    ("before", "after", "hint"),
    [
        ("[compare]", "[compaer]", "compare"),
        ('outcomes = "outcomes.csv"', 'outcome = "outcomes.csv"', "outcomes"),
        ("draws = 1000", "drwas = 1000", "draws"),
        ('primary = "ndcg@5"', 'primary = "ndgc@5"', "ndcg"),
        ('"success@3"', '"sucess@3"', "success"),
        ("scorers = { goals = 1 }", "scorers = { gaols = 1 }", "goals"),
        ('use = "tag_overlap"', 'use = "tag_overlaps"', "tag_overlap"),
        ('kind = "mentor"', 'kind = "mentors"', "mentor"),
        ("seed = 5", 'canaries = ["orcale"]', "oracle"),
        ("scorers = { goals = 1 }", 'extends = "tgas"', "tags"),
        ("draws = 1000", 'against = "goal"', "goals"),
        ("scorers = { goals = 1 }", "blocks = { nede = 1 }", "need"),
        ("scorers = { goals = 1 }", 'assign = "max_wieght"', "max_weight"),
        ('secondary = ["', 'guardrails = { "sucess@3" = "<= 1" }\nsecondary = ["', "success"),
        ("[unit]", 'leakage = { allow = ["leave_one_ot"] }\n[unit]', "leave_one_out"),
    ],
)
def test_a_typo_exits_with_2_its_line_and_the_nearest_name(
    folder: Programme, before: str, after: str, hint: str
) -> None:
    done = evaluated(folder, changes=((before, after),))
    assert done.status == 2, done.text
    told = edited(FILE, (before, after)).splitlines()
    line = next(n for n, text in enumerate(told, 1) if text.startswith(after.splitlines()[0][:20]) or after in text)
    assert f"line {line}:" in done.err, done.err
    assert hint in done.err
    assert not (folder.folder / "run").exists()


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("rating >= 4", "rating => 4", "is no condition"),
        ("rating >= 4", "__import__('os')", "only columns, numbers"),
        ("rating >= 4", "ratings >= 4", "did you mean 'rating'"),
        ("rating >= 4", "1 == 1", "reads no column"),
        ('primary = "ndcg@5"', 'primary = "ndcg@5"\nguardrails = { rr = "at least 1" }', "is no rule"),
        (
            'primary = "ndcg@5"',
            'primary = "ndcg@5"\nguardrails = { latency_median = "<= 1" }',
            "differs from run to run",
        ),
        ('primary = "ndcg@5"', 'primary = "coverage@5"', "no value for each person"),
        ("seed = 5", "seed = 5\n[split]\nscheme = 'time'\nbefore = 'soon'", "is no day"),
        ('cluster = "cohort"', 'cluster = "cohorts"', "no column cohorts"),
        ('cluster = "cohort"', 'cluster = "cohort"\nshown = "seen"', "no column seen"),
    ],
)
def test_what_cannot_be_used_is_told(folder: Programme, before: str, after: str, told: str) -> None:
    done = evaluated(folder, changes=((before, after),))
    assert done.status in (2, 3), done.text
    assert told in done.err, done.err


def test_all_problems_are_told_at_once(folder: Programme) -> None:
    changes = (('primary = "ndcg@5"', 'primary = "ndgc@5"\nguardrails = { rr = "much" }'),
               ("scorers = { goals = 1 }", "scorers = { gaols = 1 }"), ("rating >= 4", "rating >"))  # fmt: skip
    done = evaluated(folder, changes=changes)
    assert done.status == 2
    assert "eval.toml: 4 problems" in done.err
    lines = [int(line.split("line ")[1].split(":")[0]) for line in done.err.splitlines() if "- line " in line]
    told = edited(FILE, *changes).splitlines()
    assert lines == [
        next(n for n, text in enumerate(told, 1) if part in text) for part in ("rating >", "gaols", "ndgc", "much")
    ]


def test_words_that_are_no_command_are_refused(folder: Programme) -> None:
    assert run("eval", "report").status == 2
    assert run("eval", "a", "b", "c").status == 2
    assert run("eval", "report", folder.folder / "nowhere").status == 3
    assert run("eval", "diff", folder.folder, folder.folder).status == 3
    assert run("eval", folder.folder / "nowhere.toml").status == 2


def test_why_a_step_is_done_again_is_told(folder: Programme) -> None:
    evaluated(folder, text=QUICK)
    done = evaluated(folder, "--why-rerun", text=QUICK, changes=(("seed = 5", "seed = 6"),))
    assert "goals: changed since the last run: data, seed" in done.err
    assert json.loads((folder.folder / "run" / "progress.json").read_text(encoding="utf-8"))["done"] == 3
