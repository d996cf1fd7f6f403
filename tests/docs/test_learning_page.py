"""docs/learning.md and docs/simulation.md hold what the code has, and their commands run."""

from __future__ import annotations

import contextlib
import io
import re
import runpy
import sys
from pathlib import Path
from typing import get_args

import pytest

from matchengine.cli import main
from matchengine.config import HistoryConfig
from matchengine.evaluation.twin_config import Policy, SimulationConfig, load_simulation
from matchengine.learning import gate
from matchengine.learning.kpi import read_objectives
from matchengine.records.learning import GateCheck
from matchengine.registry import Registry
from matchengine.simulation import WORLDS, Knobs
from tests.docs.pages import DOCS, ROOT, arguments, blocks, write_named_blocks

LEARNING, SIMULATION = DOCS / "learning.md", DOCS / "simulation.md"


def rows(page: Path, heading: str) -> list[list[str]]:
    """Return the cells of every row under a heading of a page."""
    text = page.read_text(encoding="utf-8").partition(f"# {heading}\n")[2].partition("\n## ")[0]
    found = re.findall(r"^\|.*\|\n\| ---.*\n((?:\|.*\n)+)", text, re.MULTILINE)
    return [[cell.strip() for cell in row.strip("|").split(" | ")] for part in found for row in part.splitlines()]


def test_every_check_of_the_gate_is_explained_with_its_figure() -> None:
    listed = {row[0].replace(" ", "_"): row[1] for row in rows(LEARNING, "Learned weights")}
    assert set(get_args(GateCheck.model_fields["name"].annotation)) <= set(listed)
    assert f"{gate.FEWEST_PREFERENCES} preferences of {gate.FEWEST_JUDGES} people" in listed["enough"]
    assert f"worth {gate.FEWEST_WORTH:.0f}" in listed["shown"]
    assert f"at most {100 * gate.MOST_LOSS:.0f} of 100" in listed["worst_group"]
    assert f"at most {100 * gate.MOST_GINI:.0f} of 100" in listed["exposure"]


def test_every_key_of_history_is_explained_with_its_default() -> None:
    listed = {row[0].strip("`"): row[1].strip("`") for row in rows(LEARNING, "Evidence from history") if len(row) == 3}
    for name, field in HistoryConfig.model_fields.items():
        shown = listed[name]
        assert (
            shown == "none"
            if field.default is None
            else shown == f"{field.default:g}"
            if isinstance(field.default, float)
            else shown == str(field.default)
        ), name


def test_every_scorer_of_history_is_explained_with_its_block() -> None:
    listed = {row[0].strip("`"): row[1] for row in rows(LEARNING, "Evidence from history")}
    for spec in Registry(["builtin"]).specs("scorer"):
        if spec.role == "history":  # type: ignore[attr-defined]
            assert listed[spec.name] == spec.block  # type: ignore[attr-defined]


def test_the_objectives_of_the_page_can_be_read(tmp_path: Path) -> None:
    write_named_blocks(LEARNING, tmp_path)
    (objective,) = read_objectives(tmp_path / "objectives.toml")
    assert objective.primary
    assert objective.at_most == pytest.approx(0.15)


def test_the_key_figures_of_the_page_are_those_of_the_example(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write_named_blocks(LEARNING, tmp_path)
    commands = [arguments(c) for b in blocks(LEARNING, "console") for c, _shown in b.commands]
    (made,) = [words for words in commands if words[0] == "python"]
    monkeypatch.setattr(sys, "argv", made[1:])
    with contextlib.redirect_stdout(io.StringIO()):
        runpy.run_path(str(ROOT / made[1]), run_name="__main__")
    (kpi,) = [words for words in commands if words[:2] == ["matchengine", "kpi"]]
    out = io.StringIO()
    monkeypatch.setenv("COLUMNS", "80")
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(io.StringIO()):
        assert main([word for word in kpi[1:] if word not in ("--html", "kpi.html")]) == 0
    (shown,) = [block.text for block in blocks(LEARNING, "text") if "Key figures" in block.text]
    told = " ".join(out.getvalue().split())
    for part in shown.split("\n\n"):
        for point in re.split(r"^  - ", part, flags=re.MULTILINE):
            assert " ".join(point.split()) in told


def test_every_key_of_a_simulation_is_explained_with_its_default() -> None:
    listed = {row[0].strip("`"): row[1].strip("`") for row in rows(SIMULATION, "What a simulation is")}
    fields = {field.alias or name: field for name, field in SimulationConfig.model_fields.items()}
    assert set(listed) == set(fields)
    for name, field in fields.items():
        if isinstance(field.default, str | int | float):
            assert listed[name] == str(field.default), name
    own = set(Policy.model_fields) - set(Policy.__mro__[1].model_fields)  # type: ignore[attr-defined]
    text = SIMULATION.read_text(encoding="utf-8")
    assert own
    assert all(f"`{name}" in text for name in own)


def test_every_world_is_explained_and_every_knob_named_exists() -> None:
    listed = {row[0] for row in rows(SIMULATION, "Worlds")}
    assert listed == {f"`{world.name}` {world.title}" for world in WORLDS.values()}
    named = {name for row in rows(SIMULATION, "Knobs") for name in re.findall(r"`(\w+)`", row[1])}
    assert named
    assert named <= set(Knobs.model_fields)


def test_the_simulation_of_the_page_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write_named_blocks(SIMULATION, tmp_path)
    assert load_simulation("twin.toml").rival == "tags"
    for block in blocks(SIMULATION, "console"):
        for command, _shown in block.commands:
            if "twin.toml" in command:
                out = io.StringIO()
                with contextlib.redirect_stdout(out), contextlib.redirect_stderr(io.StringIO()):
                    assert main(arguments(command)[1:]) == 0, command
                assert "synthetic" in out.getvalue().casefold()
    assert (tmp_path / "twin" / "simulation.json").is_file()
