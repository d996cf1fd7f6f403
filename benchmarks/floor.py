"""The floor of a suggestion: what the bare libraries take for the same query items over the same views.

Per view (needs and offers, interests and interests, …): FAISS `IndexFlatIP` over the distinct texts of the field,
with FAISS's own settings, and the lexical product in scipy: TF-IDF rows of the query items times the transposed
TF-IDF matrix, with the very weights that the engine uses. No owners, no rules, no scores, no reasons.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import faiss
import numpy as np
from numpy.typing import NDArray
from scipy import sparse

# FAISS's own setting: the plugin, imported below, changes it for the whole process, and the floor must not notice
_BLAS_THRESHOLD = faiss.cvar.distance_compute_blas_threshold

from benchmarks.inside import row_of, views  # noqa: E402
from matchengine.engine import Engine  # noqa: E402
from matchengine.plugins import faiss as _plugin  # noqa: E402, F401

__all__ = ["DEPTH", "Floor"]

DEPTH = 200


class _View(NamedTuple):
    """One field compared with another: the query side's texts and words, the index and the transposed words."""

    texts_of: Any
    vectors: Any
    words: sparse.csr_matrix
    index: Any
    transposed: sparse.csr_matrix


class Floor:
    """Bare searches over the pool of an engine."""

    def __init__(self, engine: Engine) -> None:
        pool = engine._pool
        self._engine = engine
        self.views: list[_View] = []
        for left, right in views(engine):
            own, others = _words(left, len(pool.lexicon)), _words(right, len(pool.lexicon))
            index = faiss.IndexFlatIP(pool.embedder.dimension)
            index.add(pool.indexes[right.name].vectors(np.arange(len(right.texts))))
            self.views.append(_View(left.items, pool.indexes[left.name], own, index, others.T.tocsr()))

    def queries(self, person: str) -> list[NDArray[np.int32]]:
        """Distinct texts of a person per view."""
        row = row_of(self._engine, person)
        return [np.unique(view.texts_of.text[view.texts_of.of(row)]) for view in self.views]

    def semantic(self, person: str) -> list[NDArray[np.int64]]:
        """Search every view for every item of one person; return the ids per view."""
        return [
            _search(view.index, view.vectors.vectors(own), DEPTH)
            for view, own in zip(self.views, self.queries(person), strict=True)
            if len(own)
        ]

    def lexical(self, person: str) -> list[sparse.csr_matrix]:
        """Multiply the words of every item of one person with those of every view."""
        own = zip(self.views, self.queries(person), strict=True)
        return [view.words[texts] @ view.transposed for view, texts in own if len(texts)]

    def suggest(self, person: str) -> None:
        """Both for one person."""
        self.semantic(person)
        self.lexical(person)

    def suggest_many(self, people: Sequence[str]) -> None:
        """One batched search per view over the items of all people, and one product with the best 200 of each row."""
        listed = [self.queries(person) for person in people]
        for number, view in enumerate(self.views):
            texts = np.concatenate([of_person[number] for of_person in listed])
            _search(view.index, view.vectors.vectors(texts), DEPTH)
            _best(view.words[texts] @ view.transposed, DEPTH)


def _search(index: Any, queries: NDArray[np.float32], k: int) -> NDArray[np.int64]:
    lowered = faiss.cvar.distance_compute_blas_threshold
    faiss.cvar.distance_compute_blas_threshold = _BLAS_THRESHOLD
    try:
        found: NDArray[np.int64] = index.search(queries, min(k, index.ntotal))[1]
    finally:
        faiss.cvar.distance_compute_blas_threshold = lowered
    return found


def _best(product: sparse.csr_matrix, k: int) -> list[NDArray[np.int32]]:
    """Columns of the k largest values of each row."""
    out = []
    for a, b in zip(product.indptr, product.indptr[1:], strict=False):
        row, columns = product.data[a:b], product.indices[a:b]
        out.append(columns[np.argpartition(-row, k)[:k]] if len(row) > k else columns)
    return out


def _words(field: Any, words: int) -> sparse.csr_matrix:
    """TF-IDF rows of a field's texts; entries without weight are left out."""
    state = field.words.state()
    matrix = sparse.csr_matrix((state["weights"], state["words"], state["starts"]), shape=(len(field.texts), words))
    matrix.eliminate_zeros()
    return matrix
