"""A saved folder: arrays, a document, the configuration, and a manifest that is checked before anything is read.

A folder is published as a whole: written beside its place, synced, renamed. The one before keeps its bytes until the
new one is there, and where a crash came between the two names, the one before is what is read. There is no pickle in
it, and no array that its length does not vouch for.
"""

from __future__ import annotations

import errno
import hashlib
import json
import mmap
import os
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from matchengine.errors import MatchEngineError, SnapshotError
from matchengine.i18n import _
from matchengine.pool.arrays import Stored
from matchengine.store import disk
from matchengine.store.array_file import ArrayFileError, arrays_in

__all__ = ["FORMAT", "Snapshot", "before", "fitting", "is_there", "read_snapshot", "refuse_foreign", "sealed"]

FORMAT = 6
ARRAYS, PLACES, DOCUMENT, CONFIG, MANIFEST = (
    "arrays.bin",
    "arrays.json",
    "document.json",
    "config.toml",
    "manifest.json",
)
FILES = (ARRAYS, PLACES, DOCUMENT, CONFIG)
LARGEST_MANIFEST = 1 << 16
_BLOCK = 1 << 20
_TRIES = 3


@dataclass(frozen=True)
class Snapshot:
    """What a verified folder holds.

    Attributes
    ----------
    arrays : Stored
    document : dict
    config : str
        TOML.
    facts : dict
        What the manifest says beside its files: `package`, `model`, `dimension`, `normalisation`, `metric`, `rows`,
        `position`, and whatever else was given.
    """

    arrays: Stored
    document: dict[str, Any]
    config: str
    facts: Mapping[str, Any]


def is_there(folder: Path) -> bool:
    """Whether a folder, or the one before it, lies there; it may still be damaged."""
    return os.path.lexists(folder) or before(folder).is_dir()


def before(folder: Path) -> Path:
    """Return where the snapshot before is kept while another one takes its place."""
    return folder.with_name(f".{folder.name}.before")


@contextmanager
def fitting(folder: Path) -> Iterator[None]:
    """Turn whatever goes wrong when a verified folder is taken over into a SnapshotError that repeats nothing of it.

    A manifest proves that files are those it was written for, not that this package wrote them.
    """
    try:
        yield
    except SnapshotError:
        raise
    except (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError, MatchEngineError):
        raise SnapshotError(
            _("{folder}: holds something else than a saved engine; load the data again and save", folder=folder)
        ) from None


def sealed(told: Mapping[str, Any]) -> str:
    """Write a manifest, with the hash of everything else in it at its end."""
    return json.dumps({**told, "sha256": hashlib.sha256(_plain(told)).hexdigest()}, indent=1)


def _plain(told: Mapping[str, Any]) -> bytes:
    return json.dumps(told, sort_keys=True, separators=(",", ":")).encode()


def read_snapshot(folder: Path, *, mapped: bool = False) -> Snapshot:
    """Return what a snapshot holds after verifying every file.

    Parameters
    ----------
    folder : path
    mapped : bool
        Whether arrays stay in the file and are read page by page: for a folder that nobody but this package changes.
        Writing into them never reaches the file.

    Raises
    ------
    SnapshotError
        Where a file is missing, damaged, too long or of another format; where the folder is a link, or others may
        write to it.
    """
    for left in range(_TRIES, 0, -1):
        place, manifest = _manifest(folder)
        try:
            return _read(place, manifest, mapped)
        except SnapshotError:
            if left == 1 or _manifest(folder) == (place, manifest):  # another one was published meanwhile
                raise
    raise AssertionError


def _manifest(folder: Path) -> tuple[Path, bytes]:
    """Return the folder that counts, and the bytes of its manifest."""
    place = folder
    if not os.path.lexists(folder) and before(folder).is_dir():
        place = before(folder)  # the machine stopped between two names
    path = place / MANIFEST
    try:
        found = path.lstat()
    except FileNotFoundError:
        raise SnapshotError(
            _(
                "{folder}: no saved engine here (expected {name}); make one with engine.save(folder)",
                folder=folder,
                name=MANIFEST,
            )
        ) from None
    except OSError as error:
        raise _unreadable(path, error) from error
    refuse_foreign(place)
    if found.st_size > LARGEST_MANIFEST:
        raise SnapshotError(_("{path}: damaged; load the data again and save", path=path))
    with _Opened(path) as (handle, size):
        return place, bytes(_checked(path, handle, size, None))


def refuse_foreign(place: Path) -> None:
    """Refuse a folder that is a link, or into which others may write."""
    try:
        found = place.lstat()
    except OSError as error:
        raise _unreadable(place, error) from error
    if not stat.S_ISDIR(found.st_mode):
        raise SnapshotError(_("{folder}: is a link; give the folder itself", folder=place))
    if os.name != "posix":
        return
    mine = not os.geteuid() or found.st_uid in (os.geteuid(), 0)
    if not mine or found.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        raise SnapshotError(
            _("{folder}: others may write to it, so it cannot be trusted; run: chmod -R go-w {folder}", folder=place)
        )


def _read(place: Path, manifest: bytes, mapped: bool) -> Snapshot:
    told = _verified(place / MANIFEST, manifest)
    small: dict[str, bytes] = {}
    for name in (PLACES, DOCUMENT, CONFIG):
        with _Opened(place / name) as (handle, size):
            small[name] = bytes(_checked(place / name, handle, size, told["files"][name]))
    path = place / ARRAYS
    with _Opened(path) as (handle, size):
        data: Any = _checked(path, handle, size, told["files"][ARRAYS], keep=not mapped)
        if mapped and size:
            data = mmap.mmap(handle, size, access=mmap.ACCESS_COPY)
    try:
        arrays = arrays_in(np.frombuffer(data, np.uint8), json.loads(small[PLACES]))
        document, config = json.loads(small[DOCUMENT]), small[CONFIG].decode()
    except (ArrayFileError, ValueError, RecursionError) as error:
        raise _damaged(path) from error
    facts = {name: value for name, value in told.items() if name not in ("files", "sha256")}
    return Snapshot(arrays, document, config, facts)


def _verified(path: Path, manifest: bytes) -> dict[str, Any]:
    """Return a manifest that is exactly what was written, of this format and with the files that it must list."""
    try:
        told = json.loads(manifest)
        form, own = told["format"], told.pop("sha256", None)
        if form == FORMAT and (own != hashlib.sha256(_plain(told)).hexdigest() or sealed(told).encode() != manifest):
            raise ValueError
        listed = {name: (of["bytes"], of["sha256"]) for name, of in told["files"].items()}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise SnapshotError(_("{path}: damaged; load the data again and save", path=path)) from error
    if form != FORMAT:
        raise SnapshotError(
            _(
                "{folder}: format {found}, expected {expected}; load the data again and save",
                folder=path.parent,
                found=form,
                expected=FORMAT,
            )
        )
    if set(listed) != set(FILES):
        raise SnapshotError(_("{path}: lists other files than a saved engine has", path=path))
    return dict(told)


class _Opened:
    """A file for reading, as (descriptor, length); a link, a folder or a device is refused."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> tuple[int, int]:
        try:
            self._handle = disk.open_to_read(self._path)
        except OSError as error:
            if error.errno in (errno.ENOENT, errno.ELOOP):
                raise _damaged(self._path) from error
            raise _unreadable(self._path, error) from error
        found = os.fstat(self._handle)
        if not stat.S_ISREG(found.st_mode):
            os.close(self._handle)
            raise _damaged(self._path)
        return self._handle, found.st_size

    def __exit__(self, *_exception: object) -> None:
        os.close(self._handle)


def _checked(path: Path, handle: int, size: int, told: Mapping[str, Any] | None, *, keep: bool = True) -> memoryview:
    """Read a file of a known length, block by block, and compare it with what the manifest says of it.

    No more is ever read than the manifest says.
    """
    if told is not None and size != told["bytes"]:
        raise _damaged(path)
    buffer = memoryview(np.empty(size if keep else min(size, _BLOCK), np.uint8))  # type: ignore[arg-type]
    digest, done = hashlib.sha256(), 0
    try:
        while done < size:
            block = buffer[done if keep else 0 :][: min(_BLOCK, size - done)]
            count = disk.read_into(handle, block)
            if not count:
                raise _damaged(path)
            digest.update(block[:count])
            done += count
    except OSError as error:
        raise _unreadable(path, error) from error
    if told is not None and digest.hexdigest() != told["sha256"]:
        raise _damaged(path)
    return buffer if keep else buffer[:0]


def _damaged(path: Path) -> SnapshotError:
    return SnapshotError(
        _("{path}: missing or damaged (its length or SHA-256 differs); load the data again and save", path=path)
    )


def _unreadable(path: Path, error: OSError) -> SnapshotError:
    reason = error.strerror or type(error).__name__
    return SnapshotError(_("{path}: cannot be read ({reason})", path=path, reason=reason))
