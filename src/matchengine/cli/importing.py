"""`matchengine import`: from spreadsheets to a folder that `suggest` can open."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from matchengine.cli.documents import SuggestedMapDocument
from matchengine.cli.locations import DATA, RECORDS
from matchengine.cli.output import Output, paragraph
from matchengine.cli.plugin_options import options_in
from matchengine.cli.programme import Files, import_programme, read_programme
from matchengine.cli.shipped import config_path
from matchengine.config import load_config
from matchengine.i18n import _
from matchengine.io import suggest_mapping
from matchengine.io.fields import TABLES
from matchengine.io.write import REPORT_FILE

__all__ = ["add_import"]


def add_import(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `import`."""
    parser.add_argument("people", nargs="*", type=Path, metavar="FILE", help=_("people: CSV, TSV, XLSX or JSON Lines"))
    for name, metavar, what in (
        ("--groups", "FILE", _("groups; may be given several times")),
        ("--events", "FILE", _("events; may be given several times")),
        ("--resources", "FILE", _("resources and helplines; may be given several times")),
        ("--projects", "FILE", _("projects that look for people; may be given several times")),
        ("--organisations", "FILE", _("organisations to which people can be referred; may be given several times")),
        ("--relationships", "FILE", _("existing ties; may be given several times")),
        ("--feedback", "FILE", _("answers of feedback; may be given several times")),
        ("--map", "TOML", _("mapping file; give it once for each kind of file")),
    ):
        parser.add_argument(name, action="append", type=Path, default=[], metavar=metavar, help=what)
    parser.add_argument("--data", type=Path, default=Path(DATA), help=_("folder to write ({folder})", folder=DATA))
    parser.add_argument("--strict", action="store_true", help=_("refuse everything if anything would be left out"))
    parser.add_argument(
        "--diff", action="store_true", help=_("only print what would change in the folder; write nothing")
    )
    parser.add_argument(
        "--suggest-map", action="store_true", help=_("only print a mapping guessed from headers and answers")
    )
    parser.set_defaults(run=_import)


def _import(arguments: argparse.Namespace, output: Output) -> int:
    given = {name: getattr(arguments, name) for name in TABLES}
    files = Files(**given, mappings=arguments.map)
    if arguments.suggest_map and arguments.diff:
        return _misused(_("give --diff or --suggest-map, not both"))
    if not (files.people or (arguments.suggest_map and any(given.values()))):
        return _misused(_("give at least one file of people"))
    if arguments.suggest_map:
        return _suggest_map(files, output)
    if arguments.diff:
        return _show_difference(files, arguments, output)
    config = load_config(config_path(arguments.config or "mentoring"))
    progress = not output.quiet and sys.stderr.isatty()
    options = options_in(arguments)
    imported = import_programme(files, config, arguments.data, options, strict=arguments.strict, progress=progress)
    output.note(imported.report.render())
    if imported.document.difference is not None:
        output.note("\n" + _wrapped(imported.document.difference.summary()))
    output.note("\n" + _("The full report: {path}", path=arguments.data / RECORDS / REPORT_FILE))
    output.document(imported.document, paragraph(imported.summary))
    output.note(
        "\n" + _("Next: {command}", command=f"matchengine suggest PERSON --kind mentor --data {arguments.data}")
    )
    return 0


def _show_difference(files: Files, arguments: argparse.Namespace, output: Output) -> int:
    """Print what an import would change; nothing is written, and nothing is embedded."""
    reading = read_programme(files, arguments.data, strict=arguments.strict)
    output.note(reading.report.render() + "\n")
    difference = reading.difference
    if difference is None:
        told = _(
            "Nobody was imported into {data} before: all {n} people would be new. Nothing was written.",
            data=arguments.data,
            n=len(reading.after.people),
        )
        output.document(reading.document(), paragraph(told))
        return 0
    head = _("What this import would change in {data}; nothing was written:", data=arguments.data)
    output.document(reading.document(), _wrapped([head, *difference.render()]))
    return 0


def _wrapped(lines: list[str]) -> str:
    return "\n".join(paragraph(line, hanging="    " if line.startswith(" ") else "") for line in lines)


def _misused(sentence: str) -> int:
    print(f"matchengine import: {sentence}", file=sys.stderr)
    return 2


def _suggest_map(files: Files, output: Output) -> int:
    given = {reads: list(paths) for reads in TABLES if (paths := getattr(files, reads))}
    if len(given) > 1 and not output.json:
        return _misused(_("--suggest-map takes one kind at a time, or --json for all"))
    mappings = {reads: suggest_mapping(paths, reads=reads) for reads, paths in given.items()}
    output.document(SuggestedMapDocument(mappings=mappings), "\n".join(mappings.values()))
    return 0
