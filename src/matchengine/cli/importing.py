"""`matchengine import`: from spreadsheets to a folder that `suggest` can open."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from matchengine.cli.output import Output, paragraph
from matchengine.cli.programme import Files, import_programme
from matchengine.cli.shipped import config_path
from matchengine.cli.suggest import DATA
from matchengine.config import load_config
from matchengine.io import suggest_mapping

__all__ = ["add_import"]


def add_import(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `import`."""
    parser.add_argument("people", nargs="*", type=Path, metavar="FILE", help="people: CSV, TSV, XLSX or JSON Lines")
    parser.add_argument("--groups", nargs="+", type=Path, default=[], metavar="FILE", help="groups")
    parser.add_argument("--relationships", nargs="+", type=Path, default=[], metavar="FILE", help="existing ties")
    parser.add_argument("--map", nargs="+", type=Path, default=[], metavar="TOML", help="mapping files, one per kind")
    parser.add_argument("--data", type=Path, default=Path(DATA), help=f"folder to write ({DATA})")
    parser.add_argument("--strict", action="store_true", help="refuse everything if anything would be left out")
    parser.add_argument("--suggest-map", action="store_true", help="only print a mapping guessed from the headers")
    parser.set_defaults(run=_import)


def _import(arguments: argparse.Namespace, output: Output) -> int:
    files = Files(arguments.people, arguments.groups, arguments.relationships, arguments.map)
    if not (files.people or (arguments.suggest_map and (files.groups or files.relationships))):
        print("matchengine import: give at least one file of people", file=sys.stderr)
        return 2
    if arguments.suggest_map:
        for reads in ("people", "groups", "relationships"):
            if paths := getattr(files, reads):
                print(suggest_mapping(list(paths), reads=reads))
        return 0
    config = load_config(config_path(arguments.config or "mentoring"))
    progress = not output.quiet and sys.stderr.isatty()
    imported = import_programme(files, config, arguments.data, strict=arguments.strict, progress=progress)
    output.note(imported.report.render())
    output.document(imported.document, paragraph(imported.summary))
    output.note(f"\nNext: matchengine suggest PERSON --kind mentor --data {arguments.data}")
    return 0
