"""Find the candidates worth scoring: field by field, item by item, semantic and lexical evidence together.

Hard rules come first. Where few candidates are eligible everybody is scored. Beyond, each item of the requester
searches each field it is compared with, the hits are credited to their owners, and the search widens until the
shortlist is full or everything that speaks for somebody has been seen. So k eligible candidates, where they exist, are
always returned.

Who is found depends on the records that are there, never on what was there before or on the order in which it came:
texts that nobody holds any more take no place, no group of equally near texts is parted by their numbers, and credit is
added in whole numbers. An approximate index alone knows no such thing.
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
from matchengine.pool.searching import Holders
from matchengine.pool.text import TextField
from matchengine.registry import MatchKind

__all__ = ["retrieve"]

_SELECTIVE = 0.35
"""Below this share of eligible candidates the search is told which texts count; above, hits are filtered after."""
_WIDEN = 8
_UNIT = 2.0**32
"""Credit is counted in whole numbers of this part of one, so that it is the same in whatever order it is added."""


def retrieve(
    pool: Pool, kind: MatchKind, config: RetrieveConfig, requesters: Sequence[int], eligible: Sequence[IntArray]
) -> list[IntArray]:
    """Return for each requester row the candidate rows to score, ascending.

    Parameters
    ----------
    eligible : sequence of int arrays
        For each requester the candidate rows that pass every hard rule, ascending.
    """
    waiting = [n for n, rows in enumerate(eligible) if len(rows) > max(config.dense_up_to, config.shortlist)]
    found, depth = list(eligible), config.shortlist
    while waiting:
        seekers = _search(pool, kind, config, [requesters[n] for n in waiting], [eligible[n] for n in waiting], depth)
        unfinished = []
        for n, seeker in zip(waiting, seekers, strict=True):
            hit = np.flatnonzero(seeker.credit)
            if len(hit) < config.shortlist and seeker.cut:
                unfinished.append(n)
            else:
                found[n] = _shortlist(pool, kind, seeker, hit, config.shortlist)
        waiting, depth = unfinished, depth * _WIDEN
    return found


@dataclass
class _Seeker:
    """One requester of a search: who is eligible, as rows and as a mask, and the credit of each candidate so far.

    `selective` tells whether few of all candidates are eligible, `cut` whether a wider search would find more.
    """

    row: int
    eligible: IntArray
    passes: BoolArray
    credit: NDArray[np.int64]
    selective: bool
    cut: bool = False


def _shortlist(pool: Pool, kind: MatchKind, seeker: _Seeker, hit: IntArray, size: int) -> IntArray:
    """Best `size` eligible rows by credit, ties by lottery; gaps by lottery, who said nothing that is compared last."""
    lottery, credit = pool.tables[kind.sides.candidates].lottery, seeker.credit
    if len(hit) > size:
        hit = hit[credit[hit] >= -np.partition(-credit[hit], size - 1)[size - 1]]
        hit = hit[np.lexsort((lottery[hit], -credit[hit]))[:size]]
    elif len(hit) < size:
        rest = seeker.eligible[credit[seeker.eligible] == 0]
        silent = np.ones(len(rest), np.bool_)
        for _, right in kind.item_views:
            silent &= pool.fields[f"{kind.sides.candidates}.{right}"].items.counts(rest) == 0
        hit = np.concatenate([hit, rest[np.lexsort((lottery[rest], silent))[: size - len(hit)]]])
    return np.sort(hit)


@dataclass(frozen=True)
class _View:
    """One comparison of a search: the requesters' items in field `left` seek texts of the candidates in `right`.

    `spare` is how many further hits are asked for, in the place of texts that nobody holds any more.
    """

    left: TextField
    right: TextField
    holders: Holders
    weight: float
    depth: int
    spare: int

    def own_texts(self, seeker: _Seeker) -> IntArray:
        """Distinct texts of a requester."""
        return np.unique(self.left.items.text[self.left.items.of(seeker.row)])

    def credit(self, seeker: _Seeker, hits: Hits, values: NDArray[np.float32], items: int) -> None:
        """Add, for each query, the best value of each eligible owner of the texts it hit; hits come best first."""
        owners, position = self.right.owners(hits.ids)
        keep = seeker.passes[owners]
        owners, position = owners[keep], position[keep]
        _, first = np.unique(hits.query[position] * len(seeker.credit) + owners, return_index=True)
        gain = values[position[first]] * (self.weight / items * _UNIT)
        np.add.at(seeker.credit, owners[first], gain.astype(np.int64))


def _search(
    pool: Pool,
    kind: MatchKind,
    config: RetrieveConfig,
    requesters: Sequence[int],
    eligible: Sequence[IntArray],
    depth: int,
) -> list[_Seeker]:
    """Credit candidates with their best similarity to each item of the requester, eligible ones only."""
    alive = pool.tables[kind.sides.candidates].alive
    few = _SELECTIVE * int(np.count_nonzero(alive))
    seekers = []
    for row, rows in zip(requesters, eligible, strict=True):
        passes = np.zeros(len(alive), np.bool_)
        passes[rows] = True
        seekers.append(_Seeker(row, rows, passes, np.zeros(len(alive), np.int64), len(rows) < few))
    for (left, right), weight in kind.item_views.items():
        fields = pool.fields[f"{kind.sides.requesters}.{left}"], pool.fields[f"{kind.sides.candidates}.{right}"]
        if not len(fields[1].texts):
            continue
        holders = fields[1].holders(alive)
        spare = _spare(holders, depth)
        if config.semantic:
            _semantic(pool, _View(*fields, holders, weight * config.semantic, depth, spare), seekers)
        if config.lexical:
            _lexical(pool, _View(*fields, holders, weight * config.lexical, depth, spare), seekers)
    return seekers


def _spare(holders: Holders, depth: int) -> int:
    """Somewhat more than the share of texts that nobody holds; where it is too few, the search is made again."""
    held = len(holders.held) - holders.gone
    return min(3 * depth, 8 + 5 * depth * holders.gone // (4 * max(held, 1))) if holders.gone else 0


def _semantic(pool: Pool, view: _View, seekers: Sequence[_Seeker]) -> None:
    """Search by meaning: told which texts count where few candidates are eligible, all together where most are."""
    index, left, right = pool.indexes[view.right.name], view.left, view.right
    together: list[tuple[_Seeker, IntArray, int]] = []
    for seeker in seekers:
        own = view.own_texts(seeker)
        known = own[left.known[own]]
        if not len(known):
            continue
        if seeker.selective:
            allowed = np.unique(right.items.text[right.items.entries(seeker.eligible)])
            hits = index.search(pool.vectors(left, known), view.depth + 1, allowed)
            _credit_meaning(pool, view, seeker, hits, len(own))
        else:
            together.append((seeker, known, len(own)))
    if not together:
        return
    hits = _nearest(pool, view, np.concatenate([known for _, known, _ in together]))
    start = 0
    for seeker, known, items in together:
        a, b = np.searchsorted(hits.query, (start, start + len(known)))
        mine = Hits(hits.query[a:b] - start, hits.ids[a:b], hits.scores[a:b])
        _credit_meaning(pool, view, seeker, mine, items)
        start += len(known)


def _nearest(pool: Pool, view: _View, queries: IntArray) -> Hits:
    """Return the nearest texts that somebody holds: of each query one more than the depth, or all there are."""
    index, asked = pool.indexes[view.right.name], view.depth + 1 + view.spare
    vectors, held = pool.vectors(view.left, queries), view.holders.held
    hits = index.search(vectors, asked)
    if not view.holders.gone:
        return hits
    keep = held[hits.ids]
    there, left = (np.bincount(of_query, minlength=len(queries)) for of_query in (hits.query, hits.query[keep]))
    short = np.flatnonzero((there == asked) & (left <= view.depth))
    if not len(short):
        return _kept(hits, keep)
    again = index.search(vectors[short], view.depth + 1, np.flatnonzero(held))
    first = _kept(hits, keep & ~np.isin(hits.query, short))
    query = np.concatenate([first.query, short[again.query]])
    both = Hits(query, np.concatenate([first.ids, again.ids]), np.concatenate([first.scores, again.scores]))
    return _kept(both, np.argsort(query, kind="stable"))


def _kept(hits: Hits, which: BoolArray | IntArray) -> Hits:
    """Some of the hits, given as a mask or in an order."""
    return Hits(hits.query[which], hits.ids[which], hits.scores[which])


def _credit_meaning(pool: Pool, view: _View, seeker: _Seeker, hits: Hits, items: int) -> None:
    """Credit what is nearer than the first text beyond the depth, and nearer than a random pair.

    So a group of equally near texts counts as a whole or not at all. Models hardly ever find two texts equally near.
    """
    values = pool.calibration.phi(hits.scores)
    keep = values > 0
    beyond = view.depth + np.flatnonzero(hits.query[view.depth :] == hits.query[: -view.depth])[::-1]
    if len(beyond):
        bar = np.full(int(hits.query[-1]) + 1, -np.inf, np.float32)
        bar[hits.query[beyond]] = hits.scores[beyond]  # the first one comes last, and stays
        keep &= hits.scores > bar[hits.query]
        seeker.cut |= bool(values[beyond].any())
    view.credit(seeker, _kept(hits, keep), values[keep], items)


def _lexical(pool: Pool, view: _View, seekers: Sequence[_Seeker]) -> None:
    """Search by words."""
    for seeker in seekers:
        own = view.own_texts(seeker)
        if not len(own):
            continue
        position, words, weights = view.left.words.rows(own)
        cuts = np.searchsorted(position, np.arange(len(own) + 1)).tolist()
        found = [_sharing(view, words[a:b], weights[a:b]) for a, b in pairwise(cuts)]
        lengths = [len(ids) for ids, _ in found]
        seeker.cut |= max(lengths) >= view.depth
        hits = Hits(
            np.repeat(np.arange(len(own)), lengths),
            np.concatenate([ids for ids, _ in found]),
            np.concatenate([values for _, values in found]),
        )
        view.credit(seeker, hits, np.minimum(hits.scores / np.float32(pool.lexical_high), 1), len(own))


def _sharing(view: _View, words: IntArray, weights: NDArray[np.float32]) -> tuple[IntArray, NDArray[np.float32]]:
    """Texts that share a word with the query and somebody holds: the best `depth` and all as good as their last.

    All of them, since short texts often tie: where a single word is sought, leaving a group out would leave out
    everything, and keeping it adds few hits (measured: 16 to 200 at most among 10,000 people).
    """
    held, gone = view.holders.held, view.holders.gone
    asked = view.depth + view.spare
    ids, scores = view.right.sharing(words, weights, asked)
    if gone:
        keep = held[ids]
        if len(ids) >= asked and np.count_nonzero(keep) < view.depth:
            ids, scores = view.right.sharing(words, weights, len(held))
            keep = held[ids]
        ids, scores = ids[keep], scores[keep]
    if len(ids) > view.depth:
        end = int(np.searchsorted(-scores, -scores[view.depth - 1], side="right"))
        ids, scores = ids[:end], scores[:end]
    return ids, scores
