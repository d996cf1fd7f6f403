"""`matchengine audit`: is the record of a store what was written, and what does it say."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from pydantic import ConfigDict

from matchengine.actors import acting
from matchengine.cli.locations import add_data, need_store
from matchengine.cli.output import Output, paragraph
from matchengine.errors import DataError
from matchengine.i18n import N_, _, ngettext
from matchengine.records import Record
from matchengine.store.audit import Break, concerns, find_break, head_of, pseudonym, read_anchor
from matchengine.store.base import AuditLine, Commit, Store
from matchengine.store.bond import refuse_strangers
from matchengine.store.recording import event_by_now, noted_head
from matchengine.store.secret import key_of
from matchengine.store.stores import open_store

__all__ = ["AuditAnchorDocument", "AuditShowDocument", "AuditVerifyDocument", "ShownLine", "add_audit"]

_BROKEN = {
    "content": N_("line {n} was changed after it was written"),
    "order": N_("line {n} is not where it was, or is missing"),
    "start": N_("the lines before line {n} were cut off, and nobody signed for it"),
    "end": N_("the record ends at another line than the store notes: look at line {n}"),
    "anchor": N_("line {n} is not the one that the anchor names, or is there no more"),
}


class AuditVerifyDocument(Record):
    """`matchengine audit verify --json`: whether a record is what was written.

    `lines` is how many lie there; `broken_at` is the number of the first line that is not right, `problem` says how.
    """

    programme: str
    intact: bool
    lines: int
    broken_at: int | None = None
    problem: str = ""


class AuditAnchorDocument(Record):
    """`matchengine audit anchor --json`, and `audit cut`: number and hash of a line, to be kept elsewhere."""

    programme: str
    anchor: str


class ShownLine(Record):
    """One line of a record: `subjects` are keyed hashes of the ids of people."""

    number: int
    at: datetime
    actor: str
    action: str
    subjects: tuple[str, ...]
    details: dict[str, str]
    why: str


class AuditShowDocument(Record):
    """`matchengine audit show --json`: lines of a record, oldest first; `subject` is the person asked about, hashed."""

    programme: str
    subject: str | None
    lines: tuple[ShownLine, ...]

    model_config = ConfigDict(str_max_length=1 << 20)


def add_audit(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `audit`."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    verify = actions.add_parser("verify", help=_("check that no line was changed, moved, taken out or cut off"))
    add_data(verify)
    verify.add_argument("--anchor", metavar="N:HASH", help=_("what `audit anchor` printed earlier, or a file with it"))
    verify.set_defaults(run=_verify)
    show = actions.add_parser("show", help=_("show what is on record; a look at one person goes on record too"))
    add_data(show)
    show.add_argument("--person", metavar="ID", help=_("only what concerns this person, or may"))
    show.add_argument("--last", type=int, default=20, metavar="N", help=_("how many lines, 0 for all ({n})", n=20))
    _add_actor(show)
    show.set_defaults(run=_show)
    anchor = actions.add_parser("anchor", help=_("print number and hash of the last line, to be kept elsewhere"))
    add_data(anchor)
    anchor.set_defaults(run=_anchor)
    cut = actions.add_parser("cut", help=_("delete the record of what happened before a day; you sign for it"))
    add_data(cut)
    cut.add_argument("--before", required=True, type=_day, metavar="DAY", help=_("a day such as 2024-12-31"))
    _add_actor(cut)
    cut.set_defaults(run=_cut)


def _add_actor(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--as", dest="actor", metavar="ID", help=_("who does this: an id that goes on record"))
    parser.add_argument(
        "--why", metavar="TEXT", help=_("why, in a few words that go on record; nothing about a person")
    )


def _day(given: str) -> datetime:
    return datetime.strptime(given, "%Y-%m-%d").replace(tzinfo=UTC)


def _verify(arguments: argparse.Namespace, output: Output) -> int:
    anchor = None if arguments.anchor is None else read_anchor(_text_of(arguments.anchor))
    with closing(_opened(arguments)) as store, store.one_moment(arguments.programme):
        lines = list(store.audit(arguments.programme))
        found = find_break(lines, noted_head(store, arguments.programme), anchor)
    document = AuditVerifyDocument(
        programme=arguments.programme,
        intact=found is None,
        lines=len(lines),
        broken_at=None if found is None else found.number,
        problem="" if found is None else _problem(found),
    )
    output.document(document, paragraph(_said(document, anchored=anchor is not None)))
    return 0 if found is None else 1


def _problem(found: Break) -> str:
    return _(_BROKEN[found.what], n=found.number)


def _said(document: AuditVerifyDocument, *, anchored: bool) -> str:
    counted = ngettext("{n} line", "{n} lines", document.lines)
    if not document.intact:
        return _("The record ({lines}) is broken: {problem}.", lines=counted, problem=document.problem)
    told = _("The record ({lines}) is what was written: nothing was changed, moved or taken out.", lines=counted)
    if anchored:
        return told
    return told + " " + _("Whether all of it was made anew only an anchor kept elsewhere can tell (`audit anchor`).")


def _anchor(arguments: argparse.Namespace, output: Output) -> int:
    with closing(_opened(arguments)) as store, store.one_moment(arguments.programme):
        lines = list(store.audit(arguments.programme))
        found = find_break(lines, noted_head(store, arguments.programme))
    if found is not None:
        raise DataError(_("the record is broken, so there is nothing to anchor: {problem}", problem=_problem(found)))
    text = str(head_of(lines))
    output.document(AuditAnchorDocument(programme=arguments.programme, anchor=text), text)
    return 0


def _show(arguments: argparse.Namespace, output: Output) -> int:
    programme, subject = arguments.programme, None
    with closing(_opened(arguments)) as store:
        lines: Sequence[AuditLine] = list(store.audit(programme))
        if arguments.person is not None:
            refuse_strangers(store, programme)
            key = key_of(store)
            subject = pseudonym(key, programme, arguments.person)
            with acting(arguments.actor or "host", arguments.why):
                told = {"question": "audit show", "reader": "coordinator"}
                event = event_by_now(programme, key, "saw", [arguments.person], told)
            store.write(programme, Commit(events=(event,)))
            lines = list(concerns(lines, subject))
    chosen = tuple(_shown(line) for line in (lines[-arguments.last :] if arguments.last else lines))
    document = AuditShowDocument(programme=programme, subject=subject, lines=chosen)
    output.document(document, "\n".join(_rendered(chosen)) or _("Nothing is on record."))
    return 0


def _cut(arguments: argparse.Namespace, output: Output) -> int:
    from matchengine.store.upkeep import cut_before  # which needs SQLAlchemy

    with acting(arguments.actor or "host", arguments.why), closing(_opened(arguments, writes=True)) as store:
        last = cut_before(store, arguments.programme, arguments.before)
    text = "" if last is None else str(last)
    document = AuditAnchorDocument(programme=arguments.programme, anchor=text)
    said = _("Nothing is as old.") if last is None else _("Cut off up to line {n}.", n=last.number)
    output.document(document, said)
    return 0


def _opened(arguments: argparse.Namespace, *, writes: bool = False) -> Store:
    need_store(arguments)
    return open_store(arguments.data, arguments.programme, read_only=not writes)


def _text_of(given: str) -> str:
    try:
        return Path(given).read_text(encoding="utf-8")
    except (OSError, ValueError):
        return given  # not a file, so an anchor itself


def _shown(line: AuditLine) -> ShownLine:
    event = line.event
    return ShownLine(
        number=line.number,
        at=line.at,
        actor=event.actor,
        action=event.action,
        subjects=event.subjects,
        details=dict(event.details),
        why=event.why,
    )


def _rendered(lines: Sequence[ShownLine]) -> Iterator[str]:
    for line in lines:
        about = ngettext("{n} person", "{n} people", len(line.subjects)) if line.subjects else ""
        details = ", ".join(f"{name}: {value}" for name, value in line.details.items())
        told = "; ".join(filter(None, (about, details, line.why)))
        at = line.at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%SZ")
        yield paragraph(f"{line.number}  {at}  {line.actor}  {line.action}" + (f"  {told}" if told else ""), "", "    ")
