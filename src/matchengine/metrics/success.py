"""Whether anybody suitable is among the first k; also called hit (domain.md H1)."""

from __future__ import annotations

from matchengine.batch import FloatArray
from matchengine.comparison import Case
from matchengine.comparison_components import metric
from matchengine.metrics import kernel
from matchengine.metrics.order import Ties, Unknown
from matchengine.metrics.shared import CLOSED, Depth, Judged, per_person, reverse_of

__all__ = ["success", "success_for_candidates"]


@metric(
    "success",
    title="Somebody suitable is among the people shown",
    unit="share of people",
    conventions=CLOSED,
    best_by_gain=True,
)
def success(
    case: Case, *, k: Depth, ties: Ties = "average", seed: int = 0, unknown: Unknown = "irrelevant"
) -> FloatArray:
    """1 where a suitable candidate is among the first k, else 0; how likely that is where ties decide, float64 (N,).

    Values in [0, 1], the expectation over all orders of tied candidates; 0 without a list, NaN for whoever has nobody
    suitable.
    """
    return _of(Judged.of(case.lists, ties, seed, unknown), k)


@metric(
    "success_for_candidates",
    level="candidate",
    title="Somebody suitable is among the people shown: lists of candidates",
    unit="share of people",
    needs=("reverse",),
    conventions=CLOSED,
    best_by_gain=True,
)
def success_for_candidates(
    case: Case, *, k: Depth, ties: Ties = "average", seed: int = 0, unknown: Unknown = "irrelevant"
) -> FloatArray:
    """The same for each candidate's list of requesters, float64 (M,)."""
    lists = reverse_of(case)
    return _of(Judged.of(lists, ties, seed, unknown), k)


def _of(judged: Judged, k: int) -> FloatArray:
    return per_person(kernel.success(judged.marked, k), judged)
