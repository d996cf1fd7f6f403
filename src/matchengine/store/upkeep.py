"""Work on a database that changes no content: everything sealed anew under the current key, old record cut off."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from matchengine.actors import HOST, acting_now
from matchengine.errors import DataError, StoreError
from matchengine.i18n import _
from matchengine.records.moments import in_utc
from matchengine.store.audit import Anchor, cut_event, find_break
from matchengine.store.base import Commit, Store
from matchengine.store.copies import copy_in, kept_beyond
from matchengine.store.recording import event_by_now, noted_head
from matchengine.store.sealing import Sealed, key_id_of
from matchengine.store.secret import key_of
from matchengine.store.sql.commits import Writing
from matchengine.store.sql.schema import SCHEMA
from matchengine.store.sql.sealer import document_context, vector_context
from matchengine.store.sql.store import SqlStore

__all__ = ["Resealed", "cut_before", "reseal"]

CHUNK = 500


class Resealed(NamedTuple):
    """How many documents and vectors were sealed anew, and under which key."""

    documents: int
    vectors: int
    key: str


def reseal(store: SqlStore, programme: str, *, chunk: int = CHUNK) -> Resealed:
    """Seal everything of a programme anew that is not sealed with the current key yet; put it on record.

    Work goes on in commits of `chunk` rows. Where it ends early, everything can be read with both keys, and the next
    run goes on with what is left. Afterwards the other keys can be dropped. Nobody's data change, so no reader has to
    read anything anew. An open store becomes a sealed one where the store was opened to take what is not sealed.

    Raises
    ------
    StoreError
        Where the store was opened without keys, or a key that is needed is missing.
    """
    sealer = store._sealer
    if not isinstance(sealer, Sealed):
        raise StoreError(_("this store was opened without keys: there is nothing to seal with"))
    documents = _each(store, programme, lambda work: _reseal_documents(work, sealer, chunk))
    vectors = _each(store, programme, lambda work: _reseal_vectors(work, sealer, chunk))
    done = Resealed(documents, vectors, sealer.current)
    if documents or vectors:
        told = {"documents": str(documents), "vectors": str(vectors), "key": sealer.current}
        event = event_by_now(programme, key_of(store), "resealed", (), told)
        with store._transaction(programme, writes=True) as connection:
            Writing(connection, store._tables, programme, sealer).make(Commit(events=(event,)))
    store.sweep(programme)  # what lay under the old key is not to lie in free pages either
    return done


def _mark_unclean(connection: sa.Connection, store: SqlStore, programme: str) -> None:
    """Note, in the commit that deletes something, that its traces are to be swept out of files."""
    table = store._tables.programme
    connection.execute(table.update().where(table.c.name == programme).values(unclean=True))


def cut_before(store: Store, programme: str, before: datetime, copies: int | None = None) -> Anchor | None:
    """Delete the record of what happened before a moment; a line of whoever acts now signs for it in the same commit.

    The copies of which it tells stay known, for `copies` days. Returns number and hash of the last line that went, None
    where no line is as old.

    Raises
    ------
    DataError
        Where nobody acts: the end of a record is somebody's decision.
    StoreError
        Where the record lies in no database, or is broken already: a cut would hide it.
    """
    now = acting_now()
    if now.actor == HOST:
        raise DataError(_("who cuts the record? Wrap the call: with matchengine.acting('coordinator:7'): …"))
    if not isinstance(store, SqlStore):
        raise StoreError(_("only the record in a database can be cut off"))
    before = in_utc(before)
    with store.one_moment(programme):
        broken = find_break(store.audit(programme), noted_head(store, programme))
    if broken is not None:
        raise StoreError(_("the record is broken at line {n}; find out why before it is cut off", n=broken.number))
    last, told = None, []
    for line in store.audit(programme):
        if line.at >= before:
            break
        last = line
        told += [] if (copy := copy_in(line)) is None else [copy]
    if last is None:
        return None
    kept = kept_beyond(store, programme, told, copies)
    _cut(store, programme, last.number, Commit(changes=kept, events=(cut_event(last, now.actor, now.why),)))
    return Anchor(last.number, last.hash)


def _cut(store: SqlStore, programme: str, number: int, commit: Commit) -> None:
    if store.read_only:
        raise StoreError(_("this store was opened for reading; change it where it was opened for writing"))
    with store._transaction(programme, writes=True) as connection:
        Writing(connection, store._tables, programme, store._sealer).make(commit)
        if connection.dialect.name == "sqlite":
            table = store._tables.audit
            with _unprotected(connection):
                connection.execute(table.delete().where(table.c.programme == programme, table.c.number <= number))
        else:
            asked = f"SELECT {SCHEMA}.cut_audit(:programme, :number)"
            connection.execute(sa.text(asked), {"programme": programme, "number": number})
        _mark_unclean(connection, store, programme)
    with suppress(StoreError):  # the cut is made; the next commit that wipes, or the next opening, sweeps
        store.sweep(programme)


@contextmanager
def _unprotected(connection: sa.Connection) -> Iterator[None]:
    """Let lines of the record in a file be deleted within a transaction."""
    named = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit'"
    triggers = connection.exec_driver_sql(named).all()
    for name, _sql in triggers:
        connection.exec_driver_sql(f'DROP TRIGGER "{name}"')
    yield
    for _name, sql in triggers:
        connection.exec_driver_sql(sql)


class _Work(NamedTuple):
    connection: sa.Connection
    store: SqlStore
    programme: str


def _each(store: SqlStore, programme: str, step: Callable[[_Work], int]) -> int:
    """Take a step in a commit of its own until it finds nothing more to do; return how much was done."""
    total = 0
    while True:
        with store._transaction(programme, writes=True) as connection:
            done = step(_Work(connection, store, programme))
            if done:
                _mark_unclean(connection, store, programme)
        if not done:
            return total
        total += done


def _reseal_documents(work: _Work, sealer: Sealed, chunk: int) -> int:
    table = work.store._tables.record
    rows = _not_current(work, table, table.c.document, sealer, chunk)
    for row in rows:
        context = document_context(work.programme, row.kind, row.id)
        data = sealer.seal(sealer.unseal(bytes(row.document), context), context)
        this = table.update().where(table.c.programme == work.programme, table.c.kind == row.kind, table.c.id == row.id)
        work.connection.execute(this.values(document=data))
    return len(rows)


def _reseal_vectors(work: _Work, sealer: Sealed, chunk: int) -> int:
    table = work.store._tables.vector
    rows = _not_current(work, table, table.c.vector, sealer, chunk)
    for row in rows:
        stored = bytes(row.key)
        data = sealer.unseal(bytes(row.vector), vector_context(work.programme, row.model, stored))
        key = sealer.key(sealer.hash_behind(stored, key_id_of(bytes(row.vector))))
        own = sa.and_(table.c.programme == work.programme, table.c.model == row.model)
        there = work.connection.execute(sa.select(table.c.key).where(own, table.c.key == key)).first()
        this = sa.and_(own, table.c.key == stored)
        if there is not None:  # somebody met the same text since, and it was embedded and kept anew
            work.connection.execute(table.delete().where(this))
            continue
        sealed = sealer.seal(data, vector_context(work.programme, row.model, key))
        work.connection.execute(table.update().where(this).values(key=key, vector=sealed))
    return len(rows)


def _not_current(work: _Work, table: sa.Table, column: sa.Column[Any], sealer: Sealed, chunk: int) -> list[Any]:
    head = sealer.head
    begins = sa.func.substr(column, 1, len(head), type_=sa.LargeBinary)
    asked = table.select().where(table.c.programme == work.programme, column.is_not(None), begins != head)
    return list(work.connection.execute(asked.limit(chunk)))
