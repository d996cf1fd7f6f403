"""A store in PostgreSQL, in a schema of our own: the database keeps programmes apart and lets one writer in at a time.

The right to write to a programme is an advisory lock of the very connection that writes. When that connection is lost
the right is lost with it, so nobody can write without it. It needs a connection of its own: a pooler between us and
the server must keep sessions, not hand out a connection for each transaction.
"""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, LiteralString

import sqlalchemy as sa

from matchengine.errors import StoreBusyError, StoreError
from matchengine.forking import in_child
from matchengine.i18n import _
from matchengine.store.sql.failures import quiet_engine, safely
from matchengine.store.sql.migrate import check_current, current_version
from matchengine.store.sql.schema import SCHEMA
from matchengine.store.sql.sealer import Sealer
from matchengine.store.sql.separation import driver_url, shown_url
from matchengine.store.sql.store import SqlStore
from matchengine.tenancy import SETTING, require_separation

__all__ = ["PostgresStore", "open_postgres"]

STATEMENT_TIMEOUT = "120s"
LOCK_TIMEOUT = "30s"
CONNECT_SECONDS = 10
_FIRST = sa.text(
    "SELECT set_config(:setting, :programme, true), set_config('search_path', 'pg_catalog', true), "
    "set_config('statement_timeout', :statement, true), set_config('lock_timeout', :lock, true)"
)


class PostgresStore(SqlStore):
    """A store in a PostgreSQL database.

    Deleted rows are gone from every answer at once; the space they took is written over when the server vacuums.

    Parameters
    ----------
    engine : Engine
    location : str
        What messages call the place.
    read_only : bool
    sealer : Sealer, optional
    """

    right_may_be_lost = True
    """The right to write ends with a connection: another process may write before this one notices."""

    def __init__(
        self, engine: sa.Engine, location: str, *, read_only: bool = False, sealer: Sealer | None = None
    ) -> None:
        super().__init__(
            engine, location, schema=SCHEMA, read_only=read_only, sealer=sealer, release=self._give_back_right
        )
        self._writer: _Writer | None = None
        self._renew_lock()
        in_child(self._renew_lock)

    def _renew_lock(self) -> None:
        self._one_at_a_time = threading.RLock()

    def take_right(self, programme: str) -> None:
        """Take the right to write to a programme.

        Raises
        ------
        StoreBusyError
            Where somebody else has it.
        StoreError
            Where it was lost.
        """
        with self._one_at_a_time, safely(self.location):
            if self._writer is None:
                self._writer = _Writer(self._engine.connect())
            self._writer.take(programme, self.location)

    def _give_back_right(self) -> None:
        writer, self._writer = self._writer, None
        if writer is not None:
            writer.close()

    def _begin(self, connection: sa.Connection, programme: str, *, writes: bool) -> None:
        connection.execute(
            _FIRST,
            {"setting": SETTING, "programme": programme, "statement": STATEMENT_TIMEOUT, "lock": LOCK_TIMEOUT},
        )

    def _options(self, writes: bool) -> dict[str, Any]:
        if writes:
            return {"isolation_level": "READ COMMITTED", "postgresql_readonly": False}
        return {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}

    @contextmanager
    def _transaction(self, programme: str, *, writes: bool = False) -> Iterator[sa.Connection]:
        """Give a connection with a transaction; one that writes is on the connection that has the right to."""
        if not writes or self.read_only:
            with super()._transaction(programme, writes=writes) as connection:
                yield connection
            return
        self._check(programme)
        self._leave_parents_connections(writes)
        with self._one_at_a_time:
            self.take_right(programme)
            writer = self._writer
            if writer is None:
                raise _lost(self.location)
            try:
                with safely(self.location), writer.connection.begin():
                    self._begin(writer.connection, programme, writes=True)
                    yield writer.connection
            except StoreError:
                if writer.connection.invalidated:
                    raise _lost(self.location) from None
                raise


class _Writer:
    """A connection that has the right to write to some programmes, until it is closed or lost."""

    kept: list[_Writer] = []  # noqa: RUF012 - so that a forked child never closes what is its parent's

    def __init__(self, connection: sa.Connection) -> None:
        self.connection = connection.execution_options(isolation_level="READ COMMITTED")
        self._programmes: set[str] = set()
        self._process = os.getpid()
        self.kept.append(self)

    def take(self, programme: str, location: str) -> None:
        """Take the right to write to a programme, if this connection does not have it already."""
        if self.connection.closed or self.connection.invalidated:
            raise _lost(location)
        if programme in self._programmes:
            return
        with self.connection.begin():
            taken = self.connection.scalar(sa.select(sa.func.pg_try_advisory_lock(_lock_number(programme))))
        if not taken:
            raise StoreBusyError(
                _(
                    "{location}: somebody else writes to the programme {name!r}; close it there, or open it here for "
                    "reading",
                    location=location,
                    name=programme,
                )
            )
        self._programmes.add(programme)

    def close(self) -> None:
        """End the session, which frees its locks; in a forked child leave the parent's alone."""
        if os.getpid() == self._process:
            self.kept.remove(self)
            self.connection.invalidate()
            self.connection.close()


def _lock_number(programme: str) -> int:
    """Return the number of the advisory lock of a programme, 64 bits with a sign."""
    return int.from_bytes(hashlib.sha256(f"{SCHEMA}\n{programme}".encode()).digest()[:8], signed=True)


def _lost(location: str) -> StoreError:
    return StoreError(
        _(
            "{location}: the connection was lost, and with it the right to write. Open the store again; what was "
            "written last is there as a whole or not at all",
            location=location,
        )
    )


def open_postgres(
    url: str,
    programme: str,
    *,
    read_only: bool = False,
    files: Path | None = None,
    sealer: Sealer | None = None,
) -> PostgresStore:
    """Open a store in a database, for one writer or for reading.

    Parameters
    ----------
    url : str
        `postgresql://ROLE:PASSWORD@HOST/DATABASE?sslmode=verify-full`, with the role of the application, not that of
        the owner of the tables. No message repeats it.
    files : path, optional
        Folder beside the store; nothing of this is written there.

    Raises
    ------
    StoreBusyError
        Where somebody else writes to this programme.
    StoreError
        Where the database cannot be reached, was not prepared, or would not keep programmes apart.
    """
    location = shown_url(url)
    engine = quiet_engine(
        driver_url(url),
        pool_pre_ping=True,
        max_overflow=-1,
        connect_args={"connect_timeout": CONNECT_SECONDS, "prepare_threshold": None},
    )
    store = PostgresStore(engine, location, read_only=read_only, sealer=sealer)
    try:
        with safely(location), engine.begin() as connection:
            _require_prepared(connection, location)
        if not read_only:
            store.take_right(programme)
    except BaseException:
        store.close()
        raise
    return store


def _require_prepared(connection: sa.Connection, location: str) -> None:
    """Refuse a database whose owner did not prepare it, or that would not keep programmes apart."""

    def fetch(statement: LiteralString) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in connection.execute(sa.text(statement.replace(":", r"\:")))]

    require_separation(fetch)
    if current_version(connection) is None:
        raise StoreError(
            _("{location}: there is no store here yet; run: matchengine store init URL_OF_OWNER --app-role NAME",
              location=location)
        )  # fmt: skip
    check_current(connection)
