"""How a relationship goes, week by week: meetings, quality, learning, an end. One loop over weeks, arrays over pairs.

P(meeting) is logistic in logistics, reliability and recent success, less under shocks. Quality moves with each meeting
towards what the two can become. A meeting teaches a share of what is left to learn, if the mentor knows what is needed.
The hazard of ending is exp(b0 - b1 quality - b2 meetings + shock). No scorer has a formula like these.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matchengine.simulation.knobs import Knobs
from matchengine.simulation.noise import FloatArray

__all__ = ["Course", "Drive", "live"]

_FADE = 0.7
_MOOD = 0.16
_START = 0.45
Draws = Callable[[str, int], FloatArray]
"""Uniform numbers for a stream and a week, broadcastable to the pairs."""


@dataclass(frozen=True, eq=False)
class Drive:
    """What drives p pairs, each broadcastable to (p,).

    Attributes
    ----------
    meeting : float
        Log-odds of meeting in a week, before recent success.
    becoming : float
        Log-odds scale: what the quality of the relationship tends to.
    pace : float
        Share of what is left to learn that a perfect meeting conveys.
    shock : float
        Probabilities of a life shock in a week, of mentee and mentor, shape (2, p).
    """

    meeting: FloatArray
    becoming: FloatArray
    pace: FloatArray
    shock: FloatArray


@dataclass(frozen=True, eq=False)
class Course:
    """What became of the pairs, each (..., p); `met` is (weeks, ..., p) or None where nobody asked for it."""

    weeks: FloatArray
    meetings: FloatArray
    gain: FloatArray
    quality: FloatArray
    bond: FloatArray
    ended: NDArray[np.bool_]
    met: NDArray[np.bool_] | None

    def primary(self, knobs: Knobs) -> FloatArray:
        """Return the primary outcome, 0 to 1: skill gain, bond and lasting, by their weights."""
        lasting = 1.0 - knobs.primary_gain - knobs.primary_bond
        total = knobs.primary_gain * self.gain + knobs.primary_bond * self.bond + lasting * self.weeks / knobs.weeks
        return np.clip(total, 0.0, 1.0)


def _logistic(values: FloatArray) -> FloatArray:
    return np.asarray(1.0 / (1.0 + np.exp(-values)))


def live(knobs: Knobs, drive: Drive, draws: Draws, *, diary: bool = False, survival: bool = False) -> Course:
    """Let all pairs live through the planned weeks.

    Parameters
    ----------
    drive : Drive
    draws : callable
        `draws(stream, week)` gives uniform numbers for the streams `meeting`, `mood`, `shock-mentee`, `shock-mentor`
        and, but for `survival`, `ending`.
    diary : bool
        Whether to keep in which weeks they met.
    survival : bool
        Whether pairs fade by their probability to last instead of ending by chance: for expectations, with less noise.
        Everything but `ended` (none) and `quality` (of pairs that never end) is then a mean over endings.
    """
    shape = np.broadcast_shapes(draws("meeting", 0).shape, drive.meeting.shape, drive.becoming.shape, drive.pace.shape)
    target = _logistic(drive.becoming)
    alive, shock, recent, habit = np.ones(shape), np.zeros(shape), np.full(shape, 0.5), np.full(shape, 0.5)
    quality, skill, last = np.full(shape, _START), np.zeros(shape), np.full(shape, _START)
    weeks, meetings, bond, gain = (np.zeros(shape) for _total in range(4))
    met_in: list[NDArray[np.bool_]] = []
    for week in range(knobs.weeks):
        fresh = (draws("shock-mentee", week) < drive.shock[0]) | (draws("shock-mentor", week) < drive.shock[1])
        shock = _FADE * shock + fresh
        odds = drive.meeting + knobs.recent_success * (recent - 0.5) - shock
        met = draws("meeting", week) < _logistic(odds)
        mood = _MOOD * (draws("mood", week) - 0.5)
        quality = np.clip(quality + met * (knobs.quality_pace * (target - quality) + mood), 0.0, 1.0)
        learned = met * drive.pace * quality * (1.0 - skill)
        skill += learned
        recent = _FADE * recent + (1.0 - _FADE) * met * np.minimum(2.0 * quality, 1.5)
        habit = _FADE * habit + (1.0 - _FADE) * met
        gain += alive * learned
        weeks += alive
        meetings += alive * met
        bond += alive * quality
        last = np.where(alive > 0, quality, last)
        hazard = knobs.ending_base - knobs.ending_by_quality * quality - knobs.ending_by_meetings * habit
        lasting = np.exp(-np.exp(hazard + knobs.ending_by_shock * np.minimum(shock, 1.5)))
        if diary:
            met_in.append(met & (alive > 0))
        alive = alive * (lasting if survival else draws("ending", week) < lasting)
    return Course(
        weeks=weeks,
        meetings=meetings,
        gain=gain,
        quality=last,
        bond=bond / knobs.weeks,
        ended=alive <= 0,
        met=np.stack(met_in) if diary else None,
    )
