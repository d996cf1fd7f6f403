"""Whether two can really meet: time, language and distance (domain.md C9)."""

from __future__ import annotations

import numpy as np

from matchengine.batch import FloatArray, Scored
from matchengine.components import scorer
from matchengine.records.group import Share

__all__ = ["distance_part", "feasibility", "time_part"]

_APART = 0.5
"""Value of the time part for people who can work without meeting."""


def time_part(common_minutes: FloatArray, required_minutes: FloatArray) -> FloatArray:
    """min(1, common / required), any shape; NaN where the common minutes are unknown."""
    return np.minimum(common_minutes / np.maximum(required_minutes, 1), 1)


def distance_part(kilometres: FloatArray, half_at_km: float) -> FloatArray:
    """1 / (1 + (d / d0)²), any shape: 1 next door, .5 at `half_at_km`; NaN where the distance is unknown."""
    return 1 / (1 + (kilometres / max(half_at_km, 1e-6)) ** 2)


@scorer(
    "feasibility",
    block="feasible",
    title="time, language and distance",
    says="both sides are free {hours:.3g} h a week",
    symmetric=True,
    monotone={"pair_common_minutes": 1, "pair_needed_minutes": -1, "pair_language": 1, "pair_distance_km": -1},
)
def feasibility(
    pair_common_minutes: FloatArray,
    pair_needed_minutes: FloatArray,
    pair_apart: FloatArray,
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
    pair_common_minutes, pair_needed_minutes : float arrays (P,)
        Minutes a week that both are free, and that the two need; `required_minutes` where the need is unknown.
    pair_apart : float array (P,)
        1 where both can work without meeting: then lack of common time counts half at most. Where that is unknown,
        lack of common time counts with half its exponent.
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
    required = np.where(np.isnan(pair_needed_minutes), required_minutes, pair_needed_minutes)
    common = time_part(pair_common_minutes, required)
    common = np.where(pair_apart == 1, np.maximum(common, _APART), common)
    meeting = np.where(np.isnan(pair_apart) & (common < _APART), 0.5, 1) * time
    travel = np.where(np.isnan(pair_online), 0.5, pair_online != 1) * distance
    parts = (
        (common, meeting),
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
        hours=np.where(pair_common_minutes > 0, pair_common_minutes, np.nan) / 60,
    )
