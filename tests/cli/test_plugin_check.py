"""`matchengine check-plugin`: the kit in plain words, exit status 1 when a check fails, within ten seconds."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from matchengine.cli.plugin_check import PluginChecksDocument
from tests.cli.commands import run, too_wide

HEAD = "import numpy as np\nimport matchengine as me\nfrom matchengine.components import specs_in\n"
TAIL = "\ndef matchengine_components():\n    return specs_in(mine)\n"
SCORER = '@me.scorer("mine")\ndef mine(requester_adult):\n    return {}\n'
GOOD = SCORER.format("requester_adult * 0.5")
BAD = {
    "check_range": SCORER.format("requester_adult * 3"),
    "check_missing_abstains": SCORER.format("np.nan_to_num(requester_adult)"),
    "check_subset_invariance": SCORER.format("requester_adult / (1 + len(requester_adult))"),
    "check_determinism": SCORER.format("requester_adult * np.random.default_rng().random(len(requester_adult))"),
    "check_artefacts": (
        '@me.scorer("mine", says="their age band is number {age:.0f}")\ndef mine(candidate_age_band):\n'
        "    return me.Scored(candidate_age_band / 10, age=candidate_age_band)\n"
    ),
    "check_shape": '@me.constraint("mine", reason="x")\ndef mine(requester_adult):\n    return requester_adult, 1\n',
}


def written(folder: Path, code: str) -> Path:
    """Write a plugin file."""
    path = folder / "mine.py"
    path.write_text(HEAD + code + TAIL, encoding="utf-8")
    return path


def test_a_good_plugin_passes_with_every_check_named(tmp_path: Path) -> None:
    started = time.process_time()
    done = run("check-plugin", written(tmp_path, GOOD))
    assert time.process_time() - started < 10
    assert done.status == 0, done.text
    for name in ("check_shape", "check_range", "check_missing_abstains", "check_work_is_constant", "check_artefacts"):
        assert f"ok   {name}" in done.out
    assert "checks hold" in done.out
    assert not too_wide(done.out)


@pytest.mark.parametrize("check", BAD)
def test_a_bad_plugin_is_1_with_what_was_expected_and_found(tmp_path: Path, check: str) -> None:
    path = written(tmp_path, BAD[check])
    done = run("check-plugin", path)
    assert done.status == 1, done.text
    assert f"BAD  {check}" in done.out
    _head, _found, rest = done.out.partition(f"BAD  {check}")
    assert rest.splitlines()[1].strip().startswith("expected: ")
    assert "found: " in rest
    assert "Traceback" not in done.text
    document = PluginChecksDocument.model_validate_json(run("check-plugin", path, "--json").out)
    assert not document.ok
    assert check in {outcome.check for outcome in document.components[0].checks if outcome.problem}


@pytest.mark.slow
def test_the_built_in_plugin_passes_within_the_time() -> None:
    """Every day `tests/conformance` runs the same checks on the same components, and below a plugin by its name."""
    started = time.process_time()
    done = run("check-plugin", "builtin", "--json")
    assert time.process_time() - started < 10
    assert done.status == 0, [
        (one["name"], c["check"], c["problem"])
        for one in done.document["components"]
        for c in one["checks"]
        if c["problem"]
    ]
    kinds = {one["kind"]: one["checks"] for one in done.document["components"]}
    assert set(kinds) >= {"scorer", "constraint", "index"}
    assert all(kinds.values())


def test_an_embedder_is_checked_too() -> None:
    done = run("check-plugin", "lexical")
    assert done.status == 0
    assert "embedder lexical" in done.out
    assert "ok   check_deterministic" in done.out


def test_a_plugin_that_only_observes_has_nothing_to_check(tmp_path: Path) -> None:
    path = tmp_path / "observer.py"
    path.write_text("def matchengine_run_finished(result):\n    pass\n", encoding="utf-8")
    done = run("check-plugin", path)
    assert done.status == 0
    assert "no components; its hooks: matchengine_run_finished" in done.out


@pytest.mark.parametrize(
    ("given", "told"),
    [("missing.py", "give the path of one .py file"), ("lexcal", "did you mean 'lexical'")],
)
def test_what_is_not_there_is_2(given: str, told: str) -> None:
    done = run("check-plugin", given)
    assert (done.status, done.out) == (2, "")
    assert told in done.err


def test_a_name_of_a_built_in_component_is_told(tmp_path: Path) -> None:
    done = run("check-plugin", written(tmp_path, GOOD.replace('"mine"', '"feasibility"')))
    assert done.status == 2
    assert "'feasibility'" in done.err
