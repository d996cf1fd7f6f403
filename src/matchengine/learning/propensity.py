"""Weigh preferences by how likely both of their pairs were to be seen at all (domain.md G3, biases).

A preference exists only where both candidates were shown. Weighted by 1 / (p₁ p₂), clipped and scaled to mean 1, those
that were unlikely to be seen stand for the many like them that were not (Swaminathan and Joachims 2015).
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from matchengine.learning.features import Table
from matchengine.learning.preferences import Pair
from matchengine.records.learning import Shown

__all__ = ["MOST", "seen_weights"]

MOST = 20.0
"""A preference counts at most so many times as much as one that was sure to be seen."""


def seen_weights(table: Table, shown: Iterable[Shown]) -> NDArray[np.float64] | None:
    """What each preference counts, (M,), its weight times the clipped inverse propensity, scaled to keep their sum.

    None unless propensities are logged for both pairs of every preference: some of them cannot be told from none.
    """
    chance: dict[Pair, float] = {(each.requester_id, each.candidate_id): each.propensity for each in shown}
    preferences = table.preferences
    if not preferences or any(each.better not in chance or each.worse not in chance for each in preferences):
        return None
    both = np.array([chance[each.better] * chance[each.worse] for each in preferences])
    weights = table.weights * np.minimum(1 / both, MOST)
    return np.asarray(weights * (table.weights.sum() / weights.sum()))
