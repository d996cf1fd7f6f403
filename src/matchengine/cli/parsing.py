"""Arguments in the reader's language: a parser whose own words are in the catalogue, and `--language`."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterable, Sequence
from typing import Any

from matchengine.i18n import SOURCE, _

__all__ = ["LANGUAGE_VARIABLE", "Parser", "chosen_language"]

LANGUAGE_VARIABLE = "MATCHENGINE_LANGUAGE"


class _Formatter(argparse.HelpFormatter):
    """Says "usage:" in the language of the context."""

    def add_usage(
        self, usage: str | None, actions: Iterable[argparse.Action], groups: Iterable[Any], prefix: str | None = None
    ) -> None:
        super().add_usage(usage, actions, groups, _("usage: ") if prefix is None else prefix)


class Parser(argparse.ArgumentParser):
    """A parser that speaks the language of the context, with `--help` and `--language`.

    Headings and the help of every option are in the catalogue. The errors that argparse itself raises about usage
    ("unrecognized arguments") stay English.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(**(options | {"add_help": False, "formatter_class": _Formatter}))
        self._positionals.title = _("positional arguments")
        self._optionals.title = _("options")
        self.add_argument(
            "-h", "--help", action="help", default=argparse.SUPPRESS, help=_("show this help message and exit")
        )
        self.add_argument(
            "--language",
            metavar="TAG",
            default=argparse.SUPPRESS,
            help=_("language of help, results and messages ({default})", default=SOURCE),
        )


def chosen_language(arguments: Sequence[str] | None) -> str:
    """Return the language that `--language` names anywhere among the arguments, else the environment, else English.

    It is found before the parser of all commands is built, because that parser speaks it already.
    """
    parser = argparse.ArgumentParser(add_help=False, exit_on_error=False)
    parser.add_argument("--language")
    try:
        given = parser.parse_known_args(arguments)[0].language
    except argparse.ArgumentError:
        given = None  # the parser of all commands says what is missing
    return given or os.environ.get(LANGUAGE_VARIABLE) or SOURCE
