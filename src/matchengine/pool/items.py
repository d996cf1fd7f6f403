"""Item pairs of a batch: which items meet, and how similar their texts are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from matchengine.batch import BoolArray, IntArray, PairBatch
from matchengine.pool.lexicon import cosines
from matchengine.pool.text import Ragged, TextField

if TYPE_CHECKING:
    from matchengine.pool.pool import Pool

__all__ = ["Geometry", "run_similarities", "small_product"]

_AS_THEY_ARE = 2_048
_UNTHREADED = 262_144
"""Multiplications up to which OpenBLAS computes a product on one thread."""


@dataclass(frozen=True)
class Geometry:
    """Positions of all item pairs of a batch, in the order (pair, left item, right item).

    `left_entries` and `right_entries` are entries of the two `Ragged`s per segment; the rest is as in `Segments`.
    `left_cuts`, `right_cuts` and `member_cuts`, shape (P + 1,), tell where each pair's segments and members start.
    """

    left_entries: IntArray
    left_starts: IntArray
    left_pairs: IntArray
    left_of: IntArray
    left_cuts: IntArray
    right_entries: IntArray
    right_starts: IntArray
    right_pairs: IntArray
    right_of: IntArray
    right_order: IntArray
    right_cuts: IntArray
    member_cuts: IntArray

    @classmethod
    def of(cls, left: Ragged, right: Ragged, batch: PairBatch) -> Geometry:
        """Work out the positions; pairs where either side has no item have none."""
        left_count, right_count = left.counts(batch.requester_rows), right.counts(batch.candidate_rows)
        both = (left_count > 0) & (right_count > 0)
        left_count, right_count = np.where(both, left_count, 0), np.where(both, right_count, 0)
        left_cuts, right_cuts, member_cuts = _cuts(left_count), _cuts(right_count), _cuts(left_count * right_count)

        left_pairs = np.repeat(np.arange(len(batch)), left_count)
        left_within = np.arange(len(left_pairs)) - left_cuts[left_pairs]
        left_width = right_count[left_pairs]
        left_starts = _cuts(left_width)[:-1]
        left_of = np.repeat(np.arange(len(left_pairs)), left_width)

        right_pairs = np.repeat(np.arange(len(batch)), right_count)
        right_within = np.arange(len(right_pairs)) - right_cuts[right_pairs]
        right_width = left_count[right_pairs]
        right_starts = _cuts(right_width)[:-1]
        within = np.arange(len(left_of)) - left_starts[left_of]
        right_of = right_cuts[left_pairs][left_of] + within

        by_right = np.repeat(np.arange(len(right_pairs)), right_width)
        step = np.arange(len(by_right)) - right_starts[by_right]
        right_order = (member_cuts[right_pairs] + right_within)[by_right] + step * right_count[right_pairs][by_right]
        return cls(
            left.starts[batch.requester_rows][left_pairs] + left_within,
            left_starts,
            left_pairs,
            left_of,
            left_cuts,
            right.starts[batch.candidate_rows][right_pairs] + right_within,
            right_starts,
            right_pairs,
            right_of,
            right_order,
            right_cuts,
            member_cuts,
        )


def _cuts(counts: IntArray) -> IntArray:
    cuts = np.zeros(len(counts) + 1, np.int64)
    np.cumsum(counts, out=cuts[1:])
    return cuts


def run_similarities(
    pool: Pool, left: TextField, right: TextField, shape: Geometry, batch: PairBatch
) -> tuple[NDArray[np.float32], NDArray[np.float32], BoolArray]:
    """Semantic and lexical similarity of all item pairs, each (M,), and where both name the same concept.

    Semantic similarity is calibrated, NaN where either text is in a language the embedder does not know. Lexical
    similarity is NaN where the languages differ.
    """
    members = len(shape.left_of)
    phi = np.empty(members, np.float32)
    lexical = np.empty(members, np.float32)
    left_texts, right_texts = left.items.text[shape.left_entries], right.items.text[shape.right_entries]
    for _, pairs in batch.runs:
        lefts = slice(int(shape.left_cuts[pairs.start]), int(shape.left_cuts[pairs.stop]))
        rights = slice(int(shape.right_cuts[pairs.start]), int(shape.right_cuts[pairs.stop]))
        run = slice(int(shape.member_cuts[pairs.start]), int(shape.member_cuts[pairs.stop]))
        if run.start == run.stop:
            continue
        own = left_texts[lefts][: _first_count(shape, lefts)]  # the same items stand before every candidate
        theirs, column = _distinct(right_texts[rights])
        row = (shape.left_of[run] - lefts.start) % len(own)
        column = column[shape.right_of[run] - rights.start]
        phi[run] = _semantic(pool, left, own, right, theirs)[row, column]
        lexical[run] = _lexical(left, own, right, theirs)[row, column]
    left_concept = left.items.concept[shape.left_entries]
    if (left_concept >= 0).any():
        own_concept = left_concept[shape.left_of]
        same = (own_concept >= 0) & (own_concept == right.items.concept[shape.right_entries][shape.right_of])
    else:
        same = np.zeros(members, np.bool_)
    return phi, lexical, same


def _distinct(texts: IntArray) -> tuple[IntArray, IntArray]:
    """Texts without repetition and the place of each in them; few are left as they are, which is faster."""
    if len(texts) <= _AS_THEY_ARE:
        return texts, np.arange(len(texts))
    theirs, place = np.unique(texts, return_inverse=True)
    return theirs, place


def _first_count(shape: Geometry, lefts: slice) -> int:
    first = shape.left_pairs[lefts.start]
    return int(shape.left_cuts[first + 1] - shape.left_cuts[first])


def _semantic(pool: Pool, left: TextField, own: IntArray, right: TextField, theirs: IntArray) -> NDArray[np.float32]:
    out = np.full((len(own), len(theirs)), np.nan, np.float32)
    rows, columns = np.flatnonzero(left.known[own]), np.flatnonzero(right.known[theirs])
    if len(rows) and len(columns):
        cosine = small_product(pool.vectors(left, own[rows]), pool.vectors(right, theirs[columns]))
        values = pool.calibration.phi(cosine)
        if len(rows) == len(own) and len(columns) == len(theirs):
            return values
        out[np.ix_(rows, columns)] = values
    return out


def small_product(few: NDArray[np.float32], many: NDArray[np.float32]) -> NDArray[np.float32]:
    """Inner products of few rows (L, d) with many (R, d), shape (L, R), without waking BLAS threads.

    A threaded product of this size takes up to 20 times longer on a busy machine, so it is cut into pieces below
    the size from which OpenBLAS uses threads.
    """
    dimension = few.shape[1]
    piece = max(1, _UNTHREADED // (len(few) * dimension))
    whole = len(many) // piece * piece
    out = np.empty((len(many), len(few)), np.float32)
    if whole:
        pieces = many[:whole].reshape(-1, piece, dimension)
        np.matmul(pieces, few.T, out=out[:whole].reshape(-1, piece, len(few)))
    np.matmul(many[whole:], few.T, out=out[whole:])
    return out.T


def _lexical(left: TextField, own: IntArray, right: TextField, theirs: IntArray) -> NDArray[np.float32]:
    out = cosines(left.words.rows(own), right.words.rows(theirs), (len(own), len(theirs)))
    own_language, their_language = left.language_codes[own], right.language_codes[theirs]
    out[own_language[:, None] != their_language[None, :]] = np.nan
    return out
