"""The store that ends with its process: the reference for the others, and what tests and trials use."""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray

from matchengine.errors import StoreBusyError, StoreError
from matchengine.forking import in_child
from matchengine.i18n import _
from matchengine.store.audit import chained
from matchengine.store.base import SETTING, AuditLine, Commit, Entry, Position, VectorRows, checked_programme

__all__ = ["MemoryStore"]


@dataclass
class _Programme:
    position: Position = field(default=Position(0, 0))
    entries: dict[tuple[str, str], Entry] = field(default_factory=dict)
    vectors: dict[str, dict[bytes, tuple[NDArray[np.float32], bool]]] = field(default_factory=dict)
    audit: list[AuditLine] = field(default_factory=list)

    def copy(self) -> _Programme:
        vectors = {model: dict(of_model) for model, of_model in self.vectors.items()}
        return _Programme(self.position, dict(self.entries), vectors, list(self.audit))


class MemoryStore:
    """A `matchengine.store.base.Store` in the memory of this process."""

    location = "memory:"

    def __init__(self) -> None:
        self._programmes: dict[str, _Programme] = {}
        self._lock = threading.RLock()
        self._closed = self._inherited = False
        in_child(self._forked)

    def _forked(self) -> None:
        self._lock, self._inherited = threading.RLock(), True

    def position(self, programme: str) -> Position:
        return self._of(programme).position

    @contextmanager
    def one_moment(self, programme: str) -> Iterator[None]:
        with self._lock:
            yield

    def write(self, programme: str, commit: Commit) -> Position:
        with self._lock:
            if self._inherited:
                told = _("the process that this one was forked from holds the right to write; write there")
                raise StoreBusyError(told)
            held = self._of(programme).copy()
            self._forget(held, set(commit.forget), tombstones=commit.new_epoch)
            generation = held.position.generation
            now = datetime.now(UTC)
            if commit.purge_until is not None:
                until = commit.purge_until
                gone = [key for key, e in held.entries.items() if e.expires_at is not None and e.expires_at <= until]
                for key in sorted(gone):
                    generation += 1
                    held.entries[key] = _tombstone(held.entries[key], generation, now)
            coming = {(change.kind, change.id) for change in commit.changes}
            for key, entry in sorted(held.entries.items()):
                if entry.document is not None and key[0] in commit.replace and key not in coming:
                    generation += 1
                    held.entries[key] = _tombstone(entry, generation, now)
            for change in commit.changes:
                generation += 1
                people = () if change.document is None else change.people
                held.entries[change.kind, change.id] = Entry(
                    change.kind, change.id, change.document, people, generation, change.written_at or now,
                    change.expires_at,
                )  # fmt: skip
            for rows in commit.vectors:
                of_model = held.vectors.setdefault(rows.model, {})
                for key, vector, cut in zip(rows.keys, rows.vectors, rows.truncated, strict=True):
                    of_model.setdefault(key.tobytes(), (vector.copy(), bool(cut)))
            if commit.only_vectors is not None:
                held.vectors = {
                    model: {key: held.vectors[model][key] for key in keys if key in held.vectors[model]}
                    for model, keys in commit.only_vectors.items()
                    if model in held.vectors
                }
            for event in commit.events:
                held.audit.append(chained(held.audit[-1] if held.audit else None, event, now))
            held.position = Position(held.position.epoch + int(commit.new_epoch), generation)
            self._programmes[programme] = held
            return held.position

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
        moment = datetime.now(UTC) if now is None else now
        with self._lock:
            found = sorted(self._of(programme).entries.values(), key=lambda entry: entry.generation)
        for entry in found:
            if entry.generation <= since or (kinds and entry.kind not in kinds):
                continue
            if (ids is not None and entry.id not in ids) or (involving is not None and involving not in entry.people):
                continue
            if entry.expires_at is not None and entry.expires_at <= moment:
                entry = entry._replace(document=None, people=())
            if since or entry.document is not None:
                yield entry

    def vectors(self, programme: str, model: str, keys: NDArray[np.uint8]) -> VectorRows:
        with self._lock:
            of_model = self._of(programme).vectors.get(model, {})
            wanted = dict.fromkeys(key.tobytes() for key in keys)
            found = [(key, *of_model[key]) for key in wanted if key in of_model]
        dimension = len(found[0][1]) if found else 0
        return VectorRows(
            model,
            np.frombuffer(b"".join(key for key, _vector, _cut in found), np.uint8).reshape(-1, 32),
            np.array([vector for _key, vector, _cut in found], np.float32).reshape(len(found), dimension),
            np.array([cut for _key, _vector, cut in found], np.bool_),
        )

    def audit(self, programme: str) -> Iterator[AuditLine]:
        with self._lock:
            return iter(list(self._of(programme).audit))

    def close(self) -> None:
        self._closed = True

    def _of(self, programme: str) -> _Programme:
        if self._closed:
            raise StoreError(_("the store is closed; open it again"))
        with self._lock:
            return self._programmes.setdefault(checked_programme(programme), _Programme())

    @staticmethod
    def _forget(held: _Programme, people: set[str], *, tombstones: bool) -> None:
        held.entries = {
            key: entry
            for key, entry in held.entries.items()
            if not people
            or not (
                (key[1] in people and key[0] != SETTING)
                or people & {*entry.people}
                or (tombstones and entry.document is None)
            )
        }


def _tombstone(entry: Entry, generation: int, now: datetime) -> Entry:
    return Entry(entry.kind, entry.id, None, (), generation, now, None)
