"""What the index `pgvector` asks of its tables; every statement names programme and space, every value is bound."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from matchengine.errors import PluginError, StoreError
from matchengine.i18n import _
from matchengine.plugins.numpy_index import FLOAT32, ROUNDING
from matchengine.plugins.postgres_link import Bigints, Cursor, Link, Vectors, read_rows
from matchengine.plugins.slots import SLOTS

__all__ = [
    "Graph",
    "Sight",
    "advance",
    "copy_rows",
    "delete_removed",
    "gone",
    "holds_any",
    "insert",
    "is_there",
    "mark_removed",
    "nearest",
    "new_space",
    "read",
    "require_graph",
    "through_graph",
]

PART_BYTES = 32 << 20
"""Bytes of vectors that are sent or read at once."""
MARGIN = 16
MOST_SEARCHED = 1000
"""The highest `hnsw.ef_search` that pgvector takes."""
ITERATIVE_SINCE = (0, 8)
"""From this version pgvector goes on searching until enough rows pass the filter."""

_SEEN = "programme = %(programme)s AND space = %(space)s AND added <= %(version)s AND removed > %(version)s"
_AMONG = _SEEN + " AND id = ANY(%(among)s)"
_ANY = "SELECT FROM matchengine.vector_index WHERE {seen} LIMIT 1"
_REMOVE = "UPDATE matchengine.vector_index SET removed = %(version)s + 1 WHERE {seen}"
_COPY = (
    "INSERT INTO matchengine.vector_index (programme, space, added, id, embedding) "
    "SELECT programme, %(new)s, 0, id, embedding FROM matchengine.vector_index WHERE {seen}"
)
_READ = "SELECT id, embedding FROM matchengine.vector_index WHERE {seen} AND id >= %(start)s ORDER BY id LIMIT %(most)s"
_NEAREST = """
WITH scored AS MATERIALIZED (
  SELECT id, embedding <#> %(query)s::vector AS distance FROM matchengine.vector_index WHERE {seen}
)
SELECT id FROM scored WHERE distance <= (
  SELECT max(distance) + %(rounding)s FROM (SELECT distance FROM scored ORDER BY distance LIMIT %(k)s) best
)
"""
_GRAPH = """
SELECT id, embedding FROM matchengine.vector_index WHERE {seen} AND dimension = {dimension}
ORDER BY (embedding::vector({dimension})) <#> %(query)s::vector({dimension}) LIMIT %(k)s
"""


class Sight(NamedTuple):
    """What an index sees: rows of one space of a programme that stood after one change."""

    programme: str
    space: int
    version: int

    def named(self, **more: Any) -> dict[str, Any]:
        """Return the values of a statement."""
        return self._asdict() | more


class Graph(NamedTuple):
    """An HNSW graph: of which dimension, how it was made, and how many candidates a search keeps."""

    dimension: int
    m: int
    ef_construction: int
    ef_search: int


# ---------------------------------------------------------------------- spaces and changes


def new_space(cursor: Cursor, programme: str, owner: int) -> int:
    """Make a space of a process, and return its number."""
    cursor.execute(
        "INSERT INTO matchengine.vector_space (programme, owner) VALUES (%s, %s) RETURNING space", [programme, owner]
    )
    return int(cursor.fetchall()[0][0])


def is_there(cursor: Cursor, sight: Sight) -> bool:
    """Tell whether a space still stands, with the changes that are to be seen."""
    cursor.execute(
        "SELECT FROM matchengine.vector_space "
        "WHERE programme = %(programme)s AND space = %(space)s AND head >= %(version)s",
        sight.named(),
    )
    return cursor.fetchone() is not None


def advance(cursor: Cursor, sight: Sight) -> bool:
    """Take the next change of a space for oneself, until the transaction ends; false where somebody else did."""
    cursor.execute(
        "UPDATE matchengine.vector_space SET head = head + 1 "
        "WHERE programme = %(programme)s AND space = %(space)s AND head = %(version)s",
        sight.named(),
    )
    return cursor.rowcount == 1


def holds_any(cursor: Cursor, sight: Sight, ids: SLOTS) -> bool:
    """Tell whether any of ids (n,) is seen."""
    cursor.execute(_ANY.format(seen=_AMONG), sight.named(among=Bigints.of(ids)))
    return cursor.fetchone() is not None


def insert(cursor: Cursor, sight: Sight, ids: SLOTS, vectors: FLOAT32, link: Link) -> None:
    """Write vectors (n, d) under ids (n,), to be seen from the next change on."""
    step = max(1, PART_BYTES // (4 * vectors.shape[1]))
    for start in range(0, len(ids), step):
        part = slice(start, start + step)
        cursor.execute(
            "INSERT INTO matchengine.vector_index (programme, space, added, id, embedding) "
            "SELECT %(programme)s, %(space)s, %(version)s + 1, given.* FROM unnest(%(ids)s, %(vectors)s) given",
            sight.named(ids=Bigints.of(ids[part]), vectors=Vectors.of(vectors[part], link.element)),
        )


def mark_removed(cursor: Cursor, sight: Sight, ids: SLOTS) -> int:
    """Let ids (n,) be seen no more from the next change on; return how many were."""
    cursor.execute(_REMOVE.format(seen=_AMONG), sight.named(among=Bigints.of(ids)))
    return cursor.rowcount


def delete_removed(cursor: Cursor, sight: Sight, ids: SLOTS) -> None:
    """Delete those rows of ids (n,) that were removed by the change that is seen, or before."""
    cursor.execute(
        "DELETE FROM matchengine.vector_index "
        "WHERE programme = %(programme)s AND space = %(space)s AND removed <= %(version)s AND id = ANY(%(among)s)",
        sight.named(among=Bigints.of(ids)),
    )


def copy_rows(cursor: Cursor, sight: Sight, space: int) -> int:
    """Copy what is seen to a new space; return how many rows there are."""
    cursor.execute(_COPY.format(seen=_SEEN), sight.named(new=space))
    return cursor.rowcount


# ---------------------------------------------------------------------- reading


def read(cursor: Cursor, sight: Sight, dimension: int, among: SLOTS | None = None) -> Iterator[tuple[SLOTS, FLOAT32]]:
    """Yield ids (n,) and vectors (n, dimension), all or those among ids, in the order of the ids and in parts."""
    statement, given = _READ.format(seen=_SEEN), sight.named(start=-(2**63), most=max(1, PART_BYTES // (4 * dimension)))
    if among is not None:
        statement, given["among"] = _READ.format(seen=_AMONG), Bigints.of(among)
    while given["start"] < 2**63:
        cursor.execute(statement, given)
        ids, vectors = read_rows(cursor, dimension)
        if len(ids):
            yield ids, vectors
        if len(ids) < given["most"]:
            return
        given["start"] = int(ids[-1]) + 1


def nearest(cursor: Cursor, sight: Sight, query: FLOAT32, k: int, among: SLOTS | None) -> SLOTS:
    """Return ids among which the k nearest of a query (d,) are, and all that may tie with the last; in any order.

    Their vectors are read afterwards: a join would be planned by statistics that a new space does not have yet.
    """
    given = sight.named(query=_written(query), k=k, rounding=ROUNDING)
    if among is not None:
        given["among"] = Bigints.of(among)
    cursor.execute(_NEAREST.format(seen=_SEEN if among is None else _AMONG), given)
    return np.array([number for (number,) in cursor.fetchall()], np.int64)


def through_graph(
    cursor: Cursor, sight: Sight, query: FLOAT32, graph: Graph, k: int, among: SLOTS | None
) -> tuple[SLOTS, FLOAT32]:
    """Return about as many rows as asked for, as the graph finds them.

    The order may be relaxed: the rows are scored anew. A strict one leaves out rows that are found late (measured: 0.80
    of a small tenant's nearest instead of 1.00).
    """
    kept = max(graph.ef_search, min(k, MOST_SEARCHED))
    cursor.execute(
        "SELECT set_config('hnsw.iterative_scan', 'relaxed_order', true), set_config('hnsw.ef_search', %s, true)",
        [str(kept)],
    )
    given = sight.named(query=_written(query), k=k)
    if among is not None:
        given["among"] = Bigints.of(among)
    cursor.execute(_GRAPH.format(seen=_SEEN if among is None else _AMONG, dimension=graph.dimension), given)
    return read_rows(cursor, graph.dimension)


def _written(query: FLOAT32) -> str:
    """Return a vector as pgvector reads it; each number comes back as the same float32."""
    return f"[{','.join(map(repr, query.tolist()))}]"


def require_graph(cursor: Cursor, version: tuple[int, int], graph: Graph) -> None:
    """Refuse a search through a graph that is not there, or was made in another way.

    Raises
    ------
    PluginError
        With the call that makes the graph.
    """
    if version < ITERATIVE_SINCE:
        raise PluginError(
            _("index 'pgvector': exact = false needs pgvector 0.8 or later, which goes on until enough rows are found")
        )
    cursor.execute(
        "SELECT reloptions FROM pg_class WHERE oid = to_regclass(%s)",
        [f"matchengine.vector_index_hnsw_{graph.dimension}"],
    )
    found = cursor.fetchone()
    wanted = [f"ef_construction={graph.ef_construction}", f"m={graph.m}"]
    if found is None or sorted(found[0] or ()) != wanted:
        call = f"make_graph(URL_OF_OWNER, {graph.dimension}, m={graph.m}, ef_construction={graph.ef_construction})"
        raise PluginError(
            _(
                "index 'pgvector': exact = false needs a graph of dimension {dimension} with m = {m} and "
                "ef_construction = {ef}. Let the owner of the tables make it: matchengine.plugins.pgvector.{call}",
                dimension=graph.dimension,
                m=graph.m,
                ef=graph.ef_construction,
                call=call,
            )
        )


def gone() -> StoreError:
    """Return the error for rows that are not there as they were written."""
    return StoreError(
        _(
            "the vectors of this index are no longer in the database as they were written; somebody else changed or "
            "removed them. Open the programme again, which writes them anew"
        )
    )
