"""`matchengine store`: what a store holds and who writes to it, its schema, its keys."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import closing, suppress

from matchengine.cli.locations import shown
from matchengine.cli.output import Output, paragraph
from matchengine.cli.store_keys import add_key, add_renew_key, add_rotate
from matchengine.errors import StoreError
from matchengine.i18n import _, listing, ngettext
from matchengine.records import Record
from matchengine.store.stores import open_store, sqlite_path

__all__ = [
    "ProgrammeStatus",
    "StoreInitDocument",
    "StoreMigrateDocument",
    "StoreStatusDocument",
    "add_store",
]


class ProgrammeStatus(Record):
    """One programme of a store: how far its changes have come, how much it holds, and who writes to it.

    `documents` counts by kind, `vectors` by model; `events` are the lines on record. `writer` is the number of the
    process that holds the right to write, null where nobody does or the store cannot tell. `unclean` says that traces
    of what was deleted are still to be swept out of files, which the next writer does.
    """

    programme: str
    epoch: int
    generation: int
    documents: dict[str, int]
    vectors: dict[str, int]
    events: int
    model: str | None = None
    writer: int | None = None
    writing_since: str | None = None
    unclean: bool = False


class StoreStatusDocument(Record):
    """`matchengine store status --json`: the schema of a store and the programmes that may be seen."""

    location: str
    schema_version: str | None
    programmes: tuple[ProgrammeStatus, ...]


class StoreMigrateDocument(Record):
    """`matchengine store migrate --json`: the schema before and after; `before` is null where there was no store."""

    location: str
    before: str | None
    after: str | None


class StoreInitDocument(Record):
    """`matchengine store init --json`: which role may use the database, and whether the index `pgvector` can be."""

    location: str
    role: str
    pgvector: bool


def add_store(parser: argparse.ArgumentParser) -> None:
    """Declare the actions of `store` and their arguments."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    told = _("store: a file ending in .db, or a URL")
    status = actions.add_parser("status", help=_("say what a store holds and who writes to it"))
    status.add_argument("location", metavar="LOCATION", help=told)
    status.add_argument("--programme", help=_("only this programme; needed for PostgreSQL"))
    status.set_defaults(run=_status)
    migrate = actions.add_parser("migrate", help=_("bring the tables of a store to this version"))
    migrate.add_argument("location", metavar="LOCATION", help=told)
    migrate.set_defaults(run=_migrate)
    init = actions.add_parser("init", help=_("prepare a PostgreSQL database for the role of the application"))
    init.add_argument("location", metavar="URL", help=_("URL of the owner of the tables"))
    init.add_argument("--app-role", required=True, metavar="NAME", help=_("role that the application connects as"))
    init.set_defaults(run=_init)
    key = actions.add_parser("key", help=_("make a new key for encryption"))
    add_key(key)
    rotate = actions.add_parser("rotate", help=_("seal everything anew under the first of the keys"))
    add_rotate(rotate)
    renew = actions.add_parser("renew-key", help=_("go on with another key of the hashes, where it is lost for good"))
    add_renew_key(renew)


# ---------------------------------------------------------------------- what is there


def _status(arguments: argparse.Namespace, output: Output) -> int:
    document = _status_of(arguments.location, arguments.programme)
    output.document(document, "\n".join(_render(document)))
    return 0


def _status_of(location: str, programme: str | None) -> StoreStatusDocument:
    with closing(open_store(location, programme or "main", read_only=True)) as store:
        from matchengine.store.sql.sqlite import SqliteStore
        from matchengine.store.sql.store import SqlStore

        if not isinstance(store, SqlStore):
            raise StoreError(_("this location keeps nothing; expected a file ending in .db, or a URL of PostgreSQL"))
        seen = store.programmes() if programme is None and isinstance(store, SqliteStore) else (programme or "main",)
        found = tuple(_programme(store, name) for name in seen)
        return StoreStatusDocument(location=shown(location), schema_version=store.schema_version(), programmes=found)


def _programme(store: object, name: str) -> ProgrammeStatus:
    from matchengine.store.keep import Keeper
    from matchengine.store.sql.store import SqlStore

    assert isinstance(store, SqlStore)  # noqa: S101 - the caller asked
    position, counts, writer = store.position(name), store.counts(name), store.writer(name)
    model = None
    with suppress(StoreError):  # it is encrypted, and the key is not here
        model = Keeper(store, name, writes=False).setting("model")
    return ProgrammeStatus(
        programme=name,
        epoch=position.epoch,
        generation=position.generation,
        documents=counts.documents,
        vectors=counts.vectors,
        events=counts.events,
        model=model,
        writer=None if writer is None else writer[0],
        writing_since=None if writer is None else writer[1],
        unclean=store.unclean(name),
    )


def _render(document: StoreStatusDocument) -> Iterator[str]:
    yield paragraph(_("{location}: schema {version}", location=document.location, version=document.schema_version))
    if not document.programmes:
        yield paragraph(_("There is no programme in it yet."), "  ")
    for one in document.programmes:
        told = _("{programme}: change {n}, epoch {epoch}", programme=one.programme, n=one.generation, epoch=one.epoch)
        yield "\n" + paragraph(told)
        kinds = [f"{kind} {n}" for kind, n in one.documents.items()]
        yield paragraph(_("Documents: {kinds}.", kinds=listing(kinds)) if kinds else _("No documents."), "  ")
        for model, n in one.vectors.items():
            words = ngettext("{n} vector of model {model}", "{n} vectors of model {model}", n, model=model)
            yield paragraph(words, "  ")
        yield paragraph(ngettext("{n} line on record", "{n} lines on record", one.events), "  ")
        if one.writer is not None:
            told = _("Process {pid} writes to it since {since}.", pid=one.writer, since=one.writing_since)
            yield paragraph(told, "  ")
        if one.unclean:
            yield paragraph(_("Traces of what was deleted are still in its files; the next writer sweeps them."), "  ")


# ---------------------------------------------------------------------- its schema


def _migrate(arguments: argparse.Namespace, output: Output) -> int:
    path = sqlite_path(arguments.location)
    if path is None:
        from matchengine.store.sql.owner import migrate_postgres

        before, after = migrate_postgres(arguments.location)
    else:
        from matchengine.store.sql.sqlite import migrate_sqlite

        before, after = migrate_sqlite(path)
    document = StoreMigrateDocument(location=shown(arguments.location), before=before, after=after)
    if before == after:
        told = _("{location}: has schema {after} already; nothing to do.", location=document.location, after=after)
    else:
        told = _("{location}: brought to schema {after}.", location=document.location, after=after)
    output.document(document, paragraph(told))
    return 0


def _init(arguments: argparse.Namespace, output: Output) -> int:
    from matchengine.store.sql.separation import grant_application

    pgvector = grant_application(arguments.location, arguments.app_role)
    document = StoreInitDocument(location=shown(arguments.location), role=arguments.app_role, pgvector=pgvector)
    told = _("{role} may use it now, for one programme at a time.", role=arguments.app_role)
    more = _("The index pgvector can be used.") if pgvector else _("pgvector is not installed there.")
    output.document(document, paragraph(f"{told} {more}"))
    return 0
