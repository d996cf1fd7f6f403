"""What keeps people from a group, and what holds them there: hidden factors of people and groups."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from matchengine.simulation.gatherings import Gatherings
from matchengine.simulation.noise import FloatArray
from matchengine.simulation.people import BoolArray, IntArray, Side
from matchengine.simulation.population import Population, Sample
from matchengine.simulation.whereabouts import kilometres
from matchengine.simulation.worlds import World

__all__ = ["VisitDrive", "company", "visit_drive"]

_LIMIT = 3.0
_KM = 8.0
_FROM_HOME = 0.6
_MAIN, _SECOND = 0.8, 0.5
_BLOCKED = 0.8
_SELDOM = -2.2
_HARM = -4.0


@dataclass(frozen=True, eq=False)
class VisitDrive:
    """What drives p people and groups, each broadcastable to (p,).

    Attributes
    ----------
    first, again : float
        Log-odds of a first visit in a week, and of later ones before recent success.
    becoming : float
        Log-odds scale: what belonging tends to.
    unsafe : float
        Log-odds of an unsafe moment in a visit.
    spreads : bool
        Whether unsafe moments spread in this group.
    """

    first: FloatArray
    again: FloatArray
    becoming: FloatArray
    unsafe: FloatArray
    spreads: BoolArray


@dataclass(frozen=True, eq=False)
class _Raw:
    load: FloatArray
    practical: FloatArray
    topic: FloatArray
    company: FloatArray
    shared: FloatArray


def company(people: Side, groups: Gatherings, i: IntArray, g: IntArray, *, together: bool) -> FloatArray:
    """Return how like-minded the others in the group are, -1 to 1, shape (p,).

    The others are the members of the group and, with `together`, everybody else who is placed there in the same round.
    """
    own = people.deep[i]
    around = groups.members[g] * groups.size[g][:, None]
    if not together:
        return np.asarray(np.einsum("pk,pk->p", own, around) / groups.size[g])
    sums = np.zeros((len(groups), own.shape[1]))
    np.add.at(sums, g, own)
    others = np.bincount(g, minlength=len(groups))[g] - 1 + groups.size[g]
    return np.asarray(np.einsum("pk,pk->p", own, around + sums[g] - own) / others)


def _raw(people: Side, groups: Gatherings, i: IntArray, g: IntArray, *, together: bool) -> _Raw:
    """Residual true barriers add up, and one that blocks counts once more; nothing is multiplied."""
    left = people.barriers[i] * (1.0 - groups.supports[g])
    slot = (people.free[i] & groups.free[g]).any(axis=1)
    near = np.exp(-kilometres(people.place[i], groups.place[g]) / _KM)
    reach = np.maximum(near * people.in_person[i], _FROM_HOME * (people.video[i] & groups.video[g]))
    language = people.languages[i, groups.language[g]] / 7.0
    topics = groups.topics[g]
    return _Raw(
        load=left.sum(axis=1) + 2.0 * (left >= _BLOCKED).any(axis=1),
        practical=1.0 * slot + 0.8 * language + 0.8 * reach,
        topic=_MAIN * people.interests[i, topics[:, 0]] + _SECOND * people.interests[i, topics[:, 1]],
        company=company(people, groups, i, g, together=together),
        shared=1.0 - np.exp(-np.einsum("pk,pk->p", people.tokens[i].astype(np.float64), groups.shares[g])),
    )


@lru_cache(maxsize=32)
def _scales(sample: Sample) -> dict[str, tuple[float, float]]:
    i, g = np.divmod(np.arange(len(sample.mentees) * len(sample.groups)), max(len(sample.groups), 1))
    raw = _raw(sample.mentees, sample.groups, i, g, together=False)
    if not len(i):
        return dict.fromkeys(vars(raw), (0.0, 1.0))
    return {name: (float(v.mean()), float(max(v.std(), 1e-6))) for name, v in vars(raw).items()}


def visit_drive(
    population: Population, world: World, pairs: tuple[IntArray, IntArray], chemistry: FloatArray, *, together: bool
) -> VisitDrive:
    """Return what drives visits of mentees to groups.

    Parameters
    ----------
    pairs : (p,) int and (p,) int
        Positions of mentees and of groups.
    chemistry : float array, broadcastable with (p,)
    together : bool
        Whether those in `pairs` are company to one another.
    """
    knobs, people, groups, (i, g) = population.knobs, population.mentees, population.groups, pairs
    raw, scales, strength = _raw(people, groups, i, g, together=together), _scales(population.sample), knobs.strength
    z = {
        name: np.clip((value - scales[name][0]) / scales[name][1], -_LIMIT, _LIMIT) for name, value in vars(raw).items()
    }
    traits, host = people.traits, world.mentor * groups.host[g]
    practical = world.logistics * z["practical"] - world.barriers * z["load"] + 0.5 * world.complement * z["topic"]
    person = world.person * traits.reliability[i]
    fit = world.deep * z["company"] + world.identity * traits.reaction[i] * z["shared"]
    fit = fit + world.person * traits.warmth[i]
    welcome = world.effect * knobs.contact_effect * (groups.contact[g] - 0.5)
    return VisitDrive(
        first=_SELDOM + strength * (practical + person) + welcome,
        again=strength * (0.7 * practical + person),
        becoming=0.2 + strength * (fit + host + 0.3 * world.complement * z["topic"]) + world.chemistry * chemistry,
        unsafe=_HARM + world.effect * 0.6 * groups.hostile[g] + 0.5 * world.effect * (groups.risk[g] > 0),
        spreads=(groups.risk[g] == 2) & (world.effect > 0),
    )
