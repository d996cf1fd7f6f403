"""`matchengine demo`: the sample programme from its messy exports to suggestions with reasons."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from matchengine.cli.documents import DemoDocument
from matchengine.cli.output import Output, paragraph
from matchengine.cli.programme import Files, import_programme
from matchengine.cli.shipped import config_path, shipped
from matchengine.cli.suggest import render
from matchengine.config import load_config
from matchengine.io import write_suggestions_csv
from matchengine.io.json_lines import write_private

__all__ = ["add_demo"]

PEOPLE = {
    "HB-0043": "a ward nurse who wants to move into health data and has little time",
    "HB-0140": "an electrician, new in the country, English B1, with a small child",
    "HB-0239": "a naval systems engineer in another time zone, mentor and mentee",
}
"""Three contrasting members of the sample programme; nobody in it exists."""
_KINDS = ("mentor", "group")
_SHOWN = 3


def add_demo(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `demo`."""
    parser.add_argument("--out", type=Path, default=Path("demo-output"), help="folder to write (demo-output)")
    parser.set_defaults(run=_demo)


def _demo(arguments: argparse.Namespace, output: Output) -> int:
    sample = shipped("examples/sample_programme")
    raw, mapping = sample / "raw", sample / "mapping"
    files = Files(
        people=[raw / "mentors_2026.csv", raw / "mentees_2026.xlsx"],
        groups=[raw / "groups.tsv"],
        relationships=[raw / "relationships.csv"],
        mappings=sorted(mapping.glob("*.toml")),
    )
    out: Path = arguments.out
    config = load_config(config_path(arguments.config or "mentoring"))
    imported = import_programme(files, config, out / "data", progress=not output.quiet and sys.stderr.isatty())
    engine = imported.engine
    suggestions = {person: {kind: engine.suggest(person, kind, 5) for kind in _KINDS} for person in PEOPLE}
    everything = [s for of_person in suggestions.values() for of_kind in of_person.values() for s in of_kind]
    written = [out / "suggestions.json", out / "suggestions.csv"]
    document = DemoDocument(
        imported=imported.document,
        suggestions={p: {k: tuple(s) for k, s in of.items()} for p, of in suggestions.items()},
        fingerprint=engine.fingerprint(),
        files=tuple(map(str, written)),
    )
    write_private(written[0], document.model_dump_json(indent=1) + "\n")
    write_suggestions_csv(written[1], everything, imported.contacts)
    lines = [imported.report.render(most=2), "", paragraph(imported.summary)]
    for person, who in PEOPLE.items():
        lines += ["", "=" * 80, paragraph(f"{person}: {who}.")]
        lines += ["\n" + render(person, kind, suggestions[person][kind][:_SHOWN]) for kind in _KINDS]
    told = f"Written: {', '.join(map(str, written))} (up to five each; names are in the CSV only)."
    lines += ["", "=" * 80, paragraph(told)]
    lines += [f"Try next: matchengine suggest HB-0184 --kind mentor --data {out}/data"]
    output.document(document, "\n".join(lines))
    return 0
