"""Average precision (domain.md H1)."""

from __future__ import annotations

import numpy as np

from matchengine.batch import FloatArray
from matchengine.comparison import Case
from matchengine.comparison_components import metric
from matchengine.metrics import kernel
from matchengine.metrics.order import Ties, Unknown
from matchengine.metrics.shared import DIVIDED, Depth, Judged, reverse_of

__all__ = ["average_precision", "average_precision_for_candidates"]


@metric("ap", title="How early suitable people stand in the list", unit="share", conventions=DIVIDED, best_by_gain=True)
def average_precision(
    case: Case, *, k: Depth | None = None, ties: Ties = "average", seed: int = 0, unknown: Unknown = "irrelevant"
) -> FloatArray:
    """Σ of the precision at the ranks of suitable candidates among the first k, over min(R, k), float64 (N,).

    R is how many are suitable. Without k the whole list counts.

    Values in [0, 1], the expectation over all orders of tied candidates; 0 without a list, NaN for whoever has nobody
    suitable.
    """
    return _of(Judged.of(case.lists, ties, seed, unknown), k)


@metric(
    "ap_for_candidates",
    level="candidate",
    title="How early suitable people stand in the list: lists of candidates",
    unit="share",
    needs=("reverse",),
    conventions=DIVIDED,
    best_by_gain=True,
)
def average_precision_for_candidates(
    case: Case, *, k: Depth | None = None, ties: Ties = "average", seed: int = 0, unknown: Unknown = "irrelevant"
) -> FloatArray:
    """The same for each candidate's list of requesters, float64 (M,)."""
    lists = reverse_of(case)
    return _of(Judged.of(lists, ties, seed, unknown), k)


def _of(judged: Judged, k: int | None) -> FloatArray:
    most = judged.suitable if k is None else np.minimum(judged.suitable, k)
    return judged.among(kernel.average_precision(judged.marked, k), most)
