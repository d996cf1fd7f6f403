"""Connections of one process to the PostgreSQL database that holds its vectors, and what it sends and reads there.

Each piece of work is one transaction that first names its programme. A process holds a lock on its spaces as long as
it lives; the spaces of a process that ended without removing them are removed by the next one of their programme.
"""

from __future__ import annotations

import atexit
import os
import secrets
import threading
from collections import deque
from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from matchengine.errors import MissingExtraError, PluginError, StoreError
from matchengine.forking import in_child
from matchengine.i18n import _
from matchengine.tenancy import require_separation

try:
    import psycopg
    from psycopg.adapt import Dumper
    from psycopg.pq import Format
    from psycopg.types import TypeInfo
except ImportError as error:
    raise MissingExtraError("postgres", _("the index 'pgvector'")) from error

__all__ = ["Bigints", "Cursor", "Link", "Vectors", "link_of", "make_index", "read_rows"]

Cursor = psycopg.Cursor[tuple[Any, ...]]
R = TypeVar("R")
TIMEOUT = "120s"
_UNREACHABLE = ("08", "28", "3D")
"""Classes of SQLSTATE of connections that cannot be made."""


class Bigints(bytes):
    """Whole numbers of 64 bits as PostgreSQL's `bigint[]`."""

    @classmethod
    def of(cls, numbers: NDArray[np.int64]) -> Bigints:
        rows = np.empty(len(numbers), [("size", ">i4"), ("value", ">i8")])
        rows["size"], rows["value"] = 8, numbers
        return cls(_array_head(20, len(numbers)) + rows.tobytes())


class Vectors(bytes):
    """Rows of float32 as pgvector's `vector[]`; the type's number is known to the connection that sends them."""

    @classmethod
    def of(cls, vectors: NDArray[np.float32], element: int) -> Vectors:
        rows = np.empty(
            len(vectors), [("size", ">i4"), ("length", ">u2"), ("zero", ">u2"), ("value", ">f4", _width(vectors))]
        )
        rows["size"], rows["length"], rows["zero"] = 4 + 4 * vectors.shape[1], vectors.shape[1], 0
        rows["value"] = vectors
        return cls(_array_head(element, len(vectors)) + rows.tobytes())


def _width(vectors: NDArray[np.float32]) -> tuple[int]:
    return (vectors.shape[1],)


def _array_head(element: int, count: int) -> bytes:
    """Return the first bytes of an array of one dimension without NULL in PostgreSQL's binary format."""
    return np.array([1, 0, element, count, 1][: 5 if count else 3], ">i4").tobytes()


def read_rows(cursor: Cursor, dimension: int) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Return the ids (n,) and vectors (n, dimension) of a result of these two columns, read in binary.

    Raises
    ------
    StoreError
        Where a stored vector is of another dimension.
    """
    rows = cursor.fetchall()
    if any(len(vector) != 4 + 4 * dimension for _id, vector in rows):
        raise StoreError(
            _("a stored vector is of another dimension than {dimension}; rebuild the index", dimension=dimension)
        )
    read = np.frombuffer(b"".join(vector for _id, vector in rows), [("head", "V4"), ("value", ">f4", (dimension,))])
    return np.array([number for number, _vector in rows], np.int64), np.ascontiguousarray(read["value"], np.float32)


class Link:
    """A process's way to one database.

    Parameters
    ----------
    url : str
        `postgresql://…`; TLS is up to it. It is in no error.
    """

    def __init__(self, url: str) -> None:
        self._url = _plain(url)
        self._owner = secrets.randbits(62) + 1
        self._parents: list[int] = []
        self._idle: list[psycopg.Connection] = []
        self._keeper: psycopg.Connection | None = None
        self._renew_lock()
        in_child(self._renew_lock)
        self._process = os.getpid()
        self._cleared: set[str] = set()
        self.unused: deque[tuple[str, int]] = deque()
        self.element = 0
        self.extension = (0, 0)
        atexit.register(self.close)

    def _renew_lock(self) -> None:
        self._lock = threading.RLock()

    @property
    def owner(self) -> int:
        """Number under which this process holds its spaces."""
        return self._owner

    def open(self) -> None:
        """Connect, if this process did not yet.

        Raises
        ------
        StoreError
            Where the server cannot be reached, or would not keep programmes apart.
        """
        try:
            connection = self._taken()
        except psycopg.Error as error:
            raise failed(error) from None
        with self._lock:
            self._idle.append(connection)

    def run(self, programme: str, work: Callable[[Cursor], R]) -> R:
        """Do a piece of work in one transaction of a programme; once more where an idle connection was lost.

        Raises
        ------
        StoreError
            Where the server cannot be reached or refuses. It repeats nothing that was sent.
        """
        for attempt in (1, 2):
            try:
                connection = self._taken()
                try:
                    self._clear(connection, programme)
                    return self._within(connection, programme, work)
                finally:
                    if not connection.closed:
                        with self._lock:
                            self._idle.append(connection)
            except psycopg.Error as error:
                with self._lock:
                    self._idle.clear()
                if attempt == 2 or not isinstance(error, psycopg.OperationalError | psycopg.InterfaceError):
                    raise failed(error) from None
        raise AssertionError  # the second attempt returns or raises

    def close(self) -> None:
        """Remove every space of this process, and let go of all connections."""
        if os.getpid() == self._process:
            for programme in sorted(self._cleared):
                try:
                    self.run(programme, partial(self._remove_own, programme))
                except StoreError:  # the next process of the programme removes them
                    break
        with self._lock:
            for connection in [*self._idle, *([self._keeper] if self._keeper else [])]:
                connection.close()
            self._idle, self._keeper = [], None

    # ------------------------------------------------------------------ connections

    def _within(self, connection: psycopg.Connection, programme: str, work: Callable[[Cursor], R]) -> R:
        with connection.transaction(), connection.cursor(binary=True) as cursor:
            cursor.execute("SELECT set_config('matchengine.programme', %s, true)", [programme])
            return work(cursor)

    def _taken(self) -> psycopg.Connection:
        with self._lock:
            if os.getpid() != self._process:  # a forked child must not speak on its parent's connections
                self._idle, self._keeper, self._process, self._cleared = [], None, os.getpid(), set()
                self._parents, self._owner = [*self._parents, self._owner], secrets.randbits(62) + 1
                self.unused.clear()
            if self._keeper is None or self._keeper.closed:
                self._keeper = self._connected()
                self._keeper.execute("SET idle_session_timeout = 0")
                for owner in (*self._parents, self._owner):  # a child keeps its parents' spaces as well
                    self._keeper.execute("SELECT pg_advisory_lock_shared(%s)", [owner])
            return self._idle.pop() if self._idle else self._connected()

    def _connected(self) -> psycopg.Connection:
        connection = psycopg.connect(self._url, autocommit=True, prepare_threshold=None, connect_timeout=10)
        if not self.element:
            require_separation(lambda statement: connection.execute(statement).fetchall())
        found = connection.execute(
            "SELECT quote_ident(n.nspname), extversion FROM pg_extension e JOIN pg_namespace n ON n.oid = extnamespace "
            "WHERE extname = 'vector' AND to_regclass('matchengine.vector_index') IS NOT NULL"
        ).fetchone()
        if found is None:
            raise StoreError(
                _(
                    "this database has no tables for vectors. Let its owner install pgvector (CREATE EXTENSION vector) "
                    "and run: matchengine store init URL_OF_OWNER --app-role NAME"
                )
            )
        connection.execute("SELECT set_config('search_path', 'pg_catalog, ' || %s, false)", [found[0]])
        connection.execute(
            "SELECT set_config('statement_timeout', %s, false), set_config('jit', 'off', false)", [TIMEOUT]
        )
        self.extension = _version(found[1])
        _speak(connection, self)
        return connection

    # ------------------------------------------------------------------ spaces nobody uses any more

    def _clear(self, connection: psycopg.Connection, programme: str) -> None:
        """Remove the spaces of a programme that this process let go of, and once those of processes that ended."""
        with self._lock:
            gone = [self.unused.popleft() for _n in range(len(self.unused))]
            self.unused.extend(pair for pair in gone if pair[0] != programme)
            first = programme not in self._cleared
            self._cleared.add(programme)
        mine = [space for of, space in gone if of == programme]
        if mine or first:
            self._within(connection, programme, lambda cursor: self._remove(cursor, programme, mine, first))

    def _remove_own(self, programme: str, cursor: Cursor) -> None:
        self._remove(cursor, programme, _owned(cursor, programme, self._owner), False)

    def _remove(self, cursor: Cursor, programme: str, spaces: list[int], abandoned: bool) -> None:
        if abandoned:
            cursor.execute(
                "SELECT DISTINCT owner FROM matchengine.vector_space WHERE programme = %s AND owner <> %s",
                [programme, self._owner],
            )
            for (owner,) in cursor.fetchall():
                if _first(cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [owner])):
                    spaces = spaces + _owned(cursor, programme, owner)
        if spaces:
            chosen = [programme, Bigints.of(np.array(spaces, np.int64))]
            cursor.execute("DELETE FROM matchengine.vector_index WHERE programme = %s AND space = ANY(%s)", chosen)
            cursor.execute("DELETE FROM matchengine.vector_space WHERE programme = %s AND space = ANY(%s)", chosen)


_LINKS: dict[str, Link] = {}
_MAKING = threading.Lock()


def _renew_lock() -> None:
    global _MAKING
    _MAKING = threading.Lock()


in_child(_renew_lock)


def link_of(variable: str) -> Link:
    """Return this process's link to the database whose URL an environment variable holds.

    Raises
    ------
    PluginError
        Where the variable is not set, or holds no URL of PostgreSQL.
    """
    url = os.environ.get(variable, "")
    if not url.startswith(("postgresql:", "postgresql+psycopg:")):
        raise PluginError(
            _(
                "index 'pgvector': set the environment variable {name} to the URL of the database, "
                "postgresql://ROLE:PASSWORD@HOST/DATABASE",
                name=variable,
            )
        )
    with _MAKING:
        if url not in _LINKS:
            _LINKS[url] = Link(url)
        return _LINKS[url]


def make_index(owner_url: str, dimension: int, m: int, ef_construction: int) -> None:
    """Make the graph of nearest neighbours over stored vectors of a dimension, in place of the one before."""
    numbers = {"dimension": dimension, "m": m, "ef": ef_construction}
    values = {name: psycopg.sql.Literal(int(number)) for name, number in numbers.items()}
    name = psycopg.sql.Identifier(f"vector_index_hnsw_{int(dimension)}")
    made = psycopg.sql.SQL(
        "CREATE INDEX {name} ON matchengine.vector_index USING hnsw "
        "((embedding::vector({dimension})) vector_ip_ops) WITH (m = {m}, ef_construction = {ef}) "
        "WHERE dimension = {dimension}"
    )
    try:
        with psycopg.connect(_plain(owner_url)) as connection:
            connection.execute(psycopg.sql.SQL("DROP INDEX IF EXISTS matchengine.{}").format(name))
            connection.execute(made.format(name=name, **values))
    except psycopg.Error as error:
        raise failed(error) from None


def _plain(url: str) -> str:
    """Return a URL as the driver takes it."""
    return url.replace("postgresql+psycopg:", "postgresql:", 1)


def failed(error: psycopg.Error) -> StoreError:
    """Return the error that says what became of a statement, by its code alone: neither URL nor what was sent."""
    code = error.sqlstate or ""
    kind = type(error).__name__
    if not code or code.startswith(_UNREACHABLE):
        return StoreError(
            _(
                "the database of the vectors cannot be reached ({kind} {code}); is the server running, and are role, "
                "password and database of its URL right?",
                kind=kind,
                code=code,
            )
        )
    return StoreError(
        _("the database of the vectors refused a statement ({kind} {code}); nothing was changed", kind=kind, code=code)
    )


def _speak(connection: psycopg.Connection, link: Link) -> None:
    """Tell a connection how vectors and numbers are sent."""
    info = TypeInfo.fetch(connection, "vector")
    if info is None:
        raise StoreError(_("the type 'vector' of pgvector cannot be used by this role"))
    link.element = info.oid
    for sent, number in ((Vectors, info.array_oid), (Bigints, 1016)):
        connection.adapters.register_dumper(sent, type("_Sent", (_Raw,), {"oid": number}))


class _Raw(Dumper):
    """Sends bytes as they are, as what their type says."""

    format = Format.BINARY

    def dump(self, obj: bytes) -> bytes:
        return bytes(obj)


def _version(text: str) -> tuple[int, int]:
    major, minor, *_rest = (int(part) for part in text.split("."))
    return major, minor


def _first(cursor: Cursor) -> Any:
    row = cursor.fetchone()
    return None if row is None else row[0]


def _owned(cursor: Cursor, programme: str, owner: int) -> list[int]:
    cursor.execute("SELECT space FROM matchengine.vector_space WHERE programme = %s AND owner = %s", [programme, owner])
    return [space for (space,) in cursor.fetchall()]
