"""What requesters wish to share with a match, jointly: the crossing counts for more than each road (domain.md C2).

A lift: it can only raise a score, and only for requesters who asked for it. Whoever shares nothing of what is wished
for and whoever says nothing get the same value, bit for bit.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from matchengine.batch import BoolArray, FloatArray, IntArray, JointSets
from matchengine.components import scorer

__all__ = ["intersectional_fit", "rarity", "share_by_surprisal", "share_by_worth", "worth"]

_NAMED_FROM = 5
Strength = Annotated[float, Field(ge=0, le=0.35)]
Factor = Annotated[float, Field(ge=0)]


@scorer("intersectional_fit", role="lift", title="what both share", monotone={"pair_shared_wishes": 1})
def intersectional_fit(
    pair_shared_wishes: JointSets,
    *,
    mode: Literal["joint", "surprisal"] = "joint",
    gamma: tuple[Factor, Factor, Factor] = (1.0, 2.0, 3.0),
    kappa: Annotated[float, Field(gt=0)] = 5.0,
    named_from: Annotated[int, Field(ge=_NAMED_FROM)] = _NAMED_FROM,
    most: Annotated[int, Field(ge=1, le=3)] = 3,
    nice: Strength = 0.10,
    important: Strength = 0.20,
    very_important: Strength = 0.35,
) -> FloatArray:
    """λ · I: how strongly the requester asked, times the share of what they wish for that the candidate declares.

    Parameters
    ----------
    pair_shared_wishes : JointSets
        The sets of tokens that requesters wish to share, with the number of people who hold each.
    mode
        `joint`: I = V(shared) / V(wished), where V sums the worth of all sets (`worth`). `surprisal`: I =
        ln p(shared) / ln p(wished), with the smoothed shares of people who hold all that is shared, or wished for.
    gamma
        Weight γ of sets of one, two and three tokens.
    kappa
        Smoothing κ of the shares of people: the larger, the less a small number of holders counts.
    named_from
        Sets that fewer people hold are scored as if so many held them, so that no value tells a smaller number.
    most
        Largest size of a set that counts.
    nice, important, very_important
        λ by how strongly the requester wishes for it; all lifts together never exceed .35 (domain.md G1).

    Returns
    -------
    float64 array (P,)
        In [0, .35]; 0 where nothing is shared, NaN where the requester wishes for nothing. It never falls when a
        candidate shares more.
    """
    sets = pair_shared_wishes
    if mode == "joint":
        each = worth(sets.holders, sets.size, sets.importance, sets.population, gamma, kappa, named_from)
        counted = np.where(sets.size <= most, each, 0)
        share = share_by_worth(counted, sets.shared, sets.of_case, len(sets.wished_holders))
    else:
        share = share_by_surprisal(sets.shared_holders, sets.wished_holders, sets.population, kappa, named_from)
        share = np.where(np.bincount(sets.of_case[sets.shared], minlength=len(share)) > 0, share, 0)
    strengths = np.array([0, nice, important, very_important])
    known = ~np.isnan(sets.level)
    asked = strengths[np.where(known, sets.level, 0).astype(np.int64)]
    value: FloatArray = np.where(known, asked * share[sets.case], np.nan)
    return value


def rarity(holders: IntArray, population: int, kappa: float, named_from: int = _NAMED_FROM) -> FloatArray:
    """ρ = ln((N + κ) / (n + κ)), at least 0; fewer than `named_from` holders n count as so many."""
    counted = np.minimum(np.maximum(holders, named_from), population)
    found: FloatArray = np.log((population + kappa) / (counted + kappa))
    return found


def worth(
    holders: IntArray,
    size: IntArray,
    importance: FloatArray,
    population: int,
    gamma: Sequence[float] = (1.0, 2.0, 3.0),
    kappa: float = 5.0,
    named_from: int = _NAMED_FROM,
) -> FloatArray:
    """γ · ω · ρ of each set: what sharing all of it adds to V, float64 (M,), at least 0.

    Parameters
    ----------
    holders, size, importance
        Of each set, as in `JointSets`.
    population : int
        N, the people who opened anything to matching.
    """
    by_size = np.array([0.0, *gamma])
    return by_size[size] * importance * rarity(holders, population, kappa, named_from)


def share_by_worth(worth: FloatArray, shared: BoolArray, of_case: IntArray, cases: int) -> FloatArray:
    """I = V(shared) / V(wished) of each case, float64 (C,) in [0, 1]; 0 where nothing wished for is worth anything."""
    whole = np.bincount(of_case, weights=worth, minlength=cases)
    part = np.bincount(of_case, weights=worth * shared, minlength=cases)
    return part / np.where(whole > 0, whole, 1)


def share_by_surprisal(
    shared_holders: IntArray, wished_holders: IntArray, population: int, kappa: float, named_from: int = _NAMED_FROM
) -> FloatArray:
    """I = ln p(shared) / ln p(wished) of each case, float64 (C,) in [0, 1]; 0 where everybody holds what is wished."""
    part, whole = (rarity(n, population, kappa, named_from) for n in (shared_holders, wished_holders))
    return np.minimum(part, whole) / np.where(whole > 0, whole, 1)
