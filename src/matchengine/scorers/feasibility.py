"""Whether two can really meet: time, language and distance (domain.md C9)."""

from __future__ import annotations

import numpy as np

from matchengine.batch import FloatArray, Scored
from matchengine.components import scorer
from matchengine.records.group import Share

__all__ = ["distance_part", "feasibility", "time_part"]


def time_part(common_minutes: FloatArray, required_minutes: FloatArray) -> FloatArray:
    """min(1, common / required), any shape; NaN where the common minutes are unknown."""
    return np.minimum(common_minutes / np.maximum(required_minutes, 1), 1)


def distance_part(kilometres: FloatArray, half_at_km: float) -> FloatArray:
    """1 / (1 + (d / d0)²), any shape: 1 next door, .5 at `half_at_km`; NaN where the distance is unknown."""
    return 1 / (1 + (kilometres / max(half_at_km, 1e-6)) ** 2)


@scorer(
    "feasibility",
    block="feasible",
    says="you both have {minutes:.0f} minutes a week free at the same time",
    symmetric=True,
    monotone={
        "pair_common_minutes": 1,
        "pair_language": 1,
        "pair_distance_km": -1,
        "requester_cadence_minutes": -1,
        "candidate_cadence_minutes": -1,
    },
)
def feasibility(
    pair_common_minutes: FloatArray,
    requester_cadence_minutes: FloatArray,
    candidate_cadence_minutes: FloatArray,
    pair_language: FloatArray,
    pair_distance_km: FloatArray,
    pair_online: FloatArray,
    *,
    time: Share = 0.5,
    language: Share = 0.3,
    distance: Share = 0.2,
    required_minutes: float = 30.0,
    half_at_km: float = 5.0,
) -> Scored:
    """Weighted geometric mean of common time, common language and nearness.

    Parameters
    ----------
    pair_common_minutes, requester_cadence_minutes, candidate_cadence_minutes : float arrays (P,)
        Minutes a week that both are free, and that each needs: the larger known need counts, `required_minutes`
        where neither is known.
    pair_language : float array (P,)
        Best level of a language that both speak, in [0, 1].
    pair_distance_km, pair_online : float arrays (P,)
        The distance counts fully where they can only meet in person, not at all where they can meet online, and
        half where that is unknown.
    time, language, distance
        Exponents of the parts.

    Returns
    -------
    Scored
        value (P,) in [0, 1]. Unknown parts are dropped and the exponents renormalised; the confidence is the known
        share of the exponents. NaN where no part is known. Symmetric.
    """
    required = np.fmax(requester_cadence_minutes, candidate_cadence_minutes)
    required = np.where(np.isnan(required), required_minutes, required)
    travel = np.where(np.isnan(pair_online), 0.5, pair_online != 1) * distance
    parts = (
        (time_part(pair_common_minutes, required), time),
        (pair_language, language),
        (distance_part(pair_distance_km, half_at_km), travel),
    )
    product, weight = np.ones(len(required)), np.zeros(len(required))
    for part, exponent in parts:
        unknown = np.isnan(part)
        product *= np.where(unknown, 1, part) ** exponent
        weight += np.where(unknown, 0, exponent)
    needed = time + language + np.where(pair_online == 1, 0, distance)
    known = weight > 0
    return Scored(
        np.where(known, product ** (1 / np.where(known, weight, 1)), np.nan),
        weight / np.maximum(needed, 1e-9),
        minutes=np.where(pair_common_minutes > 0, pair_common_minutes, np.nan),
    )
