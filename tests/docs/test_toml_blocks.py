"""Every TOML block is a configuration, a mapping, a part of one of them, or a part of a pyproject.toml."""

from __future__ import annotations

import copy
import tomllib
from typing import Any

import pytest

from matchengine.config import EngineConfig, load_config, parse_config
from matchengine.engine import Engine
from matchengine.io.mapping import Mapping, parse_mapping
from matchengine.registry import BUILTIN_PLUGINS
from tests.docs.pages import PAGES, ROOT, Block, blocks

BLOCKS = [block for page in PAGES for block in blocks(page, "toml")]
BASE = tomllib.loads((ROOT / "configs" / "lexical.toml").read_text(encoding="utf-8"))
PROJECT = {"project", "build-system", "tool"}


def kind_of(data: dict[str, Any]) -> str:
    """Tell what a block is from its top-level keys."""
    keys = set(data)
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
    match kind_of(data):
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
        if kind_of(data) == "config":
            config = parse_config(block.text, block.where)
            if set(config.plugins.enable) <= set(BUILTIN_PLUGINS):
                Engine(config)


@pytest.mark.parametrize("path", sorted((ROOT / "configs").glob("*.toml")), ids=lambda path: path.name)
def test_shipped_configurations_make_an_engine(path: Any) -> None:
    assert Engine(load_config(path)).config.match
