"""Expected outcomes, for an oracle: the mean over a fixed set of draws that all pairs share.

Chemistry, shocks and luck are averaged out with the same stratified numbers for every pair. So the mean over draws has
an error, but nearly the same for all pairs, and the order of pairs is sharp; where pairs do not differ (W0), neither do
their numbers.
"""

from __future__ import annotations

from functools import lru_cache
from statistics import NormalDist

import numpy as np

from matchengine.simulation.drives import drive_of
from matchengine.simulation.knobs import Knobs
from matchengine.simulation.noise import FloatArray, generator
from matchengine.simulation.people import IntArray
from matchengine.simulation.population import Population
from matchengine.simulation.weeks import Drive, live
from matchengine.simulation.worlds import World

__all__ = [
    "DRAWS",
    "chemistry_strata",
    "expected_utility",
    "strata",
    "true_utility",
    "unmatched_utility",
    "without_mentor",
]

DRAWS = 32
"""Draws over which the mean is taken: half of them, and their mirror images."""
_HALF = DRAWS // 2
_SEED = 20_240_101
_CHUNK = 1_024


@lru_cache(maxsize=4_096)
def strata(stream: str, week: int) -> FloatArray:
    """Uniform numbers, one from each of `_HALF` equal parts, then 1 minus each of them, shape (DRAWS, 1)."""
    rng = generator(_SEED, stream, week)
    half = (rng.permutation(_HALF) + rng.random(_HALF)) / _HALF
    return np.concatenate([half, 1.0 - half])[:, None]


@lru_cache(maxsize=1)
def chemistry_strata() -> FloatArray:
    parts = (generator(_SEED, "chemistry").permutation(_HALF) + 0.5) / _HALF
    half = np.asarray([NormalDist().inv_cdf(float(part)) for part in parts])
    return np.concatenate([half, -half])[:, None]


def _mean(knobs: Knobs, drive: Drive) -> FloatArray:
    return np.asarray(live(knobs, drive, strata, survival=True).primary(knobs).mean(axis=0))


def expected_utility(population: Population, world: World, i: IntArray, j: IntArray) -> FloatArray:
    """Return the expected primary outcome of pairs, shape (p,), 0 to 1; `j` of -1 means no mentor."""
    out = np.empty(len(i))
    shift = without_mentor(population, world)
    for start in range(0, len(i), _CHUNK):
        part = slice(start, start + _CHUNK)
        drive = drive_of(population, world, (i[part], j[part]), chemistry_strata())
        value = _mean(population.knobs, drive)
        out[part] = np.where(j[part] < 0, np.clip(value + shift, 0.0, 1.0), value)
    return out


def true_utility(population: Population, world: World) -> FloatArray:
    """Return the expected primary outcome of every pair, shape (mentees, mentors), 0 to 1: what an oracle knows.

    It knows all hidden factors, and not what nobody can know: chemistry, shocks and luck.
    """
    mentees, mentors = len(population.mentees), len(population.mentors)
    i, j = np.divmod(np.arange(mentees * mentors), max(mentors, 1))
    return expected_utility(population, world, i, j).reshape(mentees, mentors)


def unmatched_utility(population: Population, world: World) -> FloatArray:
    """Return the expected primary outcome of every mentee without a mentor, shape (mentees,), 0 to 1."""
    rows = np.arange(len(population.mentees))
    return expected_utility(population, world, rows, np.full(len(rows), -1))


def without_mentor(population: Population, world: World) -> float:
    """Return what to add to the fate with a middling mentor to get the fate without one.

    It is such that a random match is worth `programme_effect` standard deviations more than none, measured on the
    random pairs that the population got at birth; 0 in a world where matches have no effect.
    """
    if world.effect == 0.0:
        return 0.0
    return _shift(population.yardstick, world)


@lru_cache(maxsize=32)
def _shift(yardstick: Population, world: World) -> float:
    knobs, rows = yardstick.knobs, np.arange(len(yardstick.mentees))
    drives = [drive_of(yardstick, world, (rows, j), chemistry_strata()) for j in (rows, np.full(len(rows), -1))]
    matched, alone = (float(_mean(knobs, drive).mean()) for drive in drives)
    spread = float(live(knobs, drives[0], strata).primary(knobs).std())
    return matched - alone - world.effect * knobs.programme_effect * spread
