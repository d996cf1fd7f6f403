"""Every touch of the disk by which a folder is published or read: one function each, so that a test can fail any."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from pathlib import Path

__all__ = [
    "close",
    "create",
    "lengthen",
    "make_folder",
    "open_to_read",
    "read_into",
    "remove",
    "remove_folder",
    "remove_tree",
    "rename",
    "sync",
    "sync_folder",
    "write",
]

_NO_LINK = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)


def make_folder(path: Path) -> None:
    """Make a folder that its owner alone may enter."""
    os.mkdir(path, 0o700)


def create(path: Path) -> int:
    """Make a file that its owner alone may read, and return its descriptor; there must be none."""
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | _NO_LINK, 0o600)


def write(handle: int, data: memoryview) -> None:
    """Write all bytes at the end of what was written so far."""
    while len(data):
        data = data[os.write(handle, data) :]


def lengthen(handle: int, length: int) -> None:
    """Let a file end at a length, with nothing but zeros behind what was written, and go on there."""
    os.ftruncate(handle, length)
    os.lseek(handle, 0, os.SEEK_END)


def sync(handle: int) -> None:
    """Wait until what was written to a file lies on the disk."""
    os.fsync(handle)


def sync_folder(path: Path) -> None:
    """Wait until the names in a folder lie on the disk."""
    if not hasattr(os, "O_DIRECTORY"):
        return  # Windows keeps names by itself
    handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def close(handle: int) -> None:
    """Let go of a file."""
    os.close(handle)


def rename(path: Path, to: Path) -> None:
    """Give a folder another name beside its own."""
    os.rename(path, to)


def remove(path: Path) -> None:
    """Delete a file."""
    os.unlink(path)


def remove_folder(path: Path) -> None:
    """Delete an empty folder."""
    os.rmdir(path)


def remove_tree(path: Path) -> None:
    """Delete a folder with the files in it, or a file; a link is deleted, never followed. What is gone is no error."""
    with suppress(FileNotFoundError):
        if not stat.S_ISDIR(path.lstat().st_mode):
            remove(path)
            return
        for inside in sorted(path.iterdir()):
            remove_tree(inside)
        remove_folder(path)


def open_to_read(path: Path) -> int:
    """Open a file for reading; a link is refused."""
    return os.open(path, os.O_RDONLY | _NO_LINK)


def read_into(handle: int, buffer: memoryview) -> int:
    """Read the next bytes into a buffer and return how many there were; 0 at the end."""
    return os.readv(handle, [buffer]) if hasattr(os, "readv") else _read(handle, buffer)


def _read(handle: int, buffer: memoryview) -> int:
    data = os.read(handle, len(buffer))
    buffer[: len(data)] = data
    return len(data)
