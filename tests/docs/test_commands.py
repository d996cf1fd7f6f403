"""Every command line of the documentation is understood; those of the guide run and say what the guide shows."""

from __future__ import annotations

import contextlib
import io
import re
import tomllib
from pathlib import Path

import pytest

from matchengine.cli import main, make_parser
from tests.cli.commands import search_little
from tests.cli.test_cold import loaded_by
from tests.docs.pages import DOCS, PAGES, ROOT, SHELLS, arguments, blocks, prose, write_named_blocks

COMMANDS = [(b.where, command) for page in PAGES for b in blocks(page, *SHELLS) for command, _ in b.commands]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
TARGETS = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
SUBCOMMANDS = set(make_parser()._subparsers._group_actions[0].choices)


@pytest.mark.parametrize(("where", "command"), COMMANDS, ids=[where for where, _ in COMMANDS])
def test_commands_are_understood(where: str, command: str) -> None:
    program, *rest = arguments(command)
    if program == "matchengine":
        make_parser().parse_args(rest)
    elif program == "make":
        assert set(rest) <= TARGETS
    elif program in {"pip", "python", "python3"} and "install" in rest:
        for extras in re.findall(r"\[([\w,-]+)\]", command):
            assert set(extras.split(",")) <= set(PROJECT["optional-dependencies"])
    else:
        assert program in {"git", "cd", "python", "python3", "source"}, f"{where}: no test knows {program!r}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_commands_in_sentences_exist(page: Path) -> None:
    text = prose(page)
    assert set(re.findall(r"`matchengine ([a-z][a-z-]*)", text)) <= SUBCOMMANDS
    assert set(re.findall(r"`make ([a-z][a-z-]*)", text)) <= TARGETS
    options = {option for of in _options().values() for option in of}
    for command in re.findall(r"`(matchengine [^`]*)`", text):
        assert set(re.findall(r"--[a-z-]+", command)) <= options


def _options() -> dict[str, set[str]]:
    found = {}
    for path in (ROOT / "tests" / "cli" / "help").glob("*.txt"):
        found[path.stem] = set(re.findall(r"--[a-z-]+", path.read_text(encoding="utf-8")))
    return found


@pytest.mark.parametrize("search", ["little", pytest.param("whole", marks=pytest.mark.slow)])
def test_the_guide_shows_what_its_commands_say(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, search: str) -> None:
    """Every day the demo searches little for its circles, which no later command reads."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    write_named_blocks(DOCS / "guide.md", tmp_path)
    compared = 0
    for block in blocks(DOCS / "guide.md", "console"):
        for command, shown in block.commands:
            program, *rest = arguments(command)
            if program != "matchengine":
                continue
            out = io.StringIO()
            with monkeypatch.context() as patch, contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
                if rest == ["demo"] and search == "little":
                    search_little(patch)
                status = main(rest)
            assert status == 0, f"{block.where}: {command}: {out.getvalue()}"
            if shown:
                compared += 1
                assert _plain(out.getvalue()) == _plain(shown), f"{block.where}: {command}"
    assert compared >= 4
    heavy = "torch sentence_transformers transformers"
    found = loaded_by(heavy, "suggest", "L-01", "--data", tmp_path / "matchengine-data")
    assert found == ["0"], "the vectors of known people are in the folder"


def _plain(text: str) -> str:
    """Return a text in which numbers, that depend on the model's version, and white space do not count."""
    return " ".join(re.sub(r"[+-]?\d+(\.\d+)?", "#", text).split())
