"""Share of the suitable candidates among the first k (domain.md H1)."""

from __future__ import annotations

from matchengine.batch import FloatArray
from matchengine.comparison import Case
from matchengine.comparison_components import metric
from matchengine.metrics.kernel import found
from matchengine.metrics.order import Ties, Unknown
from matchengine.metrics.shared import CLOSED, Depth, Judged, reverse_of

__all__ = ["recall", "recall_for_candidates"]


@metric(
    "recall", title="How many of the suitable people are shown", unit="share", conventions=CLOSED, best_by_gain=True
)
def recall(
    case: Case, *, k: Depth, ties: Ties = "average", seed: int = 0, unknown: Unknown = "irrelevant"
) -> FloatArray:
    """Suitable candidates among the first k, over all suitable ones, suggested or not, float64 (N,).

    Values in [0, 1], the expectation over all orders of tied candidates; 0 without a list, NaN for whoever has nobody
    suitable.
    """
    return _of(Judged.of(case.lists, ties, seed, unknown), k)


@metric(
    "recall_for_candidates",
    level="candidate",
    title="How many of the suitable people are shown: lists of candidates",
    unit="share",
    needs=("reverse",),
    conventions=CLOSED,
    best_by_gain=True,
)
def recall_for_candidates(
    case: Case, *, k: Depth, ties: Ties = "average", seed: int = 0, unknown: Unknown = "irrelevant"
) -> FloatArray:
    """The same for each candidate's list of requesters, float64 (M,)."""
    lists = reverse_of(case)
    return _of(Judged.of(lists, ties, seed, unknown), k)


def _of(judged: Judged, k: int) -> FloatArray:
    return judged.among(found(judged.marked, k))
