"""The reference index: exact inner products in NumPy, to which every other index must agree.

Vectors lie in slots of one growing matrix. A removed vector is overwritten at once and its slot stays empty until a
tenth of the slots are, then the matrix is compacted. One writer at a time; readers need no lock, because growing and
compacting build new arrays and swap one reference.

Matrix products only propose candidates. The scores returned are dot products computed row by row, so a pair has the
same score bit for bit whatever the batch, the position of the row or the index that proposed it, and ties are real.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field, replace
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from matchengine.batch import FloatArray, IntArray
from matchengine.components import ComponentSpec, Hits, specs_in, vector_index
from matchengine.errors import DataError, SnapshotError, UnknownIdError
from matchengine.hookspecs import hookimpl
from matchengine.i18n import _
from matchengine.plugins.slots import SlotOf

__all__ = ["NumpyIndex"]

ROUNDING = 1e-5  # larger than what two ways to compute one inner product of unit vectors differ by
GATHER_SHARE = 0.25  # up to this share of allowed rows, copying them is faster than multiplying all (measured)
GATHER_ROWS = 4096
BLOCK_VALUES = 1 << 24  # scores held at once: 64 MiB
GROUP = 32  # scores per group maximum when looking for the k best
RANK_ROWS = 1024
BLAS_QUERIES = 16
CACHED_ROWS = 512
COMPACT_SHARE = 0.1
FLOAT32 = NDArray[np.float32]
SLOTS = NDArray[np.int64]


@dataclass
class Rows:
    """Slots of one generation. `covered` is how many of the first slots an approximate structure knows.

    `written` is how many slots of the arrays hold something, for all that share them.
    """

    ids: SLOTS
    vectors: FLOAT32
    live: NDArray[np.bool_]
    slot_of: SlotOf = field(default_factory=SlotOf)
    used: int = 0
    dead: int = 0
    covered: int = 0
    written: list[int] = field(default_factory=lambda: [0])

    @classmethod
    def empty(cls, capacity: int, dimension: int) -> Rows:
        return cls(
            np.empty(capacity, np.int64), np.empty((capacity, dimension), np.float32), np.zeros(capacity, np.bool_)
        )

    def grown(self, capacity: int) -> Rows:
        """Return the same slots in larger arrays."""
        new = Rows.empty(capacity, self.vectors.shape[1])
        for name in ("ids", "vectors", "live"):
            getattr(new, name)[: self.used] = getattr(self, name)[: self.used]
        new.slot_of, new.used, new.dead, new.covered = self.slot_of, self.used, self.dead, self.covered
        new.written = [self.used]
        return new

    def fork(self) -> Rows:
        """Return the same slots in the same arrays; whichever grows first goes on in place."""
        return replace(self, live=self.live.copy(), slot_of=self.slot_of.fork())

    def compacted(self) -> Rows:
        """Return the live slots alone, in the same order."""
        keep = np.flatnonzero(self.live[: self.used])
        new = Rows(self.ids[keep], self.vectors[keep], np.ones(len(keep), np.bool_), used=len(keep))
        new.covered, new.written = int(self.live[: self.covered].sum()), [len(keep)]
        new.slot_of.set(new.ids, np.arange(len(keep)), len(keep))
        return new


@vector_index("numpy")
class NumpyIndex:
    """Exact search in NumPy; the reference.

    Parameters
    ----------
    dimension : int
        Length of the vectors.
    state : dict of str to array, optional
        What `state()` of an equal index returned. One that was read from a saved folder (it has `whole`: the arrays
        with spare rows behind theirs) is checked like any other, but taken over without a copy.

    Raises
    ------
    SnapshotError
        When the state is damaged or of another dimension.
    """

    def __init__(self, dimension: int, state: Mapping[str, NDArray[Any]] | None = None) -> None:
        if dimension < 1:
            raise DataError(f"dimension of an index is {dimension}; expected 1 or more")
        self.dimension = dimension
        self._rows = Rows.empty(0, dimension)
        if state is not None:
            try:
                whole = getattr(state, "whole", {})
                if {"ids", "vectors"} <= whole.keys():
                    self._take_over(state["ids"], state["vectors"], whole["ids"], whole["vectors"])
                else:
                    NumpyIndex.add(self, np.asarray(state["ids"]), np.asarray(state["vectors"]))
            except (KeyError, DataError) as error:
                raise SnapshotError(
                    _(
                        "saved state of the index cannot be used: {cause}; rebuild the index from the store",
                        cause=str(error),
                    )
                ) from error

    def _take_over(self, ids: SLOTS, vectors: FLOAT32, all_ids: SLOTS, all_vectors: FLOAT32) -> None:
        """Use arrays as they are, as the rows of an empty index, after the checks of `add`."""
        ids, vectors = _checked_ids(ids), _checked_vectors(vectors, self.dimension, "vectors")
        count, capacity = len(ids), min(len(all_ids), len(all_vectors))
        mine = ids.base is not None and np.may_share_memory(ids, all_ids) and np.may_share_memory(vectors, all_vectors)
        if not count or not mine or not (all_ids.flags.writeable and all_vectors.flags.writeable):
            NumpyIndex.add(self, ids, vectors)
            return
        ascending = bool((ids[1:] > ids[:-1]).all())  # as a pool numbers its texts
        if count != len(vectors) or not (ascending or len(np.unique(ids)) == count):
            raise DataError("an id was given twice, or there are more or fewer ids than vectors")
        rows = Rows(all_ids[:capacity], all_vectors[:capacity], np.zeros(capacity, np.bool_), used=count)
        rows.live[:count], rows.written = True, [count]
        rows.slot_of.set(ids, np.arange(count), count)
        self._rows = rows

    def __len__(self) -> int:
        return self._rows.used - self._rows.dead

    def add(self, ids: IntArray, vectors: FloatArray) -> None:
        """Store vectors (n, dimension) under new ids (n,). Nothing is stored when anything is refused.

        Raises
        ------
        DataError
            Where an id is already present or given twice, or a vector is not finite, not of unit length (0.99 to
            1.01) or of another dimension.
        """
        ids, vectors = _checked_ids(ids), _checked_vectors(vectors, self.dimension, "vectors")
        if len(ids) != len(vectors):
            raise DataError(f"{len(ids)} ids were given for {len(vectors)} vectors; give one id per vector")
        rows, count = self._rows, len(ids)
        if len(np.unique(ids)) < count or (rows.slot_of.get(ids) >= 0).any():
            raise DataError("an id is already in the index or was given twice; remove it before adding it again")
        if rows.used + count > len(rows.ids) or rows.written[0] != rows.used:
            rows = self._rows = rows.grown(max(rows.used + count + count // 16, 2 * rows.used))
        slots = np.arange(rows.used, rows.used + count)
        rows.ids[slots], rows.vectors[slots], rows.live[slots] = ids, vectors, True
        rows.slot_of.set(ids, slots, rows.used + count)
        rows.used += count
        rows.written[0] = rows.used

    def fork(self) -> Self:
        """Return an index of the same vectors to which vectors can be added without this one finding them."""
        made = copy(self)
        made._rows = self._rows.fork()
        return made

    def remove(self, ids: IntArray) -> None:
        """Forget ids (n,); their vectors are overwritten at once. Nothing is removed when anything is refused.

        Raises
        ------
        UnknownIdError
            Where an id is not stored or given twice.
        """
        ids, rows = _checked_ids(ids), self._rows
        slots = self._slots(ids)
        if len(np.unique(slots)) < len(slots):
            raise UnknownIdError("an id to remove was given twice; give each once")
        rows.live[slots] = False
        rows.vectors[slots] = 0.0
        rows.slot_of.forget(ids)
        rows.dead += len(slots)
        if rows.dead > COMPACT_SHARE * rows.used:
            self.compact()

    def compact(self) -> None:
        """Drop empty slots now, so that nothing of a removed vector remains anywhere in the index."""
        self._rows = self._rows.compacted()

    def search(self, queries: FloatArray, k: int, allowed: IntArray | None = None) -> Hits:
        """Return the best min(k, available) ids for each query (q, dimension), best first, ties by id.

        `allowed` restricts the result to some ids; those not stored are ignored.

        Raises
        ------
        DataError
            Where a query is not finite, not of unit length or of another dimension, or k is negative.
        """
        queries = _checked_vectors(queries, self.dimension, "queries")
        if k < 0:
            raise DataError(f"k is {k}; expected 0 or more results")
        rows = self._rows
        used = rows.used
        slots = None
        if allowed is not None:
            slots = rows.slot_of.get(_checked_ids(allowed))
            chosen = np.zeros(used, np.bool_)  # sorts and drops repetitions faster than sorting does
            chosen[slots[(slots >= 0) & (slots < used)]] = True
            slots = np.flatnonzero(chosen)
            slots = None if len(slots) == used else slots
        k = min(k, used - rows.dead if slots is None else len(slots))
        if not k or not len(queries):
            return Hits(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0, np.float32))
        return _ranked(rows, queries, self._candidates(rows, used, queries, k, slots), k)

    def vectors(self, ids: IntArray) -> FLOAT32:
        """Return a copy of the vectors (n, dimension) stored under ids (n,); an unknown id is refused."""
        slots = self._slots(_checked_ids(ids))
        return self._rows.vectors[slots]

    def state(self) -> dict[str, NDArray[Any]]:
        """Return `ids` int64 (n,) and `vectors` float32 (n, dimension), enough to build an equal index."""
        keep = np.flatnonzero(self._rows.live[: self._rows.used])
        return {"ids": self._rows.ids[keep], "vectors": self._rows.vectors[keep]}

    def shared_state(self) -> dict[str, NDArray[Any]]:
        """Return the arrays of `state()`, some of which may be the index's own: for reading only, and at once."""
        rows = self._rows
        if not rows.dead:
            return {"ids": rows.ids[: rows.used], "vectors": rows.vectors[: rows.used]}
        return self.state()

    def _slots(self, ids: SLOTS) -> SLOTS:
        slots = self._rows.slot_of.get(ids)
        if (slots < 0).any():
            raise UnknownIdError(f"{int((slots < 0).sum())} of {len(ids)} ids are not in the index")
        return slots

    def _candidates(self, rows: Rows, used: int, queries: FLOAT32, k: int, slots: SLOTS | None) -> SLOTS:
        """Return slots (q, m), -1 for none, that hold each query's k best; other indexes replace this step.

        `slots` are the allowed ones, sorted, or None for all `used` ones.
        """
        return table_of(list(_exact(rows, used, queries, k, slots)))


def table_of(lists: Sequence[SLOTS]) -> SLOTS:
    """Return lists of slots as one table (q, m), filled up with -1."""
    if len(lists) == 1:
        return lists[0][None]
    table = np.full((len(lists), max(map(len, lists))), -1, dtype=np.int64)
    for row, found in zip(table, lists, strict=True):
        row[: len(found)] = found
    return table


def _exact(rows: Rows, used: int, queries: FLOAT32, k: int, slots: SLOTS | None) -> Iterator[SLOTS]:
    columns = used if slots is None else len(slots)
    step = max(1, BLOCK_VALUES // columns)
    for start in range(0, len(queries), step):
        block = queries[start : start + step]
        if slots is None:
            scores = _products(block, rows.vectors[:used])
            if rows.dead:
                scores[:, np.flatnonzero(~rows.live[:used])] = -np.inf
        else:
            scores = _products_of(block, rows.vectors[:used], slots)
        for row in scores:
            best = best_positions(row, k)
            yield best if slots is None else slots[best]


def best_positions(scores: FLOAT32, k: int) -> SLOTS:
    """Return the positions of the k best of scores (n,), in any order, with all that may tie with the last."""
    width = len(scores) // GROUP
    if width > k:  # the k-th best maximum of groups is a floor: at least k scores reach it
        maxima = scores[: width * GROUP].reshape(GROUP, width).max(axis=0)
        positions = np.flatnonzero(scores >= np.partition(maxima, width - k)[width - k] - ROUNDING)
    else:
        positions = np.arange(len(scores))
    if len(positions) > k:
        values = scores[positions]
        positions = positions[values >= np.partition(values, len(values) - k)[len(values) - k] - ROUNDING]
    return np.asarray(positions, dtype=np.int64)


def _products(queries: FLOAT32, matrix: FLOAT32) -> FLOAT32:
    """Inner products (q, n).

    Few queries take plain dot products in one thread, block by block so that a block stays in the cache. Measured: as
    fast as FAISS's scan, where BLAS threads cost up to fifty times as much on a machine that is busy otherwise. Larger
    batches go through BLAS.
    """
    if len(queries) >= BLAS_QUERIES:
        return queries @ matrix.T
    scores = np.empty((len(queries), len(matrix)), np.float32)
    step = CACHED_ROWS if len(queries) > 1 else max(1, len(matrix))
    for start in range(0, len(matrix), step):
        rows = slice(start, start + step)
        np.vecdot(matrix[rows, None], queries[None], out=scores[:, rows].T)
    return scores


def _products_of(queries: FLOAT32, matrix: FLOAT32, slots: SLOTS) -> FLOAT32:
    """Inner products (q, m) with the rows at sorted slots (m,): a view, a copy in small pieces, or all and select."""
    if slots[-1] - slots[0] + 1 == len(slots):
        return _products(queries, matrix[slots[0] : slots[-1] + 1])
    if len(slots) > GATHER_SHARE * len(matrix):
        return np.stack([_row[slots] for _row in _products(queries, matrix)])
    starts = range(0, len(slots), GATHER_ROWS)
    pieces = [_products(queries, matrix.take(slots[s : s + GATHER_ROWS], axis=0)) for s in starts]
    return pieces[0] if len(pieces) == 1 else np.concatenate(pieces, axis=1)


def _ranked(rows: Rows, queries: FLOAT32, table: SLOTS, k: int) -> Hits:
    """Score the candidates (q, m) of each query row by row and keep its k best, by score and then id."""
    values = np.empty(table.shape, np.float32)
    step = max(1, RANK_ROWS // table.shape[1])
    for start in range(0, len(table), step):
        part = slice(start, start + step)
        candidates = rows.vectors.take(table[part], axis=0, mode="clip")
        np.vecdot(candidates, queries[part, None], out=values[part])
    values[(table < 0) | ~rows.live[table]] = -np.inf  # read after the vectors, which a removal overwrites
    names = rows.ids[table]
    order = np.argsort(-values, axis=1)
    ordered = np.take_along_axis(values, order, axis=1)
    tied = (ordered[:, 1:] == ordered[:, :-1]).any(axis=1)
    for row in np.flatnonzero(tied):
        order[row] = np.lexsort((names[row], -values[row]))
    ordered = ordered[:, :k]
    found = ordered > -np.inf
    return Hits(
        np.repeat(np.arange(len(table)), found.sum(axis=1)),
        np.take_along_axis(names, order[:, :k], axis=1)[found],
        ordered[found],
    )


def _checked_ids(ids: IntArray | Sequence[int]) -> SLOTS:
    array = np.asarray(ids)
    if array.ndim != 1 or (len(array) and array.dtype.kind not in "iu"):
        raise DataError(f"ids have shape {array.shape} and type {array.dtype}; expected whole numbers of shape (n,)")
    if array.dtype.kind == "u" and len(array) and array.max() > np.iinfo(np.int64).max:
        raise DataError("an id exceeds 63 bits; ids are signed 64-bit whole numbers")
    return array.astype(np.int64, copy=False)


def _checked_vectors(vectors: FloatArray, dimension: int, what: str) -> FLOAT32:
    """Return vectors as contiguous float32, or refuse them: shape, type, NaN, infinity, length 0.99 to 1.01."""
    array = np.asarray(vectors)
    if array.ndim != 2 or array.shape[1] != dimension or array.dtype.kind != "f":
        raise DataError(
            f"{what} have shape {array.shape} and type {array.dtype}; expected floats of shape (n, {dimension}). "
            "Is this index of another model? Rebuild it"
        )
    array = np.ascontiguousarray(array, dtype=np.float32)
    squares = np.vecdot(array, array)
    good = (squares >= 0.99**2) & (squares <= 1.01**2)  # NaN and infinity fail as well
    if not good.all():
        raise DataError(
            f"{int((~good).sum())} of {len(array)} {what} are not finite or not of unit length "
            f"(first at position {int(np.argmin(good))}); normalise them before"
        )
    return array


@hookimpl
def matchengine_components() -> Iterable[ComponentSpec]:
    """Offer the index `numpy`."""
    return list(specs_in(NumpyIndex))
