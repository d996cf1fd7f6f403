"""The tests of examples/plugins/prefixed_model, run here: another process would load its libraries anew."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

PROJECT = Path(__file__).parents[2] / "examples" / "plugins" / "prefixed_model"


def loaded() -> ModuleType:
    """Return the tests of the plugin, which import it from its sources."""
    spec = importlib.util.spec_from_file_location(
        "tests_of_prefixed_model", PROJECT / "tests" / "test_prefixed_model.py"
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "path", [str(PROJECT / "src"), *sys.path])
        spec.loader.exec_module(module)
    return module


OWN = {name: value for name, value in vars(loaded()).items() if name.startswith("test_")}
globals().update(OWN)


def test_the_tests_of_the_plugin_are_found() -> None:
    assert {"test_conformance", "test_the_prefix_changes_the_vectors_and_the_fingerprint"} <= set(OWN)
