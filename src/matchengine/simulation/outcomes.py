"""What becomes of pairs: one draw of every noise. The noise of a pair is its own, whoever else is matched."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from matchengine.errors import DataError
from matchengine.i18n import _
from matchengine.simulation.drives import drive_of
from matchengine.simulation.expected import without_mentor
from matchengine.simulation.factors import pair_factors
from matchengine.simulation.noise import FloatArray, normal, uniform
from matchengine.simulation.people import BoolArray, IntArray
from matchengine.simulation.population import Population
from matchengine.simulation.surveys import Asked, answered
from matchengine.simulation.weeks import Course, live
from matchengine.simulation.worlds import World

__all__ = ["PairOutcomes", "checked", "run_pairs"]

_NOBODY = 1 << 40
_PER_MONTH = 365.25 / 12 / 7


@dataclass(frozen=True, eq=False)
class PairOutcomes:
    """What became of p pairs, each array (p,) unless said otherwise.

    Where `candidate` is -1 the mentee had no mentor: months, meetings, quality and mentor_utility are 0, ratings NaN,
    and `gain` and `utility` tell how they fared alone.

    Attributes
    ----------
    requester, candidate : int
        Positions in the population.
    months : float
        How long the pair lasted, at most the planned weeks.
    meetings : float
        Weeks in which they met.
    met : (weeks, p) bool
    gain : float
        Share of the true need that was learned, 0 to 1.
    quality : float
        Quality of the relationship when it ended or the time was over, 0 to 1.
    satisfaction, mentor_satisfaction : float
        Ratings 1 to 5 at the end; NaN where somebody did not answer (not at random).
    ended : bool
        Before the planned weeks were over.
    utility : float
        The true primary outcome of the mentee, 0 to 1.
    mentor_utility : float
        What it truly was for the mentor, 0 to 1.
    """

    requester: IntArray
    candidate: IntArray
    months: FloatArray
    meetings: FloatArray
    met: BoolArray
    gain: FloatArray
    quality: FloatArray
    satisfaction: FloatArray
    mentor_satisfaction: FloatArray
    ended: BoolArray
    utility: FloatArray
    mentor_utility: FloatArray


def checked(index: Any, size: int, name: str, least: int = 0) -> IntArray:
    """Return positions as an array.

    Raises
    ------
    DataError
        Where they are no whole numbers, or out of range.
    """
    rows = np.asarray(index)
    if rows.ndim != 1 or (rows.size and not np.issubdtype(rows.dtype, np.integer)):
        raise DataError(_("{name}: expected a one-dimensional array of whole numbers", name=name))
    if rows.size and (rows.min() < least or rows.max() >= size):
        raise DataError(_("{name}: expected positions from {least} to {most}", name=name, least=least, most=size - 1))
    return rows.astype(np.int64)


def run_pairs(
    population: Population, world: World, requester_index: Any, candidate_index: Any, seed: int
) -> PairOutcomes:
    """Let pairs live through a round.

    Parameters
    ----------
    population : Population
    world : World
    requester_index, candidate_index : (p,) int
        Positions of mentees and of their mentors; -1 for a mentee without one.
    seed : int
        The same seed gives the same noise to the same pair (common random numbers), whichever other pairs are run and
        in whatever order.

    Raises
    ------
    DataError
        Where the positions do not exist or are not as many on both sides.
    """
    i = checked(requester_index, len(population.mentees), "requester_index")
    j = checked(candidate_index, len(population.mentors), "candidate_index", -1)
    if len(i) != len(j):
        raise DataError(_("{n} requesters and {m} candidates: expected as many of both", n=len(i), m=len(j)))
    one, other = _keys(population, i, j)
    chemistry = normal(seed, "chemistry", one, other) if len(i) else np.zeros(0)
    drive = drive_of(population, world, (i, j), chemistry)

    def draws(stream: str, week: int) -> FloatArray:
        own = {"shock-mentee": (one,), "shock-mentor": (other,)}.get(stream, (one, other))
        return uniform(seed, stream, *own, week)

    course = live(population.knobs, drive, draws, diary=True)
    return _outcomes(population, world, (i, j), course, seed)


def _keys(population: Population, i: IntArray, j: IntArray) -> tuple[IntArray, IntArray]:
    """Numbers at birth, on which noise hangs: neither ids nor positions move it."""
    return population.mentees.number[i], np.where(j < 0, _NOBODY, population.mentors.number[np.maximum(j, 0)])


def _outcomes(
    population: Population, world: World, pairs: tuple[IntArray, IntArray], course: Course, seed: int
) -> PairOutcomes:
    knobs, (i, j) = population.knobs, pairs
    alone, shift = j < 0, without_mentor(population, world)
    utility = course.primary(knobs)
    factors = pair_factors(population, *pairs)
    back = 0.5 * np.minimum(factors.back ** (0.5 * world.complement), 2.0)
    regular = course.meetings / knobs.weeks
    mentor_utility = np.clip(0.5 * course.bond + 0.25 * back * course.quality + 0.25 * regular, 0.0, 1.0)
    ratings = []
    felt = 0.25 * course.gain + 0.75 * course.quality
    for side, value in (("mentee", felt), ("mentor", 0.8 * course.quality + 0.2 * mentor_utility)):
        ratings.append(answered(knobs, value, _asked(population, world, pairs, course, (side, seed))))
    return PairOutcomes(
        requester=i,
        candidate=j,
        months=np.where(alone, 0.0, course.weeks / _PER_MONTH),
        meetings=np.where(alone, 0.0, course.meetings),
        met=np.asarray(course.met) & ~alone,
        gain=np.where(alone, np.clip(course.gain + shift, 0.0, 1.0), course.gain),
        quality=np.where(alone, 0.0, course.quality),
        satisfaction=np.where(alone, np.nan, ratings[0]),
        mentor_satisfaction=np.where(alone, np.nan, ratings[1]),
        ended=course.ended & ~alone,
        utility=np.where(alone, np.clip(utility + shift, 0.0, 1.0), utility),
        mentor_utility=np.where(alone, 0.0, mentor_utility),
    )


def _asked(
    population: Population, world: World, pairs: tuple[IntArray, IntArray], course: Course, who: tuple[str, int]
) -> Asked:
    """Dice of one side for its survey; reliability counts only in a world where people differ at all."""
    (i, j), (side, seed) = pairs, who
    keys = _keys(population, i, j)
    traits, rows = (population.mentees, i) if side == "mentee" else (population.mentors, np.maximum(j, 0))
    weight = world.person if side == "mentee" else world.mentor
    return Asked(
        noise=normal(seed, f"rating-{side}", *keys) if len(i) else np.zeros(0),
        luck=uniform(seed, f"answer-{side}", *keys) if len(i) else np.zeros(0),
        reliability=min(1.0, 3.0 * weight) * traits.traits.reliability[rows],
        ended=course.ended,
    )
