"""Which store a location means, and how it is opened."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from matchengine.errors import MissingExtraError, StoreError
from matchengine.i18n import _
from matchengine.store.base import Store, checked_programme
from matchengine.store.paths import files_beside
from matchengine.store.sealing import sealer_with

if TYPE_CHECKING:
    from matchengine.store.sql.sealer import Sealer

__all__ = ["files_of", "is_store", "open_store", "sqlite_path"]

_ENDINGS = (".db", ".sqlite", ".sqlite3")
_POSTGRES = ("postgresql:", "postgresql+psycopg:", "postgres:")
_SQLITE = "sqlite:///"


def is_store(location: str | Path | Store) -> bool:
    """Tell whether a location is that of a store, not of a saved folder."""
    if isinstance(location, str | Path):
        text = str(location)
        return "://" in text or text.startswith(("sqlite:", "memory:", *_POSTGRES)) or Path(text).suffix in _ENDINGS
    return True


def sqlite_path(location: str | Path) -> Path | None:
    """Return the path of the SQLite file that a location means; None where it means another store.

    Raises
    ------
    StoreError
        Where it is a URL of SQLite that names no file, or more than a file.
    """
    text = str(location)
    if not text.startswith("sqlite:"):
        return None if "://" in text or text.startswith(("memory:", *_POSTGRES)) else Path(location)
    path = text.removeprefix(_SQLITE)
    if path == text or not path or path.startswith((":memory:", "file:")) or "?" in path or "#" in path:
        raise StoreError(_("expected sqlite:///FILE, or sqlite:////FILE for a path from the root, and nothing more"))
    return Path(path)


def files_of(location: str | Path | Store, files: str | Path | None = None) -> Path | None:
    """Return the folder of the files beside a store: the one that was given, or the one beside a SQLite file."""
    if files is not None:
        return Path(files)
    if not isinstance(location, str | Path):
        return None
    path = sqlite_path(location)
    return None if path is None else files_beside(path.absolute())


def open_store(
    location: str | Path | Store,
    programme: str,
    *,
    read_only: bool = False,
    files: str | Path | None = None,
    sealer: Sealer | None = None,
) -> Store:
    """Open a store, for one programme; for writing unless `read_only`.

    Parameters
    ----------
    location : str, path or Store
        A file ending in `.db`, `.sqlite` or `.sqlite3`, `sqlite:///FILE`, `postgresql://…`, `memory:`, or a store.
    programme : str
        To which the right to write belongs.
    read_only : bool
        Whether commits are refused that hold more than events.
    files : path, optional
        Folder for what lies beside a store; for SQLite `FILE-files` where none is given.
    sealer : Sealer, optional
        Seals what a database sees. Default: with the keys of the environment, if there are any.

    Raises
    ------
    StoreError
        Where the location is none, or cannot be opened.
    StoreBusyError
        Where somebody else writes to this programme.
    MissingExtraError
        Where what it needs is not installed.
    ConfigError
        Where a key in the environment is none.
    """
    checked_programme(programme)
    if not isinstance(location, str | Path):
        return location
    text = str(location)
    if text.startswith("memory:"):
        from matchengine.store.memory import MemoryStore

        return MemoryStore()
    folder = None if files is None else Path(files)
    if text.startswith(_POSTGRES):
        _need_sql()
        from matchengine.store.sql.postgres import open_postgres

        made = open_postgres(text, programme, read_only=read_only, files=folder, sealer=sealer or sealer_with())
        made.files = made.files or folder
        return made
    path = sqlite_path(location)
    if path is None or (not text.startswith("sqlite:") and path.suffix not in _ENDINGS):
        expected = "FILE.db, sqlite:///FILE, postgresql://…, memory:"
        raise StoreError(_("this location is not one of a store; expected one of: {expected}", expected=expected))
    _need_sql()
    from matchengine.store.sql.sqlite import open_sqlite

    return open_sqlite(path, programme, read_only=read_only, files=folder, sealer=sealer or sealer_with())


def _need_sql() -> None:
    if find_spec("sqlalchemy") is None or find_spec("alembic") is None:
        raise MissingExtraError("store", _("A store in a database"))
