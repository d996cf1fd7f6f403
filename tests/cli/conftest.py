"""Vectors of the documentation's examples stay out of the user's cache."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def own_cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the tests of a worker a cache of their own."""
    folder = tmp_path_factory.getbasetemp() / "cache"
    monkeypatch.setenv("MATCHENGINE_CACHE", str(folder))
    return folder
