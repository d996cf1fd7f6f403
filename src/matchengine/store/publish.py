"""Publishing a saved folder: written beside its place, synced, renamed; the one before stays until that is done."""

from __future__ import annotations

import hashlib
import json
import secrets
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from matchengine.errors import SnapshotError
from matchengine.i18n import _
from matchengine.store import disk
from matchengine.store.array_file import layout, pieces
from matchengine.store.snapshot import ARRAYS, CONFIG, DOCUMENT, FORMAT, MANIFEST, PLACES, before, sealed
from matchengine.version import __version__

__all__ = ["GivenUpError", "left_behind", "remove_quietly", "remove_snapshot", "write_snapshot"]

ABANDONED_SECONDS = 3600
_BLOCK = 1 << 20


class GivenUpError(Exception):
    """Whoever publishes was told to stop; nothing was published."""


def write_snapshot(
    folder: Path,
    arrays: Mapping[str, NDArray[Any]],
    document: Mapping[str, Any],
    config: str,
    facts: Mapping[str, Any] | None = None,
    go_on: Callable[[], bool] = lambda: True,
) -> None:
    """Publish a snapshot at `folder`, replacing one that is there; readable by its owner only.

    Whatever goes wrong, and wherever the machine stops: afterwards the folder is the one before or the new one.

    Parameters
    ----------
    folder : path
    arrays, document, config
        What it holds, see `Snapshot`.
    facts : dict, optional
        What the manifest is to say beside its files.
    go_on : callable
        Asked now and then; where it says no, nothing is published and GivenUpError is raised.

    Raises
    ------
    SnapshotError
        Where the folder holds something else than a snapshot, is a link, or cannot be written.
    """
    try:
        _refuse_others(folder)
        _make_above(folder)
        for left in left_behind(folder, ABANDONED_SECONDS):
            remove_quietly(left)
        disk.make_folder(fresh := _unfinished(folder))
        try:
            files = {
                ARRAYS: _write(fresh / ARRAYS, _while(go_on, pieces(arrays, places := layout(arrays)))),
                PLACES: _write(fresh / PLACES, _text(json.dumps(places))),
                DOCUMENT: _write(fresh / DOCUMENT, _text(json.dumps(document))),
                CONFIG: _write(fresh / CONFIG, _text(config)),
            }
            told = {"format": FORMAT, "package": __version__, **(facts or {}), "files": files}
            _write(fresh / MANIFEST, _text(sealed(told)))
            disk.sync_folder(fresh)
            if not go_on():
                raise GivenUpError
            _publish(fresh, folder)
        except BaseException:
            remove_quietly(fresh)
            raise
    except OSError as error:
        told_reason = error.strerror or type(error).__name__
        raise SnapshotError(
            _("{folder}: cannot be saved ({reason}); what was there before stays", folder=folder, reason=told_reason)
        ) from error


def remove_snapshot(folder: Path) -> None:
    """Delete a snapshot with everything that publishing it may have left beside it.

    Each folder gets another name first: what a rival publishes meanwhile under the old one does not get in the way.

    Raises
    ------
    SnapshotError
        Where something of it cannot be deleted.
    """
    stuck = folder
    try:
        for stuck in (folder, before(folder), *left_behind(folder)):
            with suppress(FileNotFoundError):
                disk.rename(stuck, aside := _unfinished(folder))
                stuck = aside
                disk.remove_tree(stuck)
        if folder.parent.is_dir():
            disk.sync_folder(folder.parent)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise SnapshotError(
            _("{folder}: cannot be deleted ({reason}); delete it by hand", folder=stuck, reason=reason)
        ) from error


def left_behind(folder: Path, seconds: float = 0.0) -> list[Path]:
    """Return folders that were never finished, where whoever began them has not touched them for so many seconds."""
    found = []
    for path in folder.parent.glob(f".{folder.name}.new-*") if folder.parent.is_dir() else ():
        with suppress(OSError):
            if time.time() - path.lstat().st_mtime >= seconds:
                found.append(path)
    return found


def _refuse_others(folder: Path) -> None:
    if folder.is_symlink():
        raise SnapshotError(_("{folder}: is a link; give the folder itself", folder=folder))
    if folder.exists() and any(folder.iterdir()) and not (folder / MANIFEST).exists():
        raise SnapshotError(_("{folder}: is not empty and not a saved engine; choose another folder", folder=folder))


def _make_above(folder: Path) -> None:
    """Make the folders above a snapshot's place that are not there, for their owner alone; others stay as they are."""
    for above in reversed(folder.absolute().parents):
        if not above.exists():
            above.mkdir(mode=0o700, exist_ok=True)


def _unfinished(folder: Path) -> Path:
    """Return a name beside a snapshot's place under which `left_behind` finds what lies there."""
    return folder.with_name(f".{folder.name}.new-{secrets.token_hex(8)}")


def _publish(fresh: Path, folder: Path) -> None:
    """Give a complete folder the name of the snapshot; the one before is kept until that is on the disk."""
    kept = before(folder)
    if folder.exists():
        if kept.exists():
            disk.remove_tree(kept)
            disk.sync_folder(folder.parent)
        disk.rename(folder, kept)
    try:
        disk.rename(fresh, folder)
    except OSError:
        if kept.exists() and not folder.exists():
            with suppress(OSError):
                disk.rename(kept, folder)
        raise
    disk.sync_folder(folder.parent)
    if kept.exists():
        remove_quietly(kept)


def remove_quietly(path: Path) -> None:
    """Delete a folder, as far as that is possible."""
    with suppress(OSError):
        disk.remove_tree(path)


def _while(go_on: Callable[[], bool], parts: Iterable[memoryview | int]) -> Iterable[memoryview | int]:
    for part in parts:
        if not go_on():
            raise GivenUpError
        yield part


def _text(text: str) -> Iterable[memoryview]:
    return (memoryview(text.encode()),)


def _write(path: Path, parts: Iterable[memoryview | int]) -> dict[str, Any]:
    """Write a new file durably; return its length and hash."""
    digest, length, zeros = hashlib.sha256(), 0, memoryview(bytes(_BLOCK))
    handle = disk.create(path)
    try:
        for part in parts:
            if isinstance(part, int):
                length += part
                for start in range(0, part, _BLOCK):
                    digest.update(zeros[: min(_BLOCK, part - start)])
                disk.lengthen(handle, length)
                continue
            length += len(part)
            for start in range(0, len(part), 16 * _BLOCK):
                block = part[start : start + 16 * _BLOCK]
                digest.update(block)
                disk.write(handle, block)
        disk.sync(handle)
    finally:
        disk.close(handle)
    return {"bytes": length, "sha256": digest.hexdigest()}
