"""`matchengine demo`: the sample programme from its messy exports to suggestions with reasons."""

from __future__ import annotations

import argparse
import sys
from datetime import date
from pathlib import Path

from matchengine.cli.demo_drafts import draft_everything
from matchengine.cli.documents import DemoDocument
from matchengine.cli.output import Output, paragraph
from matchengine.cli.plugin_options import options_in
from matchengine.cli.programme import Files, import_programme
from matchengine.cli.shipped import config_path, shipped
from matchengine.cli.suggest import render
from matchengine.config import EngineConfig, load_config
from matchengine.i18n import N_, _, listing
from matchengine.io import sheets_of_run, write_csv, write_xlsx
from matchengine.io.json_lines import write_private
from matchengine.records import Run
from matchengine.report.page import write_page
from matchengine.report.run import make_run

__all__ = ["add_demo"]

PEOPLE = {
    "HB-0043": N_("a ward nurse who wants to move into health data and has little time"),
    "HB-0140": N_("an electrician, new in the country, English B1, with a small child"),
    "HB-0239": N_("a naval systems engineer in another time zone, mentor and mentee"),
}
"""Three contrasting members of the sample programme; nobody in it exists."""
_KINDS = ("mentor", "group")
_TODAY = date(2026, 3, 2)
"""The day on which the files of the sample programme were handed over: its events are ahead."""
_SHOWN = 3
_NEXT = ("check", "explain HB-0043 HB-0144", "suggest HB-0184 --kind mentor", "bundle HB-0140", "ask HB-0241")


def add_demo(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `demo`."""
    told = _("folder to write ({default})", default="demo-output")
    parser.add_argument("--out", type=Path, default=Path("demo-output"), help=told)
    parser.set_defaults(run=_demo)


def _demo(arguments: argparse.Namespace, output: Output) -> int:
    sample = shipped("examples/sample_programme")
    raw, mapping = sample / "raw", sample / "mapping"
    files = Files(
        people=[raw / "mentors_2026.csv", raw / "mentees_2026.xlsx"],
        groups=[raw / "groups.tsv"],
        events=[raw / "events.csv"],
        resources=[raw / "resources.csv"],
        projects=[raw / "projects.csv"],
        organisations=[raw / "organisations.csv"],
        relationships=[raw / "relationships.csv"],
        mappings=sorted(mapping.glob("*.toml")),
    )
    out: Path = arguments.out
    config = _with_notice(load_config(config_path(arguments.config or "mentoring")))
    progress = not output.quiet and sys.stderr.isatty()
    imported = import_programme(files, config, out / "data", options_in(arguments), progress=progress)
    engine = imported.engine
    suggestions = {
        person: {kind: engine.suggest(person, kind, 5, "coordinator") for kind in _KINDS} for person in PEOPLE
    }
    run = make_run(engine, "mentor")
    sheets = sheets_of_run(run, imported.contacts)
    written = [out / name for name in ("suggestions.json", "suggestions.csv", "suggestions.xlsx", "suggestions.html")]
    options = options_in(arguments)
    drafted = draft_everything(engine, out, raw / "swap_wishes.csv", imported.relationships, imported.contacts, options)
    document = DemoDocument(
        imported=imported.document,
        suggestions={p: {k: tuple(s) for k, s in of.items()} for p, of in suggestions.items()},
        fingerprint=engine.fingerprint(),
        files=tuple(map(str, (*written, *drafted.files))),
    )
    write_private(written[0], document.model_dump_json(indent=1) + "\n")
    write_csv(written[1], sheets[1])
    write_xlsx(written[2], sheets, as_of=run.fingerprint.as_of)
    write_page(written[3], run)
    lines = [imported.report.render(most=2), "", paragraph(imported.summary)]
    for person, who in PEOPLE.items():
        lines += ["", "=" * 80, paragraph(f"{person}: {_(who)}.")]
        lines += ["\n" + render(person, kind, suggestions[person][kind][:_SHOWN]) for kind in _KINDS]
    lines += ["", "=" * 80, *_before_matching(run)]
    lines += drafted.lines
    told = _("Written: {files} (everybody, up to five each; names are in CSV and XLSX only).", files=_listed(written))
    lines += ["", "=" * 80, paragraph(told), _("Open {page} in a browser.", page=written[3])]
    pages = [path for path in drafted.files if path.suffix == ".html"]
    lines.append(
        paragraph(
            _("Pairs, swaps and circles for everybody, each also as JSON, CSV and XLSX: {pages}.", pages=_listed(pages))
        )
    )
    for command in _NEXT:
        lines.append(_("Try next: {command}", command=f"matchengine {command} --data {out}/data"))
    output.document(document, "\n".join(lines))
    return 0


def _with_notice(config: EngineConfig) -> EngineConfig:
    """The invented programme told everybody that its coordinators read what people wrote; its clock stands still."""
    programme = config.programme.model_copy(update={"coordinator_reads": ("needs", "aims", "interests")})
    run = config.run.model_copy(update={"today": config.run.today or _TODAY})
    return config.model_copy(update={"programme": programme, "run": run})


def _before_matching(run: Run) -> list[str]:
    found = run.readiness.summary if run.readiness else ()
    return [_("What the check says before matching (kind: {kind})", kind=run.kind)] + [
        paragraph(sentence, "  - ", "    ") for sentence in found
    ]


def _listed(paths: list[Path]) -> str:
    return listing([str(path) for path in paths])
