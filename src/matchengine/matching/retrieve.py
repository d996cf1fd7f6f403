"""Find the candidates worth scoring: field by field, item by item, semantic and lexical evidence together.

Hard rules come first. Where few candidates are eligible everybody is scored. Beyond, each item of the requester
searches each field it is compared with, the hits are credited to their owners, and the search widens until the
shortlist is full or everything has been seen. So k eligible candidates, where they exist, are always returned.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from matchengine.batch import BoolArray, IntArray
from matchengine.components import Hits
from matchengine.config import RetrieveConfig
from matchengine.pool.pool import Pool
from matchengine.pool.text import TextField
from matchengine.registry import MatchKind

__all__ = ["retrieve"]

_SELECTIVE = 0.35
"""Below this share of eligible candidates the search is told which texts count; above, hits are filtered after."""
_WIDEN = 8


def retrieve(
    pool: Pool, kind: MatchKind, config: RetrieveConfig, requesters: Sequence[int], eligible: Sequence[IntArray]
) -> list[IntArray]:
    """Return for each requester row the candidate rows to score, ascending.

    Parameters
    ----------
    eligible : sequence of int arrays
        For each requester the candidate rows that pass every hard rule, ascending.
    """
    crowded = [n for n, rows in enumerate(eligible) if len(rows) > max(config.dense_up_to, config.shortlist)]
    found = list(eligible)
    waiting = crowded
    depth = config.shortlist
    most = max((len(pool.fields[f"{kind.sides.candidates}.{right}"].texts) for _, right in kind.item_views), default=0)
    while waiting:
        credits = _search(pool, kind, config, [requesters[n] for n in waiting], [eligible[n] for n in waiting], depth)
        unfinished = []
        for n, credit in zip(waiting, credits, strict=True):
            hit = np.flatnonzero(credit)
            if len(hit) < config.shortlist and depth < most:
                unfinished.append(n)
            else:
                found[n] = _shortlist(pool, kind, credit, hit, eligible[n], config.shortlist)
        waiting, depth = unfinished, depth * _WIDEN
    return found


def _shortlist(
    pool: Pool, kind: MatchKind, credit: NDArray[np.float32], hit: IntArray, eligible: IntArray, size: int
) -> IntArray:
    """Best `size` eligible rows by credit, ties and gaps by lottery, and every row newer than the search structures."""
    lottery = pool.tables[kind.sides.candidates].lottery
    if len(hit) > size:
        hit = hit[credit[hit] >= -np.partition(-credit[hit], size - 1)[size - 1]]
        hit = hit[np.lexsort((lottery[hit], -credit[hit]))[:size]]
    elif len(hit) < size:
        rest = eligible[credit[eligible] == 0]
        hit = np.concatenate([hit, rest[np.argsort(lottery[rest])[: size - len(hit)]]])
    recent = pool.recent[kind.sides.candidates]
    if recent:
        hit = np.concatenate([hit, np.intersect1d(eligible, recent)])
    return np.unique(hit)


def _search(
    pool: Pool,
    kind: MatchKind,
    config: RetrieveConfig,
    requesters: Sequence[int],
    eligible: Sequence[IntArray],
    depth: int,
) -> list[NDArray[np.float32]]:
    """Credit candidates with their best similarity to each item of the requester, eligible ones only."""
    size = len(pool.tables[kind.sides.candidates])
    credits = [np.zeros(size, np.float32) for _ in requesters]
    passes = []
    for rows in eligible:
        mask = np.zeros(size, np.bool_)
        mask[rows] = True
        passes.append(mask)
    for (left_name, right_name), weight in kind.item_views.items():
        left = pool.fields[f"{kind.sides.requesters}.{left_name}"]
        right = pool.fields[f"{kind.sides.candidates}.{right_name}"]
        texts = [np.unique(left.items.text[left.items.of(row)]) for row in requesters]
        if not len(right.texts) or not any(map(len, texts)):
            continue
        if config.semantic:
            _semantic(pool, left, right, texts, eligible, passes, credits, weight * config.semantic, depth)
        if config.lexical:
            _lexical(left, right, texts, passes, credits, (pool.lexical_high, weight * config.lexical), depth)
    return credits


def _semantic(
    pool: Pool,
    left: TextField,
    right: TextField,
    texts: Sequence[IntArray],
    eligible: Sequence[IntArray],
    passes: Sequence[BoolArray],
    credits: Sequence[NDArray[np.float32]],
    weight: float,
    depth: int,
) -> None:
    index = pool.indexes[right.name]
    open_search: list[int] = []
    for n, rows in enumerate(eligible):
        if len(rows) < _SELECTIVE * len(passes[n]):
            own = texts[n][left.known[texts[n]]]
            if len(own):
                allowed = np.unique(right.items.text[right.items.entries(rows)])
                hits = index.search(pool.vectors(left, own), depth, allowed)
                values = pool.calibration.phi(hits.scores)
                _credit(right, hits, values, passes[n], credits[n], weight / len(texts[n]))
        else:
            open_search.append(n)
    if not open_search:
        return
    known = [texts[n][left.known[texts[n]]] for n in open_search]
    queries = np.concatenate(known)
    if not len(queries):
        return
    hits = index.search(pool.vectors(left, queries), depth)
    ends = np.cumsum([len(own) for own in known])
    for n, own, end in zip(open_search, known, ends.tolist(), strict=True):
        a, b = np.searchsorted(hits.query, (end - len(own), end))
        mine = Hits(hits.query[a:b] - (end - len(own)), hits.ids[a:b], hits.scores[a:b])
        if len(own):
            _credit(right, mine, pool.calibration.phi(mine.scores), passes[n], credits[n], weight / len(texts[n]))


def _credit(
    right: TextField,
    hits: Hits,
    values: NDArray[np.float32],
    passes: BoolArray,
    credit: NDArray[np.float32],
    weight: float,
) -> None:
    """Add, for each query, the best value of each eligible owner of the texts it hit; hits come best first."""
    owners, position = right.owners(hits.ids)
    keep = passes[owners]
    owners, position = owners[keep], position[keep]
    _, first = np.unique(hits.query[position] * len(credit) + owners, return_index=True)
    np.add.at(credit, owners[first], weight * np.maximum(values[position[first]], np.float32(1e-6)))


def _lexical(
    left: TextField,
    right: TextField,
    texts: Sequence[IntArray],
    passes: Sequence[BoolArray],
    credits: Sequence[NDArray[np.float32]],
    scale: tuple[float, float],
    depth: int,
) -> None:
    high, weight = scale
    postings = right.postings
    if postings is None:
        return
    for n, own in enumerate(texts):
        if not len(own):
            continue
        position, words, weights = left.words.rows(own)
        cuts = np.searchsorted(position, np.arange(len(own) + 1)).tolist()
        found = [postings.search(words[a:b], weights[a:b], depth) for a, b in pairwise(cuts)]
        lengths = [min(len(ids), depth) for ids, _ in found]
        hits = Hits(
            np.repeat(np.arange(len(own)), lengths),
            np.concatenate([ids[:depth] for ids, _ in found]),
            np.concatenate([values[:depth] for _, values in found]),
        )
        _credit(right, hits, np.minimum(hits.scores / np.float32(high), 1), passes[n], credits[n], weight / len(own))
