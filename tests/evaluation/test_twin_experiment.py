"""The experiment on the simulator (eval/twin): its file is valid, and what is committed of it says synthetic."""

from __future__ import annotations

import json
from pathlib import Path

from eval.report import FIELDS, RESULTS
from eval.twin import FILE, document_of

from matchengine.evaluation.twin import load_simulation
from tests.report.test_simulation_page import simulated

MARK = "SYNTHETIC"


def test_h11_the_file_has_every_baseline_of_the_design() -> None:
    config = load_simulation(FILE)
    used = {config.resolved(name).use for name in config.strategies}
    assert {"random", "first_come", "tag_overlap", "tfidf", "whole_profile", "demographic_only", "engine"} <= used
    assert len(config.world_names) == 8
    assert (FILE.parent / config.engine).is_file()


def test_a_result_becomes_a_document_with_every_number_marked() -> None:
    document, tables = document_of(simulated())
    assert set(document) == set(FIELDS)
    assert document["source"].startswith(MARK)
    assert document["method"][0].startswith(MARK)
    assert MARK in tables
    assert "| **engine** | 0.0 | 9.2 | 9.2 | 98 |" in tables
    assert document["results"]["better_than_tag_overlap"] == {"engine": ["W1"]}


def test_what_is_committed_is_of_this_file_and_marked() -> None:
    config = load_simulation(FILE)
    document = json.loads((RESULTS / "twin.json").read_text(encoding="utf-8"))
    assert document["source"].startswith(MARK)
    assert document["data"]["replicates"] == config.replicates
    assert set(document["results"]["strategies"]) == set(config.strategies)
    assert document["results"]["null"]["tests"] == config.replicates
    assert MARK in Path(RESULTS / "twin.md").read_text(encoding="utf-8")
