"""A store in a SQLite file of its own: every commit is on the disk when it is acknowledged, and what goes is wiped."""

from __future__ import annotations

import sqlite3
import weakref
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.pool import QueuePool

from matchengine.errors import StoreError
from matchengine.forking import Gate
from matchengine.i18n import _
from matchengine.store.lock import WriterLock, writer_of
from matchengine.store.paths import checked_file, files_beside, make_private, private_parent
from matchengine.store.sql.failures import quiet_engine, safely
from matchengine.store.sql.migrate import check_current, migrate
from matchengine.store.sql.schema import APPLICATION_ID
from matchengine.store.sql.sealer import Sealer
from matchengine.store.sql.store import SqlStore

__all__ = ["BUSY_SECONDS", "SqliteStore", "migrate_sqlite", "open_sqlite", "sqlite_engine"]

BUSY_SECONDS = 30
"""How long a commit waits for that of another programme in the same file."""
_PRAGMAS = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA secure_delete = ON",
    "PRAGMA trusted_schema = OFF",
)
_BEGIN = {False: "BEGIN", True: "BEGIN IMMEDIATE"}
"""How a transaction begins that reads, and one that writes: it waits for others first, so that it cannot fail later."""


_ENGINES: weakref.WeakSet[sa.Engine] = weakref.WeakSet()


def _let_go() -> None:
    for engine in list(_ENGINES):
        engine.dispose()


_GATE = Gate(_let_go)
"""Around every use of a connection: a process forks with none open. SQLite keeps in memory which files and locks this
process has; a child that took that over would believe in locks that nobody holds, and hold none of its own."""


class SqliteStore(SqlStore):
    """A store in a SQLite file."""

    def programmes(self) -> tuple[str, ...]:
        """Return the names of all programmes in the file, sorted."""
        with safely(self.location), self._connected() as connection:
            return tuple(connection.execute(sa.select(self._tables.programme.c.name).order_by("name")).scalars())

    def writer(self, programme: str) -> tuple[int, str] | None:
        """Return the process that holds the right to write to a programme and since when; None where nobody does."""
        return writer_of(files_beside(Path(self.location)), programme)

    @contextmanager
    def _connected(self) -> Iterator[sa.Connection]:
        with _GATE.inside(), super()._connected() as connection:
            yield connection

    def close(self) -> None:
        """Let go of the file and of the right to write."""
        with _GATE.inside():
            super().close()

    def _sweep(self, programme: str) -> bool:
        """Rebuild the file without the pages that were freed, and empty the log."""
        with _GATE.inside(), closing(self._engine.raw_connection()) as connection:
            cursor = connection.cursor()
            cursor.execute("VACUUM")
            busy, _pages, _done = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            return not busy


def open_sqlite(
    path: Path,
    programme: str,
    *,
    read_only: bool = False,
    files: Path | None = None,
    sealer: Sealer | None = None,
) -> SqliteStore:
    """Open a store in a file, made where there is none, for one writer or for reading.

    The lock of the writer lies in `FILE-files` whatever folder `files` names, or there could be two of them.

    Raises
    ------
    StoreBusyError
        Where somebody else writes to this programme.
    StoreError
        Where the file cannot be one of ours.
    """
    whole = checked_file(path)
    beside = files_beside(whole)
    release: Callable[[], None] = lambda: None  # noqa: E731
    if read_only:
        if not whole.exists():
            raise StoreError(_("{path}: there is no store here yet; open it for writing first", path=whole))
    else:
        private_parent(whole)
        release = WriterLock(beside, programme).release
    try:
        with safely(str(whole)), _GATE.inside():
            if not read_only:
                make_private(whole)
            _check_ours(whole)
            engine = sqlite_engine(whole)
            try:
                _prepare(engine, writes=not read_only)
            except BaseException:
                engine.dispose()
                raise
        store = SqliteStore(engine, str(whole), read_only=read_only, sealer=sealer, release=release)
        store.files = files or beside
        if not read_only:
            store.sweep(programme)
        return store
    except BaseException:
        release()
        raise


def migrate_sqlite(path: Path) -> tuple[str | None, str | None]:
    """Bring a store that is there to this version's schema and return its schema version before and after.

    Raises
    ------
    StoreError
        Where there is none, or a later version wrote it.
    """
    whole = checked_file(path)
    if not whole.exists():
        raise StoreError(_("{path}: there is no store here yet; open it for writing first", path=whole))
    with safely(str(whole)), _GATE.inside():
        _check_ours(whole)
        engine = sqlite_engine(whole)
        try:
            with engine.connect() as connection:
                chosen = connection.execution_options(matchengine_writes=True)
                with chosen.begin():
                    return _migrated(chosen)
        finally:
            engine.dispose()


def sqlite_engine(path: Path) -> sa.Engine:
    """Return an engine whose transactions begin when they are asked to, for reading or for writing."""

    def connect() -> sqlite3.Connection:
        made = _connection(path, isolation_level=None, check_same_thread=False)
        try:
            for pragma in _PRAGMAS:
                made.execute(pragma)
        except BaseException:
            made.close()
            raise
        return made

    engine = quiet_engine("sqlite+pysqlite://", creator=connect, poolclass=QueuePool, max_overflow=-1)
    _ENGINES.add(engine)

    @sa.event.listens_for(engine, "begin")
    def begin(connection: sa.Connection) -> None:
        connection.exec_driver_sql(_BEGIN[bool(connection.get_execution_options().get("matchengine_writes"))])

    return engine


def _connection(path: Path | str, **options: Any) -> sqlite3.Connection:
    if _GATE.spoiled:
        told = _("{path}: this process was forked while its parent was using the file; start it anew", path=path)
        raise StoreError(told)
    made: sqlite3.Connection = sqlite3.connect(path, timeout=BUSY_SECONDS, **options)
    return made


def _prepare(engine: sa.Engine, *, writes: bool) -> None:
    """Bring the tables to this version's, where this one may write; else refuse those of another version."""
    with engine.connect() as connection:
        chosen = connection.execution_options(matchengine_writes=writes)
        with chosen.begin():
            if writes:
                _migrated(chosen)
            check_current(chosen)


def _migrated(connection: sa.Connection) -> tuple[str | None, str | None]:
    """Bring a file to this version's schema and say in its head that it is ours, both or neither."""
    connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")
    return migrate(connection)


def _check_ours(path: Path) -> None:
    """Refuse a file that holds the tables of somebody else."""
    with closing(_connection(f"{path.as_uri()}?mode=ro", uri=True)) as connection:
        application, tables = _found(connection)
    if application != APPLICATION_ID and tables:
        raise StoreError(_("{path}: holds the tables of another program; choose a file of its own", path=path))


def _found(connection: sqlite3.Connection) -> tuple[int, int]:
    def one(question: str) -> Any:
        return connection.execute(question).fetchone()[0]

    return int(one("PRAGMA application_id")), int(one("SELECT count(*) FROM sqlite_master"))
