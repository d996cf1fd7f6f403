"""A saved folder is a copy that no erasure reaches: one that holds somebody who was erased is not opened."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from matchengine.errors import SnapshotError
from matchengine.i18n import _, ngettext
from matchengine.pool.pool import Pool
from matchengine.store.base import checked_programme
from matchengine.store.documents import involved
from matchengine.store.secret import KEY_VARIABLE, key_of
from matchengine.store.suppression import ERASED, Suppression, read_list

__all__ = ["refuse_erased"]


def refuse_erased(pool: Pool, path: str | Path) -> None:
    """Refuse what was restored from a saved folder where it holds, or names, somebody who was erased since.

    Parameters
    ----------
    pool : Pool
        As it was restored; rows of people who were taken out count too, since the folder holds them.
    path : path
        The list of people who were erased from a programme: `erased-PROGRAMME` among the files of its store, with the
        `key` of the store beside it, unless MATCHENGINE_STORE_KEY holds that.

    Raises
    ------
    SnapshotError
        Where somebody on the list is in the pool, how many, never who; where there is no such list, or no key to it.
    StoreError
        Where the list or the key is damaged.
    """
    listed = Path(path)
    programme = checked_programme(listed.name.removeprefix(f"{ERASED}-"))
    if listed.name != f"{ERASED}-{programme}" or not listed.is_file():
        told = _("{path}: no list of people who were erased; give the file erased-PROGRAMME of a store", path=listed)
        raise SnapshotError(told)
    if not os.environ.get(KEY_VARIABLE) and not (listed.parent / "key").is_file():
        told = _("{path}: the key of the store is not beside this list; without it nobody can be found", path=listed)
        raise SnapshotError(told)
    files: Any = SimpleNamespace(files=listed.parent)
    gone = Suppression(lambda: key_of(files), programme, read_list(listed))
    count = sum(gone.names(each) for each in {*_named(pool)}) if gone else 0
    if count:
        told = ngettext(
            "this saved folder holds {n} person who was erased since, so it is not opened",
            "this saved folder holds {n} people who were erased since, so it is not opened",
            count,
        )
        raise SnapshotError(told + "; " + _("delete the folder, load the records again and save"))


def _named(pool: Pool) -> Iterator[str]:
    """Yield the ids of everybody and everything in a pool, also of rows that no longer count."""
    for table in pool.tables.values():
        yield from table.ids
    yield from pool.shared.codes["households"]
    for cards in pool.cards.values():
        for card in cards.values():
            yield from involved(card)
    yield from (grant.person_id for grant in pool.consents)
    told = [json.loads(pool.ties.to_json()), json.loads(pool.flags.to_json())]
    yield from _texts([*told, pool.pauses.to_json(), pool.wish_edits.to_json()])


def _texts(value: Any) -> Iterator[str]:
    """Yield every text in a JSON value, the names of its entries among them."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, each in value.items():
            yield name
            yield from _texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)
