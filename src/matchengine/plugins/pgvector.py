"""Vectors in PostgreSQL with pgvector: for platforms that want no files.

The database proposes candidates; what is returned is scored by the reference's own arithmetic, so ids, scores and ties
equal those of the index `numpy` bit for bit. With `exact = false` the candidates come from an HNSW graph, which may
miss some.

Each index has a space of rows of its own. A row bears the number of the change that added it and of the one that
removed it, and an index sees what stood at its own number: a fork costs nothing, and whoever reads an older state goes
on finding what was there. Rows that no index sees any more are deleted, and so are spaces that nobody uses.
"""

from __future__ import annotations

import os
import threading
import weakref
from collections.abc import Callable, Iterable, Mapping
from copy import copy
from typing import Any, Self, TypeVar

import numpy as np
from numpy.typing import NDArray

from matchengine.batch import FloatArray, IntArray
from matchengine.components import ComponentSpec, Hits, specs_in, vector_index
from matchengine.errors import DataError, PluginError, UnknownIdError
from matchengine.forking import in_child
from matchengine.hookspecs import hookimpl
from matchengine.i18n import _
from matchengine.plugins import pgvector_rows as rows
from matchengine.plugins.numpy_index import BLAS_QUERIES, FLOAT32, GATHER_SHARE, NumpyIndex
from matchengine.plugins.pgvector_rows import Graph, Sight
from matchengine.plugins.postgres_link import Cursor, Link, link_of, make_index
from matchengine.plugins.slots import SLOTS

__all__ = ["PgVectorIndex", "make_graph"]

DIMENSIONS = 2_000
"""The longest vectors of which pgvector makes a graph."""
R = TypeVar("R")


class _Space:
    """Rows of an index and its forks: their number in the database, and the number of the last change to them."""

    def __init__(self, number: int, link: Link, programme: str) -> None:
        self.number, self.head = number, 0
        self.seen_by: weakref.WeakSet[PgVectorIndex] = weakref.WeakSet()
        self.removed: dict[int, SLOTS] = {}
        weakref.finalize(self, _let_go, link, os.getpid(), (programme, number)).atexit = False


def _let_go(link: Link, process: int, space: tuple[str, int]) -> None:
    if os.getpid() == process:  # a forked child holds a copy of what is its parent's
        link.unused.append(space)


@vector_index("pgvector")
class PgVectorIndex:
    """Vectors in a PostgreSQL database, exact or through an HNSW graph.

    Parameters
    ----------
    dimension : int
        Length of the vectors, at most 2000.
    state : dict of str to array, optional
        What `state()` of an equal index returned; a state of the index `numpy` serves as well.
    programme : str
        Whose vectors these are: the only rows that are seen and written.
    url_variable : str
        Name of the environment variable that holds the URL of the database. The URL itself is never a setting.
    exact : bool
        Whether every vector is compared; else an HNSW graph proposes candidates, which the owner of the tables makes
        beforehand with `make_graph`.
    m, ef_construction : int
        How the graph was made; one made in another way is refused.
    ef_search : int
        How many candidates a search through the graph keeps, 1 to 1000; more find more and take longer.

    Raises
    ------
    PluginError
        Where the variable is not set, a setting is out of range, or the graph is missing.
    SnapshotError
        Where the state is damaged or of another dimension.
    StoreError
        Where the database cannot be reached, or would not keep programmes apart.
    """

    def __init__(
        self,
        dimension: int,
        state: Mapping[str, NDArray[Any]] | None = None,
        programme: str = "main",
        *,
        url_variable: str = "MATCHENGINE_DATABASE_URL",
        exact: bool = True,
        m: int = 16,
        ef_construction: int = 64,
        ef_search: int = 100,
    ) -> None:
        if not 1 <= ef_search <= rows.MOST_SEARCHED:
            raise PluginError(_("index 'pgvector': ef_search is {n}; expected 1 to 1000", n=ef_search))
        given = NumpyIndex(dimension, state).state()
        if dimension > DIMENSIONS:
            raise DataError(_("index 'pgvector': vectors of {n} numbers are too long; at most 2000", n=dimension))
        self.dimension, self.programme = dimension, programme
        self._checks = NumpyIndex(dimension)
        self._link = link_of(url_variable)
        self._link.open()
        self._space: _Space | None = None
        self._version = self._count = 0
        self._renew_lock()
        in_child(self._renew_lock)
        self._graph = None if exact else Graph(dimension, m, ef_construction, ef_search)
        if self._graph is not None:
            graph, link = self._graph, self._link
            link.run(programme, lambda cursor: rows.require_graph(cursor, link.extension, graph))
        self.add(given["ids"], given["vectors"])

    def _renew_lock(self) -> None:
        self._writing = threading.RLock()

    def __len__(self) -> int:
        return self._count

    def fork(self) -> Self:
        """Return an index of the same vectors to which vectors can be added without this one finding them."""
        with self._writing:
            made = copy(self)
            if made._space is not None:
                made._space.seen_by.add(made)
        return made

    def close(self) -> None:
        """Let go of the vectors; where no fork holds them either, they are deleted."""
        with self._writing:
            self._space, self._version, self._count = None, 0, 0
        self._link.run(self.programme, lambda cursor: None)

    # ------------------------------------------------------------------ changes

    def add(self, ids: IntArray, vectors: FloatArray) -> None:
        """Store vectors (n, dimension) under new ids (n,), in one transaction.

        Raises
        ------
        DataError
            Where an id is already present or given twice, or a vector is not finite, not of unit length (0.99 to
            1.01) or of another dimension. Nothing is stored then.
        StoreError
            Where the database fails. Nothing is stored then.
        """
        checked = NumpyIndex(self.dimension)
        checked.add(ids, vectors)
        given = checked.state()

        def work(cursor: Cursor, sight: Sight) -> None:
            if rows.holds_any(cursor, sight, given["ids"]):
                raise DataError("an id is already in the index or was given twice; remove it before adding it again")
            rows.insert(cursor, sight, given["ids"], given["vectors"], self._link)

        if len(given["ids"]):
            with self._writing:
                self._change(work)
                self._count += len(given["ids"])

    def remove(self, ids: IntArray) -> None:
        """Forget ids (n,); their rows are deleted as soon as no fork that an older state reads still sees them.

        Raises
        ------
        UnknownIdError
            Where an id is not stored or given twice. Nothing is removed then.
        StoreError
            Where the database fails. Nothing is removed then.
        """
        gone = self._numbers(ids)
        if len(np.unique(gone)) < len(gone):
            raise UnknownIdError("an id to remove was given twice; give each once")

        def work(cursor: Cursor, sight: Sight) -> None:
            if (found := rows.mark_removed(cursor, sight, gone)) < len(gone):
                raise UnknownIdError(f"{len(gone) - found} of {len(gone)} ids are not in the index")

        if len(gone):
            with self._writing:
                space = self._change(work)
                self._count -= len(gone)
                space.removed[self._version] = gone
                self._purge(space)

    def _change(self, work: Callable[[Cursor, Sight], None]) -> _Space:
        """Make a change that this index alone sees: in its space, or in a copy where a fork went on in it already."""
        space = self._space
        if space is None or space.head != self._version:
            space = self._moved(space)
        sight = self._sight(space)

        def within(cursor: Cursor) -> None:
            if not rows.advance(cursor, sight):
                raise rows.gone()
            work(cursor, sight)

        self._link.run(self.programme, within)
        space.head = self._version = sight.version + 1
        return space

    def _moved(self, source: _Space | None) -> _Space:
        """Take a new space, with the rows that this index sees."""

        def work(cursor: Cursor) -> int:
            number = rows.new_space(cursor, self.programme, self._link.owner)
            if source is not None and rows.copy_rows(cursor, self._sight(source), number) != self._count:
                raise rows.gone()
            return number

        made = _Space(self._link.run(self.programme, work), self._link, self.programme)
        if source is not None:
            source.seen_by.discard(self)
        made.seen_by.add(self)
        self._space, self._version = made, 0
        return made

    def _purge(self, space: _Space) -> None:
        """Delete removed rows that no fork sees any more."""
        oldest = min((index._version for index in space.seen_by), default=0)
        due = [version for version in space.removed if version <= oldest]
        if due:
            ids = np.concatenate([space.removed[version] for version in due])
            sight = self._sight(space)._replace(version=oldest)
            self._link.run(self.programme, lambda cursor: rows.delete_removed(cursor, sight, ids))
            for version in due:
                del space.removed[version]

    # ------------------------------------------------------------------ search

    def search(self, queries: FloatArray, k: int, allowed: IntArray | None = None) -> Hits:
        """Return the best min(k, available) ids for each query (q, dimension), best first, ties by id.

        `allowed` restricts the result to some ids; those not stored are ignored.

        Raises
        ------
        DataError
            Where a query is not finite, not of unit length or of another dimension, or k is negative.
        StoreError
            Where the database fails, or holds fewer rows than were stored.
        """
        nothing, space = self._checks.search(queries, k, allowed), self._space
        asked = np.ascontiguousarray(queries, np.float32)
        among = None if allowed is None else np.unique(self._numbers(allowed))
        k = min(k, self._count if among is None else len(among))
        if not k or not len(asked) or space is None:
            return nothing
        few = among is not None and len(among) <= GATHER_SHARE * self._count
        if few or (self._graph is None and len(asked) >= BLAS_QUERIES):
            return self._reading(space, lambda cursor, sight: self._compared(cursor, sight, asked, k, among))
        return self._reading(
            space, lambda cursor, sight: _joined([self._nearest(cursor, sight, query, k, among) for query in asked])
        )

    def vectors(self, ids: IntArray) -> FLOAT32:
        """Return the vectors (n, dimension) stored under ids (n,); an unknown id is refused."""
        wanted, place = np.unique(self._numbers(ids), return_inverse=True)
        known, vectors = self._read(wanted)
        if len(known) < len(wanted):
            missing = int((~np.isin(wanted, known)[place]).sum())
            raise UnknownIdError(f"{missing} of {len(place)} ids are not in the index")
        return vectors[place]

    def state(self) -> dict[str, NDArray[Any]]:
        """Return `ids` int64 (n,), ascending, and `vectors` float32 (n, dimension), enough to build an equal index."""
        ids, vectors = self._read()
        self._require_all(len(ids))
        return {"ids": ids, "vectors": vectors}

    def _read(self, among: SLOTS | None = None) -> tuple[SLOTS, FLOAT32]:
        """Return ids (n,), ascending, and their vectors (n, dimension): all, or those among ids."""
        space = self._space
        parts = [(np.empty(0, np.int64), np.empty((0, self.dimension), np.float32))]
        if space is not None and (among is None or len(among)):
            parts += self._reading(space, lambda cursor, sight: [*rows.read(cursor, sight, self.dimension, among)])
        return np.concatenate([ids for ids, _vectors in parts]), np.concatenate([vectors for _ids, vectors in parts])

    def _reading(self, space: _Space, work: Callable[[Cursor, Sight], R]) -> R:
        """Read in one transaction, once it is sure that the space is still there."""
        sight = self._sight(space)

        def within(cursor: Cursor) -> R:
            if not rows.is_there(cursor, sight):
                raise rows.gone()
            return work(cursor, sight)

        return self._link.run(self.programme, within)

    def _nearest(self, cursor: Cursor, sight: Sight, query: FLOAT32, k: int, among: SLOTS | None) -> Hits:
        """Return the hits of one query (dimension,): candidates by the database, scores by the reference."""
        if self._graph is not None:
            wanted = min(self._count, int(1.5 * k) + rows.MARGIN)
            found = rows.through_graph(cursor, sight, query, self._graph, wanted, among)
            if len(found[0]) >= k:
                return self._scored(found, query[None], k)
        ids = rows.nearest(cursor, sight, query, k, among)
        if among is None and len(ids) < k:
            raise rows.gone()
        return self._compared(cursor, sight, query[None], k, ids)

    def _compared(self, cursor: Cursor, sight: Sight, queries: FLOAT32, k: int, among: SLOTS | None) -> Hits:
        """Return the hits of queries (q, dimension) over all rows, or those of some ids, read part by part."""
        best, count = self._checks.search(queries, 0), 0
        for part in rows.read(cursor, sight, self.dimension, among):
            count += len(part[0])
            best = _best(k, best, self._scored(part, queries, k))
        if among is None:
            self._require_all(count)
        return best

    def _scored(self, found: tuple[SLOTS, FLOAT32], queries: FLOAT32, k: int) -> Hits:
        """Return the hits of queries (q, dimension) among found ids and vectors, as the reference gives them."""
        index = NumpyIndex(self.dimension)
        index.add(*found)
        return index.search(queries, k)

    def _sight(self, space: _Space) -> Sight:
        return Sight(self.programme, space.number, self._version)

    def _numbers(self, ids: IntArray) -> SLOTS:
        """Return ids as 64-bit numbers, checked as the reference does."""
        self._checks.search(np.empty((0, self.dimension), np.float32), 0, ids)
        return np.asarray(ids).astype(np.int64)

    def _require_all(self, count: int) -> None:
        if count != self._count:
            raise rows.gone()


def _best(k: int, first: Hits, second: Hits) -> Hits:
    """Return the k best hits of each query out of two lists, by score and then id."""
    query, ids = np.concatenate([first.query, second.query]), np.concatenate([first.ids, second.ids])
    scores = np.concatenate([first.scores, second.scores])
    order = np.lexsort((ids, -scores, query))
    kept = order[np.arange(len(order)) - np.searchsorted(query[order], query[order]) < k]
    return Hits(query[kept], ids[kept], scores[kept])


def _joined(hits: list[Hits]) -> Hits:
    return Hits(
        np.repeat(np.arange(len(hits)), [len(found.ids) for found in hits]),
        np.concatenate([found.ids for found in hits]),
        np.concatenate([found.scores for found in hits]),
    )


def make_graph(owner_url: str, dimension: int, *, m: int = 16, ef_construction: int = 64) -> None:
    """Make the HNSW graph over all stored vectors of a dimension, or make it anew in another way.

    Nobody can write vectors meanwhile; 20,000 take some seconds.

    Parameters
    ----------
    owner_url : str
        URL of the database with the owner of the tables.
    dimension, m, ef_construction : int
        m 2 to 100; ef_construction at least twice m, at most 1000. More find more and take longer.

    Raises
    ------
    StoreError
        Where the database refuses.
    """
    make_index(owner_url, dimension, m, ef_construction)


@hookimpl
def matchengine_components() -> Iterable[ComponentSpec]:
    """Offer the index `pgvector`."""
    return list(specs_in(PgVectorIndex))
