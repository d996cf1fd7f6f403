"""The item matrices behind the mentor task, so that fusions and corrections can be compared without the engine."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from eval.gsoc_mentors import Lists, Task
from eval.items import Split
from eval.programme import MODEL, Setting, config, mentee, mentor
from matchengine import Engine
from matchengine.plugins.numpy_index import NumpyIndex
from matchengine.pool.lexicon import cosines
from matchengine.pool.pool import Pool
from matchengine.pool.vector_cache import EmbeddingCache

__all__ = ["Evidence", "Fusion", "calibrated", "evidence_of", "noisy_or", "rank_by", "top_counts"]

Matrix = NDArray[np.float32]
Fusion = Callable[[Matrix, Matrix], Matrix]
TOP = 10


class Evidence(NamedTuple):
    """Similarities of N needs with O offers, and who owns them.

    `semantic` and `lexical` (N, O) are raw cosines; `phi` (N, O) is calibrated as the engine does. `need_query` (N,)
    and `priority` (N,) belong to the needs. `offer_text` (E,) lists the offers of all mentors, mentor by mentor from
    `mentor_starts` (M,). `lexical_high` is the lexical cosine that the engine counts as 1.
    """

    semantic: Matrix
    lexical: Matrix
    phi: Matrix
    lexical_high: float
    need_query: NDArray[np.int64]
    priority: Matrix
    offer_text: NDArray[np.int64]
    mentor_starts: NDArray[np.int64]


def evidence_of(task: Task, split: Split, embedder: str = MODEL) -> Evidence:
    """Load the task into a pool, as the engine would, and compare every need with every offer."""
    maker = Engine(config(Setting(), embedder)).embedder
    cache = EmbeddingCache.open(True)
    pool = Pool(maker, lambda state: NumpyIndex(maker.dimension, state), "en", date(2026, 1, 5), 7, cache)
    people = [mentor(name, projects, split) for name, projects in task.mentors.items()]
    people += [mentee(query, split) for query in task.queries]
    pool.load([people], {"groups": [], "events": [], "resources": []})
    needs, offers = pool.fields["people.needs"], pool.fields["people.offers"]
    row_of = pool.tables["people"].row_of
    of_queries = [needs.items.of(row_of[query.id]) for query in task.queries]
    of_mentors = [offers.items.text[offers.items.of(row_of[name])] for name in task.mentors]
    need_texts = np.concatenate([needs.items.text[entries] for entries in of_queries])
    every_offer = np.arange(len(offers.texts))
    left, right = pool.vectors(needs, need_texts), pool.vectors(offers, every_offer)
    semantic = left @ right.T
    words = [_words(pool, chunk) for chunk in np.array_split(need_texts, max(1, len(need_texts) // 50))]
    lengths = [entries.stop - entries.start for entries in of_queries]
    return Evidence(
        semantic=semantic,
        lexical=np.concatenate(words),
        phi=pool.calibration.phi(semantic).astype(np.float32),
        lexical_high=pool.lexical_high,
        need_query=np.repeat(np.arange(len(lengths)), lengths),
        priority=np.concatenate([needs.items.priority[entries] for entries in of_queries]),
        offer_text=np.concatenate(of_mentors).astype(np.int64),
        mentor_starts=np.cumsum([0, *(len(texts) for texts in of_mentors)])[:-1],
    )


def _words(pool: Pool, needs: NDArray[np.int32]) -> Matrix:
    """Raw lexical cosines of some needs with all offers."""
    offers = pool.fields["people.offers"]
    left, right = pool.fields["people.needs"].words.rows(needs), offers.words.rows(np.arange(len(offers.texts)))
    return cosines(left, right, (len(needs), len(offers.texts)))


def calibrated(values: Matrix, low: float | None = None) -> Matrix:
    """Scale to [0, 1]: `low` (default: the median) becomes 0, the 95th percentile of each row's best becomes 1."""
    start = float(np.median(values)) if low is None else low
    high = float(np.percentile(values.max(axis=1), 95))
    return np.clip((values - start) / (high - start), 0, 1).astype(np.float32)


def noisy_or(first: Matrix, second: Matrix) -> Matrix:
    """1 − (1 − first)(1 − second): either kind of evidence is enough, both together are more."""
    return 1 - (1 - first) * (1 - second)


def rank_by(task: Task, evidence: Evidence, similarity: Matrix) -> Lists:
    """Rank all mentors for every query as the need block does: each need takes its best offer, means by priority."""
    best = np.maximum.reduceat(similarity[:, evidence.offer_text], evidence.mentor_starts, axis=1)
    weight = np.zeros((len(task.queries), len(best)), np.float64)
    weight[evidence.need_query, np.arange(len(best))] = evidence.priority
    scores = np.round((weight @ best) / weight.sum(axis=1, keepdims=True), 5)
    names = list(task.mentors)
    orders = np.argsort(-scores, axis=1, kind="stable")
    return {
        query.id: [(names[n], float(scores[row, n])) for n in orders[row].tolist()]
        for row, query in enumerate(task.queries)
    }


def top_counts(values: Matrix) -> NDArray[np.int64]:
    """How often each column is among the ten largest of a row, shape (columns,)."""
    size = min(TOP, values.shape[1])
    top = np.argpartition(-values, size - 1, axis=1)[:, :size]
    return np.bincount(top.ravel(), minlength=values.shape[1])
