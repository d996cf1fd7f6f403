"""A person's network map: its gaps, the functions its ties have, and how far they are with it (C8, S5-28, S5-34)."""

from __future__ import annotations

from typing import get_args

import numpy as np

from matchengine.records import NetworkMap
from matchengine.records import vocabulary as v
from matchengine.records.follow_up import NetworkProgress
from matchengine.scorers.network_gap import gaps

__all__ = ["network_gaps", "progress"]

_POINTS: tuple[v.NetworkStatus, ...] = get_args(v.NetworkStatus)
_FUNCTIONS: tuple[v.TieFunction, ...] = get_args(v.TieFunction)


def network_gaps(network: NetworkMap) -> dict[v.NetworkCategory, float]:
    """Return gap = d·exp(-n/τ) of each category that the person stated, 0 to 1 (domain.md C8, GN9).

    Falls with every contact; a category that is not stated is unknown and left out.
    """
    counts, importance = np.full((2, len(v.NETWORK_CATEGORIES)), np.nan)
    for tie in network.ties:
        place = v.NETWORK_CATEGORIES.index(tie.category)
        counts[place], importance[place] = tie.count, tie.importance
    found = gaps(counts, importance)
    return {tie.category: float(found[v.NETWORK_CATEGORIES.index(tie.category)]) for tie in network.ties}


def progress(network: NetworkMap | None) -> NetworkProgress:
    """Return where a person is with their network map: the checklist, the largest gap, which functions ties have.

    A function counts as covered where a category with at least one contact has it. Of equal gaps the first in the
    order of `NetworkCategory` is the largest.
    """
    if network is None:
        return NetworkProgress(status=None, done=0, points=len(_POINTS), largest_gap=None, open=_FUNCTIONS)
    open_gaps = {category: gap for category, gap in network_gaps(network).items() if gap > 0}
    order = {category: place for place, category in enumerate(v.NETWORK_CATEGORIES)}
    largest = min(open_gaps, key=lambda category: (-open_gaps[category], order[category]), default=None)
    held = {function for tie in network.ties if tie.count > 0 for function in tie.functions}
    return NetworkProgress(
        status=network.status,
        done=1 + _POINTS.index(network.status),
        points=len(_POINTS),
        largest_gap=largest,
        covered=tuple(function for function in _FUNCTIONS if function in held),
        open=tuple(function for function in _FUNCTIONS if function not in held),
    )
