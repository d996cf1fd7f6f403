"""Capacity-priced ranking: whoever is asked for more than they have room gets a price (domain.md G5, number 1)."""

from __future__ import annotations

import numpy as np

from matchengine.batch import FloatArray
from matchengine.planning.exposure.market import Market

__all__ = ["prices"]


def prices(market: Market, *, temperature: float = 0.05, step: float = 0.02, rounds: int = 600) -> FloatArray:
    """Return the price p of each candidate, float64 (C,), at least 0; lists rank by score − price.

    `p_j ← [p_j + η (demand_j / C_j · ΣC / n − 1)]_+` from 0, where each of the n requesters spreads one unit of demand
    (or as much as the market says; n is the sum) by softmax((S − p) / T). So a candidate's share of all demand is led
    towards its share of all free places. ΣC and n count those alone who are in any pair: places that nobody may take
    would only push every price up.

    Parameters
    ----------
    temperature : float
        T: how sharply demand prefers the better score, above 0.
    step : float
        η, above 0.
    rounds : int
        Always as many, so that the result depends on no clock.
    """
    price = np.zeros(market.candidates)
    if not len(market):
        return price
    starts, run, candidate = market.starts, market.run, market.candidate
    free = np.zeros(market.candidates)
    free[market.reached] = market.places[market.reached]
    mass = market.asked[market.requester[starts]]
    wanted = np.where(free > 0, free, 1) * mass.sum() / free.sum()
    scaled = market.score / temperature
    for _round in range(rounds):
        net = scaled - (price / temperature)[candidate]
        weight = np.exp(net - np.maximum.reduceat(net, starts)[run])
        weight *= (mass / np.add.reduceat(weight, starts))[run]
        demand = np.bincount(candidate, weight, market.candidates)
        price = np.where(free > 0, np.maximum(price + step * (demand / wanted - 1), 0), 0)
    return price
