"""docs/evaluation.md holds what the code has: every key, strategy, metric, canary and finding; its commands run."""

from __future__ import annotations

import contextlib
import importlib.util
import io
import json
import re
from pathlib import Path
from types import ModuleType
from typing import Any, get_args

import pytest
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from matchengine.cli import main
from matchengine.comparison_components import MetricSpec
from matchengine.discovery import load_file
from matchengine.evaluation import Options, parse_evaluation, run_evaluation
from matchengine.evaluation import config as tables
from matchengine.evaluation.canaries import CANARY
from matchengine.evaluation.sentences import LIGHT_WORDS
from matchengine.inference.equivalence import Answer
from tests.docs.pages import DOCS, arguments, blocks, write_named_blocks

PATH = DOCS / "evaluation.md"
PAGE = PATH.read_text(encoding="utf-8")
SECTIONS: dict[str, type[BaseModel]] = {
    "`[data]`": tables.DataTable,
    "`[unit]`": tables.UnitTable,
    "`[split]`": tables.SplitTable,
    "`[strategies.NAME]`": tables.StrategyTable,
    "`[metrics]`": tables.MetricsTable,
    "`[compare]`": tables.CompareTable,
}
SMALL: dict[str, type[BaseModel]] = {
    "groups": tables.GroupsTable,
    "ablation": tables.AblationTable,
    "sensitivity": tables.SensitivityTable,
    "budget": tables.BudgetTable,
    "report": tables.ReportTable,
}
IN_WORDS = {"margin", "against", "of", "canaries", "leakage", "scorers", "blocks", "config", "gains"}
"""Keys whose default is told in words."""


def section(heading: str) -> str:
    """Return what stands under a heading of the page, up to the next one."""
    return re.split(r"^#{2,4} ", PAGE.partition(f"# {heading}\n")[2], maxsplit=1, flags=re.MULTILINE)[0]


def rows(text: str) -> list[list[str]]:
    """Return the cells of every row of every table in a text, without its heads."""
    found = re.findall(r"^\|.*\|\n\| ---.*\n((?:\|.*\n)+)", text, re.MULTILINE)
    return [[cell.strip() for cell in row.strip("|").split(" | ")] for part in found for row in part.splitlines()]


def ticked(cell: str) -> list[str]:
    """Return what stands between backticks."""
    return re.findall(r"`([^`]+)`", cell)


def keys(model: type[BaseModel]) -> dict[str, FieldInfo]:
    """Return the fields of a table as they are written in a file."""
    return {field.alias or name: field for name, field in model.model_fields.items()}


@pytest.fixture(scope="module")
def generator() -> ModuleType:
    """Return docs/evaluation_reference.py as a module."""
    spec = importlib.util.spec_from_file_location("docs_evaluation_reference", DOCS / "evaluation_reference.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_strategies_and_metrics_are_those_of_the_registry(generator: ModuleType) -> None:
    advice = "run `python docs/evaluation_reference.py` and read what changed"
    assert generator.evaluation_page(PAGE) == PAGE, advice
    registry = generator.registry()
    told = {cell for row in rows(section("Metrics")) for cell in ticked(row[0])}
    assert {name.partition("@")[0] for name in told} == {spec.name for spec in registry.specs("metric")}
    listed = {ticked(row[0])[0] for row in rows(section("Strategies"))}
    assert listed == {spec.name for spec in registry.specs("strategy")} | {"engine"}


def test_a_part_that_nobody_explains_is_an_error(generator: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(generator.RANK, "cost")
    with pytest.raises((KeyError, ValueError), match="cost"):
        list(generator.metrics())
    with pytest.raises(ValueError, match="expected the markers"):
        generator.evaluation_page("# Comparing strategies\n")


@pytest.mark.parametrize("heading", SECTIONS)
def test_every_key_of_a_table_is_explained(heading: str) -> None:
    listed = [key for row in rows(section(heading)) for key in ticked(row[0])]
    assert sorted(listed) == sorted(keys(SECTIONS[heading]))


@pytest.mark.parametrize("name", SMALL)
def test_every_key_of_a_small_table_is_explained(name: str) -> None:
    heading = next(line for line in PAGE.splitlines() if line.startswith("### `[groups]`"))
    found = [row for row in rows(section(heading.removeprefix("### "))) if ticked(row[0]) == [name]]
    assert sorted(key for row in found for key in ticked(row[1])) == sorted(keys(SMALL[name]))


def test_every_top_level_key_is_explained() -> None:
    top = re.split(r"^### ", section("The file"), maxsplit=1, flags=re.MULTILINE)[0]
    listed = {key for row in rows(top) for key in ticked(row[0])}
    named = {name for name in keys(tables.EvaluationConfig) if f"`{name}`" in top}
    assert listed < named == set(keys(tables.EvaluationConfig))


def test_keys_of_relevance_and_leakage_are_explained() -> None:
    fixed = {key for row in rows(section("`[data.relevance]`")) for key in ticked(row[0])}
    assert fixed == set(keys(tables.RelevanceTable)) - {"conditions"}
    leakage = {key for row in rows(section("The leakage guard")) for key in ticked(row[0])}
    assert leakage == set(keys(tables.LeakageTable)) | set(get_args(tables.FindingName))


@pytest.mark.parametrize("heading", SECTIONS)
def test_defaults_are_those_of_the_code(heading: str) -> None:
    model, compared = SECTIONS[heading], 0
    for row in rows(section(heading)):
        for key in ticked(row[0]):
            default = keys(model)[key].default
            if key in IN_WORDS or not isinstance(default, str | int | float) or isinstance(default, bool):
                continue
            compared += 1
            shown = row[1].strip("`")
            assert shown == str(default), key
    assert compared or model is tables.DataTable or model is tables.MetricsTable


def test_defaults_told_in_words_are_those_of_the_code() -> None:
    assert f"| `margin` | {tables.CompareTable().margin} |" in PAGE
    assert f"| `alpha` | {tables.CompareTable().alpha} |" in PAGE
    metrics = next(row for row in rows(section("`[metrics]`")) if row[0] == "`secondary`")
    assert tuple(ticked(metrics[1])) == tables.MetricsTable().secondary
    for name, model in SMALL.items():
        for row in rows(section("`[groups]`, `[ablation]`, `[sensitivity]`, `[budget]`, `[report]`")):
            if ticked(row[0]) != [name]:
                continue
            told = [part.strip(" `") for part in row[2].split(",")]
            for key, shown in zip(ticked(row[1]), told * 3, strict=False):
                default: Any = keys(model)[key].default
                if isinstance(default, bool):
                    assert shown == str(default).lower(), key
                elif isinstance(default, int | float):
                    assert float(shown) == default, key


def test_every_canary_and_every_light_is_explained() -> None:
    text = section("Canaries and lights")
    named = {name for row in rows(text) for name in ticked(row[0])}
    assert named == set(get_args(tables.CanaryName))
    lights = {row[0]: row[1] for row in rows(text) if row[0] in LIGHT_WORDS}
    assert lights == dict(LIGHT_WORDS)


def test_every_verdict_is_explained() -> None:
    told = {word for row in rows(section("How it is decided")) for word in row[0].split(", ")}
    words = {"better": "better", "worse": "worse", "same": "practically the same", "cannot_tell": "we cannot tell"}
    assert set(words) == set(get_args(Answer))
    assert set(words.values()) <= told


def test_the_example_parses_and_names_only_metrics_that_exist(generator: ModuleType) -> None:
    from matchengine.metrics.parse import parse_metric

    (block,) = [block for block in blocks(PATH, "toml") if block.name == "compare.toml"]
    config = parse_evaluation(block.text, block.where)
    registry = generator.registry()
    for name in (config.metrics.primary, *config.metrics.secondary, *config.metrics.guardrails):
        assert parse_metric(registry, name).label == name
    assert config.resolved("no_values").drop == ("values",)
    assert config.against == "tags"


def test_metrics_written_in_sentences_exist(generator: ModuleType) -> None:
    from matchengine.metrics.parse import parse_metric

    names = {spec.name for spec in generator.registry().specs("metric") if isinstance(spec, MetricSpec)}
    written = {text for text in re.findall(r"`([a-z_]+@\d[^`|]*)`", PAGE) if text.partition("@")[0] in names}
    assert len(written) >= 5
    for text in written:
        parse_metric(generator.registry(), text)


def test_the_commands_run_and_leave_what_the_page_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From an invented programme to a verdict, and once more with the metric and the strategy of the page."""
    monkeypatch.chdir(tmp_path)
    write_named_blocks(PATH, tmp_path)
    said = {}
    for block in blocks(PATH, "console"):
        for command, _shown in block.commands:
            out = io.StringIO()
            with contextlib.redirect_stdout(out), contextlib.redirect_stderr(io.StringIO()):
                status = main(arguments(command)[1:])
            assert status == 0, f"{block.where}: {command}: {out.getvalue()}"
            said[command] = out.getvalue()
    assert "Ready to run." in said["matchengine eval programme/evaluation.toml --check"]
    listed = {name for row in rows(section("The run folder")) for name in ticked(row[0]) if not name.isdigit()}
    written = {path.name + "/" * path.is_dir() for path in (tmp_path / "run").iterdir()}
    assert written == listed - {"table.tex"}
    assert all(path.stat().st_mode & 0o077 == 0 for path in (tmp_path / "run").iterdir() if path.is_file())
    _own_components(tmp_path)


def _own_components(folder: Path) -> None:
    text = (folder / "programme" / "evaluation.toml").read_text(encoding="utf-8")
    text += '[strategies.words]\nuse = "words_in_common"\n[metrics]\nsecondary = ["people_ahead"]\n'
    plugins = tuple(load_file(folder / name) for name in ("people_ahead.py", "words_in_common.py"))
    finished = run_evaluation(
        parse_evaluation(text), folder / "programme", folder / "own", options=Options(plugins=plugins)
    )
    found = {strategy.name: strategy for strategy in finished.result.strategies}
    assert not found["words"].failed
    ahead = next(figure for figure in found["words"].figures if figure.metric == "people_ahead")
    assert ahead.value is not None
    assert ahead.value > 0
    assert ahead.better == "lower"
    assert found[f"{CANARY}oracle"].figures
    facts = json.loads((folder / "own" / "run.json").read_text(encoding="utf-8"))
    assert {"people_ahead", "words_in_common"} <= set(facts["plugins"])


def test_the_exit_statuses_are_those_of_the_command() -> None:
    from matchengine.cli import evaluate

    told = {row[0] for row in rows(section("The run folder")) if row[0].isdigit()}
    own = {str(getattr(evaluate, name)) for name in ("_GATE_FAILED", "_GUARDRAIL_FAILED", "_STOPPED")}
    assert own | {"0", "2"} == told
