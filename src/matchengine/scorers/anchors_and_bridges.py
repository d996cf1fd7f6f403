"""Familiar communities first, wider ones later (domain.md C5, anchors and bridges)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matchengine.batch import FloatArray, Scored
from matchengine.components import scorer
from matchengine.records.group import Share

__all__ = ["anchors_and_bridges"]

_SETTLED = 3
"""Visits after which a familiar community needs no lift any more."""


@scorer("anchors_and_bridges", role="lift", title="familiar communities and bridges to others")
def anchors_and_bridges(
    requester_anchors: NDArray[np.uint64],
    candidate_anchors: NDArray[np.uint64],
    requester_visits: FloatArray,
    candidate_from_elsewhere: FloatArray,
    *,
    anchor: Share = 0.20,
    bridge_a_visit: Share = 0.10,
    most_bridge: Share = 0.30,
) -> Scored:
    """Lift groups of a community the person feels at home in while they are new, and with each visit those beyond it.

    Find close bonds first, bridges to others later (Ager & Strang 2008; Strang & Quinn 2021). No group is lowered or
    taken away. Only what the person and the group say themselves is read.

    Parameters
    ----------
    requester_anchors, candidate_anchors : uint64 arrays (P, W)
        Communities, hashed; no bit set where nobody said any, and then there is no lift.
    requester_visits : float array (P,)
        Visits that felt all right. Unknown counts as none yet: whoever has just come has none on record.
    candidate_from_elsewhere : float array (P,)
        Share of members of none of the group's own anchors; where the person shares an anchor, that is how far the
        group leads beyond it, and unknown adds nothing. A group of other communities leads beyond it wholly.
    anchor
        λ of a shared anchor before the third visit.
    bridge_a_visit, most_bridge
        What each visit adds to the lift of bridges, and its most.

    Returns
    -------
    Scored
        value (P,) in [0, 1], the share of the missing points that it adds; NaN where either side named no anchor.
    """
    width = min(requester_anchors.shape[1], candidate_anchors.shape[1])  # a word only one side knows is not shared
    shared = (requester_anchors[:, :width] & candidate_anchors[:, :width]).any(axis=1)
    known = requester_anchors.any(axis=1) & candidate_anchors.any(axis=1)
    visits = np.nan_to_num(requester_visits)
    beyond = np.where(shared, np.nan_to_num(candidate_from_elsewhere), 1)
    at_home = np.where(shared & (visits < _SETTLED), anchor, 0)
    bridge = np.minimum(most_bridge, bridge_a_visit * visits) * beyond
    sure = (2 + ~np.isnan(requester_visits) + (~shared | ~np.isnan(candidate_from_elsewhere))) / 4
    return Scored(np.where(known, np.minimum(at_home + bridge, 1), np.nan), np.where(known, sure, 0))
