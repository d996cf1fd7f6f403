"""From hidden factors and traits to what drives a pair, in one world. This is where worlds differ."""

from __future__ import annotations

import numpy as np

from matchengine.simulation.factors import pair_factors
from matchengine.simulation.noise import FloatArray
from matchengine.simulation.people import IntArray
from matchengine.simulation.population import Population
from matchengine.simulation.weeks import Drive
from matchengine.simulation.worlds import World

__all__ = ["drive_of"]

_MIDDLE = 0.2
_WARM_MENTOR, _WARM_MENTEE, _RELIABLE, _TEACHING = 0.7, 0.5, 0.6, 0.35


def drive_of(population: Population, world: World, pairs: tuple[IntArray, IntArray], chemistry: FloatArray) -> Drive:
    """Return what drives pairs of a population.

    Parameters
    ----------
    population : Population
    world : World
    pairs : (p,) int and (p,) int
        Positions of mentees and mentors; -1 for no mentor.
    chemistry : float array, broadcastable with (p,)
        Standard normal: what nobody could know before the two met.
    """
    knobs, factors, (i, j) = population.knobs, pair_factors(population, *pairs), pairs
    mentee, mentor, some = population.mentees.traits, population.mentors.traits, j >= 0
    j = np.maximum(j, 0)
    warmth, reliability, teaching = (
        np.where(some, trait[j], 0.0) for trait in (mentor.warmth, mentor.reliability, mentor.teaching)
    )
    fit = (
        world.deep * factors.deep
        + world.identity * factors.identity
        + world.mentor * _WARM_MENTOR * warmth
        + world.person * _WARM_MENTEE * mentee.warmth[i]
        + world.interaction * factors.deep * warmth
    )
    meet = (
        world.logistics * factors.logistics
        + world.mentor * _RELIABLE * reliability
        + world.person * _RELIABLE * mentee.reliability[i]
    )
    taught = factors.cover ** (world.complement * knobs.strength)
    return Drive(
        meeting=knobs.meeting_base + knobs.strength * meet,
        becoming=_MIDDLE + knobs.strength * fit + world.chemistry * chemistry,
        pace=np.clip(knobs.gain_pace * taught * np.exp(_TEACHING * world.mentor * teaching), 0.0, 0.9),
        shock=world.shocks * np.stack([mentee.shock_rate[i], np.where(some, mentor.shock_rate[j], 0.0)]),
    )
