"""The sample programme, imported once; vectors stay out of the user's cache."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.commands import FILES, Done, run


@pytest.fixture(autouse=True)
def own_cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the tests of a worker a cache of their own."""
    folder = tmp_path_factory.getbasetemp() / "cache"
    monkeypatch.setenv("MATCHENGINE_CACHE", str(folder))
    return folder


@pytest.fixture(scope="session")
def imported(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Done]:
    """Import the sample programme without a model; return its folder and what the command said."""
    data = tmp_path_factory.mktemp("programme") / "data"
    done = run("import", *FILES, "--config", "lexical", "--data", data)
    assert done.status == 0, done.text
    return data, done


@pytest.fixture(scope="session")
def data(imported: tuple[Path, Done]) -> Path:
    """Return the folder of the imported sample programme; tests only read it."""
    return imported[0]
