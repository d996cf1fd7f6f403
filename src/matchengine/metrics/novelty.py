"""Do people who are seldom found get found: novelty, and recall of less sought candidates (domain.md H2)."""

from __future__ import annotations

import numpy as np

from matchengine.batch import FloatArray, IntArray
from matchengine.comparison import Case, Lists
from matchengine.comparison_components import metric
from matchengine.metrics.kernel import Marked
from matchengine.metrics.kernel import found as found_among
from matchengine.metrics.shared import CLOSED, Depth, Judged, share

__all__ = ["novelty", "tail_recall"]


def _sought(lists: Lists) -> IntArray:
    """For how many people each candidate is known to be suitable, int64 (M,)."""
    return np.bincount(lists.candidate[lists.gain > 0], minlength=lists.candidates)


@metric(
    "novelty",
    title="How little sought the people shown are",
    unit="bits",
    highest=float("inf"),
    conventions={"popularity": "known outcomes, +1", "ties": "avg", "missing": "skip"},
)
def novelty(case: Case, *, k: Depth) -> FloatArray:
    """Mean over the first k of −log2 of the share of people for whom a candidate is known suitable, float64 (N,).

    One is added to both counts, so that nobody's share is 0. NaN without a list.
    """
    lists = case.lists
    ranked = Judged.of(lists).ranked
    bits = -np.log2((_sought(lists) + 1) / (lists.people + 1))
    total = np.bincount(lists.person, ranked.chance(k) * bits[lists.candidate], lists.people)
    shown = np.minimum(ranked.length, k)
    out = np.full(lists.people, np.nan)
    np.divide(total, shown, out=out, where=shown > 0)
    found: FloatArray = np.maximum(out, 0.0)
    return found


@metric(
    "tail_recall",
    title="How many of the suitable but less sought people are shown",
    unit="share",
    conventions={"tail": "at most the median popularity", "ties": "avg", **CLOSED},
)
def tail_recall(case: Case, *, k: Depth) -> FloatArray:
    """Recall@k of the candidates who are suitable for at most the median number of people, float64 (N,).

    The median is over candidates who are suitable for anybody. NaN for whoever has no such candidate; 0 without a list.
    """
    lists = case.lists
    sought = _sought(lists)
    if not sought.any():
        return np.full(lists.people, np.nan)
    tail = (sought <= np.median(sought[sought > 0]))[lists.candidate] & (lists.gain > 0)
    whole = np.bincount(lists.person[tail], minlength=lists.people)
    return share(found_among(Marked.of(Judged.of(lists).ranked, tail), k), whole, whole > 0)
