"""FAISS over the reference index's storage: exact up to a size, then an inverted file with exact rescoring.

Vectors are stored once, in the matrix of `NumpyIndex`; FAISS reads that memory. Whatever FAISS proposes is scored by
the reference's own arithmetic, so ids, scores and ties equal the reference's, and FAISS's -1 ids never leave.

Importing this module lowers FAISS's process-wide `distance_compute_blas_threshold`: its default leaves batches of up
to 300 queries without BLAS, three to seven times slower. In a forked child FAISS is set to one thread, because its
search hangs there otherwise.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matchengine.batch import FloatArray, IntArray
from matchengine.components import ComponentSpec, specs_in, vector_index
from matchengine.errors import MissingExtraError, PluginError, SnapshotError
from matchengine.forking import in_child
from matchengine.hookspecs import hookimpl
from matchengine.i18n import _
from matchengine.plugins.numpy_index import (
    BLAS_QUERIES,
    FLOAT32,
    GATHER_SHARE,
    ROUNDING,
    SLOTS,
    NumpyIndex,
    Rows,
    table_of,
)

try:
    import faiss
except ImportError as error:
    raise MissingExtraError("semantic", _("the index 'faiss'")) from error

__all__ = ["FaissIndex"]

BLAS_NUMBERS = 16 * 384  # queries times dimension from which FAISS uses BLAS; smaller batches are scanned one by one
faiss.cvar.distance_compute_blas_threshold = BLAS_NUMBERS
_READING = threading.Lock()
"""The limit of bytes is that of the whole process."""


def _renew_lock() -> None:
    global _READING
    _READING = threading.Lock()


in_child(_renew_lock)

MARGIN = 16
MIN_PROBES = 64
DELTA_SHARE = 0.1
SEED = 20240117


@dataclass(frozen=True)
class _Inverted:
    """An inverted file over ids, never changed once made. `trained_on` is how many vectors shaped its lists."""

    index: Any
    trained_on: int
    recall: float


@vector_index("faiss")
class FaissIndex(NumpyIndex):
    """FAISS: exact for small pools, an inverted file rescored exactly for large ones.

    Parameters
    ----------
    dimension : int
        Length of the vectors.
    state : dict of str to array, optional
        What `state()` of an equal index returned; a state of the index `numpy` serves as well.
    exact_up_to : int
        So many vectors are searched exactly. Beyond, `add` builds an inverted file of 8-bit codes (a minute or more
        for a million vectors) and measures its recall on the vectors themselves.
    recall : float
        Share of the exact 200 best that the inverted file must find, 0 to 1; more lists are probed until it does, and
        where none of the settings does, the search stays exact.

    Raises
    ------
    SnapshotError
        When the state is damaged, of another dimension, or its parts do not belong together.
    """

    def __init__(
        self,
        dimension: int,
        state: Mapping[str, NDArray[Any]] | None = None,
        *,
        exact_up_to: int = 300_000,
        recall: float = 0.95,
    ) -> None:
        if exact_up_to < 1 or not 0 < recall <= 1:
            raise PluginError(
                _(
                    "index 'faiss': exact_up_to is {exact_up_to} and recall {recall}; expected 1 or more, "
                    "and above 0 to 1",
                    exact_up_to=exact_up_to,
                    recall=recall,
                )
            )
        self.exact_up_to = exact_up_to
        self.recall = recall
        self._inverted: _Inverted | None = None
        self._given_up_at = 0
        super().__init__(dimension, state)
        if state is not None and "inverted" in state:
            self._restore(state)
        elif state is not None:
            self._refresh()

    @property
    def approximate(self) -> bool:
        """Whether searches go through the inverted file."""
        return self._inverted is not None

    @property
    def measured_recall(self) -> float:
        """Recall of the search against the exact one when the inverted file was built; 1 where the search is exact."""
        return 1.0 if self._inverted is None else self._inverted.recall

    def add(self, ids: IntArray, vectors: FloatArray) -> None:
        """Store vectors under new ids, see `NumpyIndex.add`; new ones are searched exactly until they are merged."""
        super().add(ids, vectors)
        self._refresh()

    def compact(self) -> None:
        """Drop empty slots and every code of a removed vector, see `NumpyIndex.compact`."""
        if self._inverted is not None:
            self._merge(self._inverted)
        super().compact()

    def state(self) -> dict[str, NDArray[Any]]:
        """Return the reference's arrays and, where there is one, the inverted file as bytes."""
        if self._rows.dead:
            self.compact()
        return super().state() | self._inverted_state()

    def shared_state(self) -> dict[str, NDArray[Any]]:
        """Return the arrays of `state()` for reading only, see `NumpyIndex.shared_state`."""
        if self._rows.dead:
            return self.state()
        return super().shared_state() | self._inverted_state()

    def _inverted_state(self) -> dict[str, NDArray[Any]]:
        arrays: dict[str, NDArray[Any]] = {}
        if self._inverted is not None:
            data = faiss.serialize_index(self._inverted.index)
            arrays["inverted"] = data
            arrays["inverted_sha256"] = _digest(data)
            arrays["inverted_numbers"] = np.array(
                [self._inverted.trained_on, self._inverted.recall, self._rows.covered], np.float64
            )
        return arrays

    # ------------------------------------------------------------------ search

    def _candidates(self, rows: Rows, used: int, queries: FLOAT32, k: int, slots: SLOTS | None) -> SLOTS:
        covered, inverted = rows.covered, self._inverted  # in this order, see _publish
        if inverted is not None and covered and (slots is None or len(slots) > GATHER_SHARE * used):
            table = self._probed(inverted, rows, (covered, used), queries, k, slots)
        elif slots is None and len(queries) >= BLAS_QUERIES:  # fewer are faster in the reference
            table = _flat(rows, used, queries, k)
        else:
            return super()._candidates(rows, used, queries, k, slots)
        short = np.flatnonzero((table >= 0).sum(axis=1) < k)
        if not len(short):
            return table
        lists = [row[row >= 0] for row in table]
        exact = super()._candidates(rows, used, queries[short], k, slots)
        for row, found in zip(short, exact, strict=True):
            lists[row] = found[found >= 0]
        return table_of(lists)

    def _probed(
        self,
        inverted: _Inverted,
        rows: Rows,
        covered_used: tuple[int, int],
        queries: FLOAT32,
        k: int,
        slots: SLOTS | None,
    ) -> SLOTS:
        """Return candidates (q, m) from the inverted file and, exactly, from the slots it does not cover."""
        covered, used = covered_used
        allowed = np.zeros(used, np.bool_) if slots is not None else rows.live[:used].copy()
        allowed[slots if slots is not None else []] = True
        wanted = min(covered, int((1.5 * k + MARGIN) * used / max(1, int(allowed.sum()))))
        ids = inverted.index.search(queries, wanted)[1]
        found = rows.slot_of.get(ids.ravel())
        found[(found >= covered) | (ids.ravel() < 0)] = -1
        found[(found >= 0) & ~allowed[found]] = -1
        table = found.reshape(ids.shape)
        fresh = np.arange(covered, used) if slots is None else slots[slots >= covered]
        if not len(fresh):
            return table
        recent = super()._candidates(rows, used, queries, min(k, len(fresh)), fresh)
        return np.concatenate([table, recent], axis=1)

    # ------------------------------------------------------------------ building and merging

    def _refresh(self) -> None:
        """Build the inverted file when the pool outgrew the exact search, merge new vectors when there are many."""
        count, inverted = len(self), self._inverted
        if inverted is not None and count <= 2 * inverted.trained_on:
            if self._rows.used - self._rows.covered > max(1000, DELTA_SHARE * self._rows.covered):
                self._merge(inverted)
        elif count > max(self.exact_up_to, 2 * self._given_up_at):
            self._build()

    def _build(self) -> None:
        self._inverted, rows = None, self._rows
        keep = np.flatnonzero(rows.live[: rows.used])
        lists = int(np.clip(4 * np.sqrt(len(keep)), 1, max(1, len(keep) // 39)))
        index: Any = faiss.index_factory(self.dimension, f"IVF{lists},SQ8", faiss.METRIC_INNER_PRODUCT)
        index.cp.seed, index.cp.max_points_per_centroid, index.cp.min_points_per_centroid = SEED, 64, 1
        sample = np.random.default_rng(SEED).permutation(len(keep))[: 64 * lists]
        index.train(rows.vectors[keep[np.sort(sample)]])
        for start in range(0, len(keep), 65_536):
            part = keep[start : start + 65_536]
            index.add_with_ids(rows.vectors[part], rows.ids[part])
        index.nprobe = min(MIN_PROBES, lists)
        recall = self._measured(index)
        while recall < self.recall and index.nprobe < lists // 2:
            index.nprobe = min(2 * index.nprobe, lists // 2)
            recall = self._measured(index)
        if recall >= self.recall:
            self._publish(_Inverted(index, len(keep), recall), rows.used)
        else:
            self._given_up_at = len(keep)

    def _measured(self, index: Any) -> float:
        """Recall of the 200 best for a hundred of the stored vectors, against the exact search."""
        rows = self._rows
        keep = np.flatnonzero(rows.live[: rows.used])
        sample = np.random.default_rng(SEED + 1).permutation(keep)[:100]
        queries, k = rows.vectors[np.sort(sample)], min(200, len(keep))
        exact = self.search(queries, k).ids.reshape(len(queries), k)
        proposed = index.search(queries, min(len(keep), int(1.5 * k + MARGIN)))[1]
        return float(np.mean([np.isin(best, ids).mean() for best, ids in zip(exact, proposed, strict=True)]))

    def _merge(self, inverted: _Inverted) -> None:
        """Replace the inverted file by a copy with the new vectors and without the removed ones."""
        rows = self._rows
        index = faiss.clone_index(inverted.index)
        stored = _stored_ids(index)
        gone = stored[rows.slot_of.get(stored) < 0]
        again = rows.ids[rows.covered : rows.used][rows.live[rows.covered : rows.used]]
        index.remove_ids(faiss.IDSelectorBatch(np.concatenate([gone, again])))
        fresh = rows.covered + np.flatnonzero(rows.live[rows.covered : rows.used])
        if len(fresh):
            index.add_with_ids(rows.vectors[fresh], rows.ids[fresh])
        self._publish(_Inverted(index, inverted.trained_on, inverted.recall), rows.used)

    def _publish(self, inverted: _Inverted, covered: int) -> None:
        self._inverted = inverted  # before `covered`: readers take `covered` first, so they never miss a vector
        self._rows.covered = covered

    def _restore(self, state: Mapping[str, NDArray[Any]]) -> None:
        """Read the inverted file, under a byte limit and only after its hash was checked."""
        data = np.ascontiguousarray(state["inverted"])
        hashed = np.asarray(state.get("inverted_sha256", ()))
        numbers = np.asarray(state.get("inverted_numbers", ()))
        if data.dtype != np.uint8 or not np.array_equal(_digest(data), hashed) or numbers.shape != (3,):
            raise _refused(_("its bytes do not have the recorded SHA-256"))
        index = _deserialised(data)
        trained_on, recall, covered = int(numbers[0]), float(numbers[1]), int(numbers[2])
        if not isinstance(index, faiss.IndexIVFScalarQuantizer) or index.metric_type != faiss.METRIC_INNER_PRODUCT:
            raise _refused(_("it is not an inverted file of 8-bit codes for inner products"))
        slots = self._rows.slot_of.get(_stored_ids(index)) if index.d == self.dimension else np.empty(0)
        if not 0 < covered <= self._rows.used or not np.array_equal(np.sort(slots), np.arange(covered)):
            raise _refused(_("it does not hold the vectors stored beside it"))
        self._publish(_Inverted(index, trained_on, recall), covered)
        sample = np.linspace(0, covered - 1, min(32, covered)).astype(np.int64)
        proposed = index.search(self._rows.vectors[sample], min(10, covered))[1]
        if np.mean((proposed == self._rows.ids[sample][:, None]).any(axis=1)) < 0.8:
            raise _refused(_("it does not find the vectors stored beside it"))


def _flat(rows: Rows, used: int, queries: FLOAT32, k: int) -> SLOTS:
    """Return candidates (q, m) by FAISS over the stored matrix; a query whose last place is not clear gets -1."""
    wanted = min(used, k + MARGIN + 2 * k * rows.dead // used)
    scores, table = faiss.knn(queries, rows.vectors[:used], wanted, faiss.METRIC_INNER_PRODUCT)
    live = (table >= 0) & rows.live[table]
    table[~live] = -1
    if wanted < used:
        reached = np.cumsum(live, axis=1) >= k
        last = np.take_along_axis(scores, reached.argmax(axis=1)[:, None], axis=1)[:, 0]
        table[~reached[:, -1] | (scores[:, -1] > last - ROUNDING)] = -1
    return np.asarray(table, dtype=np.int64)


def _stored_ids(index: Any) -> SLOTS:
    """Return the ids in all lists of an inverted file."""
    lists = index.invlists
    parts = [faiss.rev_swig_ptr(lists.get_ids(i), lists.list_size(i)).copy() for i in range(index.nlist)]
    return np.concatenate(parts).astype(np.int64, copy=False)


def _deserialised(data: NDArray[np.uint8]) -> Any:
    with _READING:
        before = faiss.get_deserialization_vector_byte_limit()
        faiss.set_deserialization_vector_byte_limit(max(1, len(data)))
        try:
            return faiss.deserialize_index(data)
        except (RuntimeError, AssertionError, ValueError) as error:
            raise _refused(_("FAISS cannot read it")) from error
        finally:
            faiss.set_deserialization_vector_byte_limit(before)


def _digest(data: NDArray[Any]) -> NDArray[np.uint8]:
    return np.frombuffer(hashlib.sha256(data.tobytes()).digest(), np.uint8)


def _refused(reason: str) -> SnapshotError:
    return SnapshotError(
        _("saved inverted file of the index 'faiss' is refused: {reason}; rebuild it from the store", reason=reason)
    )


@hookimpl
def matchengine_components() -> Iterable[ComponentSpec]:
    """Offer the index `faiss`."""
    return list(specs_in(FaissIndex))
