"""Rules about what is practically possible: places, language, time, mode and travel (domain.md C9)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matchengine.batch import BoolArray, FloatArray, IntArray, Ruled
from matchengine.components import constraint
from matchengine.records import vocabulary as v
from matchengine.scorers.rules.bits import MaskArray, bit

__all__ = ["capacity", "common_time", "language_floor", "mode_overlap", "travel_limit"]

_ASYNC = bit(v.Mode, "async")


@constraint(
    "capacity",
    reason="no place is free",
    confirm="check that a place is free",
    remedy="one more free place with the candidate",
    always_on=True,
)
def capacity(candidate_free_places: FloatArray) -> Ruled:
    """The candidate has a place left in the role asked for; float (P,), NaN unknown."""
    return Ruled(candidate_free_places > 0, ~np.isnan(candidate_free_places))


@constraint(
    "language_floor",
    reason="they share no language well enough",
    confirm="check that there is a language both speak well enough",
    remedy="a better level in a language of both, or help with interpreting",
    looser={"floor": ("C2", "C1", "B2", "B1", "A2", "A1")},
)
def language_floor(
    requester_languages: NDArray[np.int8], candidate_languages: NDArray[np.int8], *, floor: v.LanguageLevel = "B1"
) -> Ruled:
    """Both speak one language at least at the level `floor`.

    Parameters
    ----------
    requester_languages, candidate_languages : int8 arrays (P, L)
        1 to 7 for A1 to native, 0 for a language not spoken or to be avoided; all 0 means unknown.
    """
    common = _highest(np.minimum(requester_languages, candidate_languages))
    known = (_highest(requester_languages) > 0) & (_highest(candidate_languages) > 0)
    return Ruled(common >= v.LANGUAGE_LEVELS.index(floor) + 1, known)


def _highest(levels: NDArray[np.int8]) -> IntArray:
    """Largest level of each row of (P, L), int8 (P,); transposed first, which is five times faster."""
    highest: IntArray = np.ascontiguousarray(levels.T).max(axis=0, initial=0)
    return highest


@constraint(
    "common_time",
    reason="they are never free at the same time",
    confirm="check that there is a time that suits both",
    remedy="one more hour that suits both, or working together without meeting",
)
def common_time(pair_common_minutes: FloatArray, requester_modes: MaskArray, candidate_modes: MaskArray) -> Ruled:
    """They have time in common, or both can work without meeting.

    Parameters
    ----------
    pair_common_minutes : float array (P,)
        Minutes a week that both are free; NaN unknown.
    requester_modes, candidate_modes : uint32 arrays (P,)
        Bit masks; no bit set means unknown.
    """
    apart = (requester_modes & candidate_modes & _ASYNC) != 0
    must_meet = _without_async(requester_modes) | _without_async(candidate_modes)
    meets = pair_common_minutes > 0
    return Ruled(apart | meets, apart | meets | ((pair_common_minutes <= 0) & must_meet))


def _without_async(modes: MaskArray) -> BoolArray:
    """Where modes are known and async is not among them, bool (P,)."""
    without: BoolArray = (modes != 0) & ((modes & _ASYNC) == 0)
    return without


@constraint(
    "mode_overlap",
    reason="they share no way of meeting",
    confirm="check that there is a way of meeting that suits both",
    remedy="one more way of meeting that suits both",
)
def mode_overlap(requester_modes: MaskArray, candidate_modes: MaskArray) -> Ruled:
    """They share a way of meeting; uint32 masks (P,), no bit set means unknown."""
    return Ruled((requester_modes & candidate_modes) != 0, (requester_modes != 0) & (candidate_modes != 0))


@constraint(
    "travel_limit",
    reason="the way is longer than one of them can travel",
    confirm="check how far the way is, and that it suits both",
    remedy="meeting online, or more time for the way",
    looser={"km_per_hour": (20.0, 30.0, 40.0, 60.0)},
)
def travel_limit(
    pair_online: FloatArray,
    pair_distance_km: FloatArray,
    pair_distance_error_km: FloatArray,
    requester_max_travel_minutes: FloatArray,
    candidate_max_travel_minutes: FloatArray,
    *,
    km_per_hour: float = 20.0,
) -> Ruled:
    """They can meet online, or the way is within what each can travel.

    Parameters
    ----------
    pair_online : float array (P,)
        1 where they can meet without travelling, 0 where not, NaN unknown.
    pair_distance_km, pair_distance_error_km : float arrays (P,)
        Distance of the coarse areas and how much of it may be rounding; the error is taken off, so that nobody is
        excluded by rounding.
    requester_max_travel_minutes, candidate_max_travel_minutes : float arrays (P,)
        The smaller known limit counts; a way is unknown where neither gave one.
    km_per_hour
        Speed at which kilometres become minutes.
    """
    online = pair_online == 1
    limit = np.fmin(requester_max_travel_minutes, candidate_max_travel_minutes)
    surely = np.maximum(pair_distance_km - np.fmax(pair_distance_error_km, 0), 0)
    minutes = surely * (60 / max(km_per_hour, 1e-6))
    within = minutes <= limit
    return Ruled(online | within, online | within | ((pair_online == 0) & (minutes > limit)))
