"""Objectives: declared before, each with its figure, one of them primary where a report is final."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from matchengine.errors import ConfigError
from matchengine.learning.kpi.objectives import check_objectives, judge, read_objectives
from matchengine.records.kpi import KpiMeasure, Objective

TODAY = date(2026, 1, 1)
FIGURE = KpiMeasure(key="ripple.r", label="R", unit="share", value=0.3, low=0.2, high=0.4, n=40)


def objective(**more: Any) -> Objective:
    told = {"id": "o", "says": "More mentors", "metric": "ripple.r", "declared_on": date(2024, 1, 1)}
    return Objective.model_validate(told | more)


@pytest.mark.parametrize(
    ("wanted", "verdict"),
    [
        ({"at_least": 0.2}, "reached"),
        ({"at_least": 0.3}, "cannot_tell"),
        ({"at_least": 0.41}, "not_reached"),
        ({"at_most": 0.4}, "reached"),
        ({"at_most": 0.3}, "cannot_tell"),
        ({"at_most": 0.19}, "not_reached"),
        ({}, "cannot_tell"),
    ],
)
def test_a_whole_interval_decides(wanted: dict[str, float], verdict: str) -> None:
    assert judge(objective(**wanted), FIGURE, None).verdict == verdict


def test_a_hidden_figure_never_reaches_anything() -> None:
    hidden = KpiMeasure(key="ripple.r", label="R", unit="share", hidden=True)
    assert judge(objective(at_least=0.0), hidden, None).verdict == "cannot_tell"


def test_one_declared_after_the_start_says_so() -> None:
    assert "declared after" in judge(objective(), FIGURE, date(2023, 1, 1)).text
    assert "declared after" not in judge(objective(), FIGURE, date(2025, 1, 1)).text


@pytest.mark.parametrize(
    ("objectives", "final", "said"),
    [
        ([objective(metric="ripple.q")], False, "did you mean 'ripple.r'"),
        ([objective(), objective()], False, "stands twice"),
        ([objective(declared_on=date(2026, 1, 2))], False, "after the day of the report"),
        ([objective(at_least=0.1, at_most=0.2)], False, "not both"),
        ([objective(primary=True), objective(id="q", primary=True)], False, "not 2"),
        ([objective(at_least=0.1)], True, "declared as primary"),
        ([], True, "declared as primary"),
        ([objective(primary=True)], True, "needs at_least or at_most"),
    ],
)
def test_what_cannot_be_reported_on_is_refused(objectives: list[Objective], final: bool, said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        check_objectives(objectives, {"ripple.r": FIGURE}, TODAY, final=final)


def test_a_file_is_read_and_a_wrong_one_refused(tmp_path: Path) -> None:
    path = tmp_path / "o.toml"
    path.write_text('[[objective]]\nid = "a"\nsays = "b"\nmetric = "ripple.r"\ndeclared_on = 2024-01-01\n', "utf-8")
    assert read_objectives(path) == (objective(id="a", says="b"),)
    path.write_text('[[objective]]\nid = "a"\nsay = "b"\nmetric = "ripple.r"\ndeclared_on = 2024-01-01\n', "utf-8")
    with pytest.raises(ConfigError, match="did you mean 'says'"):
        read_objectives(path)
    for text in ("[other]\n", "no toml", "objective = 3\n"):
        path.write_text(text, "utf-8")
        with pytest.raises(ConfigError):
            read_objectives(path)
    with pytest.raises(ConfigError, match="cannot be read"):
        read_objectives(tmp_path / "none.toml")


def test_a_file_that_is_far_too_large_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "objectives.toml"
    path.write_text("# " + "x" * (1 << 20), encoding="utf-8")
    with pytest.raises(ConfigError, match="larger than"):
        read_objectives(path)
