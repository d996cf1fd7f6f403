"""True, hidden state of mentees and mentors, from a Gaussian copula (domain.md H11); records come later."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from matchengine.records.vocabulary import BARRIER_KINDS
from matchengine.simulation.copula import column, draw, holds
from matchengine.simulation.knobs import Knobs, Shares
from matchengine.simulation.noise import FloatArray, generator
from matchengine.simulation.skills import AREAS, INTERESTS, SKILLS, VALUES, skill_graph
from matchengine.simulation.traits import Traits, traits_of

__all__ = ["DAYPARTS", "FLAGS", "LANGUAGES", "TOKENS", "BoolArray", "IntArray", "Side", "make_side"]

BoolArray = NDArray[np.bool_]
IntArray = NDArray[np.int64]
LANGUAGES = ("en", "de", "es", "ar", "tr", "uk")
"""Languages people speak; the first is that of the programme."""
DAYPARTS = 3
"""Morning, afternoon, evening; a week has 7 times as many slots, Monday first."""
FLAGS = ("migrated", "hardship", "caring", "disability", "woman", "heritage", "orientation", "first_generation")
TOKENS = ("migrated", "caring", "disability", "heritage", "orientation", "first_generation")
"""Experiences two people can share. Gender is told but moves no outcome by itself."""
_VALUE_WEIGHT, _STYLE_WEIGHT, _INTEREST_WEIGHT = 0.45, 0.25, 0.30
_SLIDERS = 5


@dataclass(frozen=True, eq=False)
class Side:
    """All mentees or all mentors, in one order.

    Attributes
    ----------
    role : str
    ids : tuple of str
        Neutral ids as the records show them.
    number : (n,) int
        Number at birth: what noise hangs on. It stays whatever the order, the ids or the selection.
    flags : (n, 8) bool
        True circumstances in the order of `FLAGS`, told or not.
    competence, need : (n, skills) float
        True competence 0 to 1, and true need; needs sum to 1.
    values, style, interests : (n, 8), (n, 5), (n, 24) float
        Standard normal.
    languages : (n, 6) int
        Level 0 (none) to 7 (native), in the order of `LANGUAGES`; `first` is the first language.
    free : (n, 21) bool
        True free slots.
    place : (n, 2) float
        Kilometres from the centre.
    video, in_person : (n,) bool
    stage, experience, age : (n,) int
        Ordinals of the vocabulary.
    barriers : (n, 14) float
        True barriers 0 to 1, in the order of the vocabulary.
    safety, wordiness, blanks : (n,) float
        Felt safety; how much one writes; how much one leaves blank: standard normal.
    capacity : (n,) int
        Seats of a mentor, 1 for mentees.
    traits : Traits
    """

    role: Literal["mentee", "mentor"]
    ids: tuple[str, ...]
    number: IntArray
    flags: BoolArray
    competence: FloatArray
    need: FloatArray
    values: FloatArray
    style: FloatArray
    interests: FloatArray
    languages: IntArray
    first: IntArray
    free: BoolArray
    place: FloatArray
    video: BoolArray
    in_person: BoolArray
    stage: IntArray
    experience: IntArray
    age: IntArray
    barriers: FloatArray
    safety: FloatArray
    wordiness: FloatArray
    blanks: FloatArray
    capacity: IntArray
    traits: Traits

    def __len__(self) -> int:
        return len(self.ids)

    def flag(self, name: str) -> BoolArray:
        """Return who a circumstance of `FLAGS` is true of."""
        return self.flags[:, FLAGS.index(name)]

    @cached_property
    def tokens(self) -> BoolArray:
        """Experiences that can be shared, shape (n, 6), in the order of `TOKENS`."""
        return self.flags[:, [FLAGS.index(name) for name in TOKENS]]

    @cached_property
    def deep(self) -> FloatArray:
        """Deep-level self (values, style, interests), one unit row each: likeness is the inner product."""
        parts = ((self.values, _VALUE_WEIGHT), (self.style, _STYLE_WEIGHT), (self.interests, _INTEREST_WEIGHT))
        return np.hstack([_unit(part) * np.sqrt(weight) for part, weight in parts])

    @cached_property
    def useful(self) -> FloatArray:
        """Competence with what near skills lend to it, shape (n, skills), 0 to 1."""
        return np.asarray((self.competence[:, :, None] * skill_graph()).max(axis=1))

    def take(self, index: IntArray, ids: tuple[str, ...] | None = None) -> Side:
        """Return some of the people in the order of `index`, perhaps under other ids."""
        taken: dict[str, Any] = {}
        for field in fields(self):
            value = getattr(self, field.name)
            if isinstance(value, np.ndarray):
                taken[field.name] = value[index]
            elif isinstance(value, Traits):
                taken[field.name] = value.take(index)
        return Side(role=self.role, ids=ids or tuple(self.ids[n] for n in index), **taken)


def _unit(rows: FloatArray) -> FloatArray:
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True))


def make_side(knobs: Knobs, seed: int, role: Literal["mentee", "mentor"]) -> Side:
    """Draw all mentees or all mentors; the first n are the same however many there are."""
    count = knobs.mentees if role == "mentee" else knobs.mentors
    latent = draw(seed, f"{role}/latent", count)
    flags = np.stack([holds(latent[:, column(name)], _share(knobs, name, role)) for name in FLAGS], axis=1)
    stage = _stages(latent[:, column("stage")], role)
    competence, need = _skills(seed, role, count, stage)
    languages, first = _languages(seed, role, flags[:, 0], stage)
    full_time, shifts = _work(knobs, role, latent[:, column("work")])
    flag = {name: flags[:, place] for place, name in enumerate(FLAGS)}
    ways = generator(seed, f"{role}/ways").random((count, 4))
    radius = knobs.city_radius * np.sqrt(-2 * np.log1p(-ways[:, 0])) / np.sqrt(2 * np.log(2))
    in_person = ways[:, 2] < knobs.in_person
    return Side(
        role=role,
        ids=tuple(f"{role}-{n + 1:03d}" for n in range(count)),
        number=np.arange(count),
        flags=flags,
        competence=competence,
        need=need,
        values=generator(seed, f"{role}/values").standard_normal((count, len(VALUES))),
        style=generator(seed, f"{role}/style").standard_normal((count, _SLIDERS)),
        interests=generator(seed, f"{role}/interests").standard_normal((count, len(INTERESTS))),
        languages=languages,
        first=first,
        free=_free(seed, role, full_time, shifts, flag["caring"]),
        place=radius[:, None] * np.stack([np.cos(2 * np.pi * ways[:, 1]), np.sin(2 * np.pi * ways[:, 1])], axis=1),
        video=(ways[:, 3] < knobs.video) | ~in_person,
        in_person=in_person,
        stage=stage,
        experience=np.clip(np.round(latent[:, column("experience")] + stage * 0.7), 0, 4).astype(np.int64),
        age=np.clip(np.round(1.2 + 0.8 * stage + 0.7 * latent[:, column("experience")]), 1, 7).astype(np.int64),
        barriers=_barriers(seed, role, latent, flag, languages[:, 0]),
        safety=latent[:, column("safety")],
        wordiness=latent[:, column("wordiness")],
        blanks=latent[:, column("blanks")],
        capacity=_capacity(knobs, role, latent[:, column("capacity")]),
        traits=traits_of(knobs, latent),
    )


def _share(knobs: Knobs, name: str, role: str) -> float:
    shares: Shares = getattr(knobs, name)
    return shares.mentees if role == "mentee" else shares.mentors


def _stages(latent: FloatArray, role: str) -> IntArray:
    """Career stages: skewed to the left among mentees, to the right among mentors."""
    middle, spread = (1.1, 0.9) if role == "mentee" else (3.6, 1.2)
    return np.clip(np.round(middle + spread * latent), 0, 6).astype(np.int64)


def _capacity(knobs: Knobs, role: str, latent: FloatArray) -> IntArray:
    """Seats of mentors, skewed: many take one or two, few take six."""
    if role == "mentee":
        return np.ones(len(latent), np.int64)
    mean = knobs.seats_per_mentor
    return np.clip(np.round(mean * np.exp(0.5 * latent - 0.125)), 1, 6).astype(np.int64)


def _skills(seed: int, role: str, count: int, stage: IntArray) -> tuple[FloatArray, FloatArray]:
    """Competence in one or two areas, more with the stage; needs in a few skills of one or two other areas."""
    starts = np.cumsum([0, *(len(skills) for skills in AREAS.values())])
    area = np.searchsorted(starts, np.arange(len(SKILLS)), side="right") - 1
    liking = generator(seed, f"{role}/areas").standard_normal((count, len(AREAS), 2))
    depth = generator(seed, f"{role}/skills").random((count, len(SKILLS), 2))
    knows, wants = np.argsort(-liking[..., 0], axis=1), np.argsort(-liking[..., 1], axis=1)
    at_home = (area == knows[:, :1]) * 1.0 + (area == knows[:, 1:2]) * 0.6
    level = np.clip(0.25 + 0.13 * stage[:, None] + 0.5 * (depth[..., 0] - 0.5), 0.05, 1.0)
    competence = np.where(at_home > 0, level * at_home, 0.12 * depth[..., 0])
    wanted = (area == wants[:, :1]) * 1.0 + (area == wants[:, 1:2]) * 0.5
    need = np.where(wanted > 0, wanted * depth[..., 1] ** 3, 0.0) + 1e-6
    return competence, need / need.sum(axis=1, keepdims=True)


def _languages(seed: int, role: str, migrated: BoolArray, stage: IntArray) -> tuple[IntArray, IntArray]:
    """Levels by migration history: who came from elsewhere has another first language and learned that of the place."""
    rng, count = generator(seed, f"{role}/languages"), len(migrated)
    drawn = rng.random((count, 4))
    abroad = 1 + np.searchsorted(np.cumsum([0.15, 0.35, 0.2, 0.15]), drawn[:, 0]).astype(np.int64)
    first = np.where(migrated, abroad, 0)
    levels = np.zeros((count, len(LANGUAGES)), np.int64)
    learned = np.where(drawn[:, 1] < 0.4, 1 + np.floor(drawn[:, 2] * 2).astype(np.int64), 0)
    levels[np.arange(count), learned] = 2 + np.floor(drawn[:, 3] * 4).astype(np.int64)
    place = np.clip(2 + np.floor(drawn[:, 2] * 4).astype(np.int64) + (stage >= 3), 2, 6)
    levels[:, 0] = np.where(migrated, place, 7)
    levels[np.arange(count), first] = 7
    return levels, first


def _work(knobs: Knobs, role: str, latent: FloatArray) -> tuple[BoolArray, BoolArray]:
    full = _share(knobs, "full_time", role)
    return holds(latent, full), holds(latent, min(1.0, full + _share(knobs, "shifts", role))) & ~holds(latent, full)


def _free(seed: int, role: str, full_time: BoolArray, shifts: BoolArray, caring: BoolArray) -> BoolArray:
    """Free slots by work pattern, with fewer evenings and weekends for those who care for others."""
    day, part = np.divmod(np.arange(7 * DAYPARTS), DAYPARTS)
    weekend, evening = day >= 5, part == 2
    usual = np.where(weekend, 0.25, np.where(evening, 0.3, 0.4))
    chance = np.where(full_time[:, None], np.where(weekend, 0.3, np.where(evening, 0.5, 0.04)), usual)
    chance = np.where(shifts[:, None], 0.25, chance) * np.where(
        caring[:, None], np.where(evening, 0.35, np.where(weekend, 0.6, 0.9)), 1.0
    )
    drawn = generator(seed, f"{role}/free").random(chance.shape)
    free = drawn < chance
    lowest = np.argmin(drawn / np.maximum(chance, 1e-9), axis=1)  # everybody has one slot at least
    free[np.arange(len(free)), lowest] = True
    return free


def _barriers(seed: int, role: str, latent: FloatArray, flag: dict[str, BoolArray], english: IntArray) -> FloatArray:
    """True barriers: they follow from language, money, caring, disability and felt safety, and a little from chance."""
    drawn = generator(seed, f"{role}/barriers").standard_normal((len(latent), len(BARRIER_KINDS)))
    safety, confidence, digital = (latent[:, column(name)] for name in ("safety", "confidence", "digital"))
    pull = {
        "language": 1.1 * (english < 4) + 0.6 * (english < 3),
        "confidence": -0.8 * confidence,
        "time": 0.7 * flag["caring"],
        "cost": 1.4 * flag["hardship"],
        "childcare": 1.3 * flag["caring"] - 0.5,
        "transport": 0.8 * flag["hardship"],
        "exclusion": 0.7 * flag["heritage"] - 0.5 * safety,
        "physical_access": 1.5 * flag["disability"] - 1.0,
        "sensory_access": 1.2 * flag["disability"] - 1.0,
        "digital": -0.7 * digital,
        "norms": 0.7 * flag["heritage"],
        "unspoken_rules": 0.5 * flag["first_generation"] + 0.5 * flag["migrated"],
        "safety": -0.6 * safety,
    }
    weight = np.stack([np.broadcast_to(pull.get(kind, 0.0), (len(latent),)) for kind in BARRIER_KINDS], axis=1)
    score = weight + 0.7 * drawn - 0.9
    return np.select([score > 1.0, score > 0.5, score > 0.0], [1.0, 0.6, 0.3], 0.0)
