"""REL19: up from every released schema with data, down, killed in the middle, beside a host's own tables: no loss.

`released/` holds a store of every schema version that was released, as SQL, for each database. A released file and its
step are never changed; a new step needs the file of the version before it.
"""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from tests.postgres import admin, as_application, new_database, postgres_url, server_url

from matchengine.errors import StoreError
from matchengine.store.audit import first_break
from matchengine.store.base import Change, Commit
from matchengine.store.sql.migrate import check_current, current_version, latest_version, migrate, versions
from matchengine.store.sql.owner import migrate_postgres
from matchengine.store.sql.schema import APPLICATION_ID, SCHEMA, VERSION_TABLE, tables
from matchengine.store.sql.separation import driver_url
from matchengine.store.sql.sqlite import migrate_sqlite, sqlite_engine
from matchengine.store.stores import open_store

__all__ = ["postgres_url"]

RELEASED = Path(__file__).parent / "released"
VERSIONS = sorted(path.name.split(".")[0] for path in RELEASED.glob("*.sqlite.sql"))
DATABASES = ("sqlite", "postgresql")
OURS = ("programme", "record", "involvement", "vector", "audit")


class Database:
    """A database of one of the two kinds, and how it is looked into."""

    def __init__(self, kind: str, place: Any) -> None:
        self.kind, self.place = kind, place
        self.schema = SCHEMA if kind == "postgresql" else None

    @contextmanager
    def connected(self) -> Iterator[sa.Connection]:
        """Give a connection with a transaction for writing, as the owner."""
        engine = sqlite_engine(self.place) if self.kind == "sqlite" else sa.create_engine(driver_url(self.place))
        try:
            with engine.connect() as connection:
                chosen = connection.execution_options(matchengine_writes=True)
                with chosen.begin():
                    yield chosen
        finally:
            engine.dispose()

    def load(self, version: str) -> None:
        """Fill it with the store of a released version."""
        text = (RELEASED / f"{version}.{self.kind}.sql").read_text(encoding="utf-8")
        if self.kind == "sqlite":
            with closing(sqlite3.connect(self.place)) as connection:
                connection.executescript(text)
        else:
            with admin(self.place) as connection:
                connection.execute(text)  # type: ignore[arg-type,unused-ignore]

    def rows(self) -> dict[str, list[Any]]:
        """Return every row of our tables."""
        with self.connected() as connection:
            found = {}
            for name in OURS:
                table = getattr(tables(self.schema), name)
                read = connection.execute(table.select()).all()
                found[name] = sorted((tuple(map(_plain, row)) for row in read), key=repr)
            return found

    def version(self) -> str | None:
        with self.connected() as connection:
            return current_version(connection)

    def migrate(self, target: str = "head") -> None:
        with self.connected() as connection:
            if self.kind == "sqlite":
                connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")
            migrate(connection, target)

    def location(self) -> str:
        """Return the location to open it at as an application does."""
        return str(self.place) if self.kind == "sqlite" else as_application(self.place)


def _plain(value: Any) -> Any:
    return bytes(value) if isinstance(value, memoryview) else value


@pytest.fixture
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Database:
    if request.param == "sqlite":
        return Database("sqlite", tmp_path / "programme.db")
    return Database("postgresql", request.getfixturevalue("postgres_url"))


both = pytest.mark.parametrize("database", DATABASES, indirect=True)


def test_every_released_version_is_kept_as_a_file() -> None:
    """All but the latest, which is not released before its successor needs it."""
    assert list(versions()[: len(VERSIONS)]) == VERSIONS
    assert all((RELEASED / f"{version}.{kind}.sql").is_file() for version in VERSIONS for kind in DATABASES)
    assert len(versions()) - len(VERSIONS) <= 1


@both
def test_the_tables_are_those_that_the_statements_know(database: Database) -> None:
    with database.connected() as connection:
        migrate(connection)
        check_current(connection)
        context = MigrationContext.configure(
            connection,
            opts={
                "include_schemas": True,
                "include_name": lambda name, kind, _parents: (
                    name == database.schema if kind == "schema" else kind != "table" or name in OURS
                ),
            },
        )
        assert compare_metadata(context, tables(database.schema).metadata) == []


@both
@pytest.mark.parametrize("version", VERSIONS)
def test_up_from_a_released_version_loses_nothing(database: Database, version: str) -> None:
    database.load(version)
    before = database.rows()
    assert all(before.values())
    database.migrate()
    assert database.version() == latest_version()
    assert database.rows() == before
    with closing(open_store(database.location(), "main")) as store:
        assert first_break(store.audit("main")) is None
        assert len([*store.entries("main", since=0)]) > 3
        assert store.write("main", Commit(changes=[Change("person", "new", "{}")])).generation > 0
    with database.connected() as connection, pytest.raises(sa.exc.DBAPIError, match="never changed"):
        connection.execute(tables(database.schema).audit.delete())


@both
@pytest.mark.parametrize("version", VERSIONS)
def test_down_and_up_again_loses_nothing(database: Database, version: str) -> None:
    database.load(version)
    before = database.rows()
    for target in ("head", version, "head"):
        database.migrate(target)
        assert database.version() == (latest_version() if target == "head" else version)
        assert database.rows() == before


@both
def test_migrating_again_does_nothing(database: Database) -> None:
    with database.connected() as connection:
        assert migrate(connection) == (None, latest_version())
        assert migrate(connection) == (latest_version(), latest_version())


@both
@pytest.mark.parametrize("read_only", [False, True])
def test_a_later_version_is_refused_and_left_alone(database: Database, read_only: bool) -> None:
    database.migrate()
    location = database.location()
    table = sa.Table(VERSION_TABLE, sa.MetaData(schema=database.schema), sa.Column("version_num", sa.String))
    with database.connected() as connection:
        connection.execute(table.update().values(version_num="m9999"))
    before = database.rows()
    with pytest.raises(StoreError, match=r"m9999.*update matchengine"):
        open_store(location, "main", read_only=read_only)
    with pytest.raises(StoreError, match="m9999"):
        migrate_sqlite(database.place) if database.kind == "sqlite" else migrate_postgres(database.place)
    assert (database.version(), database.rows()) == ("m9999", before)


def test_a_reader_of_an_older_version_is_told_what_to_do_and_a_writer_does_it(tmp_path: Path) -> None:
    database = Database("sqlite", tmp_path / "a.db")
    database.load(VERSIONS[0])
    if VERSIONS[0] != latest_version():
        with pytest.raises(StoreError, match="matchengine store migrate"):
            open_store(database.place, "main", read_only=True)
    open_store(database.place, "main").close()
    open_store(database.place, "main", read_only=True).close()


def test_the_tables_of_the_host_are_never_touched(postgres_url: str) -> None:
    """Though they bear the same names, and the host uses Alembic too."""
    with admin(postgres_url) as host:
        for name in (*OURS, VERSION_TABLE):
            host.execute(f'CREATE TABLE public."{name}" (mine text); INSERT INTO public."{name}" VALUES (\'host\')')  # type: ignore[arg-type,unused-ignore]  # noqa: S608
        before = _of_host(host)
        Database("postgresql", postgres_url).migrate()
        with closing(open_store(as_application(postgres_url), "main")) as store:
            store.write("main", Commit(changes=[Change("person", "a", "{}", ("a",))], forget=("b",)))
        assert _of_host(host) == before
        Database("postgresql", postgres_url).migrate("base")
        assert _of_host(host) == before
        left = (
            "SELECT relname FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace WHERE nspname = 'matchengine'"
        )
        assert {row[0] for row in host.execute(left)} <= {VERSION_TABLE, f"{VERSION_TABLE}_pkc"}


def _of_host(host: Any) -> list[Any]:
    """Return what stands in the host's schema: columns and rows."""
    asked = "SELECT table_name, column_name, data_type FROM information_schema.columns WHERE table_schema = 'public'"
    found = [*host.execute(asked + " ORDER BY 1, 2")]
    for name in (*OURS, VERSION_TABLE):
        found += [*host.execute(f'SELECT * FROM public."{name}"')]  # noqa: S608
    return found


def test_two_who_migrate_at_once_take_turns(postgres_url: str) -> None:
    with ThreadPoolExecutor(4) as pool:
        done = [*pool.map(migrate_postgres, [postgres_url] * 4)]
    assert sorted(done, key=str) == [(None, latest_version()), *[(latest_version(), latest_version())] * 3][::-1]


# ---------------------------------------------------------------------- killed in the middle

_KILLED = """
import os, shutil, signal, sys
import sqlalchemy as sa
from pathlib import Path
from matchengine.store.sql.migrate import migrate
from matchengine.store.sql.separation import driver_url
from matchengine.store.sql.sqlite import sqlite_engine

def run(engine, point):
    done = 0
    def after(*_arguments):
        nonlocal done
        done += 1
        if done == point:
            os.kill(os.getpid(), signal.SIGKILL)
    sa.event.listen(engine, "after_cursor_execute", after)
    with engine.connect() as connection:
        chosen = connection.execution_options(matchengine_writes=True)
        with chosen.begin():
            migrate(chosen)

kind, places, step = sys.argv[1], sys.argv[2].split("|"), int(sys.argv[3])
for turn, place in enumerate(places):
    point = 1 + turn * step
    child = os.fork()
    if child == 0:
        run(sqlite_engine(Path(place)) if kind == "sqlite" else sa.create_engine(driver_url(place)), point)
        os._exit(0)
    killed = os.WIFSIGNALED(os.waitpid(child, 0)[1])
    print(point, "killed" if killed else "done", flush=True)
    if not killed:
        break
"""


def _kill_at_each(kind: str, places: list[str], step: int) -> list[str]:
    """Migrate each place in a child that dies after so many statements; return what became of each."""
    command = [sys.executable, "-c", _KILLED, kind, "|".join(places), str(step)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=300)  # noqa: S603
    return [line.split()[1] for line in done.stdout.splitlines()]


@pytest.mark.parametrize("version", [None, *VERSIONS])
def test_killed_at_each_step_sqlite_has_the_old_or_the_new_and_every_row(tmp_path: Path, version: str | None) -> None:
    first = Database("sqlite", tmp_path / "first.db")
    if version is not None:
        first.load(version)
        before = first.rows()
    else:
        with closing(sqlite3.connect(first.place)) as connection:
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    places = [tmp_path / f"{n}.db" for n in range(60)]
    for place in places:
        shutil.copy(first.place, place)
    outcomes = _kill_at_each("sqlite", [str(place) for place in places], 1)
    assert outcomes[-1] == "done"  # so every statement had its turn
    assert outcomes.count("killed") >= (20 if version is None else 5)
    for place in places[: len(outcomes) - 1]:
        database = Database("sqlite", place)
        assert database.version() in (version, latest_version())
        open_store(place, "main").close()
        assert database.version() == latest_version()
        assert version is None or database.rows() == before


def test_killed_in_the_middle_postgresql_has_the_old_or_the_new_and_every_row() -> None:
    base = Database("postgresql", new_database())
    base.load(VERSIONS[0])
    before = base.rows()
    name = base.place.split("?")[0].rsplit("/", 1)[1]
    places = []
    with admin(server_url()) as connection:
        for turn in range(20):
            connection.execute(f"CREATE DATABASE {name}_{turn} TEMPLATE {name}")  # type: ignore[arg-type,unused-ignore]
            places.append(base.place.replace(f"/{name}?", f"/{name}_{turn}?"))
    outcomes = _kill_at_each("postgresql", places, 7)
    assert outcomes[-1] == "done"
    assert outcomes.count("killed") >= 3
    for place in places[: len(outcomes)]:
        database = Database("postgresql", place)
        assert database.version() in (VERSIONS[0], latest_version())
        database.migrate()
        assert (database.version(), database.rows()) == (latest_version(), before)
