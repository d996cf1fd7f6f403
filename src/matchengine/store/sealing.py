"""Encryption of what a store holds: documents and vectors sealed one by one, and the hashes of texts too.

What lies in the database is AES-256-GCM under a key that the database never sees, bound to its place: a row that is put
in the place of another is refused. Ids of people, kinds of documents, times and the record of events stay readable to
whoever reads the database; they hold no content. Hashes of texts are sealed so that the same one always looks the same:
that is how a vector is found, and it tells how many texts there are, not which.

Keys come from the environment variable MATCHENGINE_STORE_KEYS, or from `keys=`, which may call a key service. The first
one seals; the others only open what was sealed earlier. A nonce is drawn at random for each value, so a key is good for
about four thousand million values (NIST SP 800-38D, section 8.3): rotate it long before.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from matchengine.errors import ConfigError, MissingExtraError, StoreError
from matchengine.i18n import _

if TYPE_CHECKING:
    from matchengine.store.sql.sealer import Sealer

__all__ = [
    "KEYS_VARIABLE",
    "Keys",
    "Open",
    "Sealed",
    "key_id_of",
    "keys_from_text",
    "keys_here",
    "new_key",
    "sealer_with",
]

KEYS_VARIABLE = "MATCHENGINE_STORE_KEYS"
Keys = Mapping[str, bytes]
"""Keys of 32 bytes by their ids; the first one is current."""
_MARK = b"\x00MES\x01"
"""What sealed bytes begin with; documents are text and never do."""
_KEY_BYTES, _NONCE_BYTES = 32, 12
_FIND = b"text"
_ID = re.compile(r"^[a-z0-9][a-z0-9_.-]{0,31}$")


def new_key() -> str:
    """Return a new random key as the environment variable wants it, without its id: 32 bytes in base64."""
    return base64.b64encode(os.urandom(_KEY_BYTES)).decode()


def keys_from_text(text: str) -> dict[str, bytes]:
    """Read keys as `id:base64,id:base64`, the current one first.

    Raises
    ------
    ConfigError
        Where one is not; no part of a key is repeated.
    """
    found: dict[str, bytes] = {}
    for place, each in enumerate(filter(None, (part.strip() for part in text.split(","))), 1):
        name, colon, coded = each.partition(":")
        try:
            key = base64.b64decode(coded, validate=True)
        except (binascii.Error, ValueError):
            key = b""
        if not colon or not _ID.match(name) or len(key) != _KEY_BYTES:
            told = _("{variable}: key {n} is not id:base64 of 32 bytes", variable=KEYS_VARIABLE, n=place)
            raise ConfigError(told + "; " + _("make one with `matchengine store key ID`"))
        if name in found:
            raise ConfigError(_("{variable}: the id of key {n} stands twice", variable=KEYS_VARIABLE, n=place))
        found[name] = key
    return found


def keys_here() -> dict[str, bytes]:
    """Return the keys of the environment variable MATCHENGINE_STORE_KEYS; none where it is not set."""
    return keys_from_text(os.environ.get(KEYS_VARIABLE, ""))


def sealer_with(keys: Keys | Callable[[], Keys] | None = None) -> Sealer:
    """Return what seals and opens under keys; without any, here and in the environment, what leaves all in the open.

    Parameters
    ----------
    keys : mapping or callable, optional
        Keys by id, the current one first, or what fetches them. Default: those of MATCHENGINE_STORE_KEYS.

    Raises
    ------
    ConfigError
        Where a key is not one.
    MissingExtraError
        Where the encryption library is not installed.
    """
    given = keys() if callable(keys) else keys
    if given is None:
        given = keys_here()
    return Sealed(given) if given else Open()


def key_id_of(data: bytes) -> str | None:
    """Return the id of the key under which bytes are sealed; None where they are not sealed."""
    if not data.startswith(_MARK) or len(data) <= len(_MARK):
        return None
    start, length = len(_MARK) + 1, data[len(_MARK)]
    return data[start : start + length].decode("ascii", "replace")


class Open:
    """Leaves everything as it is, and refuses what is sealed."""

    sealed = False

    def seal(self, data: bytes, context: bytes) -> bytes:
        """Return data as they are."""
        return data

    def unseal(self, data: bytes, context: bytes) -> bytes:
        """Return data as they are.

        Raises
        ------
        StoreError
            Where they are sealed.
        """
        if (name := key_id_of(data)) is not None:
            told = _("this store is encrypted, and its key {id!r} is not here", id=name)
            raise StoreError(told + "; " + _("give it in {variable}", variable=KEYS_VARIABLE))
        return data

    def key(self, data: bytes) -> bytes:
        """Return the hash of a text as it is."""
        return data

    def keys(self, data: bytes) -> tuple[bytes, ...]:
        """Return under what the hash of a text may lie in the database."""
        return (data,)


@dataclass(frozen=True)
class _Key:
    """What one key does: `seal` seals documents and vectors, `find` hashes of texts, the same one always alike."""

    seal: Any
    find: Any


class Sealed:
    """Seals under the first of some keys, and opens what was sealed under any of them.

    Parameters
    ----------
    keys : mapping
        Keys of 32 bytes by their ids, at least one.
    takes_plain : bool
        Whether what is not sealed yet passes too: only for turning an open store into a sealed one.

    Raises
    ------
    ConfigError
    MissingExtraError
    """

    sealed = True

    def __init__(self, keys: Keys, *, takes_plain: bool = False) -> None:
        try:
            from cryptography.hazmat.primitives.ciphers.aead import AESGCM, AESSIV
        except ImportError as error:
            raise MissingExtraError("encryption", _("an encrypted store")) from error
        if not keys:
            raise ConfigError(_("{variable}: no key", variable=KEYS_VARIABLE))
        for place, (name, key) in enumerate(keys.items(), 1):
            if not _ID.match(name) or not isinstance(key, bytes) or len(key) != _KEY_BYTES:
                raise ConfigError(_("{variable}: key {n} is not id:base64 of 32 bytes", variable="keys", n=place))
        self.current = next(iter(keys))
        self.takes_plain = takes_plain
        self._keys = {
            name: _Key(AESGCM(_derived(key, b"seal")), AESSIV(_derived(key, b"find"))) for name, key in keys.items()
        }

    def seal(self, data: bytes, context: bytes) -> bytes:
        """Return data sealed under the current key, for one place alone."""
        nonce = os.urandom(_NONCE_BYTES)
        head = _head(self.current)
        sealed: bytes = self._keys[self.current].seal.encrypt(nonce, data, head + context)
        return head + nonce + sealed

    def unseal(self, data: bytes, context: bytes) -> bytes:
        """Return what was sealed for a place.

        Raises
        ------
        StoreError
            Where it is not sealed, its key is not here, it was sealed for another place, or it was changed. The
            message names the id of the key and nothing else.
        """
        name = key_id_of(data)
        if name is None:
            if self.takes_plain:
                return data
            told = _("this store is not encrypted, and keys were given")
            raise StoreError(told + "; " + _("encrypt it with `matchengine store rotate`, or open it without keys"))
        if name not in self._keys:
            raise self._missing(name)
        head = _head(name)
        nonce, sealed = data[len(head) : len(head) + _NONCE_BYTES], data[len(head) + _NONCE_BYTES :]
        try:
            opened: bytes = self._keys[name].seal.decrypt(nonce, sealed, head + context)
        except Exception:  # InvalidTag, and ValueError where bytes are missing: nothing of either is to be told
            failed = _unopened(name)
        else:
            return opened
        raise failed

    def key(self, data: bytes) -> bytes:
        """Return what stands for the hash of a text: sealed with AES-SIV under the current key, always alike."""
        found: bytes = self._keys[self.current].find.encrypt(data, [_FIND])
        return found

    def keys(self, data: bytes) -> tuple[bytes, ...]:
        """Return under what the hash of a text may lie in the database: that of the current key, then of the others."""
        return tuple(key.find.encrypt(data, [_FIND]) for key in self._keys.values())

    def hash_behind(self, stored: bytes, key_id: str | None) -> bytes:
        """Return the hash of the text for which something stands in the database, put there under a key.

        Raises
        ------
        StoreError
        """
        if key_id is None and self.takes_plain:
            return stored
        if key_id not in self._keys:
            raise self._missing(key_id or "")
        try:
            found: bytes = self._keys[key_id].find.decrypt(stored, [_FIND])
        except Exception:  # as below
            found = b""
        if not found:
            raise _unopened(key_id)
        return found

    def _missing(self, name: str) -> StoreError:
        known = ", ".join(self._keys)
        return StoreError(_("key {id!r} is not here (there are: {known}); give it too", id=name, known=known))

    @property
    def head(self) -> bytes:
        """What everything begins with that is sealed under the current key."""
        return _head(self.current)

    @property
    def ids(self) -> Sequence[str]:
        """Ids of the keys, the current one first."""
        return tuple(self._keys)


def _head(name: str) -> bytes:
    return _MARK + bytes([len(name)]) + name.encode("ascii")


def _unopened(name: str) -> StoreError:
    told = _("what is sealed with key {id!r} cannot be opened", id=name)
    return StoreError(told + ": " + _("the key is another one, or the data were changed or moved"))


def _derived(key: bytes, purpose: bytes) -> bytes:
    """Return the part of a key for one purpose, 32 bytes: no key serves two."""
    return hmac.digest(key, b"matchengine store 1 " + purpose, hashlib.sha256)
