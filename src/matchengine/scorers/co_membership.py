"""What people who joined the same groups also joined (item-item evidence; Sarwar et al. 2001, Steck 2019)."""

from __future__ import annotations

import numpy as np

from matchengine.batch import FloatArray, Scored
from matchengine.components import scorer

__all__ = ["co_membership"]

_WORTH_SAYING = 0.5
"""Above the middle of what people reach, five people joined the gathering and one that the requester joined."""


@scorer(
    "co_membership",
    role="history",
    block="need",
    title="what people with the same groups joined",
    says={"for_requester": "people who joined what you joined also joined this{often?}"},
    says_to={
        "candidate": {"for_requester": "people who joined what they joined also joined this{often?}"},
        "coordinator": {"for_requester": "people who joined what the person joined also joined this{often?}"},
    },
    monotone={"pair_joined_together": 1},
)
def co_membership(pair_joined_together: FloatArray) -> Scored:
    """How close a gathering is to those that the requester joined, by the people who joined both.

    Parameters
    ----------
    pair_joined_together : float array (P,)
        Place in (0, 1) among what people reach, .5 the middle; see docs/inputs.md. How it is worked out is chosen in
        the table `history` of the configuration.

    Returns
    -------
    Scored
        value (P,) in [0, 1]; NaN where the requester joined nothing that counts, and for gatherings that are new,
        small or sensitive. Nothing is said of how many or which people, or of which of the requester's groups.
    """
    often = np.where(pair_joined_together > _WORTH_SAYING, 1.0, np.nan)
    return Scored(pair_joined_together.astype(np.float64), often=often)
