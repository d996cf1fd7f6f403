"""What a store is: the durable truth of programmes, as documents under a running number of changes.

Every call names its programme. What is committed together becomes true together, or not at all.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from matchengine.errors import DataError
from matchengine.i18n import _

__all__ = [
    "SETTING",
    "AuditLine",
    "Change",
    "Commit",
    "Entry",
    "Event",
    "Position",
    "Store",
    "VectorRows",
    "checked_programme",
]

SETTING = "setting"
"""Kind of the documents that say how a programme is kept: `config` (TOML) and `model` (its fingerprint)."""
_PROGRAMME = re.compile(r"^[a-z0-9][a-z0-9_-]{0,63}$")


def checked_programme(name: str) -> str:
    """Return the name of a programme if it is one: 1 to 64 of a-z, 0-9, `_` and `-`, first no sign.

    Raises
    ------
    DataError
    """
    if not _PROGRAMME.fullmatch(name):
        raise DataError(
            _("programme: expected 1 to 64 of a-z, 0-9, '_' and '-', beginning with a letter or a digit; got another")
        )
    return name


class Position(NamedTuple):
    """How far a programme's changes have come.

    `epoch` rises whenever what was there before no longer holds as a whole: a whole load, an erasure. Who stands at an
    earlier epoch reads everything anew. `generation` rises by one with each change and never falls.
    """

    epoch: int
    generation: int


@dataclass(frozen=True)
class Change:
    """One document that comes, changes or goes.

    Attributes
    ----------
    kind, id : str
        Which document: a kind of `matchengine.store.documents.KINDS`, and its id among that kind.
    document : str or None
        JSON; None where it goes.
    people : tuple of str
        Ids of everybody whom it involves: whose it is, and whom it names.
    expires_at : datetime or None
        From when it is no longer served (UTC).
    written_at : datetime or None
        From when its time counts (UTC): what is rewritten for another reason keeps the one it had. None: this commit.
    """

    kind: str
    id: str
    document: str | None
    people: tuple[str, ...] = ()
    expires_at: datetime | None = None
    written_at: datetime | None = None


class Entry(NamedTuple):
    """A document as the store holds it; `document` is None where it went. `generation` is that of its last change."""

    kind: str
    id: str
    document: str | None
    people: tuple[str, ...]
    generation: int
    written_at: datetime
    expires_at: datetime | None


@dataclass(frozen=True)
class VectorRows:
    """Vectors of distinct texts of one model.

    Attributes
    ----------
    model : str
        Fingerprint of the model.
    keys : uint8 array (n, 32)
        SHA-256 of each text.
    vectors : float32 array (n, d)
        Unit rows.
    truncated : bool array (n,)
        Which texts the model cut.
    """

    model: str
    keys: NDArray[np.uint8]
    vectors: NDArray[np.float32]
    truncated: NDArray[np.bool_]


@dataclass(frozen=True)
class Event:
    """Something that is put on record: who did what to whom and why, never a content.

    `actor` is an id of the host's choosing, such as `coordinator:7`; `subjects` are ids of people as keyed hashes.
    """

    actor: str
    action: str
    subjects: tuple[str, ...] = ()
    details: Mapping[str, str] = field(default_factory=dict)
    why: str = ""


class AuditLine(NamedTuple):
    """An event with its place in the chain: `hash` covers everything in it and the hash of the line before."""

    number: int
    at: datetime
    event: Event
    previous: str
    hash: str


@dataclass(frozen=True)
class Commit:
    """Everything that becomes true at once, in this order.

    Attributes
    ----------
    forget : collection of str
        Ids of people of whom every document, tombstone and entry goes for good: whatever involves them or has their
        id, but for settings, is deleted and leaves no tombstone. Documents of others that name them are to come,
        without the name, among `changes`. With `new_epoch` every earlier tombstone of the programme goes as well,
        since the ids of ties, consents or answers are hashes of who, what and when, which can be guessed; readers read
        everything anew and miss none.
    purge_until : datetime or None
        Documents that expired by then go for good.
    replace : collection of str
        Kinds of which every document goes that is not among `changes`.
    changes : sequence of Change
    vectors : sequence of VectorRows
        Vectors to keep; one that is there already stays.
    only_vectors : mapping or None
        For each model the keys (bytes of 32) that are still needed; all others of that model, and all of models that
        are not named, go. None keeps all.
    events : sequence of Event
        What is put on record.
    new_epoch : bool
        Whether readers are to read everything anew.
    wipe : bool
        Whether what the changes take the place of must not stay in files either, as what is forgotten must not: in free
        pages, in a log. A store without files of its own has nothing to do.
    """

    forget: Collection[str] = ()
    purge_until: datetime | None = None
    replace: Collection[str] = ()
    changes: Sequence[Change] = ()
    vectors: Sequence[VectorRows] = ()
    only_vectors: Mapping[str, Collection[bytes]] | None = None
    events: Sequence[Event] = ()
    new_epoch: bool = False
    wipe: bool = False


@runtime_checkable
class Store(Protocol):
    """The durable truth of one or more programmes.

    A store that was opened for reading refuses `write` unless a commit holds nothing but events. All raise
    `matchengine.errors.StoreError` where the medium fails; a commit is then true as a whole or not at all, and
    `position` says which.
    """

    def position(self, programme: str) -> Position:
        """Return how far the changes have come; (0, 0) for a programme of which nothing was written."""
        ...

    def one_moment(self, programme: str) -> AbstractContextManager[None]:
        """Let everything that this thread reads of a programme within a block be of one moment; write nothing there.

        What was begun within the block is read to its end there too.
        """
        ...

    def write(self, programme: str, commit: Commit) -> Position:
        """Make a commit true, durably, and return the new position.

        Each change gets the next generation, in the given order; so does each document that `replace` and
        `purge_until` remove, in the order of kind and id.
        """
        ...

    def entries(
        self,
        programme: str,
        *,
        kinds: Collection[str] = (),
        since: int = 0,
        ids: Collection[str] | None = None,
        involving: str | None = None,
        now: datetime | None = None,
    ) -> Iterator[Entry]:
        """Yield documents in the order of their last change, all of one position.

        With `since` only those changed after that generation, and tombstones of those that went; without it no
        tombstone. What has expired by `now` (default: this moment) is never served; with `since` it reads as gone.
        Nothing in `kinds` means every kind; `ids` are ids among these kinds.
        """
        ...

    def vectors(self, programme: str, model: str, keys: NDArray[np.uint8]) -> VectorRows:
        """Return those of the vectors of keys (n, 32) that are held, in any order, each once."""
        ...

    def audit(self, programme: str) -> Iterator[AuditLine]:
        """Yield the record, oldest first, as it lies there; `matchengine.store.audit.first_break` checks it."""
        ...

    def close(self) -> None:
        """Let go of files, connections and the right to write. Afterwards every other call is refused."""
        ...
