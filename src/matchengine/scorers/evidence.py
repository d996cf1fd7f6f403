"""Which items to quote: the strongest item pair of each pair of people."""

from __future__ import annotations

from typing import Literal

import numpy as np

from matchengine.batch import FloatArray, IntArray, ItemPairs, Segments, pair_max, segment_max

__all__ = ["WORTH_SAYING", "peaks", "strongest_texts"]

WORTH_SAYING = 0.4
"""Item pairs weaker than this are not quoted: the sentence would promise more than the score says."""


def peaks(best: FloatArray, segments: Segments, pairs: int) -> FloatArray:
    """Largest of the segments' values of each pair, float64 (P,); -1 where nothing is known."""
    peak = np.full(pairs, -1.0)
    peak[segments.pair[segments.firsts]] = np.fmax(pair_max(best, segments), -1)
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
    segments = items.left if side == "left" else items.right
    left = np.full(items.pairs, -1, dtype=np.int32)
    right = left.copy()
    best = segment_max(strength, segments) if best is None else best
    peak = pair_max(best, segments)
    said = np.flatnonzero(peak >= least)
    top = _first_reaching(best, segments.firsts[said], peak[said])
    member = _first_reaching(strength, segments.starts[top], best[top], segments.order)
    pairs = segments.pair[top]
    left[pairs] = items.left.text[items.left_of[member]]
    right[pairs] = items.right.text[items.right_of[member]]
    return left, right


def _first_reaching(values: FloatArray, starts: IntArray, bars: FloatArray, order: IntArray | None = None) -> IntArray:
    """From each start on, the position of the first value that reaches its bar; there is one, a few steps away."""
    found = starts.copy()
    left = np.arange(len(starts))
    while len(left):
        places = found[left]
        reached = values[places if order is None else order[places]] >= bars[left]
        left = left[~reached]
        found[left] += 1
    return found if order is None else order[found]
