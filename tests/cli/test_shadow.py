"""`matchengine shadow`: text within 80 columns, JSON, files."""

from __future__ import annotations

from pathlib import Path

import pytest

import matchengine as me
from matchengine.config import parse_config
from matchengine.records import ShadowPrices
from tests.cli.commands import run, too_wide
from tests.support import CONFIG, mentee, mentor


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    lexical = CONFIG.replace('enable = ["builtin"]', 'enable = ["builtin", "lexical"]').replace('"words"', '"lexical"')
    made = me.Engine(parse_config(lexical))
    made.load(
        [
            mentee("a"),
            mentee("b"),
            mentee("c", languages=[{"tag": "prs", "level": "native"}]),
            mentor("m", capacity={"mentor": 1}),
        ]
    )
    folder = tmp_path_factory.mktemp("shadow")
    made.save(folder / "engine")
    return folder


def test_text_says_first_how_many_are_served(data: Path) -> None:
    done = run("shadow", "--data", data)
    assert done.status == 0
    assert "1 of 3 people who look have somebody in the draft." in done.out
    assert "speaks Dari: 1 more person served" in done.out
    assert not too_wide(done.out)


def test_json_is_the_document(data: Path) -> None:
    prices = ShadowPrices.model_validate_json(run("shadow", "--data", data, "--json").out)
    assert {price.candidate_id for price in prices.seats} == {"m"}


def test_another_method_is_named(data: Path) -> None:
    assert "decided by max_weight" in run("shadow", "--data", data, "--method", "max_weight").out


def test_an_unknown_method_is_usage(data: Path) -> None:
    done = run("shadow", "--data", data, "--method", "lexmin")
    assert done.status == 2
    assert "leximin" in done.err
