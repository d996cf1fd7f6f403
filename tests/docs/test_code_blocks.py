"""Every Python block of the documentation runs, page by page and in order; every example program runs."""

from __future__ import annotations

import doctest
import os
import runpy
import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs.pages import PAGES, ROOT, blocks, write_named_blocks

EXAMPLES = sorted((ROOT / "examples" / "embedding").glob("*.py"))
FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


@pytest.fixture
def workplace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty folder to run in; modules made there are forgotten afterwards."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    before = set(sys.modules)
    yield tmp_path
    for name in set(sys.modules) - before:
        if (getattr(sys.modules[name], "__file__", None) or "").startswith(str(tmp_path)):
            del sys.modules[name]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_python_blocks_run(page: Path, workplace: Path) -> None:
    write_named_blocks(page, workplace)
    names: dict[str, object] = {"__name__": "__main__"}
    for block in blocks(page, "python", "pycon"):
        if ">>>" in block.text:
            test = doctest.DocTestParser().get_doctest(block.text, names, block.where, str(page), block.line)
            told: list[str] = []
            doctest.DocTestRunner(optionflags=FLAGS).run(test, out=told.append, clear_globs=False)
            assert not told, "".join(told)
            names |= test.globs
        elif not block.name:
            text = block.text.replace("configs/mentoring.toml", "configs/lexical.toml")  # the guide tests the model
            padded = "\n" * block.line + text
            exec(compile(padded, str(page), "exec"), names)  # noqa: S102 - running the documentation is the test


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_pytest_files_in_the_documentation_pass(page: Path, workplace: Path) -> None:
    files = [path.name for path in write_named_blocks(page, workplace) if path.name.startswith("test_")]
    if not files:
        pytest.skip("no test file on this page")
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *files],
        capture_output=True,
        text=True,
        cwd=workplace,
        check=False,
        env=os.environ | {"PYTHONDONTWRITEBYTECODE": "1"},
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert " passed" in done.stdout


def test_a_whole_scorer_fits_twelve_lines() -> None:
    block = next(b for b in blocks(ROOT / "docs" / "scorers.md", "python") if b.name == "experience_gap.py")
    assert len([line for line in block.text.splitlines() if line.strip()]) <= 12


@pytest.mark.parametrize("program", EXAMPLES, ids=lambda path: path.stem)
def test_examples_of_embedding_run(
    program: Path, workplace: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    runpy.run_path(str(program), run_name="__main__")
    out, err = capsys.readouterr()
    assert out.strip()
    assert not err
