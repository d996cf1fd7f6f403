"""Which key and which folder of files a programme of a store belongs to: neither is ever another one unnoticed.

The store keeps a setting, `key`: a name drawn at random, and a keyed hash by which it knows its key and which tells
nothing about it. The folder with the list of erased people holds the same name, in the file `store-PROGRAMME`. With
another key erased people would come back; with the list of another store people would go whom nobody asked to erase.
"""

from __future__ import annotations

import hmac
import json
from pathlib import Path
from secrets import token_hex

from matchengine.actors import acting_now
from matchengine.errors import StoreError
from matchengine.i18n import _
from matchengine.store.base import SETTING, Change, Commit, Event, Store
from matchengine.store.paths import files_beside, private_folder
from matchengine.store.secret import key_of, key_place, make_once, remedy
from matchengine.store.suppression import suppression_file

__all__ = ["BOND", "bond_of", "mark_folder", "refuse_strangers", "renew_key"]

BOND = "key"
"""Setting of a programme: its name and a keyed hash of it; the name alone where the key is to be known anew."""


def refuse_strangers(store: Store, programme: str) -> None:
    """Refuse a key, or a folder of files, that is not the one a programme was opened with before; make neither.

    Raises
    ------
    StoreError
        Where the key is another one or missing, or the folder belongs to another store.
    """
    name, known = _bond(store, programme)
    path = _mark(store, programme)
    marked = _name_in(path)
    if path is not None and marked not in ("", name) and (name or not _lies_beside(path.parent, store)):
        raise _another_store(path)
    if known and not hmac.compare_digest(known, _hash(key_of(store, make=False), programme, name)):
        told = _("{where}: this is not the key that this store was opened with before", where=key_place(store))
        raise StoreError(told + "; " + remedy())


def bond_of(store: Store, programme: str) -> str:
    """Return what a programme is to keep of its name and key, for `BOND`: what it keeps already, if it does."""
    name, known = _bond(store, programme)
    name = name or _name_in(_mark(store, programme)) or token_hex(16)
    return f"{name} {known or _hash(key_of(store), programme, name)}"


def mark_folder(store: Store, programme: str) -> None:
    """Write the name of a programme, as it is kept, into the folder of its files, where there is one.

    Raises
    ------
    StoreError
        Where it cannot be written, or another store was faster.
    """
    path, name = _mark(store, programme), _bond(store, programme)[0]
    if path is None or _name_in(path) == name:
        return
    try:
        make_once(private_folder(path.parent) / path.name, name.encode())
    except OSError as error:
        raise _failed(path, error) from error
    if _name_in(path) != name:
        raise _another_store(path)


def renew_key(store: Store, programme: str) -> None:
    """Let a programme whose key is lost for good go on with another one, found or made when it is opened next.

    Who was erased is then no longer known: they come back when somebody sends them again. The record no longer says
    about whom its older lines are. The store is to be open for writing, as `open_store` opens it.

    Raises
    ------
    StoreError
        Where the programme is bound to no key, or the store cannot be written to.
    """
    name, now = _bond(store, programme)[0], acting_now()
    if not name:
        raise StoreError(_("programme {name!r}: bound to no key yet; nothing was changed", name=programme))
    event = Event(now.actor, "changed", (), {SETTING: "1"}, now.why)
    store.write(programme, Commit(changes=(Change(SETTING, BOND, name),), events=(event,)))


def _bond(store: Store, programme: str) -> tuple[str, str]:
    """Return name and hash of the key that a programme keeps; empty where it keeps none."""
    kept = next((entry.document for entry in store.entries(programme, kinds=(SETTING,), ids=(BOND,))), None)
    name, _space, known = (kept or "").partition(" ")
    return name, known


def _hash(key: bytes, programme: str, name: str) -> str:
    return hmac.digest(key, json.dumps(["key", programme, name], separators=(",", ":")).encode(), "sha256").hex()


def _mark(store: Store, programme: str) -> Path | None:
    """Return where the folder with the list of erased people says whose it is; None where there is no folder."""
    listed = suppression_file(store, programme)
    return None if listed is None else listed.with_name(f"store-{programme}")


def _name_in(path: Path | None) -> str:
    try:
        return "" if path is None else path.read_text(encoding="ascii", errors="replace").strip()
    except FileNotFoundError:
        return ""
    except OSError as error:
        raise _failed(path, error) from error


def _lies_beside(folder: Path, store: Store) -> bool:
    """Tell whether a folder is that of the file of a database by its name; it is then no other's."""
    database = Path(str(getattr(store, "location", "")))
    return database.is_absolute() and folder.absolute() == files_beside(database)


def _another_store(path: Path) -> StoreError:
    told = _("{path}: this folder belongs to another store; give each store a folder of its own (files=)", path=path)
    return StoreError(told + ". " + _("Where it is this one's after all, as after a restore, delete that file"))


def _failed(path: Path | None, error: OSError) -> StoreError:
    return StoreError(_("{path}: cannot be used ({what})", path=path, what=error.strerror))
