"""A saved folder: arrays, a document, the configuration, and a manifest that is checked before anything is read.

A folder is published as a whole: written beside its place, synced, renamed. There is no pickle in it.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matchengine.errors import SnapshotError
from matchengine.i18n import _

__all__ = ["FORMAT", "read_snapshot", "write_snapshot"]

FORMAT = 4
_MANIFEST = "manifest.json"
_ARRAYS, _DOCUMENT = "arrays.npz", "document.json"


def write_snapshot(folder: Path, arrays: dict[str, NDArray[Any]], document: dict[str, Any], config: str) -> None:
    """Publish a snapshot at `folder`, replacing one that is there; readable by its owner only.

    Raises
    ------
    SnapshotError
        Where the folder holds something else than a snapshot.
    """
    if folder.exists() and any(folder.iterdir()) and not (folder / _MANIFEST).exists():
        raise SnapshotError(_("{folder}: is not empty and not a saved engine; choose another folder", folder=folder))
    folder.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        with (fresh / _ARRAYS).open("wb") as file:
            np.savez(file, allow_pickle=False, **{name: np.ascontiguousarray(a) for name, a in arrays.items()})
        (fresh / _DOCUMENT).write_text(json.dumps(document), encoding="utf-8")
        (fresh / "config.toml").write_text(config, encoding="utf-8")
        files = {path.name: {"sha256": _hash(path), "bytes": path.stat().st_size} for path in sorted(fresh.iterdir())}
        (fresh / _MANIFEST).write_text(json.dumps({"format": FORMAT, "files": files}, indent=1), encoding="utf-8")
        for path in fresh.iterdir():
            path.chmod(0o600)
            _sync(path)
        _sync(fresh)
        if folder.exists():
            old = Path(tempfile.mkdtemp(prefix=f".{folder.name}-old-", dir=folder.parent))
            folder.rename(old / "snapshot")
            fresh.rename(folder)
            shutil.rmtree(old)
        else:
            fresh.rename(folder)
        _sync(folder.parent)
    except BaseException:
        shutil.rmtree(fresh, ignore_errors=True)
        raise


def read_snapshot(folder: Path) -> tuple[dict[str, NDArray[Any]], dict[str, Any], str]:
    """Return arrays, document and configuration text of a snapshot after verifying every file.

    Raises
    ------
    SnapshotError
        Where a file is missing, damaged or of another format.
    """
    manifest_path = folder / _MANIFEST
    if not manifest_path.is_file():
        raise SnapshotError(
            _(
                "{folder}: no saved engine here (expected {name}); make one with engine.save(folder)",
                folder=folder,
                name=_MANIFEST,
            )
        )
    try:
        manifest = json.loads(manifest_path.read_text(encoding="utf-8"))
        form, files = manifest["format"], dict(manifest["files"])
    except (ValueError, KeyError, TypeError) as error:
        raise SnapshotError(_("{path}: damaged; load the data again and save", path=manifest_path)) from error
    if form != FORMAT:
        raise SnapshotError(
            _(
                "{folder}: format {found}, expected {expected}; load the data again and save",
                folder=folder,
                found=form,
                expected=FORMAT,
            )
        )
    if set(files) != {_ARRAYS, _DOCUMENT, "config.toml"}:
        raise SnapshotError(_("{path}: lists other files than a saved engine has", path=manifest_path))
    for name, told in files.items():
        path = folder / name
        if not path.is_file() or path.stat().st_size != told["bytes"] or _hash(path) != told["sha256"]:
            raise SnapshotError(
                _("{path}: missing or damaged (its length or SHA-256 differs); load the data again and save", path=path)
            )
    with np.load(folder / _ARRAYS, allow_pickle=False) as archive:
        arrays = {name: archive[name] for name in archive.files}
    document = json.loads((folder / _DOCUMENT).read_text(encoding="utf-8"))
    return arrays, document, (folder / "config.toml").read_text(encoding="utf-8")


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
