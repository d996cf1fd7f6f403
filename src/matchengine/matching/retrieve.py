"""Find the candidates worth scoring: field by field, item by item, semantic and lexical evidence together.

Hard rules come first. Where few candidates are eligible everybody is scored. Beyond, each item of the requester
searches each field it is compared with, the hits are credited to their owners, and the search widens until the
shortlist is full or everything has been seen. So k eligible candidates, where they exist, are always returned.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
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


@dataclass(frozen=True)
class _Seeker:
    """One requester of a search: who is eligible, as rows and as a mask, and the credit of each candidate so far."""

    row: int
    eligible: IntArray
    passes: BoolArray
    credit: NDArray[np.float32]


@dataclass(frozen=True)
class _View:
    """One comparison of a search: the requesters' items in field `left` seek texts of the candidates in `right`."""

    left: TextField
    right: TextField
    weight: float
    depth: int

    def own_texts(self, seeker: _Seeker) -> IntArray:
        """Distinct texts of a requester."""
        return np.unique(self.left.items.text[self.left.items.of(seeker.row)])

    def credit(self, seeker: _Seeker, hits: Hits, values: NDArray[np.float32], items: int) -> None:
        """Add, for each query, the best value of each eligible owner of the texts it hit; hits come best first."""
        owners, position = self.right.owners(hits.ids)
        keep = seeker.passes[owners]
        owners, position = owners[keep], position[keep]
        _, first = np.unique(hits.query[position] * len(seeker.credit) + owners, return_index=True)
        gain = self.weight / items * np.maximum(values[position[first]], np.float32(1e-6))
        np.add.at(seeker.credit, owners[first], gain)


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
    seekers = []
    for row, rows in zip(requesters, eligible, strict=True):
        passes = np.zeros(size, np.bool_)
        passes[rows] = True
        seekers.append(_Seeker(row, rows, passes, np.zeros(size, np.float32)))
    for (left, right), weight in kind.item_views.items():
        fields = pool.fields[f"{kind.sides.requesters}.{left}"], pool.fields[f"{kind.sides.candidates}.{right}"]
        if len(fields[1].texts) and config.semantic:
            _semantic(pool, _View(*fields, weight * config.semantic, depth), seekers)
        if len(fields[1].texts) and config.lexical:
            _lexical(pool, _View(*fields, weight * config.lexical, depth), seekers)
    return [seeker.credit for seeker in seekers]


def _semantic(pool: Pool, view: _View, seekers: Sequence[_Seeker]) -> None:
    """Search by meaning: told which texts count where few candidates are eligible, all together where most are."""
    index, left, right = pool.indexes[view.right.name], view.left, view.right
    together: list[tuple[_Seeker, IntArray, int]] = []
    for seeker in seekers:
        own = view.own_texts(seeker)
        known = own[left.known[own]]
        if not len(known):
            continue
        if len(seeker.eligible) < _SELECTIVE * len(seeker.passes):
            allowed = np.unique(right.items.text[right.items.entries(seeker.eligible)])
            hits = index.search(pool.vectors(left, known), view.depth, allowed)
            view.credit(seeker, hits, pool.calibration.phi(hits.scores), len(own))
        else:
            together.append((seeker, known, len(own)))
    if not together:
        return
    hits = index.search(pool.vectors(left, np.concatenate([known for _, known, _ in together])), view.depth)
    values = pool.calibration.phi(hits.scores)
    start = 0
    for seeker, known, items in together:
        a, b = np.searchsorted(hits.query, (start, start + len(known)))
        mine = Hits(hits.query[a:b] - start, hits.ids[a:b], hits.scores[a:b])
        view.credit(seeker, mine, values[a:b], items)
        start += len(known)


def _lexical(pool: Pool, view: _View, seekers: Sequence[_Seeker]) -> None:
    """Search by words."""
    postings = view.right.postings
    if postings is None:
        return
    for seeker in seekers:
        own = view.own_texts(seeker)
        if not len(own):
            continue
        position, words, weights = view.left.words.rows(own)
        cuts = np.searchsorted(position, np.arange(len(own) + 1)).tolist()
        found = [postings.search(words[a:b], weights[a:b], view.depth) for a, b in pairwise(cuts)]
        lengths = [min(len(ids), view.depth) for ids, _ in found]
        hits = Hits(
            np.repeat(np.arange(len(own)), lengths),
            np.concatenate([ids[: view.depth] for ids, _ in found]),
            np.concatenate([values[: view.depth] for _, values in found]),
        )
        view.credit(seeker, hits, np.minimum(hits.scores / np.float32(pool.lexical_high), 1), len(own))
