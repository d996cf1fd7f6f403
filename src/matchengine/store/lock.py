"""The right to write to a programme: one holder at a time, freed by the system when its process ends."""

from __future__ import annotations

import fcntl
import json
import os
import time
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from weakref import WeakSet

from matchengine.errors import StoreBusyError, StoreError
from matchengine.forking import in_child
from matchengine.i18n import N_, _
from matchengine.store.paths import private_file, private_folder

__all__ = ["WriterLock", "writer_of"]

_TURNS, _WAIT = 20, 0.005
"""How often, and with how many seconds between, a writer tries to get the lock: for 100 ms."""


class WriterLock:
    """The right to write to one programme, as long as this object holds it.

    The lock belongs to the open file: it ends with the process, however that ends. A child made by `fork` lets go of
    its copy at once.

    Parameters
    ----------
    folder : Path
        The files of the store.
    programme : str

    Raises
    ------
    StoreBusyError
        Where another engine, of this process or of another one, holds it; the message says which, and since when.
    """

    def __init__(self, folder: Path, programme: str) -> None:
        self.path = _path(private_folder(folder), programme)
        self._file = private_file(self.path)
        try:
            _take(self._file)
        except OSError as error:
            os.close(self._file)
            if isinstance(error, BlockingIOError):
                raise _busy(programme, writer_of(folder, programme)) from None
            told = _("{path}: cannot be locked ({what}); choose another place", path=self.path, what=error.strerror)
            raise StoreError(told) from None
        held = json.dumps({"pid": os.getpid(), "since": datetime.now(UTC).isoformat(timespec="seconds")})
        _HELD.add(self)
        with suppress(OSError):  # on a full disk nobody is told who writes; the lock holds
            os.ftruncate(self._file, 0)
            os.pwrite(self._file, held.encode(), 0)

    def release(self) -> None:
        """Let go; nothing happens where it was let go of before."""
        if self._file < 0:
            return
        _HELD.discard(self)
        with suppress(OSError):
            os.ftruncate(self._file, 0)
        self._leave()

    def _leave(self) -> None:
        file, self._file = self._file, -1
        with suppress(OSError):
            os.close(file)


def _take(file: int) -> None:
    """Lock a file; where it is locked, try again for a moment, since `writer_of` has it for as long as it looks."""
    for left in reversed(range(_TURNS)):
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if not left:
                raise
            time.sleep(_WAIT)


_HELD: WeakSet[WriterLock] = WeakSet()


def _leave_all() -> None:
    for lock in list(_HELD):
        lock._leave()
    _HELD.clear()


in_child(_leave_all)


def writer_of(folder: Path, programme: str) -> tuple[int, str] | None:
    """Return the process that holds the right to write and since when (UTC); None where nobody does, or says so."""
    path = _path(folder, programme)
    try:
        file = os.open(path, os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW)
    except OSError:
        return None
    try:
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        with suppress(ValueError, KeyError, TypeError):
            told = json.loads(os.pread(file, 200, 0))
            return int(told["pid"]), str(told["since"])
    finally:
        os.close(file)
    return None


def _path(folder: Path, programme: str) -> Path:
    return folder / f"writer-{programme}.lock"


def _busy(programme: str, holder: tuple[int, str] | None) -> StoreBusyError:
    what = _("close it there, or open with read_only=True to read beside it")
    if holder is None:
        return StoreBusyError(_("programme {name!r}: another engine writes to it; {what}", name=programme, what=what))
    pid, since = holder
    told = N_("programme {name!r}: process {pid} writes to it since {since}; {what}")
    if pid == os.getpid():
        told = N_("programme {name!r}: another engine of this process ({pid}) writes to it since {since}; {what}")
    return StoreBusyError(_(told, name=programme, pid=pid, since=since, what=what))
