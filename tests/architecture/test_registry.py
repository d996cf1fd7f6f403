"""Names: found, refused, suggested; installed is not active (architecture.md section 4; SEC11)."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import matchengine as me
from matchengine.batch import BoolArray, FloatArray
from matchengine.config import parse_config
from tests.properties.populations import Offers
from tests.support import CONFIG, engine

ROOT = Path(__file__).parents[2]


def made_twice(name: str) -> object:
    """Return a scorer of that name."""

    @me.scorer(name)
    def twin(requester_career_stage: FloatArray) -> FloatArray:
        """Give everybody one half."""
        return np.full(len(requester_career_stage), 0.5)

    return twin


def test_a_duplicate_name_names_both_plugins() -> None:
    first, second = Offers(made_twice("twin"), name="first"), Offers(made_twice("twin"), name="second")
    with pytest.raises(me.MatchEngineError, match=r"scorer 'twin'.*'first'.*'second'"):
        engine(plugins=[first, second])


def test_a_builtin_name_cannot_be_taken_over() -> None:
    with pytest.raises(me.MatchEngineError, match=r"'feasibility'.*'builtin'.*'mine'"):
        engine(plugins=[Offers(made_twice("feasibility"), name="mine")])


def test_the_same_name_in_another_kind_is_fine() -> None:
    @me.constraint("feasibility", reason="never")
    def feasibility(candidate_adult: FloatArray) -> BoolArray:
        """Allow everybody."""
        return np.ones(len(candidate_adult), np.bool_)

    made = engine(plugins=[Offers(feasibility)])
    assert made.registry.constraint("feasibility").build is feasibility


@pytest.mark.parametrize(
    ("wrong", "right", "nearest"),
    [
        ('use = "semantic_reciprocl"', 'use = "semantic_reciprocal"', "semantic_reciprocal"),
        ('"language_flor"', '"language_floor"', "language_floor"),
        ('use = "word"', 'use = "words"', "words"),
        ('enable = ["builtn"]', 'enable = ["builtin"]', "builtin"),
        ('[index]\nuse = "numpi"\n[run]', "[run]", "numpy"),
        ('block = "feasibl"\nuse = "feasibility"', 'use = "feasibility"', "feasible"),
        ('use = "style_fit"\nwith = { heigth = 1 }', 'use = "style_fit"', "heigth"),
        ('use = "feasibility"\nwith = { langage = 0.2 }', 'use = "feasibility"', "language"),
    ],
)
def test_a_misspelt_name_is_refused_with_the_nearest(wrong: str, right: str, nearest: str) -> None:
    text = CONFIG.replace(right, wrong, 1)
    assert text != CONFIG
    with pytest.raises(me.MatchEngineError) as caught:
        engine(text=text)
    assert nearest in str(caught.value)
    if nearest != "heigth":
        assert f"did you mean '{nearest}'" in str(caught.value)


def test_all_problems_of_a_kind_are_told_at_once() -> None:
    text = CONFIG.replace('"semantic_reciprocal"', '"one_typo"', 1).replace('"line_manager"', '"two_typo"', 1)
    with pytest.raises(me.MatchEngineError) as caught:
        engine(text=text)
    assert len(caught.value.problems) == 2
    assert "one_typo" in caught.value.problems[0]
    assert "two_typo" in caught.value.problems[1]


# ---------------------------------------------------------------- distributions


def distribution(folder: Path, name: str, module: str, code: str, version: str = "3.1.4", point: str = "") -> None:
    """Install a throwaway distribution: a module, METADATA and entry_points.txt."""
    (folder / f"{module}.py").write_text(code, encoding="utf-8")
    info = folder / f"{name.replace('-', '_')}-{version}.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n", encoding="utf-8")
    (info / "entry_points.txt").write_text(f"[matchengine]\n{point or name} = {module}\n", encoding="utf-8")


GOOD = """
from pathlib import Path
import numpy as np
import matchengine as me
from matchengine.components import specs_in
Path(__file__).with_name("imported").write_text("yes")

@me.scorer("from_far")
def from_far(requester_career_stage):
    return np.full(len(requester_career_stage), 0.5)

@me.hookimpl
def matchengine_components():
    return specs_in(from_far)
"""
TRY = """
import importlib, json, sys
sys.path.insert(0, sys.argv[1])
from tests.support import CONFIG, WordsPlugin
import matchengine as me
from matchengine.config import parse_config

def tried(folder, enable, extra):
    text = CONFIG.replace('enable = ["builtin"]', f"enable = {enable}") + extra
    before = set(sys.modules)
    sys.path.insert(0, folder)
    importlib.invalidate_caches()
    try:
        made = me.Engine(parse_config(text), plugins=[WordsPlugin()])
        said = {"versions": made.registry.versions, "scorers": [s.name for s in made.registry.specs("scorer")]}
    except me.MatchEngineError as error:
        said = {"error": f"{type(error).__name__}: {error}"}
    finally:
        sys.path.remove(folder)
    said["imported"] = [name for name in ("rogue_module",) if sys.modules.pop(name, None)]
    assert not {name for name in set(sys.modules) - before if name.endswith("_module")}
    return said

json.dump([tried(*each) for each in json.loads(sys.argv[2])], sys.stdout)
"""
FAR = '[match.mentor.scorers.far]\nuse = "from_far"\n'
TRIES: dict[str, tuple[dict[str, tuple[str, str]], list[str], str]] = {
    "not enabled": ({"rogue-plugin": (GOOD, "rogue")}, ["builtin"], ""),
    "misspelt": ({"rogue-plugin": (GOOD, "rogue")}, ["builtin", "rogu"], ""),
    "enabled": ({"rogue-plugin": (GOOD, "rogue")}, ["builtin", "rogue"], FAR),
    "broken": ({"broken-plugin": ("import not_installed_anywhere\n", "broken")}, ["builtin", "broken"], ""),
    "two": ({"one-plugin": (GOOD, "same"), "two-plugin": (GOOD, "same")}, ["builtin", "same"], ""),
    "hiding": ({"rogue-plugin": (GOOD, "builtin")}, ["builtin"], ""),
}
"""Distributions (source and entry point by name), plugins to enable, and a piece of configuration, by what they try."""


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """Make an engine for each try, in one process in which nothing of them is loaded; return what each says."""
    asked, folders = [], []
    for distributions, enable, extra in TRIES.values():
        folders.append(tmp_path_factory.mktemp("site"))
        for name, (code, point) in distributions.items():
            distribution(folders[-1], name, name.replace("-plugin", "_module"), code, point=point)
        asked.append([str(folders[-1]), json.dumps(enable), extra])
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", TRY, str(ROOT), json.dumps(asked)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        cwd=folders[0],
    )
    assert done.returncode == 0, done.stderr
    told = zip(TRIES, json.loads(done.stdout), folders, strict=True)
    return {name: {**each, "ran": (folder / "imported").exists()} for name, each, folder in told}


def test_an_installed_plugin_that_is_not_enabled_is_never_imported(said: dict[str, dict[str, Any]]) -> None:
    assert said["not enabled"]["imported"] == []
    assert not said["not enabled"]["ran"]
    assert "from_far" not in said["not enabled"]["scorers"]
    assert "did you mean 'rogue'" in said["misspelt"]["error"]
    assert not said["misspelt"]["ran"]


def test_an_installed_plugin_that_is_enabled_takes_part(said: dict[str, dict[str, Any]]) -> None:
    assert said["enabled"]["imported"] == ["rogue_module"]
    assert said["enabled"]["ran"]
    assert "from_far" in said["enabled"]["scorers"]
    assert said["enabled"]["versions"]["rogue"] == "3.1.4"


def test_a_plugin_that_fails_to_import_is_named_with_all_that_helps(said: dict[str, dict[str, Any]]) -> None:
    for part in (
        "PluginError",
        "'broken'",
        "broken-plugin",
        "3.1.4",
        "broken_module",
        "ModuleNotFoundError",
        "not_installed_anywhere",
    ):
        assert part in said["broken"]["error"]


def test_two_distributions_that_offer_one_name_are_both_named(said: dict[str, dict[str, Any]]) -> None:
    assert "one-plugin" in said["two"]["error"]
    assert "two-plugin" in said["two"]["error"]
    assert not said["two"]["ran"]


def test_an_installed_plugin_cannot_hide_a_built_in_one(said: dict[str, dict[str, Any]]) -> None:
    assert said["hiding"]["imported"] == []
    assert not said["hiding"]["ran"]
    assert "feasibility" in said["hiding"]["scorers"]


def test_one_manager_per_engine() -> None:
    one, other = engine(), engine(plugins=[Offers(made_twice("twin"))])
    assert one.registry.manager is not other.registry.manager
    assert "twin" not in [s.name for s in one.registry.specs("scorer")]
    assert parse_config(CONFIG) == one.config
