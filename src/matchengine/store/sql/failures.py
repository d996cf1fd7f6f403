"""What a database or its driver says: errors in a sentence of ours, and logs in which no row stands."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa

from matchengine.errors import StoreError
from matchengine.i18n import N_, _

__all__ = ["quiet_engine", "safely"]

_SENTENCES = {
    "SQLITE_FULL": N_("there is no room left on the disk; make room and try again"),
    "SQLITE_BUSY": N_("another process holds the database and did not let go of it in time; try again"),
    "SQLITE_READONLY": N_("it cannot be written to; check the permissions of the file and of its folder"),
    "SQLITE_CANTOPEN": N_("it cannot be opened; check the permissions of the file and of its folder"),
    "SQLITE_NOTADB": N_("it is not a database, or it is damaged; restore it from a copy"),
    "SQLITE_CORRUPT": N_("it is damaged; restore it from a copy"),
    "SQLITE_IOERR": N_("the disk reports an error; check it, then try again"),
    "08": N_("the database cannot be reached; check that it runs and that the address is right"),
    "57": N_("the database stopped or refused the work; try again"),
    "53": N_("the database has no room or no memory left"),
    "28": N_("the database refused the user; check the name, the password and the rights"),
    "42501": N_("the user of the database lacks a right that is needed"),
    "40": N_("others wrote to the same rows at the same time; try again"),
}
"""By the name of an error of SQLite, or the class or number of one of PostgreSQL."""


def quiet_engine(url: sa.URL | str, **options: Any) -> sa.Engine:
    """Return SQLAlchemy's engine whose log never holds a value, at whatever level a host listens.

    SQLAlchemy logs parameters at INFO and every row it reads at DEBUG, and hides only the first on request.
    """
    engine = sa.create_engine(url, hide_parameters=True, logging_name="matchengine", **options)
    logging.getLogger("sqlalchemy.engine.Engine.matchengine").addFilter(_without_rows)
    return engine


def _without_rows(record: logging.LogRecord) -> bool:
    return record.levelno > logging.DEBUG


@contextmanager
def safely(location: str) -> Iterator[None]:
    """Turn every error of a database within a block into a StoreError that names the place and the kind of error."""
    try:
        yield
    except (sa.exc.SQLAlchemyError, sqlite3.Error, OSError) as error:
        failed = StoreError(_("{location}: {what}", location=location, what=_explained(error)))
    else:
        return
    raise failed from None


def _explained(error: BaseException) -> str:
    cause = getattr(error, "orig", None) or error
    code = str(getattr(cause, "sqlite_errorname", None) or getattr(cause, "sqlstate", None) or "")
    sentence = next((said for start, said in _SENTENCES.items() if code.startswith(start)), None)
    if sentence is None and type(cause).__name__ == "OperationalError" and not code:
        sentence = _SENTENCES["08"]
    named = f"{type(cause).__name__} {code}".strip()
    if sentence is None:
        return _("the database failed ({error}); nothing was written", error=named)
    return f"{_(sentence)} ({named})"
