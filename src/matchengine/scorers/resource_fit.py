"""Material, training, funding and advice for what somebody wants to reach (domain.md C8, resources)."""

from __future__ import annotations

from typing import Annotated

import numpy as np
from pydantic import Field

from matchengine.batch import FloatArray, ItemPairs, Quotes, Scored
from matchengine.components import scorer
from matchengine.records.group import Share
from matchengine.scorers.affinity import affinity
from matchengine.scorers.evidence import strongest_texts

__all__ = ["Prices", "freshness", "price", "resource_fit"]

Prices = Annotated[tuple[Share, ...], Field(min_length=4, max_length=4)]
"""What free, low, medium and high cost count, 0 to 1."""
_PRICES = (1.0, 0.9, 0.7, 0.5)


def price(cost: FloatArray, prices: Prices) -> FloatArray:
    """Return what a cost counts, float64 (P,); NaN where the cost is unknown.

    `cost` float (P,) is 0 free, 1 low, 2 medium, 3 high.
    """
    known = ~np.isnan(cost)
    place = np.clip(np.where(known, cost, 0), 0, len(prices) - 1).astype(np.intp)
    return np.where(known, np.asarray(prices, np.float64)[place], np.nan)


def freshness(days_old: FloatArray, half_life_days: float) -> FloatArray:
    """Return 1 for what was found right today, half for each half-life since then, float (P,); NaN where unknown."""
    fresh: FloatArray = 0.5 ** (np.maximum(days_old, 0) / half_life_days)
    return fresh


@scorer(
    "resource_fit",
    block="need",
    title="what it helps with",
    says={
        "for_requester": (
            "what it is about is close to your “{need}”",
            "“{topic}” is close to one of your goals and wishes to learn",
        )
    },
    says_to={
        "candidate": {"for_candidate": "your “{topic}” is close to what they want to reach or learn"},
        "coordinator": {
            "for_requester": ("“{topic}” is close to “{need}”", "“{topic}” is close to one of the goals or wishes"),
        },
    },
    monotone={
        "items_needs_topics": 1,
        "pair_language": 1,
        "candidate_cost": -1,
        "candidate_days_old": -1,
    },
)
def resource_fit(
    items_needs_topics: ItemPairs,
    pair_language: FloatArray,
    candidate_cost: FloatArray,
    candidate_days_old: FloatArray,
    *,
    beta: Share = 0.6,
    prices: Prices = _PRICES,
    half_life_days: Annotated[float, Field(gt=0)] = 1095.0,
) -> Scored:
    """Affinity of goals and topics, times language, cost and freshness; NaN where goals and topics say nothing.

    Parameters
    ----------
    items_needs_topics : ItemPairs
        The requester's goals and wants against what the resource is about, by the formula of `interest_affinity`.
    pair_language : float array (P,)
        Best level of a language that the person speaks and the resource is in, in [0, 1].
    candidate_cost : float array (P,)
        0 free to 3 high. Nothing about the person's money is read.
    candidate_days_old : float array (P,)
        Days since the resource was last known to be right.
    prices
        What free, low, medium and high cost count, from 1 down.
    half_life_days
        Days after which a resource that nobody looked at counts half.

    Returns
    -------
    Scored
        value (P,) in [0, 1]. An unknown factor is left out and takes a fifth of the confidence each.
    """
    pairs = items_needs_topics
    close = affinity(pairs, beta)
    factors = (pair_language, price(candidate_cost, prices), freshness(candidate_days_old, half_life_days))
    value, known = close.value, 0.4 * close.known
    for factor in factors:
        unknown = np.isnan(factor)
        value = value * np.where(unknown, 1, factor)
        known = known + np.where(unknown, 0, 0.2)
    mine, topic = strongest_texts(pairs.similarity, pairs, "left", close.best)
    return Scored(
        value,
        np.minimum(known, 1),
        need=Quotes("requester", pairs.left_field, mine),
        topic=Quotes("candidate", pairs.right_field, topic),
    )
