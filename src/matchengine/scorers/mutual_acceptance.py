"""Whether two people are likely to say yes to each other, from the answers of both (Pizzato et al. 2010)."""

from __future__ import annotations

from typing import Literal

import numpy as np

from matchengine.batch import FloatArray, Scored
from matchengine.components import scorer
from matchengine.records.group import Share
from matchengine.scorers.aggregate import Aggregate
from matchengine.scorers.aggregate import aggregate as combine

__all__ = ["mutual_acceptance"]

_AVERAGE = 0.5
_EDGE = 1e-6


@scorer(
    "mutual_acceptance",
    role="history",
    block="relate",
    title="how readily both say yes",
    monotone={"pair_accepts": 1, "pair_accepted_by": 1},
)
def mutual_acceptance(
    pair_accepts: FloatArray,
    pair_accepted_by: FloatArray,
    pair_usually_accepts: FloatArray,
    *,
    aggregate: Aggregate = "geometric",
    directions: Literal["both", "requester", "candidate"] = "both",
    power: float = -1.0,
    theta: Share = 0.5,
) -> Scored:
    """How likely both say yes, against somebody about whom nothing is known; it has no sentence.

    Parameters
    ----------
    pair_accepts, pair_accepted_by : float arrays (P,)
        How likely the requester, and the candidate, says yes, in (0, 1), .5 the average; NaN where unknown.
    pair_usually_accepts : float array (P,)
        How likely the requester says yes to somebody who is liked as most are.
    aggregate, power, theta
        How the two directions become one number; see `matchengine.scorers.aggregate`. The geometric mean orders like
        the product: the probability that both say yes.
    directions
        `both`, or one side alone: for comparisons.

    Returns
    -------
    Scored
        value (P,) in [0, 1]: the two directions as one number, its log-odds less those of an average candidate of the
        same requester, so that .5 is an average candidate. A direction that is unknown counts as average and takes half
        of the confidence; NaN where both are. No evidence is given: a reason would tell how others answered.
    """
    usual = pair_usually_accepts.astype(np.float64)
    one, other = pair_accepts.astype(np.float64), pair_accepted_by.astype(np.float64)
    read = {"both": (True, True), "requester": (True, False), "candidate": (False, True)}[directions]
    known = (~np.isnan(one) * read[0]).astype(np.float64) + ~np.isnan(other) * read[1]
    one = np.where(np.isnan(one) | (not read[0]), usual, one)
    other = np.where(np.isnan(other) | (not read[1]), _AVERAGE, other)
    found = _log_odds(combine(one, other, aggregate, power, theta))
    average = _log_odds(combine(usual, np.full_like(usual, _AVERAGE), aggregate, power, theta))
    value = np.where(known > 0, 1 / (1 + np.exp(average - found)), np.nan)
    return Scored(value, np.where(np.isnan(value), 0, known / sum(read)))


def _log_odds(value: FloatArray) -> FloatArray:
    inside = np.clip(value, _EDGE, 1 - _EDGE)
    found: FloatArray = np.log(inside) - np.log1p(-inside)
    return found
