"""Normalised discounted cumulative gain (domain.md H1, GN12; Järvelin and Kekäläinen 2002)."""

from __future__ import annotations

from dataclasses import replace

from matchengine.batch import FloatArray
from matchengine.comparison import Case
from matchengine.comparison_components import metric
from matchengine.metrics.kernel import Gain, dcg, worth_of
from matchengine.metrics.order import Ties, Unknown
from matchengine.metrics.shared import RANKING, Depth, Judged, reverse_of

__all__ = ["ndcg", "ndcg_for_candidates"]


@metric(
    "ndcg",
    title="How near the list comes to the best possible order",
    unit="share",
    conventions=RANKING,
    best_by_gain=True,
)
def ndcg(
    case: Case,
    *,
    k: Depth | None = None,
    gain: Gain = "linear",
    ties: Ties = "average",
    seed: int = 0,
    unknown: Unknown = "irrelevant",
) -> FloatArray:
    """DCG@k / IDCG@k of each list, float64 (N,): Σ gain / log2(1 + rank) over that of the best order.

    The best order is that of all eligible candidates with a known gain, suggested or not. Without k the whole list
    counts.

    Values in [0, 1], the expectation over all orders of tied candidates; 0 without a list, NaN for whoever has nobody
    suitable.
    """
    return _of(Judged.of(case.lists, ties, seed, unknown), k, gain)


@metric(
    "ndcg_for_candidates",
    level="candidate",
    title="How near the list comes to the best possible order: lists of candidates",
    unit="share",
    needs=("reverse",),
    conventions=RANKING,
    best_by_gain=True,
)
def ndcg_for_candidates(
    case: Case,
    *,
    k: Depth | None = None,
    gain: Gain = "linear",
    ties: Ties = "average",
    seed: int = 0,
    unknown: Unknown = "irrelevant",
) -> FloatArray:
    """The same for each candidate's list of requesters, float64 (M,)."""
    lists = reverse_of(case)
    return _of(Judged.of(lists, ties, seed, unknown), k, gain)


def _of(judged: Judged, k: int | None, gain: Gain) -> FloatArray:
    marked = replace(judged.marked, value=worth_of(judged.marked.value, gain))
    return judged.among(dcg(marked, k), judged.ideal(k, gain))
