"""What a plan of swaps makes as large as possible (domain.md D2).

* `max_weight`: Σ weight of the exchanges.
* `max_people_then_weight`: how many people take another place; among such plans the highest weight.
* `leximin_gain`: the gains of all people from the lowest up, 0 for whoever keeps their place: raise the lowest first,
  then the next. Gains are compared in whole hundredths, at least one for whoever swaps. So it serves as many people as
  possible first; what is alike in all gains is decided by weight.
"""

from __future__ import annotations

from typing import Literal

import numpy as np

from matchengine.batch import FloatArray, IntArray
from matchengine.planning.swaps.enumerate import Exchanges
from matchengine.planning.swaps.problem import SwapGraph

__all__ = ["OBJECTIVES", "Objective", "hundredths", "values_of"]

Objective = Literal["max_weight", "max_people_then_weight", "leximin_gain"]
OBJECTIVES: tuple[Objective, ...] = ("max_weight", "max_people_then_weight", "leximin_gain")

_CONCAVE = 8
"""How much more low gains count where `leximin_gain` is approached by one number."""


def hundredths(graph: SwapGraph, found: Exchanges) -> IntArray:
    """Return each gain in whole hundredths, at least 1, int64 (C, W); 0 after the last arc."""
    levels = np.maximum(np.floor(graph.gain * 100 + 1e-9).astype(np.int64), 1)
    out: IntArray = np.append(levels, 0)[found.arcs]
    return out


def values_of(graph: SwapGraph, found: Exchanges, objective: Objective) -> FloatArray:
    """Return one number for each exchange whose sum the objective maximises, float64 (C,).

    Where people come first, the whole part of a sum counts people and what follows never reaches one. For
    `leximin_gain` the rest is a concave sum of gains, which only approaches what it says.
    """
    if objective == "max_weight":
        return found.weight
    if objective == "max_people_then_weight":
        second = found.weight
    else:
        worth = np.append(1 - (1 - np.clip(graph.gain, 0, 1)) ** _CONCAVE, 0.0)
        second = worth[found.arcs].sum(axis=1)
    share = np.zeros(graph.vertices + 1)
    sizes = (found.members >= 0).sum(axis=1)
    np.maximum.at(share, found.members, np.broadcast_to((second / np.maximum(sizes, 1))[:, None], found.members.shape))
    out: FloatArray = found.people + second / (1.0 + share[:-1].sum())
    return out
