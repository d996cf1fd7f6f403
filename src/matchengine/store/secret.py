"""The key of a store: under it the ids of people become hashes, on record, in logs and on the list of the erased.

It encrypts nothing (`matchengine.store.sealing` does). Whoever has it can ask of a known id whether it is there, and
nobody else can. Keep a copy: with another key the record no longer says about whom it is, and people who were
erased can come back with an import.
"""

from __future__ import annotations

import base64
import binascii
import os
from contextlib import suppress
from pathlib import Path
from secrets import token_bytes, token_hex
from typing import Any
from weakref import WeakKeyDictionary

from matchengine.errors import StoreError
from matchengine.i18n import _
from matchengine.store.base import Store
from matchengine.store.memory import MemoryStore
from matchengine.store.paths import private_folder

__all__ = ["KEY_VARIABLE", "key_in", "key_of", "key_place", "make_once", "remedy"]

KEY_VARIABLE = "MATCHENGINE_STORE_KEY"
_BYTES = 32
_FORGOTTEN: WeakKeyDictionary[Any, bytes] = WeakKeyDictionary()


def key_of(store: Store, *, make: bool = True) -> bytes:
    """Return the key of a store, 32 bytes: its own, that of the environment, or the one in the folder of its files.

    A store in memory has one for as long as it lives. `make` says whether one is made where there is none.

    Raises
    ------
    StoreError
        Where there is none to be found, or it is damaged.
    """
    own: bytes | None = getattr(store, "key", None)
    if own is not None:
        return own
    if coded := os.environ.get(KEY_VARIABLE):
        return _decoded(coded)
    if (files := getattr(store, "files", None)) is not None:
        return key_in(Path(files), make=make)
    if isinstance(store, MemoryStore):
        return _FORGOTTEN.setdefault(store, token_bytes(_BYTES))
    told = _("this store has no folder for its files and no key; give files= or set {name}", name=KEY_VARIABLE)
    raise StoreError(told + " " + _("to 32 random bytes in base64"))


def key_place(store: Store) -> str:
    """Return where the key of a store comes from, as messages name it."""
    if os.environ.get(KEY_VARIABLE):
        return KEY_VARIABLE
    return str(Path(getattr(store, "files", None) or "") / "key")


def remedy() -> str:
    """Return what to do where the key that is found is not the one that a store knows."""
    told = _(
        "put back the file `key` from the folder of its files, name that folder (files=), or set {name} to that key "
        "in base64: with another one people who were erased could come back",
        name=KEY_VARIABLE,
    )
    return (
        told
        + ". "
        + _("Where it is lost for good nobody knows any more who was erased; see `matchengine store renew-key`")
    )


def key_in(files: Path, *, make: bool = True) -> bytes:
    """Return the key in the folder of a store's files, made there for its owner alone unless `make` forbids it.

    Raises
    ------
    StoreError
        Where the file is damaged, cannot be read, or is missing and may not be made: another key would forget who was
        erased.
    """
    if not make and not (files / "key").exists():
        raise StoreError(_("{path}: the key of this store is missing", path=files / "key") + "; " + remedy())
    path = private_folder(files) / "key"
    try:
        make_once(path, token_bytes(_BYTES))
        key = path.read_bytes()
    except OSError as error:
        raise StoreError(_("{path}: cannot be used ({what})", path=path, what=error.strerror)) from error
    if len(key) != _BYTES:
        raise StoreError(_("{path}: the key of the store is damaged; put back a copy of it", path=path))
    return key


def make_once(path: Path, content: bytes) -> None:
    """Write a file whole or not at all where there is none; of two processes that do so at once the first one counts.

    Raises
    ------
    OSError
    """
    if path.exists():
        return
    fresh = path.with_name(f".{path.name}-{token_hex(8)}")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(fresh, path)
    finally:
        fresh.unlink()
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _decoded(coded: str) -> bytes:
    try:
        key = base64.b64decode(coded, validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != _BYTES:
        raise StoreError(_("{name}: expected 32 random bytes in base64", name=KEY_VARIABLE))
    return key
