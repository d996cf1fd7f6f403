"""The command line: faces translate, they never decide.

Every command takes --json (one document on stdout, diagnostics on stderr), --quiet and --config. Exit status: 0
done, 2 usage or configuration, 3 data refused, 4 a requirement failed.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from matchengine.cli import checks, demo, importing, suggest
from matchengine.cli.output import Output
from matchengine.errors import ConfigError, DataError, MatchEngineError, MissingExtraError, PluginError, SnapshotError
from matchengine.version import __version__

__all__ = ["main", "make_parser"]

_COMMANDS = (
    ("demo", demo.add_demo, "import the sample programme and suggest for three people"),
    ("import", importing.add_import, "read spreadsheets of people, groups and relationships"),
    ("suggest", suggest.add_suggest, "suggest candidates for one person"),
    ("show-text", suggest.add_show_text, "show exactly what the embedder sees of a person"),
    ("config", checks.add_config, "show the effective configuration"),
    ("doctor", checks.add_doctor, "check what this installation can do"),
)
_STATUS: tuple[tuple[type[MatchEngineError], int], ...] = (
    (MissingExtraError, 4),
    (ConfigError, 2),
    (PluginError, 2),
    (SnapshotError, 3),
    (DataError, 3),
)


def make_parser() -> argparse.ArgumentParser:
    """Return the parser of all commands."""
    parser = argparse.ArgumentParser(
        prog="matchengine",
        description="Suggest mentors and community groups, with reasons.",
        epilog="Exit status: 0 done, 2 usage or configuration, 3 data refused, 4 a requirement failed.",
    )
    parser.add_argument("--version", action="version", version=f"matchengine {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, add, summary in _COMMANDS:
        command = commands.add_parser(name, help=summary, description=summary[0].upper() + summary[1:] + ".")
        if name != "config":
            command.add_argument("--config", help="configuration file, or the name of a shipped one")
            command.add_argument("--json", action="store_true", help="print one JSON document")
            command.add_argument("--quiet", action="store_true", help="no diagnostics")
        add(command)
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status."""
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
