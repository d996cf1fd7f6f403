"""Invented programmes and finished runs of them, made once; tests only read them, or go on with a copy."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from matchengine.evaluation.run import Finished
from tests.evaluation.programme import Programme, programme


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Programme:
    """Return the programme."""
    return programme(tmp_path_factory.mktemp("evaluated")).write()


@pytest.fixture(scope="session")
def finished(made: Programme) -> Finished:
    """Return a run with everything that a small file asks for."""
    more = '\n[groups]\nby = ["gender", "career_stage"]\n[ablation]\nof = "whole"\nleave_one_out = true\n'
    more += "[sensitivity]\nn = 10\nnoise = [0.05]\n[strategies.whole]\n"
    return made.run("run", made_text() + more)


def made_text() -> str:
    """Return the file of that run."""
    from tests.evaluation.programme import FILE

    return FILE


@pytest.fixture
def folder(tmp_path: Path) -> Programme:
    """Return a programme of a test's own, not yet written."""
    return programme(tmp_path)


@pytest.fixture(scope="session")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Programme:
    """Return a programme with one finished run of the plain file."""
    made = programme(tmp_path_factory.mktemp("plain")).write()
    made.run()
    return made


@pytest.fixture
def ran(plain: Programme, tmp_path: Path) -> Programme:
    """Return a copy of it, of a test's own."""
    shutil.copytree(plain.folder, tmp_path, dirs_exist_ok=True)
    return programme(tmp_path)
