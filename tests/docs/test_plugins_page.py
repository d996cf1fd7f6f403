"""The author's hour of docs/plugins.md, as it stands there: written, installed with pip, tested, checked, and run."""

from __future__ import annotations

import contextlib
import doctest
import io
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from matchengine.cli import main
from tests.docs.pages import DOCS, ROOT, arguments, blocks, write_named_blocks

PAGE = DOCS / "plugins.md"
COMMANDS = [(block.where, command, shown) for block in blocks(PAGE, "console") for command, shown in block.commands]
FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
OFFLINE = ("--quiet", "--disable-pip-version-check", "--no-deps", "--no-build-isolation", "--no-index")


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Return a folder to work in, beside which pip installs; what was imported from there is forgotten afterwards."""
    work, site = tmp_path / "work", tmp_path / "site"
    work.mkdir()
    site.mkdir()
    write_named_blocks(PAGE, work)
    monkeypatch.chdir(work)
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.syspath_prepend(str(site))
    before = set(sys.modules)
    yield work
    for name in set(sys.modules) - before:
        if (getattr(sys.modules[name], "__file__", None) or "").startswith(str(tmp_path)):
            del sys.modules[name]


def done(command: str, site: Path) -> tuple[int, str]:
    """Run a command of the page; return its exit status and what it says."""
    program, *rest = arguments(command)
    if program == "matchengine":
        out = io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(io.StringIO()):
            return main(rest), out.getvalue()
    if program == "pip":
        assert rest[0] == "install"
        rest = ["-m", "pip", "install", *OFFLINE, "--target", str(site), *rest[1:]]
    else:
        assert (program, rest[:2]) == ("python", ["-m", "pytest"])
        rest += ["-q", "-p", "no:cacheprovider"]
    path = os.pathsep.join([str(site), os.environ.get("PYTHONPATH", "")])
    ran = subprocess.run(  # noqa: S603
        [sys.executable, *rest],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        env=os.environ | {"PYTHONPATH": path},
    )
    return ran.returncode, ran.stdout + ran.stderr


def test_the_hour_runs_as_it_is_told(desk: Path) -> None:
    compared = 0
    for where, command, shown in COMMANDS:
        status, out = done(command, desk.parent / "site")
        assert status == 0, f"{where}: {command}: {out}"
        if shown:
            compared += 1
            wanted, said = (re.sub(r"[+-]?\d+(\.\d+)?", "#", text) for text in (f"{shown}\n", out))
            assert doctest.OutputChecker().check_output(wanted, said, FLAGS), f"{where}: {command}: {out}"
    assert compared >= 6
    programs = [arguments(command)[:2] for _where, command, _shown in COMMANDS]
    for step in (["matchengine", "new-plugin"], ["pip", "install"], ["matchengine", "check-plugin"]):
        assert step in programs


def test_the_plugin_takes_part_only_where_it_is_named(desk: Path) -> None:
    site = desk.parent / "site"
    for command in ("matchengine new-plugin years-ahead", "pip install ./years-ahead"):
        assert done(command, site)[0] == 0
    assert "years-ahead 0.1.0: not enabled, not imported" in done("matchengine plugins --config lexical", site)[1]
    assert "years_ahead" not in sys.modules
    assert "years-ahead 0.1.0: enabled" in done("matchengine plugins --config mine.toml", site)[1]
    assert "years_ahead" in sys.modules


def test_every_plugin_on_the_page_passes_its_checks(desk: Path) -> None:
    files = [block.name for block in blocks(PAGE, "python") if block.name]
    assert len(files) >= 4
    for file in files:
        status, out = done(f"matchengine check-plugin {file}", desk)
        assert status == 0, out


def test_the_command_on_the_page_runs(desk: Path) -> None:
    (line,) = re.findall(r"`(matchengine --plugin-file [^`]+)`", PAGE.read_text(encoding="utf-8"))
    mapping = "--map mapping.toml --config lexical --data hour"
    assert done(f"matchengine import people.csv {mapping}", desk)[0] == 0
    assert done(line, desk) == (0, "2\n")


def test_the_scorer_of_the_readme_is_short_and_passes_its_checks(desk: Path) -> None:
    (block,) = [block for block in blocks(ROOT / "README.md", "python") if "@scorer" in block.text]
    assert len([line for line in block.text.splitlines() if line.strip()]) <= 12
    (desk / "readme.py").write_text(block.text, encoding="utf-8")
    status, out = done("matchengine check-plugin readme.py", desk)
    assert status == 0, out


def test_the_scorers_on_the_page_are_short() -> None:
    for block in blocks(PAGE, "python"):
        if block.name and "@scorer" in block.text:
            code = [line for line in block.text.splitlines() if line.strip()]
            assert len(code) <= 13, block.name
