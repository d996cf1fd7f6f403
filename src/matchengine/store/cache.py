"""The state of an engine beside its store: a saved folder with the store's position, so that opening reads no records.

It is never the truth. Whoever doubts it reads the store, says so with a `CacheWarning`, and makes it anew. It holds
what the store holds, so it lies among the store's own files, for their owner alone, and goes with every erasure.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matchengine.errors import SnapshotError, StoreError
from matchengine.forking import in_child
from matchengine.i18n import _
from matchengine.pool.pool import Pool
from matchengine.pool.vector_cache import text_keys
from matchengine.store import publish, snapshot
from matchengine.store.base import Position, checked_programme
from matchengine.store.keep import Keeper
from matchengine.store.snapshot import Snapshot

__all__ = ["KEPT", "Cache", "CacheWarning", "agrees", "passwords_of"]

KEPT = "cache"
"""Setting of a programme: the passwords of the last two publications. A database that was put back to an earlier day
does not know the password of a cache that was made later."""
_PEOPLE, _OTHERS, _TEXTS = 24, 4, 64


class CacheWarning(UserWarning):
    """The cache beside a store was not used, or could not be written. Nothing is lost; opening takes longer."""


class Cache:
    """The cache of one programme. One process publishes it, any number read it.

    Parameters
    ----------
    files : path
        Folder of the files beside the store.
    programme : str

    Attributes
    ----------
    folder : Path
    position : Position or None
        At which this process last read or published it.
    """

    def __init__(self, files: Path, programme: str) -> None:
        self.folder = Path(files) / "cache" / checked_programme(programme)
        self.position: Position | None = None
        self._renew_lock()
        in_child(self._renew_lock)
        self._drops = 0

    def _renew_lock(self) -> None:
        self._busy = threading.Lock()

    def read(self) -> Snapshot | None:
        """Return what lies there, verified; None where nothing does.

        Raises
        ------
        SnapshotError
            Where it is damaged, of another format, or others may write to it.
        """
        if not snapshot.is_there(self.folder):
            return None
        for above in (self.folder.parent, self.folder.parent.parent):
            snapshot.refuse_foreign(above)
        return snapshot.read_snapshot(self.folder, mapped=True)

    def tidy(self) -> None:
        """Delete what a process that ended left unfinished or could not delete; for the one process that publishes."""
        for left in publish.left_behind(self.folder):
            publish.remove_quietly(left)

    def begin(self) -> int:
        """Return a ticket for `publish`; call it when the state that will be published is the latest."""
        return self._drops

    def publish(
        self,
        ticket: int,
        arrays: Mapping[str, NDArray[Any]],
        document: Mapping[str, Any],
        config: str,
        facts: Mapping[str, Any],
    ) -> bool:
        """Put a state in the place of the one before; tell whether it was: not where `drop` was called since `begin`.

        Raises
        ------
        SnapshotError
            Where it cannot be written.
        """
        with self._busy:
            try:
                with self._unless_dropped(ticket):
                    self.tidy()
                    publish.write_snapshot(
                        self.folder, arrays, document, config, facts, go_on=lambda: self._drops == ticket
                    )
            except publish.GivenUpError:
                return False
            epoch, generation = facts["position"]
            self.position = Position(epoch, generation)
            return True

    @contextmanager
    def _unless_dropped(self, ticket: int) -> Iterator[None]:
        if self._drops != ticket:
            raise publish.GivenUpError
        yield

    def drop(self) -> bool:
        """Delete it with whatever is being published, and tell whether it was there; nothing of it comes back.

        Raises
        ------
        SnapshotError
            Where something of it cannot be deleted.
        """
        self._drops += 1
        with self._busy:
            self.position, there = None, snapshot.is_there(self.folder)
            publish.remove_snapshot(self.folder)
            return there


def passwords_of(keeper: Keeper) -> list[str]:
    """Return the passwords of publications that the store knows, the latest first."""
    return (keeper.setting(KEPT) or "").split()


def new_passwords(known: list[str]) -> list[str]:
    """Return what the store is to know before another publication: a new password, and the one before."""
    return [secrets.token_hex(16), *known[:1]]


def agrees(pool: Pool, keeper: Keeper) -> bool:
    """Compare some vectors of a pool with those in the store, drawn by the position at which it stands."""
    dice = np.random.default_rng([keeper.position.epoch, keeper.position.generation])
    drawn = [(key, text) for key, texts in _drawn(pool, dice) for text in texts][:_TEXTS]
    if not drawn:
        return True
    keys = text_keys([pool.fields[key].masked_text(text) for key, text in drawn])
    held = keeper.store.vectors(keeper.programme, pool.model, np.unique(keys, axis=0))
    of_key = {key.tobytes(): vector for key, vector in zip(held.keys, held.vectors, strict=True)}
    for (name, text), key in zip(drawn, keys, strict=True):
        stored, own = of_key.get(key.tobytes()), pool.indexes[name].vectors(np.array([text]))[0]
        if stored is None or stored.shape != own.shape or not np.array_equal(stored, own):
            return False
    return True


def _drawn(pool: Pool, dice: np.random.Generator) -> Iterator[tuple[str, list[int]]]:
    """Yield field and numbers of texts of some rows that stand for somebody; of those the embedder speaks."""
    rows = {}
    for name, table in pool.tables.items():
        alive = np.flatnonzero(table.alive)
        count = min(len(alive), _PEOPLE if name == "people" else _OTHERS)
        rows[name] = dice.choice(alive, count, replace=False).tolist() if count else []
    for key, field in pool.fields.items():
        texts = [text for row in rows[key.partition(".")[0]] for text in field.items.text[field.items.of(row)].tolist()]
        yield key, [text for text in dict.fromkeys(texts) if field.known[text]][: _TEXTS // 4]


def doubtful(reason: str) -> str:
    """Return the sentence that says why a cache is not used."""
    return _("the cache beside the store is not used: {reason}; everything is read from the store", reason=reason)


def unwritten(error: SnapshotError | StoreError) -> str:
    """Return the sentence that says why there is no cache now."""
    return _("the cache beside the store was not written: {reason}; opening will take longer", reason=str(error))
