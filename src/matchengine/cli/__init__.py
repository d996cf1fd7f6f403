"""The command line: faces translate, they never decide.

Every command takes --json (one document on stdout, diagnostics on stderr), --quiet and --config, and --language before
or after its name (or MATCHENGINE_LANGUAGE in the environment). Exit status: 0 done, 2 usage or configuration, 3 data
refused, 4 a requirement failed.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from matchengine.cli import check, checks, demo, explain, importing, suggest
from matchengine.cli.output import Output
from matchengine.cli.parsing import Parser, chosen_language
from matchengine.errors import ConfigError, DataError, MatchEngineError, MissingExtraError, PluginError, SnapshotError
from matchengine.i18n import N_, _, speaking
from matchengine.version import __version__

__all__ = ["main", "make_parser"]

_COMMANDS = (
    ("demo", demo.add_demo, N_("import the sample programme and suggest for three people")),
    ("import", importing.add_import, N_("read spreadsheets of people, groups and relationships")),
    ("check", check.add_check, N_("say before matching what will go wrong")),
    ("suggest", suggest.add_suggest, N_("suggest candidates for one person or for everybody")),
    ("explain", explain.add_explain, N_("say why a pair is suggested or not, and what would change it")),
    ("show-text", suggest.add_show_text, N_("show exactly what the embedder sees of a person")),
    ("config", checks.add_config, N_("show the effective configuration")),
    ("doctor", checks.add_doctor, N_("check what this installation can do")),
)
_STATUS: tuple[tuple[type[MatchEngineError], int], ...] = (
    (MissingExtraError, 4),
    (ConfigError, 2),
    (PluginError, 2),
    (SnapshotError, 3),
    (DataError, 3),
)


def make_parser() -> argparse.ArgumentParser:
    """Return the parser of all commands, in the language of the context."""
    parser = Parser(
        prog="matchengine",
        description=_("Suggest mentors and community groups, with reasons."),
        epilog=_("Exit status: 0 done, 2 usage or configuration, 3 data refused, 4 a requirement failed."),
    )
    parser.add_argument(
        "--version",
        action="version",
        version=f"matchengine {__version__}",
        help=_("show program's version number and exit"),
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, add, summary in _COMMANDS:
        said = _(summary)
        command = commands.add_parser(name, help=said, description=said[0].upper() + said[1:] + ".")
        if name != "config":
            command.add_argument("--config", help=_("configuration file, or the name of a shipped one"))
            command.add_argument("--json", action="store_true", help=_("print one JSON document"))
            command.add_argument("--quiet", action="store_true", help=_("no diagnostics"))
        add(command)
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command in the language its arguments choose, and return its exit status."""
    try:
        with speaking(chosen_language(arguments)):
            return _run(arguments)
    except ConfigError as error:
        print(f"matchengine: {error}", file=sys.stderr)
        return 2


def _run(arguments: Sequence[str] | None) -> int:
    parsed = make_parser().parse_args(arguments)
    output = Output(json=parsed.json, quiet=parsed.quiet)
    try:
        return int(parsed.run(parsed, output))
    except MatchEngineError as error:
        command = " ".join(filter(None, (parsed.command, getattr(parsed, "action", None))))
        print(f"matchengine {command}: {error}", file=sys.stderr)
        return next((status for kind, status in _STATUS if isinstance(error, kind)), 1)
    except BrokenPipeError:
        return 0
