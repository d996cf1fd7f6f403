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

__all__ = ["KEY_VARIABLE", "key_in", "key_of"]

KEY_VARIABLE = "MATCHENGINE_STORE_KEY"
_BYTES = 32
_FORGOTTEN: WeakKeyDictionary[Any, bytes] = WeakKeyDictionary()


def key_of(store: Store) -> bytes:
    """Return the key of a store, 32 bytes: its own, that of the environment, or the one in the folder of its files.

    A store in memory has one for as long as it lives.

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
        return key_in(Path(files))
    if isinstance(store, MemoryStore):
        return _FORGOTTEN.setdefault(store, token_bytes(_BYTES))
    told = _("this store has no folder for its files and no key; give files= or set {name}", name=KEY_VARIABLE)
    raise StoreError(told + " " + _("to 32 random bytes in base64"))


def key_in(files: Path) -> bytes:
    """Return the key in the folder of a store's files, made where there is none, for its owner alone.

    Raises
    ------
    StoreError
        Where the file is damaged or cannot be read: another key would forget who was erased.
    """
    path = private_folder(files) / "key"
    try:
        if not path.exists():
            _make(path)
        key = path.read_bytes()
    except OSError as error:
        raise StoreError(_("{path}: cannot be used ({what})", path=path, what=error.strerror)) from error
    if len(key) != _BYTES:
        raise StoreError(_("{path}: the key of the store is damaged; put back a copy of it", path=path))
    return key


def _make(path: Path) -> None:
    """Write a key whole or not at all; where two processes do so at once, both go on with the one that came first."""
    fresh = path.with_name(f".key-{token_hex(8)}")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(token_bytes(_BYTES))
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
