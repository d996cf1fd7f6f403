"""Every TOML block is a configuration, a mapping, an evaluation, a simulation, a part of one, or objectives."""

from __future__ import annotations

import copy
import tomllib
from typing import Any

import pytest

from matchengine.config import EngineConfig, load_config, parse_config
from matchengine.engine import Engine
from matchengine.evaluation.config import EvaluationConfig, parse_evaluation
from matchengine.evaluation.twin_config import parse_simulation
from matchengine.io.mapping import Mapping, parse_mapping
from matchengine.records import as_records
from matchengine.records.kpi import Objective
from matchengine.registry import BUILTIN_PLUGINS
from tests.docs.pages import DOCS, PAGES, ROOT, Block, blocks

BLOCKS = [block for page in PAGES for block in blocks(page, "toml")]
BASE = tomllib.loads((ROOT / "configs" / "lexical.toml").read_text(encoding="utf-8"))
PROJECT = {"project", "build-system", "tool"}
EVALUATION = next(tomllib.loads(b.text) for b in blocks(DOCS / "evaluation.md", "toml") if b.name == "compare.toml")


def kind_of(data: dict[str, Any], page: str = "") -> str:
    """Tell what a block is from its top-level keys; a part of an evaluation stands on the page about evaluations."""
    keys = set(data)
    if "schema" in keys:
        return str(data["schema"]).partition("/")[0]
    if page == "evaluation.md" and keys <= set(EvaluationConfig.model_fields):
        return "part of an evaluation"
    if keys == {"objective"}:
        return "objectives"
    if keys <= PROJECT:
        return "pyproject"
    if {"name", "match", "embedder"} <= keys:
        return "config"
    if keys <= set(EngineConfig.model_fields):
        return "part of a config"
    assert keys <= set(Mapping.model_fields), f"no configuration or mapping has the keys {keys}"
    return "mapping"


def merged(base: dict[str, Any], part: dict[str, Any]) -> dict[str, Any]:
    """Lay a part over a whole configuration."""
    out = copy.deepcopy(base)
    for key, value in part.items():
        out[key] = merged(out[key], value) if isinstance(value, dict) and isinstance(out.get(key), dict) else value
    return out


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.where)
def test_toml_blocks_are_valid(block: Block) -> None:
    data = tomllib.loads(block.text)
    match kind_of(data, block.page.name):
        case "matchengine.evaluation":
            parse_evaluation(block.text, block.where)
        case "matchengine.simulation":
            parse_simulation(block.text, block.where)
        case "part of an evaluation":
            EvaluationConfig.model_validate(merged(EVALUATION, data))
        case "objectives":
            assert as_records(data["objective"], Objective)
        case "config":
            parse_config(block.text, block.where)
        case "part of a config":
            EngineConfig.model_validate(merged(BASE, data))
        case "mapping":
            parse_mapping(block.text, block.where)
        case _:
            assert set(data) & PROJECT


def test_whole_configurations_name_only_what_exists() -> None:
    for block in BLOCKS:
        data = tomllib.loads(block.text)
        if kind_of(data, block.page.name) == "config":
            config = parse_config(block.text, block.where)
            if set(config.plugins.enable) <= set(BUILTIN_PLUGINS):
                Engine(config)


@pytest.mark.parametrize("path", sorted((ROOT / "configs").glob("*.toml")), ids=lambda path: path.name)
def test_shipped_configurations_make_an_engine(path: Any) -> None:
    assert Engine(load_config(path)).config.match
