"""How structured a gathering is, and how structured a person likes it (domain.md A4, row S4-06)."""

from __future__ import annotations

import numpy as np

from matchengine.batch import FloatArray, Scored
from matchengine.components import scorer

__all__ = ["talk_time"]

_STRUCTURED_SPONTANEOUS = 1
"""Position of the slider in the column `style`."""
_WIDEST = 4


@scorer(
    "talk_time",
    block="relate",
    title="structure and time to talk",
    says="about {share:.0%} of the time is free talk",
)
def talk_time(requester_style: FloatArray, candidate_talk_share: FloatArray) -> Scored:
    """1 less the distance between the share of free talk and what the person's style asks for; NaN where unknown.

    Parameters
    ----------
    requester_style : float array (P, 5)
        Sliders from -2 to 2. Read is `structured_spontaneous`: -2 asks for no free talk at all, 2 for nothing else.
    candidate_talk_share : float array (P,)
        0 to 1: share of the time that is free talk.

    Returns
    -------
    Scored
        value (P,) in [0, 1]; NaN where the person left the slider blank or nobody stated the share.
    """
    wish = (requester_style[:, _STRUCTURED_SPONTANEOUS].astype(np.float64) + 2) / _WIDEST
    value = 1 - np.abs(wish - candidate_talk_share)
    known = ~np.isnan(value)
    return Scored(value, known.astype(np.float64), share=np.where(known, candidate_talk_share, np.nan))
