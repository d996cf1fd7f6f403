"""What becomes of visits to groups: getting there, coming back, belonging, and unsafe moments that spread."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from matchengine.errors import DataError
from matchengine.i18n import _
from matchengine.simulation.expected import chemistry_strata, strata
from matchengine.simulation.knobs import Knobs
from matchengine.simulation.noise import FloatArray, normal, uniform
from matchengine.simulation.outcomes import checked
from matchengine.simulation.people import BoolArray, IntArray
from matchengine.simulation.population import Population
from matchengine.simulation.surveys import Asked, answered
from matchengine.simulation.visits import VisitDrive, visit_drive
from matchengine.simulation.worlds import World

__all__ = ["GroupOutcomes", "run_groups", "true_group_utility"]

_FADE, _PACE, _HURT = 0.7, 0.25, 0.3
_OFTEN = 0.6
_UNSAFE_COST = 0.25
_CHUNK = 2_048


@dataclass(frozen=True, eq=False)
class GroupOutcomes:
    """What became of p placements, each (p,).

    Attributes
    ----------
    requester, candidate : int
        Positions of mentees and of groups.
    first_visit : bool
        They went at least once.
    visits : float
    attended : (weeks, p) bool
    returned : bool
        They came back at least once.
    belonging : float
        At the end, 0 to 1; 0 for those who never went.
    cohesion : float
        Mean belonging of all who were placed in the same group and went; NaN where nobody did.
    felt_unsafe : bool
        At least one unsafe moment.
    satisfaction : float
        1 to 5; NaN for those who never went or did not answer (not at random).
    utility : float
        The true outcome, 0 to 1.
    """

    requester: IntArray
    candidate: IntArray
    first_visit: BoolArray
    visits: FloatArray
    attended: BoolArray
    returned: BoolArray
    belonging: FloatArray
    cohesion: FloatArray
    felt_unsafe: BoolArray
    satisfaction: FloatArray
    utility: FloatArray


@dataclass(frozen=True, eq=False)
class _Stay:
    visits: FloatArray
    bond: FloatArray
    belonging: FloatArray
    unsafe: BoolArray
    attended: BoolArray

    def utility(self, knobs: Knobs) -> FloatArray:
        often = np.minimum(1.0, self.visits / (_OFTEN * knobs.group_weeks))
        return np.clip(0.5 * self.bond + 0.5 * often - _UNSAFE_COST * self.unsafe, 0.0, 1.0)


def _logistic(values: FloatArray) -> FloatArray:
    return np.asarray(1.0 / (1.0 + np.exp(-values)))


def _stay(
    knobs: Knobs, drive: VisitDrive, draws: Callable[[str, int], FloatArray], share: Callable[[BoolArray], FloatArray]
) -> _Stay:
    """Let everybody live through the weeks; `share` gives the share of others with an unsafe moment, by group."""
    shape = np.broadcast_shapes(draws("visit", 0).shape, drive.first.shape, drive.becoming.shape)
    target = _logistic(drive.becoming)
    been, unsafe, ever = (np.zeros(shape, np.bool_) for _each in range(3))
    recent, belonging, visits, bond = np.zeros(shape), np.full(shape, 0.4), np.zeros(shape), np.zeros(shape)
    attended = []
    for week in range(knobs.group_weeks):
        odds = np.where(been, drive.again + knobs.recent_success * (2.0 * recent - 0.5) - 1.5 * unsafe, drive.first)
        here = draws("visit", week) < _logistic(odds)
        spread = knobs.contagion * 4.0 * share(unsafe) * drive.spreads
        unsafe = np.where(here, draws("unsafe", week) < _logistic(drive.unsafe + spread), unsafe & been)
        belonging = np.clip(belonging + here * (_PACE * (target - belonging) - _HURT * unsafe), 0.0, 1.0)
        recent = _FADE * recent + (1.0 - _FADE) * here * belonging
        been = been | here
        visits += here
        ever = ever | (unsafe & here)
        bond += been * belonging
        attended.append(here)
    return _Stay(visits, bond / knobs.group_weeks, belonging * been, ever, np.stack(attended))


def run_groups(
    population: Population, world: World, requester_index: Any, candidate_index: Any, seed: int
) -> GroupOutcomes:
    """Let mentees visit groups for a round.

    The noise of a placement is its own. What becomes of it also depends on who else is placed in the same group,
    through company, and through unsafe moments that spread in groups of risk C; in W0 on nobody.

    Parameters
    ----------
    requester_index, candidate_index : (p,) int
        Positions of mentees and of groups, each pair once.
    seed : int

    Raises
    ------
    DataError
        Where the positions do not exist or are not as many on both sides.
    """
    i = checked(requester_index, len(population.mentees), "requester_index")
    g = checked(candidate_index, len(population.groups), "candidate_index")
    if len(i) != len(g):
        raise DataError(_("{n} requesters and {m} candidates: expected as many of both", n=len(i), m=len(g)))
    knobs, keys = population.knobs, (population.mentees.number[i], population.groups.number[g])
    count = np.maximum(np.bincount(g, minlength=len(population.groups))[g] - 1, 1)

    def share(unsafe: BoolArray) -> FloatArray:
        return np.asarray((np.bincount(g, unsafe, len(population.groups))[g] - unsafe) / count)

    chemistry = _normal(seed, "group-chemistry", keys)
    drive = visit_drive(population, world, (i, g), chemistry, together=True)
    stay = _stay(knobs, drive, lambda stream, week: _uniform(seed, f"group-{stream}", (*keys, week)), share)
    went = stay.visits > 0
    asked = Asked(
        noise=_normal(seed, "group-rating", keys),
        luck=_uniform(seed, "group-answer", keys),
        reliability=min(1.0, 3.0 * world.person) * population.mentees.traits.reliability[i],
        ended=np.asarray(~stay.attended[-4:].any(axis=0)),
    )
    felt = np.clip(stay.belonging - 0.3 * stay.unsafe, 0.0, 1.0)
    return GroupOutcomes(
        requester=i,
        candidate=g,
        first_visit=went,
        visits=stay.visits,
        attended=stay.attended,
        returned=stay.visits > 1,
        belonging=stay.belonging,
        cohesion=_cohesion(stay.belonging, went, g, len(population.groups)),
        felt_unsafe=stay.unsafe,
        satisfaction=np.where(went, answered(knobs, felt, asked), np.nan),
        utility=stay.utility(knobs),
    )


def _uniform(seed: int, stream: str, keys: tuple[Any, ...]) -> FloatArray:
    return uniform(seed, stream, *keys) if len(keys[0]) else np.zeros(0)


def _normal(seed: int, stream: str, keys: tuple[Any, ...]) -> FloatArray:
    return normal(seed, stream, *keys) if len(keys[0]) else np.zeros(0)


def _cohesion(belonging: FloatArray, went: BoolArray, g: IntArray, groups: int) -> FloatArray:
    total, people = np.bincount(g, belonging * went, groups), np.bincount(g, went, groups)
    return np.asarray(np.where(people[g] > 0, total[g] / np.maximum(people[g], 1), np.nan))


def true_group_utility(population: Population, world: World) -> FloatArray:
    """Return the expected outcome of every mentee in every group, shape (mentees, groups), 0 to 1, placed alone.

    Nobody else is placed with them: company is the members of the group, and nothing spreads.
    """
    mentees, groups = len(population.mentees), len(population.groups)
    i, g = np.divmod(np.arange(mentees * groups), max(groups, 1))
    out = np.empty(len(i))
    for start in range(0, len(i), _CHUNK):
        part = (i[start : start + _CHUNK], g[start : start + _CHUNK])
        drive = visit_drive(population, world, part, chemistry_strata(), together=False)
        stay = _stay(population.knobs, drive, strata, lambda unsafe: np.zeros(unsafe.shape))
        out[start : start + _CHUNK] = stay.utility(population.knobs).mean(axis=0)
    return out.reshape(mentees, groups)
