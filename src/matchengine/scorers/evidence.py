"""Which items to quote: the strongest item pair of each pair of people."""

from __future__ import annotations

from typing import Literal

import numpy as np

from matchengine.batch import FloatArray, IntArray, ItemPairs, Segments, segment_max

__all__ = ["WORTH_SAYING", "peaks", "strongest_texts"]

WORTH_SAYING = 0.4
"""Item pairs weaker than this are not quoted: the sentence would promise more than the score says."""


def peaks(best: FloatArray, segments: Segments, pairs: int) -> FloatArray:
    """Largest of the segments' values of each pair, shape (P,); -1 where nothing is known."""
    peak = np.full(pairs, -1.0)
    np.maximum.at(peak, segments.pair, np.nan_to_num(best, nan=-1.0))
    return peak


def strongest_texts(
    strength: FloatArray,
    items: ItemPairs,
    side: Literal["left", "right"],
    best: FloatArray | None = None,
    least: float = WORTH_SAYING,
) -> tuple[IntArray, IntArray]:
    """Return the left and right text of each pair's strongest item pair, int32 (P,) each; -1 for nothing to say.

    Parameters
    ----------
    strength : float array (M,)
        Of each item pair; NaN where unknown.
    side : str
        The side whose segments `best` belongs to; either side gives the same texts, ties apart.
    best : float array (S,) or None
        Largest strength of each item of that side, where the caller has it already.
    least : float
        Weaker item pairs are not quoted; 0 for sentences that only say which texts are closest.
    """
    segments, of = (items.left, items.left_of) if side == "left" else (items.right, items.right_of)
    left = np.full(items.pairs, -1, dtype=np.int32)
    right = left.copy()
    filled = np.fmax(segment_max(strength, segments) if best is None else best, np.float32(-1))
    peak = np.full(items.pairs, least, dtype=filled.dtype)
    np.maximum.at(peak, segments.pair, filled)
    bar = np.where(filled >= peak[segments.pair], filled, np.float32(np.inf))
    members = np.flatnonzero(strength >= bar[of])[::-1]
    owners = segments.pair[of[members]]
    left[owners] = items.left.text[items.left_of[members]]  # of ties the first is written last
    right[owners] = items.right.text[items.right_of[members]]
    return left, right
