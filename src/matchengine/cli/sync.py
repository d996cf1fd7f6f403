"""`matchengine sync`: bring a store up to a full roster, and say what changes."""

from __future__ import annotations

import argparse
import sys
from contextlib import closing
from pathlib import Path

from matchengine.cli.contacts import claim_contacts, refuse_foreign
from matchengine.cli.locations import DATA, RECORDS, shown
from matchengine.cli.output import Output, paragraph
from matchengine.cli.plugin_options import options_in, without_plugins
from matchengine.cli.programme import Files, Reading, read_programme
from matchengine.cli.shipped import config_path
from matchengine.config import EngineConfig, load_config
from matchengine.engine import Engine
from matchengine.errors import ConfigError, DataError, StoreError
from matchengine.i18n import N_, _, ngettext
from matchengine.io import ContactSheet, write_folder
from matchengine.io.fields import TABLES
from matchengine.io.sync import GATHERING_LISTS, SyncDocument, SyncReport
from matchengine.io.write import CONTACTS_FILE, Folder
from matchengine.store.stores import is_store, open_store

__all__ = ["add_sync"]


def add_sync(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `sync`."""
    parser.add_argument("people", nargs="*", type=Path, metavar="FILE", help=_("people: CSV, TSV, XLSX or JSON Lines"))
    for name, what in (
        ("--groups", _("groups; may be given several times")),
        ("--events", _("events; may be given several times")),
        ("--resources", _("resources and helplines; may be given several times")),
        ("--projects", _("projects that look for people; may be given several times")),
        ("--organisations", _("organisations to which people can be referred; may be given several times")),
        ("--relationships", _("existing ties; may be given several times")),
        ("--feedback", _("answers of feedback to add; may be given several times")),
    ):
        parser.add_argument(name, action="append", type=Path, default=[], metavar="FILE", help=what)
    told = _("mapping file; give it once for each kind of file")
    parser.add_argument("--map", action="append", type=Path, default=[], metavar="TOML", help=told)
    told = _("store to bring up to date: a file ending in .db, or a URL")
    parser.add_argument("--data", required=True, metavar="LOCATION", help=told)
    parser.add_argument("--programme", default="main", help=_("programme of a store ({default})", default="main"))
    told = _("folder with the contacts sheet, which never enters the store ({folder})", folder=DATA)
    parser.add_argument("--contacts", type=Path, default=Path(DATA), metavar="FOLDER", help=told)
    parser.add_argument("--create", action="store_true", help=_("begin a new programme, with --config"))
    parser.add_argument("--dry-run", action="store_true", help=_("only print what would change; write nothing"))
    told = _("refuse when more of the people kept would go, per cent ({n:g})", n=20)
    parser.add_argument("--gone-at-most", type=float, default=20.0, metavar="N", help=told)
    parser.add_argument("--strict", action="store_true", help=_("refuse everything if anything would be left out"))
    parser.set_defaults(run=_sync)


def _sync(arguments: argparse.Namespace, output: Output) -> int:
    if not arguments.people:
        print("matchengine sync: " + _("give at least one file of people"), file=sys.stderr)
        return 2
    if not is_store(arguments.data):
        raise ConfigError(_("--data: expected a store, such as programme.db; an import fills a folder"))
    files = Files(**{name: getattr(arguments, name) for name in TABLES}, mappings=arguments.map)
    if arguments.create:  # files that cannot be read make no programme
        read_programme(files, arguments.contacts, contacts=ContactSheet(), strict=arguments.strict)
    with _opened(arguments, progress=not output.quiet and sys.stderr.isatty()) as engine:
        document = _synced(engine, files, arguments, output)
    output.document(document, "\n".join(_render(document, shown(arguments.data))))
    return 0


def _synced(engine: Engine, files: Files, arguments: argparse.Namespace, output: Output) -> SyncDocument:
    """Bring a store up to files; ids are in the contacts sheet before anybody has them, so that no cut changes them."""
    if not arguments.create:
        refuse_foreign(arguments.contacts, engine)
    folder = arguments.contacts / RECORDS
    sheet = ContactSheet(
        ContactSheet.read(folder / CONTACTS_FILE) if (folder / CONTACTS_FILE).exists() else (),
        erased_id=engine.kept_away,
    )
    reading = read_programme(files, arguments.contacts, contacts=sheet, strict=arguments.strict)
    after = reading.after
    unrecognised = _unrecognised(files, reading, sheet, strict=arguments.strict)
    _leave_out(after, unrecognised)
    gone = engine.suppression.names
    erased = {person.id for person in after.people if gone(person.id)}
    addresses = {each.id: each.email for each in after.contacts if each.email and gone(each.id)}
    _leave_out(after, erased | {each.id for each in after.contacts if gone(each.id)})
    output.note(reading.report.render() + "\n")
    report = _apply(engine, after, files, arguments, dry_run=True)
    if not arguments.dry_run:
        if not report.refused:
            engine.keep_away(addresses)
            engine.note_copy(folder, f"matchengine {arguments.command}")
            write_folder(folder, {}, contacts=after.contacts)
            claim_contacts(arguments.contacts, engine)
        report = _apply(engine, after, files, arguments, dry_run=False)
    return SyncDocument(
        programme=arguments.programme,
        dry_run=arguments.dry_run,
        report=report,
        left_out=len(unrecognised),
        erased=len(erased),
    )


def _opened(arguments: argparse.Namespace, *, progress: bool) -> Engine:
    """Open the store: for writing, unless this is a dry run.

    Raises
    ------
    ConfigError
        Where `--create` comes without `--config`.
    DataError
        Where `--create` names a programme that is there already, or the contacts of another one.
    """
    options, name = options_in(arguments), arguments.programme
    if arguments.create and not arguments.config:
        raise ConfigError(_("--create: give --config too, such as --config mentoring"))
    chosen: EngineConfig | None = None
    if arguments.config:
        chosen = without_plugins(load_config(config_path(arguments.config)), options.without)
    if arguments.create and _is_there(arguments):
        raise DataError(_("programme {name!r} is there already; leave --create out", name=name))
    if arguments.create:
        refuse_foreign(arguments.contacts, None)
    location = "memory:" if arguments.create and arguments.dry_run else arguments.data
    read_only = arguments.dry_run and not arguments.create
    return Engine.open(location, chosen, programme=name, read_only=read_only, plugins=options.loaded, progress=progress)


def _is_there(arguments: argparse.Namespace) -> bool:
    """Whether anything was written of the programme; what is not there is not made."""
    try:
        store = open_store(arguments.data, arguments.programme, read_only=True)
    except StoreError:
        return False
    with closing(store):
        return store.position(arguments.programme).generation > 0


def _unrecognised(files: Files, reading: Reading, sheet: ContactSheet, *, strict: bool) -> set[str]:
    """Ids of people who would have another one at the next reading: who has neither an id nor an e-mail address."""
    new = {person.id for person in reading.after.people if person.id.startswith("p-")} - {each.id for each in sheet}
    if not new:
        return set()
    again = read_programme(files, reading.data, contacts=reading.after.contacts, strict=strict)
    return new - {person.id for person in again.after.people}


def _leave_out(after: Folder, people: set[str]) -> None:
    """Take people, and what names them, out of what was read."""
    after.people = [each for each in after.people if each.id not in people]
    after.consents = [each for each in after.consents if each.person_id not in people]
    after.relationships = [each for each in after.relationships if not {each.person_id, each.other_id} & people]
    for person_id in people:
        after.contacts.remove(person_id)


def _apply(engine: Engine, after: Folder, files: Files, arguments: argparse.Namespace, *, dry_run: bool) -> SyncReport:
    """Hand over what the files hold; kinds of which no file was given stay as they are."""
    given = {name: getattr(after, name) for name in GATHERING_LISTS if getattr(files, name)}
    ties = {"relationships" if files.relationships else "more_relationships": after.relationships}
    return engine.sync(
        after.people,
        **given,
        **ties,
        consents=after.consents or None,
        feedback=after.feedback if files.feedback else (),
        gone_at_most=arguments.gone_at_most,
        dry_run=dry_run,
    )


def _render(document: SyncDocument, location: str) -> list[str]:
    report = document.report
    if document.dry_run:
        head = _("What this would change in {data}; nothing was written:", data=location)
        if report.refused:
            told = _(
                "{share:g} % of the people kept would go, more than {most:g} %: without --dry-run this is refused.",
                share=report.gone_share,
                most=report.gone_at_most,
            )
            head = f"{head} {told}"
    else:
        told = N_("Changed in {data}:") if report.written else N_("Nothing to do in {data}.")
        head = _(told, data=location)
    lines = report.render() if document.dry_run or report.written else report.render()[1:]
    if document.left_out:
        left_out = ngettext(
            "{n} person has neither an id nor an e-mail address and was left out: give everybody an id.",
            "{n} people have neither an id nor an e-mail address and were left out: give everybody an id.",
            document.left_out,
        )
        lines = [*lines, left_out]
    if document.erased:
        erased = ngettext(
            "{n} person in the files was erased and stays away.",
            "{n} people in the files were erased and stay away.",
            document.erased,
        )
        lines = [*lines, erased]
    return [paragraph(head), *(paragraph(line, hanging="    " if line.startswith(" ") else "") for line in lines)]
