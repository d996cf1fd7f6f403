"""The help of every command is what tests/cli/help/ holds; `make schemas` writes it."""

from __future__ import annotations

from tests.cli.commands import run, too_wide
from tests.docs.pages import ROOT, generator

HELP = ROOT / "tests" / "cli" / "help"


def test_help_is_as_committed() -> None:
    committed = {path.name: path.read_text(encoding="utf-8") for path in HELP.glob("*.txt")}
    assert committed == generator().help_texts(), "run `make schemas` and read what changed"


def test_help_fits_the_terminal_and_names_the_exit_codes() -> None:
    for path in HELP.glob("*.txt"):
        assert not too_wide(path.read_text(encoding="utf-8")), path.name
    whole = " ".join((HELP / "matchengine.txt").read_text(encoding="utf-8").split())
    for status in ("0 done", "1 a check failed", "2 usage or configuration", "3 data refused", "4 a requirement"):
        assert status in whole


def test_every_command_takes_the_common_options() -> None:
    for path in HELP.glob("*.txt"):
        if path.stem not in {"matchengine", "matchengine-config"}:
            text = path.read_text(encoding="utf-8")
            assert {"--config", "--json", "--quiet"} <= set(text.replace("[", " ").replace("]", " ").split()), path.name


def test_the_program_says_its_version() -> None:
    from matchengine import __version__

    assert run("--version").out.strip() == f"matchengine {__version__}"
