"""A store in a database, whatever it is; what differs between databases lies in the classes derived from this one."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Collection, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray

from matchengine.errors import StoreBusyError, StoreError
from matchengine.forking import in_child
from matchengine.i18n import _
from matchengine.store.audit import FIRST
from matchengine.store.base import AuditLine, Commit, Entry, Position, VectorRows, checked_programme
from matchengine.store.sealing import Open
from matchengine.store.sql.commits import Writing, chunked
from matchengine.store.sql.failures import safely
from matchengine.store.sql.migrate import current_version
from matchengine.store.sql.rows import audit_line, entry, is_text, micros, vector_of
from matchengine.store.sql.schema import tables
from matchengine.store.sql.sealer import Sealer, vector_context

__all__ = ["Counts", "SqlStore"]

_FETCHED = 1_000
_ASKED = 5_000
"""Keys of vectors in one question."""
_LISTED = 500
"""Up to as many ids are named in a question; of more, the answer is gone through."""
_LEFT_BEHIND: list[object] = []
"""Connections of a parent process: they are never used, and never closed, in a child of it."""


class Counts(NamedTuple):
    """How many documents of each kind, vectors of each model and lines on record a programme has."""

    documents: dict[str, int]
    vectors: dict[str, int]
    events: int


class SqlStore:
    """A `matchengine.store.base.Store` in a database.

    Parameters
    ----------
    engine : Engine
        Of SQLAlchemy. Every connection of it is used by one thread at a time.
    location : str
        What messages call the place; no password in it.
    schema : str, optional
        Schema in which the tables lie; None where the database knows none.
    read_only : bool
        Whether commits that hold more than events are refused.
    sealer : Sealer
        Seals documents and vectors before the database sees them.
    release : callable
        Called once when the store is closed: gives the right to write back.

    Attributes
    ----------
    files : Path or None
        Folder of the files beside the store; set by whoever opens it.
    """

    files: Path | None = None

    def __init__(
        self,
        engine: sa.Engine,
        location: str,
        *,
        schema: str | None = None,
        read_only: bool = False,
        sealer: Sealer | None = None,
        release: Callable[[], None] = lambda: None,
    ) -> None:
        self.location, self.read_only = location, read_only
        self._engine, self._tables, self._sealer = engine, tables(schema), sealer or Open()
        self._release = release
        self._closed, self._owner, self._process = False, os.getpid(), os.getpid()
        self._inherited = False
        self._moment = threading.local()
        in_child(self._forked)

    def _forked(self) -> None:
        """In a forked child: read and put on record what is read; the right to write stays with the parent."""
        self._inherited, self.read_only = self._inherited or not self.read_only, True
        self._moment = threading.local()

    # ------------------------------------------------------------------ what a database may do in its own way

    def _connected(self) -> AbstractContextManager[sa.Connection]:
        """Give a connection for a block."""
        return self._engine.connect()

    def _begin(self, connection: sa.Connection, programme: str, *, writes: bool) -> None:
        """Do what has to be done at the start of each transaction, before any statement of it."""

    def _sweep(self, programme: str) -> bool:
        """Let nothing remain of what was deleted, outside of transactions; tell whether nothing does."""
        return True

    # ------------------------------------------------------------------ the store

    def position(self, programme: str) -> Position:
        table = self._tables.programme
        with self._transaction(programme) as connection:
            asked = sa.select(table.c.epoch, table.c.generation).where(table.c.name == programme)
            row = connection.execute(asked).one_or_none()
        return Position(0, 0) if row is None else Position(row.epoch, row.generation)

    @contextmanager
    def one_moment(self, programme: str) -> Iterator[None]:
        failed: OSError | None = None
        with self._transaction(programme) as connection:
            outer = getattr(self._moment, "held", None)
            self._moment.held = programme, connection
            try:
                yield
            except OSError as error:  # of whoever reads: none of the database
                failed = error
            finally:
                self._moment.held = outer
        if failed is not None:
            raise failed

    def write(self, programme: str, commit: Commit) -> Position:
        if self.read_only and _changes_something(commit):
            if self._inherited:
                told = _("this process is a child of the one that opened the store; open the store here anew")
                raise StoreBusyError(told)
            raise StoreError(_("this store was opened for reading; change it where it was opened for writing"))
        with self._transaction(programme, writes=True) as connection:
            written = Writing(connection, self._tables, programme, self._sealer).make(commit)
        if written.unclean and not self.read_only:
            with suppress(StoreError):  # the commit is true; the next one, or the next opening, sweeps
                self.sweep(programme)
        return written.position

    def entries(
        self,
        programme: str,
        *,
        kinds: Collection[str] = (),
        since: int = 0,
        ids: Collection[str] | None = None,
        involving: str | None = None,
        now: datetime | None = None,
    ) -> Iterator[Entry]:
        at = micros(datetime.now(UTC) if now is None else now) or 0
        kinds, wanted = set(kinds), None if ids is None else set(ids)
        nothing = wanted is not None and not wanted
        if nothing or (involving is not None and not is_text(involving)):
            self._check(programme)
            return
        asked = self._asked_entries(programme, kinds, since, wanted, involving)
        with self._transaction(programme) as connection:
            rows = connection.execution_options(yield_per=_FETCHED).execute(asked)
            for row in rows:
                if wanted is not None and row.id not in wanted:
                    continue
                found = entry(programme, row, at, self._sealer)
                if since or found.document is not None:
                    yield found

    def _asked_entries(
        self, programme: str, kinds: set[str], since: int, ids: set[str] | None, involving: str | None
    ) -> Any:
        record, involvement = self._tables.record, self._tables.involvement
        asked = record.select().where(record.c.programme == programme, record.c.generation > since)
        if not since:
            asked = asked.where(record.c.document.is_not(None))
        if kinds:
            asked = asked.where(record.c.kind.in_([*filter(is_text, sorted(kinds))]))
        if ids is not None and len(ids) <= _LISTED:
            asked = asked.where(record.c.id.in_([*filter(is_text, sorted(ids))]))
        if involving is not None:
            same = sa.and_(
                involvement.c.programme == record.c.programme,
                involvement.c.id == record.c.id,
                involvement.c.kind == record.c.kind,
            )
            asked = asked.join(involvement, same)
            asked = asked.where(involvement.c.programme == programme, involvement.c.person == involving)
        return asked.order_by(record.c.generation)

    def vectors(self, programme: str, model: str, keys: NDArray[np.uint8]) -> VectorRows:
        table = self._tables.vector
        asked_for = dict.fromkeys(key.tobytes() for key in keys)
        wanted = {sealed: key for key in asked_for for sealed in self._sealer.keys(key)}
        found: list[Any] = []
        with self._transaction(programme) as connection:
            for some in chunked(wanted if is_text(model) else (), _ASKED):
                asked = sa.select(table.c.key, table.c.vector, table.c.truncated)
                asked = asked.where(table.c.programme == programme, table.c.model == model, table.c.key.in_(some))
                found += connection.execute(asked)
        return self._vector_rows(programme, model, wanted, found)

    def _vector_rows(self, programme: str, model: str, wanted: dict[bytes, bytes], rows: list[Any]) -> VectorRows:
        found = [*{wanted[bytes(row.key)]: row for row in rows}.values()]
        keys = [bytes(row.key) for row in found]
        opened = [
            self._sealer.unseal(bytes(row.vector), vector_context(programme, model, key))
            for key, row in zip(keys, found, strict=True)
        ]
        dimension = len(opened[0]) // 4 if opened else 0
        return VectorRows(
            model,
            np.frombuffer(b"".join(wanted[key] for key in keys), np.uint8).reshape(-1, 32),
            np.array([vector_of(each, dimension) for each in opened], np.float32).reshape(len(found), dimension),
            np.array([row.truncated for row in found], np.bool_),
        )

    def audit(self, programme: str) -> Iterator[AuditLine]:
        table = self._tables.audit
        asked = table.select().where(table.c.programme == programme).order_by(table.c.number)
        with self._transaction(programme) as connection:
            for row in connection.execution_options(yield_per=_FETCHED).execute(asked):
                yield audit_line(row)

    def close(self) -> None:
        if self._closed:
            return
        self._closed = True
        try:
            if os.getpid() == self._process:
                self._engine.dispose()
        finally:
            if os.getpid() == self._owner:
                self._release()

    # ------------------------------------------------------------------ what only databases have

    def audit_head(self, programme: str) -> tuple[int, str]:
        """Return the number and the hash of the last line ever written; where the record ends earlier, it was cut."""
        table = self._tables.programme
        with self._transaction(programme) as connection:
            asked = sa.select(table.c.audit_number, table.c.audit_hash).where(table.c.name == programme)
            row = connection.execute(asked).one_or_none()
        return (0, FIRST) if row is None else (row.audit_number, row.audit_hash)

    def counts(self, programme: str) -> Counts:
        """Return how much is held of a programme."""
        record, vector, audit = self._tables.record, self._tables.vector, self._tables.audit
        number = sa.func.count()
        documents = sa.select(record.c.kind, number).where(
            record.c.programme == programme, record.c.document.is_not(None)
        )
        vectors = sa.select(vector.c.model, number).where(vector.c.programme == programme)
        with self._transaction(programme) as connection:
            events = connection.execute(sa.select(number).where(audit.c.programme == programme)).scalar_one()
            by_kind = connection.execute(documents.group_by(record.c.kind).order_by(record.c.kind)).all()
            by_model = connection.execute(vectors.group_by(vector.c.model).order_by(vector.c.model)).all()
        return Counts({row[0]: row[1] for row in by_kind}, {row[0]: row[1] for row in by_model}, events)

    def schema_version(self) -> str | None:
        """Return the schema version of the database."""
        with safely(self.location), self._connected() as connection:
            return current_version(connection)

    def writer(self, programme: str) -> tuple[int, str] | None:
        """Return the process that holds the right to write and since when; None where nobody does, or nobody knows."""
        return None

    def unclean(self, programme: str) -> bool:
        """Tell whether traces of what was deleted are still to be swept out of files."""
        table = self._tables.programme
        with self._transaction(programme) as connection:
            asked = sa.select(table.c.unclean).where(table.c.name == programme)
            return bool(connection.execute(asked).scalar_one_or_none())

    def sweep(self, programme: str) -> bool:
        """Sweep the traces of what was deleted out of files, if there may be some; tell whether none is left.

        Where a reader is in the way, the next commit or the next opening tries again: what was deleted is gone from
        every answer already.
        """
        if not self.unclean(programme):
            return True
        try:
            with safely(self.location):
                if not self._sweep(programme):
                    return False
        except StoreError:
            return False
        table = self._tables.programme
        with self._transaction(programme, writes=True) as connection:
            connection.execute(table.update().where(table.c.name == programme).values(unclean=False))
        return True

    # ------------------------------------------------------------------ transactions

    def _check(self, programme: str) -> None:
        """Refuse a closed store, and what is not the name of a programme."""
        if self._closed:
            raise StoreError(_("the store is closed; open it again"))
        checked_programme(programme)

    @contextmanager
    def _transaction(self, programme: str, *, writes: bool = False) -> Iterator[sa.Connection]:
        """Give a connection with a transaction: one snapshot to read from, or the right to write to the programme."""
        self._check(programme)
        held = getattr(self._moment, "held", None)
        if held is not None and held[0] == programme and not writes:
            yield held[1]
            return
        self._leave_parents_connections(writes)
        options = self._options(writes)
        with safely(self.location), self._connected() as connection:
            chosen = connection.execution_options(**options)
            with chosen.begin():
                self._begin(chosen, programme, writes=writes)
                yield chosen

    def _options(self, writes: bool) -> dict[str, Any]:
        """Return the execution options of a transaction."""
        return {"matchengine_writes": writes}

    def _leave_parents_connections(self, writes: bool) -> None:
        """In a child of the process that opened the store: never touch its connections, and never write."""
        here = os.getpid()
        if here != self._owner and writes and not self.read_only:
            raise StoreError(_("this process is a child of the one that opened the store; open the store here anew"))
        if here != self._process:
            _LEFT_BEHIND.append(self._engine.pool)
            self._engine.dispose(close=False)
            self._process = here


def _changes_something(commit: Commit) -> bool:
    """Tell whether a commit holds more than events."""
    gone = commit.forget or commit.replace or commit.purge_until is not None or commit.only_vectors is not None
    return bool(gone or commit.changes or commit.vectors or commit.new_epoch or commit.wipe)
