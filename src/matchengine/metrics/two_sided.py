"""Both sides in one number: lists of requesters and lists of candidates (domain.md H1)."""

from __future__ import annotations

import numpy as np

from matchengine.batch import FloatArray
from matchengine.comparison import Case
from matchengine.comparison_components import metric
from matchengine.metrics.kernel import Gain
from matchengine.metrics.ndcg import ndcg, ndcg_for_candidates
from matchengine.metrics.order import Ties
from matchengine.metrics.recall import recall, recall_for_candidates
from matchengine.metrics.shared import CLOSED, RANKING, Depth, mean_of, one
from matchengine.metrics.success import success, success_for_candidates

__all__ = ["lower_side_ndcg", "lower_side_recall", "lower_side_success", "two_way_ndcg"]


@metric(
    "two_way_ndcg",
    level="market",
    title="How near lists come to the best possible order, both sides together",
    unit="share",
    needs=("lists", "reverse"),
    conventions=RANKING,
    best_by_gain=True,
)
def two_way_ndcg(
    case: Case, *, k: Depth | None = None, gain: Gain = "linear", ties: Ties = "average", seed: int = 0
) -> FloatArray:
    """Harmonic mean of the mean nDCG of requesters and that of candidates, float64 (1,); NaN where a side has none."""
    mine = mean_of(ndcg(case, k=k, gain=gain, ties=ties, seed=seed))
    theirs = mean_of(ndcg_for_candidates(case, k=k, gain=gain, ties=ties, seed=seed))
    return one(0.0 if mine + theirs == 0 else 2 * mine * theirs / (mine + theirs))


@metric(
    "lower_side_ndcg",
    level="market",
    title="How near lists come to the best possible order, the side that is served worse",
    unit="share",
    needs=("lists", "reverse"),
    conventions=RANKING,
    best_by_gain=True,
)
def lower_side_ndcg(
    case: Case, *, k: Depth | None = None, gain: Gain = "linear", ties: Ties = "average", seed: int = 0
) -> FloatArray:
    """The lower of the mean nDCG of requesters and that of candidates, float64 (1,); NaN where a side has none."""
    mine = ndcg(case, k=k, gain=gain, ties=ties, seed=seed)
    return _lower(mine, ndcg_for_candidates(case, k=k, gain=gain, ties=ties, seed=seed))


@metric(
    "lower_side_recall",
    level="market",
    title="How many of the suitable people are shown, the side that is served worse",
    unit="share",
    needs=("lists", "reverse"),
    conventions=CLOSED,
    best_by_gain=True,
)
def lower_side_recall(case: Case, *, k: Depth, ties: Ties = "average", seed: int = 0) -> FloatArray:
    """The lower of the mean recall of requesters and that of candidates, float64 (1,); NaN where a side has none."""
    return _lower(recall(case, k=k, ties=ties, seed=seed), recall_for_candidates(case, k=k, ties=ties, seed=seed))


@metric(
    "lower_side_success",
    level="market",
    title="Somebody suitable is among the people shown, the side that is served worse",
    unit="share of people",
    needs=("lists", "reverse"),
    conventions=CLOSED,
    best_by_gain=True,
)
def lower_side_success(case: Case, *, k: Depth, ties: Ties = "average", seed: int = 0) -> FloatArray:
    """The lower of the mean success of requesters and that of candidates, float64 (1,); NaN where a side has none."""
    return _lower(success(case, k=k, ties=ties, seed=seed), success_for_candidates(case, k=k, ties=ties, seed=seed))


def _lower(mine: FloatArray, theirs: FloatArray) -> FloatArray:
    return one(float(np.minimum(mean_of(mine), mean_of(theirs))))
