"""Who was erased, as keyed hashes: so that no import, no sync and no restored database brings them back.

The list lies in the database and in a file outside it, since a database that is restored forgets. A hash tells nothing
to whoever lacks the key of the store, and with it only whether a known id was erased.
"""

from __future__ import annotations

import hmac
import json
import os
import re
import tempfile
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

from matchengine.errors import StoreError
from matchengine.i18n import N_, _
from matchengine.io.contacts import is_new_id
from matchengine.io.standards import normalise_email
from matchengine.store.base import Change, Entry, Store
from matchengine.store.paths import files_beside, private_folder

__all__ = ["ERASED", "Suppression", "owners_in", "read_list", "suppression_file", "write_list"]

ERASED = "erased"
"""Kind of the documents that say who was erased: the id is the hash, the document the day, or whose address it is."""
_HASH = re.compile(r"^[0-9a-f]{64}$")
_LINE = re.compile(r"^[0-9a-f]{64}( [0-9a-f]{64})?$")
_NONE: Mapping[str, str] = MappingProxyType({})
_HEAD = "# matchengine: people who were erased, as keyed hashes. Keep this file and the key beside it.\n"


class Suppression:
    """Hashes of the ids, and of the e-mail addresses, of everybody who was erased from one programme.

    Parameters
    ----------
    key : callable
        Returns the key of the store; it is asked for when there is something to hash.
    programme : str
    owners : mapping of str to str
        Each hash on the list, and the hash of the id of whose it is: of an id the same one.

    Attributes
    ----------
    hashes : frozenset of str
        Everything on the list.
    """

    def __init__(self, key: Callable[[], bytes], programme: str, owners: Mapping[str, str] = _NONE) -> None:
        self._key, self.programme, self.owners, self.hashes = cache(key), programme, owners, frozenset(owners)

    def __bool__(self) -> bool:
        return bool(self.hashes)

    def hash_of(self, person_id: str) -> str:
        """Return HMAC-SHA256 of an id under the store's key, 64 hexadecimal digits; another one in each programme."""
        told = json.dumps(["erased", self.programme, person_id], separators=(",", ":")).encode()
        return hmac.digest(self._key(), told, "sha256").hex()

    def names(self, person_id: str) -> bool:
        """Tell whether somebody with this id was erased."""
        return bool(self.hashes) and self.hash_of(person_id) in self.hashes

    def erased_id(self, address: str, *, told_apart: bool = False) -> str | None:
        """Return the id that stands for whoever was erased under an e-mail address; None where nobody was.

        Whoever is `told_apart` by an id of the programme is somebody else, unless whoever was erased had none.
        """
        if not self.hashes or not self.names(standing := self._standing(address)):
            return None
        return standing if not told_apart or self.names(_alone(address)) else None

    def of_addresses(self, addresses: Mapping[str, str]) -> list[Change]:
        """Return the changes that put addresses on the list which are not there; by the id of whose each is."""
        stated = {who: address for who, address in addresses.items() if address}
        found = {self.hash_of(self._standing(address)): who for who, address in stated.items()}
        found |= {self.hash_of(_alone(address)): who for who, address in stated.items() if is_new_id(who)}
        new = sorted(found.keys() - self.hashes)
        return [Change(ERASED, each, json.dumps(self._owner(found[each]))) for each in new]

    def together(self, person_id: str) -> frozenset[str]:
        """Return every hash on the list that is of whoever was erased with an id, or stands for them by an address."""
        owner = self._owner(person_id)
        return frozenset(each for each, whose in self.owners.items() if owner in (each, whose))

    @property
    def mark(self) -> str:
        """What tells that a folder of names and addresses is this programme's: a keyed hash of no id."""
        return self.hash_of("contacts\n")

    def _owner(self, person_id: str) -> str:
        own = self.hash_of(person_id)
        return self.owners.get(own, own)

    def _standing(self, address: str) -> str:
        """Return the id that stands for an address: a keyed hash that is nobody's own id."""
        return "erased-" + self.hash_of("e-mail\n" + normalise_email(address))[:32]


def _alone(address: str) -> str:
    """Return what is nobody's id, for an address that was all that told who somebody is."""
    return "e-mail alone\n" + normalise_email(address)


def suppression_file(store: Store, programme: str) -> Path | None:
    """Return where the list of a programme lies among the files of a store; None where a store has no files."""
    files = getattr(store, "files", None)
    if files is None:
        lies = Path(str(getattr(store, "location", "")))
        files = files_beside(lies) if lies.is_absolute() and lies.is_file() else None
    return None if files is None else Path(files) / f"{ERASED}-{programme}"


def owners_in(documents: Iterable[Entry | Change]) -> dict[str, str]:
    """Return the hashes that documents put on the list, and of whose id each one is."""
    told = {each.id: json.loads(each.document or '""') for each in documents if each.kind == ERASED}
    return {each: whose if _HASH.match(whose) else each for each, whose in told.items()}


def read_list(path: Path | None) -> dict[str, str]:
    """Return the hashes of a list, and of whose id each one is; nobody where there is none.

    Raises
    ------
    StoreError
        Where it cannot be read, or is not a list of hashes: going on would bring people back who were erased.
    """
    if path is None:
        return {}
    try:
        lines = path.read_text(encoding="ascii").splitlines()
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as error:
        raise StoreError(_("{path}: the list of people who were erased cannot be read", path=path)) from error
    listed = [line for line in lines if line and not line.startswith("#")]
    if not all(map(_LINE.match, listed)):
        raise StoreError(_("{path}: the list of people who were erased is damaged; restore it", path=path))
    return {line[:64]: line[-64:] for line in listed}


def write_list(path: Path | None, owners: Mapping[str, str]) -> None:
    """Put a list in the place of the one before: whole or not at all, on the disk when this returns.

    Raises
    ------
    StoreError
    """
    if path is None:
        return
    try:
        private_folder(path.parent)
        handle, fresh = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
        try:
            with os.fdopen(handle, "w", encoding="ascii") as file:
                lines = (each if each == whose else f"{each} {whose}" for each, whose in sorted(owners.items()))
                file.write(_HEAD + "".join(f"{line}\n" for line in lines))
                file.flush()
                os.fsync(file.fileno())
            Path(fresh).replace(path)
        except BaseException:
            Path(fresh).unlink(missing_ok=True)
            raise
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    except OSError as error:
        told = N_("{path}: the list of people who were erased cannot be written ({reason}); nobody was erased")
        raise StoreError(_(told, path=path, reason=error.strerror)) from error
