"""Lists of any strategy ranked so that candidates share attention (domain.md G5)."""

from __future__ import annotations

from typing import get_args

import numpy as np

from matchengine.batch import FloatArray
from matchengine.comparison import Asked
from matchengine.errors import ConfigError, did_you_mean
from matchengine.evaluation.strategies.drawing import lottery
from matchengine.evaluation.strategies.placing import unit
from matchengine.i18n import N_, _
from matchengine.plan_config import ExposureConfig, ExposureMethod

__all__ = ["check_method", "reranked"]

_DECIMALS = 6
"""So that noise of the last digits does not part those who are alike."""


def check_method(method: str) -> None:
    """Refuse a way to share attention that there is not.

    Raises
    ------
    ConfigError
        With the nearest known name.
    """
    known = ("none", *get_args(ExposureMethod))
    if method not in known:
        told = N_("rerank: there is no way to share attention named {name!r}; {hint}")
        raise ConfigError(_(told, name=method, hint=did_you_mean(method, known)))


def reranked(asked: Asked, score: FloatArray, method: str, config: ExposureConfig | None = None) -> FloatArray:
    """Return what lists rank by, float64 (P,): each score less the price of its candidate; NaN where not suggested.

    Prices are those of the engine's lists for everybody, where every requester asks for one candidate and a candidate
    without a known limit has room for all; where nobody has one, there are no prices. Whoever has no place is suggested
    to nobody. The bounds on how often
    anybody is shown, and variety within a list, take no part.

    Parameters
    ----------
    method : str
        `priced`, `matching`, or `plain` or `none` for the scores as they are.
    config : ExposureConfig or None
        Its temperature and β; the defaults where none is given.
    """
    from matchengine.planning.exposure.market import Market
    from matchengine.planning.exposure.matching import equilibrium
    from matchengine.planning.exposure.priced import prices

    check_method(method)
    if method in ("none", "plain") or np.isnan(asked.seats).all():
        return score
    chosen = config or ExposureConfig()
    seats = np.where(np.isnan(asked.seats), max(asked.requesters, 1), np.floor(np.nan_to_num(asked.seats)))
    drawn = [lottery(ids, asked.seed, "prices") for ids in (asked.requester_ids, asked.candidate_ids)]
    who, whom = (np.argsort(np.argsort(numbers)) for numbers in drawn)
    at = np.flatnonzero(~np.isnan(score) & (seats[asked.candidate] > 0))
    at = at[np.lexsort((whom[asked.candidate[at]], who[asked.requester[at]]))]
    value, places = unit(score), np.empty(asked.candidates)
    places[whom] = np.maximum(seats, 0)
    market = Market(
        asked.requesters, asked.candidates, who[asked.requester[at]], whom[asked.candidate[at]], value[at], places
    )
    out = np.full(len(asked), np.nan)
    if len(market):
        price = (
            prices(market, temperature=chosen.temperature)
            if method == "priced"
            else -chosen.beta * equilibrium(market, beta=chosen.beta).log_unused
        )
        out[at] = np.round(value[at] - price[market.candidate], _DECIMALS)
    return out
