"""The reference of docs/plugins.md is that of the code: hooks, their arguments, every argument of every decorator."""

from __future__ import annotations

import importlib.util
import inspect
from functools import cache
from types import ModuleType

import pytest

from matchengine import components, hookspecs
from tests.docs.pages import DOCS

PAGE = (DOCS / "plugins.md").read_text(encoding="utf-8")


@cache
def generator() -> ModuleType:
    """Return docs/plugin_reference.py as a module."""
    spec = importlib.util.spec_from_file_location("docs_plugin_reference", DOCS / "plugin_reference.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_page_holds_the_reference_of_the_code() -> None:
    assert generator().plugins_page(PAGE) == PAGE, "run `python docs/plugin_reference.py` and read what changed"


@pytest.mark.parametrize("hook", hookspecs.HOOKS)
def test_every_hook_stands_in_the_reference_with_its_signature(hook: str) -> None:
    reference = generator().reference()
    assert f"#### `{hook}`\n\n```text\n{hookspecs.signature(hook)}\n```" in reference


@pytest.mark.parametrize("decorator", ["scorer", "constraint", "embedder", "vector_index", "assigner"])
def test_every_argument_of_a_decorator_stands_in_its_table(decorator: str) -> None:
    section = generator().reference().partition(f"#### `{decorator}`\n")[2].partition("\n#### ")[0]
    rows = [line.split(" | ")[0].strip("| `") for line in section.splitlines() if line.startswith("| `")]
    assert rows == list(inspect.signature(getattr(components, decorator)).parameters)


def test_an_argument_that_nobody_explains_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    module = generator()
    monkeypatch.delitem(module.MEANING, ("scorer", "role"))
    with pytest.raises(ValueError, match="role"):
        module.reference()
    monkeypatch.setitem(module.MEANING, ("scorer", "role"), "x")
    monkeypatch.setitem(module.MEANING, ("scorer", "gone"), "x")
    with pytest.raises(ValueError, match="gone"):
        module.reference()


def test_a_page_without_markers_is_refused() -> None:
    with pytest.raises(ValueError, match="expected the markers"):
        generator().plugins_page("# Writing a plugin\n")
