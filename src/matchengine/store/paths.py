"""Where the files of a store lie, and that nobody else reaches them (SEC16): no links, folders 0700, files 0600."""

from __future__ import annotations

import os
import stat
import threading
from contextlib import suppress
from pathlib import Path

from matchengine.errors import StoreError
from matchengine.i18n import _

__all__ = ["checked_file", "files_beside", "make_private", "private_file", "private_folder", "private_parent"]

_MAKING = threading.Lock()


def files_beside(database: Path) -> Path:
    """Return the folder of the files that go with a SQLite store."""
    return database.with_name(database.name + "-files")


def checked_file(path: Path) -> Path:
    """Return the path of a database, absolute, if it may be one: a plain file or nothing yet, and no link.

    A file with a second name (a hard link) is refused too.

    Raises
    ------
    StoreError
    """
    if "\0" in str(path) or not path.name:
        raise StoreError(_("the location of a store must be the path of a file, without NUL"))
    whole = path.absolute()
    for each in (whole, whole.with_name(whole.name + "-wal"), whole.with_name(whole.name + "-shm")):
        found = _status(each)
        if found is None:
            continue
        if stat.S_ISLNK(found.st_mode):
            raise StoreError(_("{path}: is a link; give the path of the file itself", path=each))
        if stat.S_ISDIR(found.st_mode):
            raise StoreError(_("{path}: is a folder; give the path of a file", path=each))
        if not stat.S_ISREG(found.st_mode):
            raise StoreError(_("{path}: is not a plain file", path=each))
        if found.st_nlink > 1:  # each name has a log and a lock of its own
            told = _("{path}: has another name too (a hard link); writing under both would destroy it", path=each)
            raise StoreError(told + "; " + _("delete the other name, or put a real copy in the place of this one"))
    return whole


def private_folder(path: Path) -> Path:
    """Make a folder that only its owner may enter, with the folders above it; one of ours that is open is closed.

    Raises
    ------
    StoreError
        Where it is a link, no folder, somebody else's, or cannot be made.
    """
    if "\0" in str(path):
        raise StoreError(_("the folder of a store's files must be a path without NUL"))
    found = _status(path)
    if found is None:
        _make(path)
        found = _status(path)
    if found is None or not stat.S_ISDIR(found.st_mode):
        raise StoreError(_("{path}: expected a folder of its own, not a link and not a file", path=path))
    if stat.S_IMODE(found.st_mode) & 0o077:
        try:
            path.chmod(0o700)
        except OSError as error:
            raise _failed(path, error) from None
    return path


def private_file(path: Path) -> int:
    """Open a file for reading and writing, made for its owner alone where there is none; return its descriptor.

    Raises
    ------
    StoreError
        Where it is a link, or cannot be opened.
    """
    return _opened(path)


def make_private(path: Path) -> None:
    """Make an empty file for its owner alone, where there is none.

    One that is there is not opened: a process that closes a file lets go of all locks it holds on it by `fcntl`, also
    of those of SQLite's connections that it keeps open.

    Raises
    ------
    StoreError
        Where it cannot be made.
    """
    with _MAKING, suppress(FileExistsError):  # whoever waits here opens it when it is closed again
        os.close(_opened(path, os.O_EXCL))


def private_parent(path: Path) -> None:
    """Make the folders above a file where there are none, for their owner alone; others stay as they are.

    Raises
    ------
    StoreError
    """
    if _status(path.parent) is None:
        _make(path.parent)


def _opened(path: Path, more: int = 0) -> int:
    try:
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | getattr(os, "O_NOFOLLOW", 0) | more, 0o600)
    except FileExistsError:
        raise
    except (OSError, ValueError) as error:
        raise _failed(path, error) from None


def _make(path: Path) -> None:
    try:
        for each in reversed([path, *path.parents]):
            if not each.exists():
                each.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise _failed(path, error) from None


def _status(path: Path) -> os.stat_result | None:
    try:
        return path.lstat()
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise _failed(path, error) from None


def _failed(path: Path, error: Exception) -> StoreError:
    what = (isinstance(error, OSError) and error.strerror) or type(error).__name__
    shown = str(path).replace("\0", "?")
    if len(shown) > 200:
        shown = f"{shown[:100]}…"
    return StoreError(_("{path}: cannot be used ({what}); choose another place", path=shown, what=what))
