"""Rules of programmes in which members teach each other (domain.md C3, C8)."""

from __future__ import annotations

from typing import Annotated

import numpy as np
from pydantic import Field

from matchengine.batch import BoolArray, FloatArray, Ruled
from matchengine.components import constraint

__all__ = ["safe_to_speak", "time_balance", "wants_to_learn"]


@constraint(
    "wants_to_learn",
    reason="the person who looks has named nothing they would like to learn",
    remedy="ask the person who looks what they would like to learn, and write it among the skills they want",
    told_to=("requester", "coordinator"),
    fails_closed=True,
)
def wants_to_learn(requester_open_to_learn: FloatArray, requester_wants: FloatArray) -> BoolArray:
    """Somebody is taught only what they asked for (S1-03).

    Parameters
    ----------
    requester_open_to_learn : float array (P,)
        0 refuses; unknown is no obstacle to somebody who named a want.
    requester_wants : float array (P,)
        How many skills the person would like to learn; who named none is refused.
    """
    asked: BoolArray = (requester_wants > 0) & (requester_open_to_learn != 0)
    return asked


@constraint(
    "safe_to_speak",
    reason="what makes it safe to speak is not agreed",
    confirm="agree before the first meeting that every question is welcome and nothing said there is told elsewhere",
)
def safe_to_speak(pair_same: BoolArray) -> Ruled:
    """Never refuses anybody; adds to every pair the agreement that makes it safe to teach upwards (domain.md C3).

    `pair_same` bool (P,) tells how many pairs there are, and nothing else.
    """
    return Ruled(np.ones(len(pair_same), np.bool_), np.zeros(len(pair_same), np.bool_))


@constraint(
    "time_balance",
    reason="the balance of hours given and received is at its limit",
    confirm="check how many hours each has given and received so far",
    remedy="an hour given by whoever has received the most, or received by whoever has given the most",
    looser={"most": (1.0, 2.0, 3.0, 4.0, 5.0)},
)
def time_balance(
    requester_time_balance: FloatArray,
    candidate_time_balance: FloatArray,
    *,
    most: Annotated[float, Field(gt=0, le=5)] = 5.0,
) -> Ruled:
    """Nobody runs up a debt of hours, and nobody hoards them: balances stay between -most and most (domain.md C8).

    Parameters
    ----------
    requester_time_balance, candidate_time_balance : float arrays (P,)
        Hours given less hours received. The requester, who would receive, must be above -most, and the candidate, who
        would give, below most. NaN unknown.
    """
    passes = ~((requester_time_balance <= -most) | (candidate_time_balance >= most))
    return Ruled(passes, ~passes | ~(np.isnan(requester_time_balance) | np.isnan(candidate_time_balance)))
