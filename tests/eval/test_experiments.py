"""The experiments end to end on a tiny invented world, without data and without a model."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest
from eval.data import MissingDataError, data_file, mentors_of
from eval.gsoc_evidence import calibrated, noisy_or
from eval.items import Project
from eval.report import FIELDS, RESULTS, rounded, write

from eval import explanations, gsoc_fusion, gsoc_hubs, gsoc_items, gsoc_mentors, run, vt_pairs

TOPICS = [
    "compiler",
    "orbit",
    "genome",
    "violin",
    "harbour",
    "pottery",
    "climate",
    "chess",
    "railway",
    "tax",
    "bees",
    "maps",
]


def world() -> gsoc_mentors.Task:
    past = [
        Project(
            f"2016-{n}",
            2016,
            f"org{n % 4}",
            f"{topic} tools",
            f"Better {topic} software. Tests for {topic} data.",
            (f"m{n}",),
        )
        for n, topic in enumerate(TOPICS)
    ]
    past.append(Project("2016-x", 2016, "org0", "compiler errors", "Clear messages of the compiler.", ("m0", "m1")))
    asked = [
        Project(
            f"2017-{n}", 2017, f"org{n % 4}", f"new {topic} library", f"A library for {topic} people.", (f"m{n}", "new")
        )
        for n, topic in enumerate(TOPICS)
    ]
    return gsoc_mentors.Task(mentors_of(past), asked, 3)


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MATCHENGINE_CACHE", str(tmp_path / "cache"))


def test_mentors_are_found_in_a_world_where_words_tell() -> None:
    document, tables = gsoc_mentors.run(world(), embedder="lexical")
    assert tuple(document) == FIELDS
    results = document["results"]
    assert results["hybrid"]["mrr"]["mean"] == pytest.approx(1)
    assert results["hybrid"]["recall_at_10"]["mean"] == pytest.approx(1)
    assert results["random"]["mrr"]["mean"] < 0.6
    assert results["semantic"]["mrr_minus_semantic"]["by_query"] == {"mean": 0, "low": 0, "high": 0}
    assert document["data"] == {"candidates": 12, "queries": 12, "queries_without_relevant_candidate": 3}
    assert all(name in tables for name in gsoc_mentors.STRATEGIES)


def test_popularity_ties_everybody_with_as_many_projects() -> None:
    lists = gsoc_mentors.popularity(world())
    assert {name for name, score in lists["2017-0"] if score == 2} == {"m0", "m1"}


def test_matrices_repeat_what_the_engine_does() -> None:
    task = world()
    items, _ = gsoc_items.run(task, embedder="lexical")
    fusions, _ = gsoc_fusion.run(task, embedder="lexical")
    for split in gsoc_items.SPLITS:
        expected = items["results"][f"{split}/max"]["mrr"]
        assert fusions["results"][split]["fusions"]["noisy_or"]["mrr"] == pytest.approx(expected, abs=0.02)


def test_hub_correction_runs_and_reports_both_sides() -> None:
    document, _ = gsoc_hubs.run(world(), embedder="lexical")
    assert document["results"]["passages"]["hybrid_csls"]["mrr_minus_uncorrected"].keys() == {"mean", "low", "high"}


def test_csls_by_hand() -> None:
    cosines = np.array([[0.9, 0.5], [0.7, 0.1]], np.float32)
    # one neighbour: rows .9 and .7, columns .9 and .5
    expected = [[1.8 - 0.9 - 0.9, 1.0 - 0.9 - 0.5], [1.4 - 0.7 - 0.9, 0.2 - 0.7 - 0.5]]
    np.testing.assert_allclose(gsoc_hubs.csls(cosines, 1), expected, atol=1e-6)


def test_fusion_and_calibration_by_hand() -> None:
    half = np.array([0.5], np.float32)
    assert noisy_or(half, half) == pytest.approx(0.75)
    scaled = calibrated(np.array([[0.0, 0.4], [0.2, 0.4]], np.float32), low=0.2)
    np.testing.assert_allclose(scaled, [[0, 1], [0, 1]], atol=1e-6)


def test_compatibility_by_hand() -> None:
    mentors = {"a": frozenset({"x", "y"}), "b": frozenset({"x"}), "c": frozenset({"w"})}
    assert vt_pairs.compatibility(mentors["a"], frozenset({"x", "y", "z"})) == pytest.approx(2 / 3)
    assert vt_pairs.best_mentors(mentors, frozenset({"x"})) == {"a", "b"}
    assert vt_pairs.best_mentors(mentors, frozenset({"q"})) == frozenset()


def test_without_data_everything_is_skipped_with_a_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.delenv("MATCHENGINE_DATA", raising=False)
    monkeypatch.setattr(run, "write", lambda *_: pytest.fail("nothing may be written"))
    on_data = [name for name in run.EXPERIMENTS if name not in run.NEEDS_NO_DATA]
    assert run.main(on_data) == 0
    assert capsys.readouterr().out.count("skipped, MATCHENGINE_DATA is not set") == len(on_data)
    monkeypatch.setenv("MATCHENGINE_DATA", str(tmp_path))
    with pytest.raises(MissingDataError, match="holds no gsoc"):
        data_file("gsoc", "projects.jsonl.gz")
    assert run.main(["gsoc_mentor"]) == 2


@pytest.mark.parametrize("configuration", ["lexical", pytest.param("mentoring", marks=pytest.mark.slow)])
def test_what_is_stated_in_explanations_agrees_with_the_scores(
    configuration: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the model of the shipped configuration, whose figures are committed, and every day without one."""
    real = explanations.load_config
    monkeypatch.setattr(explanations, "load_config", lambda path: real(path.with_name(f"{configuration}.toml")))
    results = json.loads((RESULTS / "explanations.json").read_text(encoding="utf-8"))["results"]
    document, _tables = run.EXPERIMENTS["explanations"]()
    for kind, found in document["results"].items():
        assert found["sign agreement, stated direction, scorer left out"] >= 0.98
        assert found["sign agreement, contribution, scorer at average"] >= 0.98
        assert found["share of reasons with a stated direction"] > 0.75
        assert found["both sides"] == 1
        assert results[kind]["pairs"] == found["pairs"]


def test_results_are_written_rounded_and_complete(tmp_path: Path) -> None:
    document = dict.fromkeys(FIELDS, "x") | {"method": ["m"], "results": {"a": 0.123456}}
    write(document, "table", tmp_path)
    assert json.loads((tmp_path / "x.json").read_text())["results"] == {"a": 0.1235}
    assert rounded([{"b": 1 / 3}]) == [{"b": 0.3333}]
    with pytest.raises(ValueError, match="a result has the fields"):
        write({"name": "x"}, "table", tmp_path)


@pytest.mark.parametrize("name", run.EXPERIMENTS)
def test_committed_results_are_complete_and_hold_no_rows(name: str) -> None:
    text = (RESULTS / f"{name}.json").read_text(encoding="utf-8")
    document = json.loads(text)
    assert tuple(document) == FIELDS
    assert document["name"] == name
    assert document["results"]
    assert not re.search(r'"[0-9a-f]{12}"', text), "a pseudonym of a mentor"
    assert (RESULTS / f"{name}.md").read_text(encoding="utf-8").startswith(f"# {name}\n")


def test_the_readme_names_every_experiment_and_field() -> None:
    readme = (RESULTS.parent / "README.md").read_text(encoding="utf-8")
    assert all(f"`{word}`" in readme for word in (*run.EXPERIMENTS, *FIELDS))
