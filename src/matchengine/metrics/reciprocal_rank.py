"""Reciprocal rank of the first suitable candidate; its mean is MRR (domain.md H1)."""

from __future__ import annotations

from matchengine.batch import FloatArray
from matchengine.comparison import Case
from matchengine.comparison_components import metric
from matchengine.metrics import kernel
from matchengine.metrics.order import Ties, Unknown
from matchengine.metrics.shared import CLOSED, Depth, Judged, per_person, reverse_of

__all__ = ["reciprocal_rank", "reciprocal_rank_for_candidates"]


@metric("rr", title="How early the first suitable person stands", unit="share", conventions=CLOSED, best_by_gain=True)
def reciprocal_rank(
    case: Case, *, k: Depth | None = None, ties: Ties = "average", seed: int = 0, unknown: Unknown = "irrelevant"
) -> FloatArray:
    """1 / rank of the first suitable candidate of each list, 0 beyond the first k, float64 (N,).

    Without k the whole list counts.

    Values in [0, 1], the expectation over all orders of tied candidates; 0 without a list, NaN for whoever has nobody
    suitable.
    """
    return _of(Judged.of(case.lists, ties, seed, unknown), k)


@metric(
    "rr_for_candidates",
    level="candidate",
    title="How early the first suitable person stands: lists of candidates",
    unit="share",
    needs=("reverse",),
    conventions=CLOSED,
    best_by_gain=True,
)
def reciprocal_rank_for_candidates(
    case: Case, *, k: Depth | None = None, ties: Ties = "average", seed: int = 0, unknown: Unknown = "irrelevant"
) -> FloatArray:
    """The same for each candidate's list of requesters, float64 (M,)."""
    lists = reverse_of(case)
    return _of(Judged.of(lists, ties, seed, unknown), k)


def _of(judged: Judged, k: int | None) -> FloatArray:
    return per_person(kernel.reciprocal_rank(judged.marked, k), judged)
