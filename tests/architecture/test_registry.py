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
import json, sys
sys.path[:0] = sys.argv[1:3]
from tests.support import CONFIG, WordsPlugin
import matchengine as me
from matchengine.config import parse_config
text = CONFIG.replace('enable = ["builtin"]', f"enable = {json.loads(sys.argv[3])}") + json.loads(sys.argv[4])
try:
    made = me.Engine(parse_config(text), plugins=[WordsPlugin()])
    said = {"versions": made.registry.versions, "scorers": [s.name for s in made.registry.specs("scorer")]}
except me.MatchEngineError as error:
    said = {"error": f"{type(error).__name__}: {error}"}
said["imported"] = [name for name in ("rogue_module",) if name in sys.modules]
json.dump(said, sys.stdout)
"""


def tried(folder: Path, enable: list[str], extra: str = "") -> dict[str, Any]:
    """Make an engine in a process that has the throwaway distributions, and return what it says."""
    arguments = [str(folder), str(ROOT), json.dumps(enable), json.dumps(extra)]
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", TRY, *arguments], capture_output=True, text=True, timeout=60, check=False, cwd=folder
    )
    assert done.returncode == 0, done.stderr
    said: dict[str, Any] = json.loads(done.stdout)
    return said


def test_an_installed_plugin_that_is_not_enabled_is_never_imported(tmp_path: Path) -> None:
    distribution(tmp_path, "rogue-plugin", "rogue_module", GOOD, point="rogue")
    said = tried(tmp_path, ["builtin"])
    assert said["imported"] == []
    assert not (tmp_path / "imported").exists()
    assert "from_far" not in said["scorers"]
    refused = tried(tmp_path, ["builtin", "rogu"])
    assert "did you mean 'rogue'" in refused["error"]
    assert not (tmp_path / "imported").exists()


def test_an_installed_plugin_that_is_enabled_takes_part(tmp_path: Path) -> None:
    distribution(tmp_path, "rogue-plugin", "rogue_module", GOOD, point="rogue")
    said = tried(tmp_path, ["builtin", "rogue"], '[match.mentor.scorers.far]\nuse = "from_far"\n')
    assert said["imported"] == ["rogue_module"]
    assert (tmp_path / "imported").exists()
    assert "from_far" in said["scorers"]
    assert said["versions"]["rogue"] == "3.1.4"


def test_a_plugin_that_fails_to_import_is_named_with_all_that_helps(tmp_path: Path) -> None:
    distribution(tmp_path, "broken-plugin", "broken_module", "import not_installed_anywhere\n", point="broken")
    error = tried(tmp_path, ["builtin", "broken"])["error"]
    for part in (
        "PluginError",
        "'broken'",
        "broken-plugin",
        "3.1.4",
        "broken_module",
        "ModuleNotFoundError",
        "not_installed_anywhere",
    ):
        assert part in error


def test_two_distributions_that_offer_one_name_are_both_named(tmp_path: Path) -> None:
    for name, module in (("one-plugin", "one_module"), ("two-plugin", "two_module")):
        distribution(tmp_path, name, module, GOOD, point="same")
    error = tried(tmp_path, ["builtin", "same"])["error"]
    assert "one-plugin" in error
    assert "two-plugin" in error
    assert not (tmp_path / "imported").exists()


def test_an_installed_plugin_cannot_hide_a_built_in_one(tmp_path: Path) -> None:
    distribution(tmp_path, "rogue-plugin", "rogue_module", GOOD, point="builtin")
    said = tried(tmp_path, ["builtin"])
    assert said["imported"] == []
    assert "feasibility" in said["scorers"]


def test_one_manager_per_engine() -> None:
    one, other = engine(), engine(plugins=[Offers(made_twice("twin"))])
    assert one.registry.manager is not other.registry.manager
    assert "twin" not in [s.name for s in one.registry.specs("scorer")]
    assert parse_config(CONFIG) == one.config
