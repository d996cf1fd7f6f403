"""How far a figure can be trusted: known outcomes among the first k, and boundaries that ties decide."""

from __future__ import annotations

import numpy as np

from matchengine.batch import FloatArray
from matchengine.comparison import Case
from matchengine.comparison_components import metric
from matchengine.metrics.kernel import boundary_tied
from matchengine.metrics.shared import Depth, Judged, share

__all__ = ["judged", "tie_share"]


@metric(
    "judged",
    title="Outcomes are known of the people shown",
    unit="share",
    conventions={"ties": "avg", "missing": "skip"},
)
def judged(case: Case, *, k: Depth) -> FloatArray:
    """Share of the candidates shown among the first k whose outcome is known, float64 (N,); NaN without a list.

    Outcomes exist only for pairs that came about once: where strategies differ much here, their figures are not
    comparable as they stand.
    """
    ranked = Judged.of(case.lists).ranked
    chance = ranked.chance(k)
    known = np.bincount(case.lists.person, chance * ~np.isnan(case.lists.gain), case.lists.people)
    shown = np.minimum(ranked.length, k)
    return share(known, shown, shown > 0)


@metric(
    "tie_share",
    better="lower",
    title="The last place shown is decided by lot among equals",
    unit="share of people",
    conventions={"missing": "skip"},
)
def tie_share(case: Case, *, k: Depth) -> FloatArray:
    """1 for whose k-th and next candidate have the same score, 0 for others, float64 (N,); NaN without a list.

    Where many boundaries are tied the strategy cannot tell candidates apart.
    """
    return boundary_tied(Judged.of(case.lists).ranked, k)
