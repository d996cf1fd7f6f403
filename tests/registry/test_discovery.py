"""Plugins are found by metadata, loaded when named, and their failures told with all that helps (SEC11)."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

import matchengine as me
from matchengine.discovery import installed, load_file, load_installed
from matchengine.errors import PluginError
from matchengine.registry import Registry
from tests.registry.distributions import distribution, scorer_module
from tests.support import engine, mentee, mentor


def test_what_is_installed_is_listed_without_being_imported(site: Path) -> None:
    distribution(site, "rogue-plugin", "rogue_module", scorer_module(), point="rogue")
    (one,) = [one for one in installed() if one.name == "rogue"]
    assert (one.origin, one.entry) == ("rogue-plugin 3.1.4", "rogue_module")
    assert "rogue_module" not in sys.modules
    assert not (site / "imported").exists()


def test_a_rogue_entry_point_that_nobody_names_is_never_imported(site: Path) -> None:
    distribution(site, "rogue-plugin", "rogue_module", scorer_module(), point="rogue")
    made = engine()
    assert "rogue" not in made.registry.versions
    with pytest.raises(PluginError, match="did you mean 'rogue'"):
        Registry(["builtin", "rogu"])
    assert "rogue_module" not in sys.modules
    assert not (site / "imported").exists()
    assert load_installed("rogue").origin == "rogue-plugin 3.1.4"
    assert (site / "imported").exists(), "the module says when it is imported"


@pytest.mark.parametrize(
    ("code", "cause"),
    [
        ("import not_installed_anywhere", "ModuleNotFoundError: No module named 'not_installed_anywhere'"),
        ("raise RuntimeError('no licence')", "RuntimeError: no licence"),
        ("import sys; sys.exit('bye')", "SystemExit: bye"),
        ("def broken(:", "SyntaxError"),
        ("import matchengine as me\n@me.scorer('x')\ndef x(target):\n    pass", "put settings after a"),
        ("def matchengine_components():\n    raise OSError('no table')", "OSError: no table"),
        ("def matchengine_components():\n    return 3", "TypeError"),
    ],
    ids=["import", "raise", "exit", "syntax", "decorator", "hook", "no list"],
)
def test_a_failure_to_load_names_plugin_distribution_version_entry_and_cause(site: Path, code: str, cause: str) -> None:
    distribution(site, "broken-plugin", "broken_module", code, version="0.9", point="broken")
    with pytest.raises(PluginError) as caught:
        Registry(["builtin", "broken"])
    for part in ("'broken'", "broken-plugin", "0.9", "broken_module", cause):
        assert part in str(caught.value), part


def test_an_entry_point_may_be_an_object(site: Path) -> None:
    code = scorer_module() + "\n\nclass Box:\n    matchengine_components = staticmethod(matchengine_components)\n"
    distribution(site, "boxed-plugin", "boxed_module", code, point="boxed", value="boxed_module:Box")
    assert Registry(["boxed"]).scorer("from_far").name == "from_far"


# ---------------------------------------------------------------- one file


def test_a_file_takes_part_and_the_fingerprint_names_it_by_its_hash(tmp_path: Path) -> None:
    path = tmp_path / "half.py"
    path.write_text(scorer_module("half"), encoding="utf-8")
    made = engine('[match.mentor.scorers.h]\nuse = "half"\n', [load_file(path)])
    made.load([mentee("a"), mentor("m")])
    assert made.suggest("a", "mentor")
    first = made.fingerprint().plugins["half"]
    assert first.startswith("file ")
    path.write_text(scorer_module("half") + "\n# another word\n", encoding="utf-8")
    assert load_file(path).version != first


def test_a_file_is_read_anew_every_time_and_nothing_is_written_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "half.py"
    for value in ("0.5", "0.6", "0.7"):
        path.write_text(f"VALUE = {value}\n", encoding="utf-8")
        assert float(value) == load_file(path).implementation.VALUE
    assert [p.name for p in tmp_path.iterdir()] == ["half.py"]


def test_a_file_may_hold_dataclasses_and_settings_with_types(tmp_path: Path) -> None:
    path = tmp_path / "typed.py"
    code = (
        "from __future__ import annotations\nfrom dataclasses import dataclass\nfrom typing import ClassVar, Literal\n"
        "import numpy as np, matchengine as me\nfrom matchengine.components import specs_in\n"
        "@dataclass\nclass Part:\n    names: ClassVar[tuple[str, ...]] = ()\n    size: int = 1\n"
        "@me.scorer('typed')\ndef typed(requester_adult, *, how: Literal['a', 'b'] = 'a'):\n"
        "    return np.full(len(requester_adult), 0.5)\n"
        "def matchengine_components():\n    return specs_in(typed)\n"
    )
    path.write_text(code, encoding="utf-8")
    registry = Registry([], [load_file(path)])
    with pytest.raises(PluginError, match="how"):
        registry.settings(registry.scorer("typed"), {"how": "c"})


@pytest.mark.parametrize("name", ["missing.py", "notes.txt", "folder.py"])
def test_what_is_no_python_file_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "notes.txt").write_text("x = 1")
    (tmp_path / "folder.py").mkdir()
    with pytest.raises(PluginError, match="give the path of one"):
        load_file(tmp_path / name)


def test_a_file_that_fails_is_named_and_leaves_nothing_behind(tmp_path: Path) -> None:
    path = tmp_path / "bad.py"
    path.write_text("1 / 0\n", encoding="utf-8")
    before = set(sys.modules)
    with pytest.raises(PluginError, match=r"'bad'.*bad\.py.*ZeroDivisionError"):
        load_file(path)
    assert set(sys.modules) == before


def test_a_file_without_any_hook_is_told_so(tmp_path: Path) -> None:
    path = tmp_path / "empty.py"
    path.write_text("x = 1\n", encoding="utf-8")
    with pytest.raises(PluginError, match=r"empty\.py.*none of the hooks matchengine_components"):
        Registry(["builtin"], [load_file(path)])


def test_two_plugins_of_one_name_are_both_told(tmp_path: Path) -> None:
    for folder, scorer in (("one", "first"), ("other", "second")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "same.py").write_text(scorer_module(scorer), encoding="utf-8")
    plugins = [load_file(tmp_path / folder / "same.py") for folder in ("one", "other")]
    with pytest.raises(me.MatchEngineError, match=r"'same'.*one.*other"):
        Registry(["builtin"], plugins)
