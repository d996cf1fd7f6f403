"""The scorer of docs/scorers.md works as an installed package: found by its entry point, active only when named."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from matchengine import Engine, Scored
from matchengine.components import scorer, specs_in
from matchengine.config import EngineConfig, parse_config
from matchengine.errors import PluginError
from tests.docs.pages import DOCS, blocks

PAGE = DOCS / "scorers.md"
CONFIG = """
name = "packaged"
[plugins]
enable = {enable}
[embedder]
use = "lexical"
cache = false
[match.mentor]
requester = "mentee"
candidate = "mentor"
[match.mentor.scorers.goals]
use = "{scorer}"
"""
PEOPLE = [
    {"id": "ana", "roles": ["mentee"], "adult": True, "goals": [{"text": "bake"}]},
    {"id": "bo", "roles": ["mentor"], "adult": True, "vetting": {"status": "vetted"}, "offers": [{"text": "bake"}]},
]


def config(use: str, *plugins: str) -> EngineConfig:
    """Return a configuration with one scorer."""
    return parse_config(CONFIG.format(enable=["builtin", "lexical", *plugins], scorer=use))


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Lay the page's module and what pip would write beside it on the path; return the plugin's name."""
    projects = [tomllib.loads(block.text) for block in blocks(PAGE, "toml")]
    project = next(data["project"] for data in projects if "project" in data)
    (name, module), *_ = project["entry-points"]["matchengine"].items()
    source = next(block.text for block in blocks(PAGE, "python") if block.name == f"{module}.py")
    (tmp_path / f"{module}.py").write_text(source, encoding="utf-8")
    info = tmp_path / f"{project['name'].replace('-', '_')}-{project['version']}.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n")
    (info / "entry_points.txt").write_text(f"[matchengine]\n{name} = {module}\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    return str(name)


def test_an_entry_point_is_used_when_it_is_named(installed: str) -> None:
    engine = Engine(config("experience_gap", installed))
    assert engine.registry.versions[installed] == "1.0"
    engine.load(people=PEOPLE)
    assert [s.candidate_id for s in engine.suggest("ana", "mentor")] == ["bo"]


def test_installed_is_not_active(installed: str) -> None:
    with pytest.raises(PluginError, match="no enabled plugin offers a scorer named 'experience_gap'"):
        Engine(config("experience_gap"))


def test_a_misspelt_plugin_is_told_with_the_nearest_name(installed: str) -> None:
    with pytest.raises(PluginError, match=f"did you mean '{installed}'"):
        Engine(config("experience_gap", installed + "s"))


class Plugin:
    """Offers one function as it is."""

    __name__ = "mine"

    def __init__(self, function: object) -> None:
        self.function = function

    def matchengine_components(self) -> object:
        """Offer it."""
        return specs_in(self.function)


def fails(requester_adult):
    """Raise with a value of a profile in the message."""
    raise ValueError("ana wants to bake")


def too_large(requester_adult):
    """Leave the range."""
    return Scored(requester_adult + 1)


def wrong_shape(requester_adult):
    """Return one value for all."""
    return Scored(requester_adult.mean())


@pytest.mark.parametrize(
    ("function", "message"),
    [
        (fails, "failed with ValueError"),
        (too_large, r"leaves \[0, 1\]"),
        (wrong_shape, "expected a float array of shape"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_a_scorer_that_breaks_its_promise_is_named(function: object, message: str) -> None:
    decorated = scorer("mine", block="need")(function)
    engine = Engine(config("mine"), plugins=[Plugin(decorated)])
    with pytest.raises(PluginError, match=message) as raised:
        engine.load(people=PEOPLE)
    assert "goals" in str(raised.value)
    assert "bake" not in str(raised.value)


def test_what_is_wrong_with_a_declaration_is_told_at_once() -> None:
    with pytest.raises(PluginError, match="put settings after a"):
        scorer("mine")(lambda target: target)
    with pytest.raises(PluginError, match="unknown directions"):
        scorer("mine", says={"for_nobody": "?"})
    with pytest.raises(PluginError, match="which requesters or candidates of this kind do not have"):
        Engine(config("topic_cover"))
