"""`matchengine person` and `matchengine purge`: what a person may demand, and what has run out."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

from matchengine.cli.contacts import sheets_of, take_out
from matchengine.cli.files import save
from matchengine.cli.locations import add_data, need_store, open_data, shown
from matchengine.cli.output import Output, paragraph
from matchengine.cli.plugin_options import options_in
from matchengine.errors import ConfigError, DataError
from matchengine.i18n import _, listing, ngettext
from matchengine.io.json_lines import write_private
from matchengine.records import Record
from matchengine.rights.records import Erasure, PersonRecord, Purged
from matchengine.rights.rights import Rights

__all__ = ["AllowedDocument", "add_person", "add_purge", "render_erasure", "render_person"]


class AllowedDocument(Record):
    """`matchengine person allow --json`: that somebody who was erased may come back."""

    allowed: bool


def add_person(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `person`."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    show = actions.add_parser("show", help=_("say what is held about a person"))
    export = actions.add_parser("export", help=_("write everything that is held about a person, for them"))
    erase = actions.add_parser("erase", help=_("erase a person for good"))
    allow = actions.add_parser("allow", help=_("let somebody come back who was erased"))
    for action, run in ((show, _show), (export, _export), (erase, _erase), (allow, _allow)):
        told = _("id of the person, or their e-mail address") if action is allow else _("id of the person")
        action.add_argument("person", metavar="PERSON", help=told)
        add_data(action)
        action.set_defaults(run=run)
    export.add_argument("--to", type=Path, metavar="FILE", help=_("write to this file, for its owner alone"))
    for action in (erase, allow):
        action.add_argument("--by", required=True, metavar="ID", help=_("who does this: an id that goes on record"))
        action.add_argument("--why", default="", metavar="TEXT", help=_("why, in a few words that go on record"))
    told = _("folder with a contacts sheet too; those that `sync` wrote are known")
    erase.add_argument("--contacts", type=Path, metavar="FOLDER", help=told)
    erase.add_argument("--yes", action="store_true", help=_("do it: nothing brings the data back"))


def add_purge(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `purge`."""
    add_data(parser)
    parser.set_defaults(run=_purge)


def _opened(arguments: argparse.Namespace, *, writes: bool) -> Rights:
    need_store(arguments)
    engine = open_data(arguments, options_in(arguments), read_only=not writes)
    if not isinstance(engine, Rights):
        raise DataError(_("this engine knows nothing of the rights of a person"))
    return engine


def _show(arguments: argparse.Namespace, output: Output) -> int:
    with _opened(arguments, writes=False) as engine:
        told = engine.person_record(arguments.person)
    output.document(told, render_person(told))
    command = f"matchengine person export {arguments.person} --data {shown(arguments.data)}"
    output.note("\n" + _("All of it: {command}", command=command))
    return 0


def _export(arguments: argparse.Namespace, output: Output) -> int:
    with _opened(arguments, writes=False) as engine:
        told = engine.person_record(arguments.person)
    text = told.model_dump_json(indent=2)
    if arguments.to is None:
        print(text)
        return 0
    save(arguments, output, arguments.to, lambda path: write_private(path, text + "\n"))
    return 0


def _erase(arguments: argparse.Namespace, output: Output) -> int:
    if not arguments.yes:
        raise ConfigError(_("nothing was erased: an erasure cannot be undone; give --yes as well"))
    with _opened(arguments, writes=True) as engine:
        sheets = sheets_of(engine, arguments.contacts)
        listed = [contact for sheet in sheets.values() if (contact := sheet.get(arguments.person)) is not None]
        address = next((each.email for each in listed if each.email), None)
        told = {"why": arguments.why, "by": arguments.by}
        erased = engine.erase(arguments.person, **told, address=address, elsewhere=bool(listed))
        clean = {str(path.parent) for path, sheet in sheets.items() if take_out(path, sheet, arguments.person, output)}
    erased = erased.model_copy(update={"copies": tuple(copy for copy in erased.copies if copy.address not in clean)})
    output.document(erased, render_erasure(erased))
    return 0


def _allow(arguments: argparse.Namespace, output: Output) -> int:
    with _opened(arguments, writes=True) as engine:
        engine.allow_again(arguments.person, why=arguments.why, by=arguments.by)
    output.document(AllowedDocument(allowed=True), _("They may come back: send their record again."))
    return 0


def _purge(arguments: argparse.Namespace, output: Output) -> int:
    with _opened(arguments, writes=True) as engine:
        purged = engine.purge()
    output.document(purged, render_purged(purged))
    return 0


def render_person(told: PersonRecord) -> str:
    """Return what is held about a person as text of at most 80 columns: how much of what; `export` has all of it."""
    lines = [paragraph(_("What is held about {person}", person=told.person_id)), ""]
    own = told.record
    stated = [] if own is None else sorted(name for name in type(own).model_fields if getattr(own, name))
    lines.append(paragraph(_("Their own record: {names}.", names=listing(stated) or _("none")), "  ", "    "))
    for kind, count in sorted(_counted(told)):
        lines.append(paragraph(f"{kind}: {count}", "  ", "    "))
    derived = told.derived
    texts = sum(map(len, derived.texts.values()))
    counted = ngettext("{n} text is compared by meaning", "{n} texts are compared by meaning", texts)
    lines.append(paragraph(counted + ": " + _("{n} vectors of {model}", n=derived.vectors, model=derived.model), "  "))
    return "\n".join(lines)


def _counted(told: PersonRecord) -> Iterator[tuple[str, int]]:
    parts = {
        _("consents"): told.consents, _("relationships"): told.relationships, _("meetings"): told.meetings,
        _("answers they gave"): told.feedback_given, _("kept drafts they are in"): told.results,
        _("pauses"): told.pauses, _("requests"): told.requests, _("lines on record"): told.seen,
        _("copies outside the store"): told.copies,
    }  # fmt: skip
    return ((name, len(held)) for name, held in parts.items() if held)


def render_erasure(erased: Erasure) -> str:
    """Return what was erased, and what people must do by hand, as text of at most 80 columns."""
    counts = [
        ngettext("{n} document", "{n} documents", erased.documents),
        ngettext("{n} vector", "{n} vectors", erased.vectors),
        ngettext("{n} kept draft", "{n} kept drafts", erased.results),
    ]
    told = _("Erased: {counts}.", counts=listing(counts))
    if erased.rewritten:
        told += " " + ngettext(
            "Taken out of {n} document of others.", "Taken out of {n} documents of others.", erased.rewritten
        )
    told += " " + _("Imports leave them out from now on. Names and addresses lie elsewhere: delete them there too.")
    lines = [paragraph(told)]
    if erased.copies:
        lines += ["", paragraph(_("Delete by hand what may still hold them:"))]
        lines += [f"  {copy.written_at:%Y-%m-%d} {copy.what}: {copy.address}" for copy in erased.copies]
    return "\n".join(lines)


def render_purged(purged: Purged) -> str:
    """Return what a purge deleted as text of at most 80 columns."""
    if not purged.documents:
        return _("Nothing has run out.")
    told = listing([f"{kind} {count}" for kind, count in purged.documents.items()])
    return paragraph(_("Deleted, because their time was over: {counts}.", counts=told))
