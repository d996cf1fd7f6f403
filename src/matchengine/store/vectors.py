"""Vectors of a programme's texts in its store: what an engine over a store has in the place of a cache of files."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import numpy as np

from matchengine.batch import BoolArray
from matchengine.pool.vector_cache import Found, Matrix, text_keys
from matchengine.store.base import Store, VectorRows

__all__ = ["StoredVectors"]


class StoredVectors:
    """Looks vectors up in a store, and collects new ones until they are committed with the rows they belong to."""

    def __init__(self, store: Store, programme: str) -> None:
        self._store, self._programme = store, programme
        self._new: list[VectorRows] = []
        self._changing = threading.local()

    def get(self, fingerprint: str, dimension: int, texts: Sequence[str]) -> Found:
        """Look texts (T,) up: `found` bool (T,), `vectors` float32 (T, dimension), `truncated` bool (T,)."""
        result = Found.nothing(len(texts), dimension)
        keys = text_keys(texts)
        row_of = {key.tobytes(): row for row, key in enumerate(keys)}
        rows = [self._store.vectors(self._programme, fingerprint, keys)]
        rows += [new for new in self._new if new.model == fingerprint]
        for held in rows:
            if not len(held.keys) or held.vectors.shape[1] != dimension:
                continue
            places = np.array([row_of.get(key.tobytes(), -1) for key in held.keys], np.int64)
            known = places >= 0
            result.found[places[known]] = True
            result.vectors[places[known]] = held.vectors[known]
            result.truncated[places[known]] = held.truncated[known]
        return result

    def put(self, fingerprint: str, texts: Sequence[str], vectors: Matrix, truncated: BoolArray) -> None:
        """Keep vectors (T, d) of distinct texts (T,) for the next commit, where this thread makes a change."""
        if not getattr(self._changing, "now", False):
            return  # a text of a question is nobody's record: nothing would ever delete it
        self._new.append(VectorRows(fingerprint, text_keys(texts), vectors.copy(), truncated.copy()))

    @contextmanager
    def collecting(self) -> Iterator[None]:
        """Keep what this thread puts within the block, unless it fails: then these are words that nobody accepted."""
        outer, before = getattr(self._changing, "now", False), [*self._new]
        self._changing.now = True
        try:
            yield
        except BaseException:
            self._new = before
            raise
        finally:
            self._changing.now = outer

    def taken(self) -> list[VectorRows]:
        """Return what was put since the last call; it is forgotten here."""
        new, self._new = self._new, []
        return new
