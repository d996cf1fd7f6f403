"""`matchengine plugins`: what is installed and enabled, what it offers, who reads what (SEC11)."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from matchengine.batch import PairBatch, Sides
from matchengine.cli.plugin_inputs import BEHIND, fields_behind, known_fields
from matchengine.cli.plugin_list import PluginsDocument
from matchengine.engine import Engine
from matchengine.pool.inputs import Inputs, known_inputs
from matchengine.pool.sensitive import JOINT_WISHES, TOKEN_COLUMNS, WISH_COLUMNS
from matchengine.pool.tables import Table
from tests.cli.commands import ROOT, run, too_wide
from tests.registry.distributions import distribution, scorer_module
from tests.support import engine, group, mentee, mentor

LEXICAL = (ROOT / "configs" / "lexical.toml").read_text(encoding="utf-8")


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Return a folder on the path with an installed plugin `far`."""
    distribution(tmp_path, "far-plugin", "far_module", scorer_module(), point="far")
    monkeypatch.syspath_prepend(str(tmp_path))
    yield tmp_path
    sys.modules.pop("far_module", None)


def enabling(folder: Path, more: str = "") -> Path:
    """Write a configuration that enables `far` and uses its scorer."""
    text = LEXICAL.replace('"lexical"]', '"lexical", "far"]')
    path = folder / "far.toml"
    path.write_text(text + '[match.mentor.scorers.away]\nuse = "from_far"\n' + more, encoding="utf-8")
    return path


def entry(document: Any, name: str) -> Any:
    """Return one plugin of a document."""
    (found,) = [plugin for plugin in document["plugins"] if plugin["name"] == name]
    return found


def test_an_installed_plugin_is_listed_and_not_imported(site: Path) -> None:
    done = run("plugins", "--config", "lexical", "--json")
    assert done.status == 0
    PluginsDocument.model_validate_json(done.out)
    far = entry(done.document, "far")
    assert (far["enabled"], far["version"], far["origin"], far["entry"]) == (
        False,
        "3.1.4",
        "far-plugin 3.1.4",
        "far_module",
    )
    assert far["components"] == []
    assert not (site / "imported").exists()
    assert "far 3.1.4: not enabled, not imported" in run("plugins", "--config", "lexical").out
    assert not (site / "imported").exists()
    assert "far_module" not in sys.modules


def test_an_enabled_plugin_is_shown_with_what_it_offers_and_reads(site: Path) -> None:
    done = run("plugins", "--config", enabling(site), "--json")
    far = entry(done.document, "far")
    assert far["enabled"]
    assert far["hooks"] == ["matchengine_components"]
    (scorer,) = far["components"]
    assert (scorer["kind"], scorer["name"], scorer["reads"]) == ("scorer", "from_far", ["requester_career_stage"])
    assert (site / "imported").exists()
    text = run("plugins", "--config", site / "far.toml").out
    assert "far 3.1.4: enabled" in text
    assert "scorer from_far reads requester_career_stage" in text
    assert not too_wide(text)


def test_built_in_plugins_are_listed_enabled_or_not() -> None:
    document = run("plugins", "--config", "lexical", "--json").document
    assert entry(document, "builtin")["enabled"]
    assert not entry(document, "faiss")["enabled"]
    assert {c["kind"] for c in entry(document, "builtin")["components"]} >= {"scorer", "constraint", "index"}


def test_a_distribution_that_takes_a_built_in_name_is_listed_as_what_it_is(site: Path) -> None:
    distribution(site, "taker", "taker_module", scorer_module("taker"), point="builtin")
    found = [p for p in run("plugins", "--config", "lexical", "--json").document["plugins"] if p["name"] == "builtin"]
    assert [(p["origin"].split()[0], p["enabled"]) for p in found] == [("matchengine", True), ("taker", False)]


def test_inputs_show_every_active_scorer_and_constraint(site: Path) -> None:
    done = run("plugins", "--config", enabling(site), "--inputs", "--json")
    found = {(one["match"], one["name"]): one for one in done.document["inputs"]}
    away = found["mentor", "away"]
    assert (away["what"], away["component"], away["plugin"]) == ("scorer", "from_far", "far")
    assert found["mentor", "language_floor"]["reads"] == ["requester_languages", "candidate_languages"]
    assert ("mentor", "group_safety") not in found, "it does not apply to mentors"
    assert not too_wide(run("plugins", "--config", site / "far.toml", "--inputs").out)


@pytest.mark.parametrize(
    ("field", "names"),
    [
        ("career_stage", {"away"}),
        ("languages", {"practical", "language_floor"}),
        ("wants", {"goals"}),
        ("needs", {"goals"}),
        ("attributes", set()),
        ("barriers", set()),
    ],
)
def test_who_reads_a_field_is_told_and_that_nobody_does(site: Path, field: str, names: set[str]) -> None:
    done = run("plugins", "--config", enabling(site), "--inputs", field, "--json")
    assert {one["name"] for one in done.document["inputs"]} == names
    strict = run("plugins", "--config", site / "far.toml", "--inputs", field, "--strict")
    assert strict.status == (4 if names else 0)
    assert ("No active scorer or constraint reads" in strict.out) == (not names)


def test_a_field_that_nothing_shows_is_no_proof() -> None:
    done = run("plugins", "--config", "lexical", "--inputs", "atributes", "--strict")
    assert done.status == 2
    assert "did you mean 'attributes'" in done.err
    assert run("plugins", "--strict").status == 2


def test_a_lift_on_attributes_is_told(site: Path) -> None:
    path = site / "lifting.py"
    path.write_text(
        "import numpy as np, matchengine as me\nfrom matchengine.components import specs_in\n"
        "@me.scorer('lifting', role='lift')\ndef lifting(requester_attributes, candidate_attributes):\n"
        "    return np.zeros(len(requester_attributes))\n"
        "def matchengine_components():\n    return specs_in(lifting)\n",
        encoding="utf-8",
    )
    mine = site / "mine.toml"
    mine.write_text(LEXICAL + '[match.mentor.scorers.up]\nuse = "lifting"\n', encoding="utf-8")
    done = run("plugins", "--config", mine, "--plugin-file", path, "--inputs", "attributes", "--strict", "--json")
    assert done.status == 4
    assert [(one["what"], one["name"]) for one in done.document["inputs"]] == [("lift", "up")]


# ---------------------------------------------------------------- what stands behind an input

_BESIDE = {
    **dict.fromkeys(WISH_COLUMNS, "wishes"),
    **dict.fromkeys(JOINT_WISHES, "wishes"),
    **dict.fromkeys(set(TOKEN_COLUMNS) - set(WISH_COLUMNS) - set(JOINT_WISHES) - {"must_share"}, "attributes"),
    **dict.fromkeys(("identity_cap", "wished", "wish_level"), "wishes"),
}
"""Columns that hold a part of a field under a name of their own."""


@pytest.fixture(scope="module")
def full() -> Engine:
    """Return an engine over people and a group who say a lot."""
    made = engine()
    people = [mentee("a", household="h", place={"country": "GB"}), *(mentor(f"m{n}", household="h") for n in range(6))]
    made.load(people, [group("g")])
    return made


@pytest.mark.parametrize("candidates", ["people", "groups"])
def test_what_stands_behind_a_pair_feature_is_what_the_code_reads(
    full: Engine, candidates: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    sides = Sides("people", candidates, 1 if candidates == "people" else None)
    read: set[str] = set()
    column = Table.column
    monkeypatch.setattr(Table, "column", lambda self, name: read.add(name) or column(self, name))
    checked = 0
    for name in known_inputs(full._pool, sides):
        if name.startswith("pair_"):
            assert name in BEHIND, f"{name}: say in BEHIND what it is worked out from"
            read.clear()
            full._pool.derived._made.clear()
            given = Inputs(full._pool, sides, PairBatch.one_to_many(0, np.arange(1, dtype=np.int32)))
            given[name]
            assert {_BESIDE.get(found, found) for found in read} <= set(BEHIND[name]), name
            checked += 1
    assert checked >= 10


def test_every_input_shows_a_field_that_can_be_asked_for() -> None:
    fields = set(known_fields())
    for name in BEHIND:
        assert fields_behind(name) is not None
        assert set(fields_behind(name) or ()) <= fields
    assert fields_behind("pair_invented") is None, "what is not known may read anything"
    assert fields_behind("items_needs_offers") == {"needs", "offers", "goals", "wants"}
    assert {"attributes", "barriers", "age_band", "languages", "place", "values", "wishes"} <= fields
