"""Hidden factors of pairs: true likeness, true cover of needs, shared experience, logistics. No text, no record."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from matchengine.simulation.noise import FloatArray
from matchengine.simulation.people import IntArray, Side
from matchengine.simulation.population import Population, Sample
from matchengine.simulation.whereabouts import kilometres

__all__ = ["Factors", "Scales", "deep_similarity", "pair_factors", "scales_of"]

_LIMIT = 3.0
_SLOTS, _KM = 2.0, 10.0


@dataclass(frozen=True, eq=False)
class Factors:
    """Factors of p pairs, each (p,).

    `deep`, `identity` and `logistics` are in standard deviations of random pairs of the population, at most 3 either
    way. `cover` (true competence of the mentor meets true need of the mentee) and `back` (the other way round) are in
    multiples of the mean of random pairs.
    """

    deep: FloatArray
    cover: FloatArray
    back: FloatArray
    identity: FloatArray
    logistics: FloatArray


@dataclass(frozen=True, eq=False)
class Scales:
    """Mean and standard deviation of raw factors over random pairs: what "one standard deviation" means here."""

    deep: tuple[float, float]
    shared: tuple[float, float]
    logistics: tuple[float, float]
    cover: float
    back: float


@dataclass(frozen=True, eq=False)
class _Raw:
    deep: FloatArray
    cover: FloatArray
    back: FloatArray
    shared: FloatArray
    logistics: FloatArray


def _dot(one: FloatArray, other: FloatArray) -> FloatArray:
    return np.asarray(np.einsum("pk,pk->p", one, other))


def deep_similarity(mentees: Side, mentors: Side, i: IntArray, j: IntArray) -> FloatArray:
    """Return true likeness in values, style and interests of pairs, -1 to 1."""
    return _dot(mentees.deep[i], mentors.deep[j])


def _raw(mentees: Side, mentors: Side, i: IntArray, j: IntArray) -> _Raw:
    shared = _dot(mentees.tokens[i].astype(np.float64), mentors.tokens[j].astype(np.float64))
    slots = _dot(mentees.free[i].astype(np.float64), mentors.free[j].astype(np.float64))
    language = np.minimum(mentees.languages[i], mentors.languages[j]).max(axis=1) / 7.0
    near = np.exp(-kilometres(mentees.place[i], mentors.place[j]) / _KM)
    video = 0.8 * (mentees.video[i] & mentors.video[j])
    reach = np.maximum(video, near * (mentees.in_person[i] & mentors.in_person[j]))
    return _Raw(
        deep=deep_similarity(mentees, mentors, i, j),
        cover=_dot(mentees.need[i], mentors.useful[j]),
        back=_dot(mentors.need[j], mentees.useful[i]),
        shared=1.0 - np.exp(-shared),
        logistics=1.2 * (1.0 - np.exp(-slots / _SLOTS)) + 0.8 * language + 0.7 * reach,
    )


@lru_cache(maxsize=32)
def scales_of(sample: Sample) -> Scales:
    """Return the yardstick that a population got at birth."""
    pairs = np.arange(len(sample.mentees))
    raw = _raw(sample.mentees, sample.mentors, pairs, pairs)

    def both(values: FloatArray) -> tuple[float, float]:
        return float(values.mean()), float(max(values.std(), 1e-6))

    return Scales(
        deep=both(raw.deep),
        shared=both(raw.shared),
        logistics=both(raw.logistics),
        cover=float(max(raw.cover.mean(), 1e-6)),
        back=float(max(raw.back.mean(), 1e-6)),
    )


def _z(values: FloatArray, scale: tuple[float, float]) -> FloatArray:
    return np.clip((values - scale[0]) / scale[1], -_LIMIT, _LIMIT)


def pair_factors(population: Population, i: IntArray, j: IntArray) -> Factors:
    """Return the hidden factors of pairs; where `j` is -1 there is no mentor and every factor is at its middle."""
    mentees, scales, none = population.mentees, scales_of(population.sample), j < 0
    raw = _raw(mentees, population.mentors, i, np.maximum(j, 0))
    return Factors(
        deep=np.where(none, 0.0, _z(raw.deep, scales.deep)),
        cover=np.where(none, 1.0, np.minimum(raw.cover / scales.cover, _LIMIT)),
        back=np.where(none, 1.0, np.minimum(raw.back / scales.back, _LIMIT)),
        identity=np.where(none, 0.0, mentees.traits.reaction[i] * _z(raw.shared, scales.shared)),
        logistics=np.where(none, 0.0, _z(raw.logistics, scales.logistics)),
    )
