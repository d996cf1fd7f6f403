"""`matchengine import`: from spreadsheets to a folder that `suggest` can open."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from matchengine.cli.documents import SuggestedMapDocument
from matchengine.cli.output import Output, paragraph
from matchengine.cli.programme import RECORDS, Files, import_programme
from matchengine.cli.shipped import config_path
from matchengine.cli.suggest import DATA
from matchengine.config import load_config
from matchengine.io import suggest_mapping
from matchengine.io.fields import TABLES
from matchengine.io.write import REPORT_FILE

__all__ = ["add_import"]


def add_import(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `import`."""
    parser.add_argument("people", nargs="*", type=Path, metavar="FILE", help="people: CSV, TSV, XLSX or JSON Lines")
    for name, metavar, what in (
        ("--groups", "FILE", "groups; may be given several times"),
        ("--relationships", "FILE", "existing ties; may be given several times"),
        ("--map", "TOML", "mapping file; give it once for each kind of file"),
    ):
        parser.add_argument(name, action="append", type=Path, default=[], metavar=metavar, help=what)
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
        return _suggest_map(files, output)
    config = load_config(config_path(arguments.config or "mentoring"))
    progress = not output.quiet and sys.stderr.isatty()
    imported = import_programme(files, config, arguments.data, strict=arguments.strict, progress=progress)
    output.note(imported.report.render())
    output.note(f"\nThe full report: {arguments.data / RECORDS / REPORT_FILE}")
    output.document(imported.document, paragraph(imported.summary))
    output.note(f"\nNext: matchengine suggest PERSON --kind mentor --data {arguments.data}")
    return 0


def _suggest_map(files: Files, output: Output) -> int:
    given = {reads: list(paths) for reads in TABLES if (paths := getattr(files, reads))}
    if len(given) > 1 and not output.json:
        print("matchengine import: --suggest-map takes one kind at a time, or --json for all", file=sys.stderr)
        return 2
    mappings = {reads: suggest_mapping(paths, reads=reads) for reads, paths in given.items()}
    output.document(SuggestedMapDocument(mappings=mappings), "\n".join(mappings.values()))
    return 0
