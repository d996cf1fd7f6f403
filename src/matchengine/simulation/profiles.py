"""What people write about themselves: a noisy, partial view of their true state, and never a hidden trait.

How much somebody writes depends on nothing but how much they like to write.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from matchengine.records import vocabulary as v
from matchengine.records.person import (
    Cadence,
    Experience,
    Goal,
    Interest,
    LanguageAbility,
    SkillOffer,
    SkillWant,
    StyleProfile,
    Vetting,
)
from matchengine.simulation.knobs import Knobs
from matchengine.simulation.noise import FloatArray, generator
from matchengine.simulation.people import LANGUAGES, Side
from matchengine.simulation.skills import (
    AREAS,
    INTERESTS,
    LANGUAGES_WRITTEN,
    SKILLS,
    VALUES,
    area_of,
    phrase,
    skill_graph,
    text,
)
from matchengine.simulation.whereabouts import place_of, slots_of

__all__ = ["person_fields"]

_OCCUPATIONS = {
    "digital": "isco:25", "money": "isco:33", "people": "isco:12", "work": "isco:24", "writing": "isco:26",
    "health": "isco:22", "craft": "isco:74", "education": "isco:23", "community": "isco:34", "media": "isco:26",
}  # fmt: skip
_GOAL_KINDS = {
    "digital": "skill", "money": "business", "people": "leadership", "work": "career_move", "writing": "skill",
    "health": "wellbeing", "craft": "skill", "education": "education", "community": "rights_advocacy", "media": "skill",
}  # fmt: skip
_SLIDERS = tuple(StyleProfile.model_fields)
_FLUENT = 4


class _Writer:
    """One person at the keyboard: language, habits and dice of their own."""

    def __init__(self, knobs: Knobs, seed: int, side: Side, row: int) -> None:
        self.knobs, self.side, self.row = knobs, side, row
        self.rng = generator(seed, f"{side.role}/record", int(side.number[row]))
        own = LANGUAGES[side.first[row]]
        foreign = own in LANGUAGES_WRITTEN and (
            side.languages[row, 0] < _FLUENT or self.rng.random() < knobs.foreign_texts
        )
        self.language = own if foreign else LANGUAGES[0]
        self.more = float(np.exp(0.35 * side.wordiness[row]))

    def count(self, mean: float, most: int, least: int = 1) -> int:
        """Return how many items somebody writes: more if they like to write, whatever they have to say."""
        return int(np.clip(self.rng.poisson(mean * self.more), least, most))

    def blank(self) -> bool:
        """Whether a voluntary field stays empty."""
        chance = self.knobs.blank_fields * float(np.exp(0.5 * self.side.blanks[self.row] - 0.125))
        return bool(self.rng.random() < chance)

    def say(self, use: str, part: str, name: str) -> str:
        """Return a sentence for an interest or a skill, which may name the area of the skill alone."""
        if part == "skills" and self.rng.random() < self.knobs.vague_texts:
            part, name = "vague", area_of(SKILLS.index(name))
        wordy = use in {"goal", "hope", "focus"}
        fillers = int(self.rng.poisson(self.knobs.wordiness * self.more)) if wordy else 0
        return text(self.language, use, phrase(self.language, part, name, self.rng), self.rng, fillers)

    def drawn(self, weights: FloatArray, count: int) -> list[int]:
        """Draw different positions, the heavy ones more often."""
        keys = np.log(np.maximum(weights, 1e-12)) - np.log(-np.log(self.rng.random(len(weights))))
        return [int(n) for n in np.argsort(-keys)[:count]]

    def stated_needs(self, count: int) -> list[int]:
        """Return skills somebody says they need: true ones, near ones, or ones they do not need at all."""
        need, said = self.side.need[self.row], []
        for skill in self.drawn(need, count):
            chance = self.rng.random(2)
            if chance[0] < self.knobs.misleading_goals:
                skill = self.drawn((need < 1e-3) * 1.0, 1)[0]
            elif chance[1] < self.knobs.goal_error:
                skill = self.drawn(np.where(np.arange(len(need)) == skill, 0.0, skill_graph()[skill] ** 2), 1)[0]
            said.append(skill)
        return list(dict.fromkeys(said))


def person_fields(knobs: Knobs, seed: int, side: Side, row: int) -> dict[str, Any]:
    """Return the fields of `Person` that are not sensitive, as this person would fill them in."""
    writer = _Writer(knobs, seed, side, row)
    mentor = side.role == "mentor"
    return {
        "id": side.ids[row],
        "roles": (side.role,),
        "capacity": {"mentor": int(side.capacity[row])} if mentor else {},
        "text_language": writer.language,
        "adult": True,
        "vetting": Vetting(status="vetted") if mentor else None,
        **(_giving(writer) if mentor else _seeking(writer)),
        **_self(writer),
        **_practical(writer),
    }


def _level(true: float) -> int:
    return int(np.clip(np.round(true * 4), 0, 4))


def _offers(writer: _Writer, mean: float) -> tuple[SkillOffer, ...]:
    competence = writer.side.competence[writer.row]
    offers = []
    for skill in writer.drawn(competence**4, writer.count(mean, 8)):
        level = min(4, _level(competence[skill]) + int(writer.rng.random() < writer.knobs.overstated_offers))
        told = None if writer.blank() else level
        offers.append(SkillOffer(text=writer.say("offer", "skills", SKILLS[skill]), level=told))
    return tuple(offers)


def _seeking(writer: _Writer) -> dict[str, Any]:
    stated = writer.stated_needs(writer.count(2.6, 6, 2))
    cut = 1 + int(writer.rng.random() < 0.5)
    goals = tuple(
        Goal(
            text=writer.say("goal", "skills", SKILLS[skill]),
            kind=None if writer.blank() else _GOAL_KINDS[area_of(skill)],
            priority=max(1, 3 - place),
        )
        for place, skill in enumerate(stated[:cut])
    )
    wants = tuple(SkillWant(text=writer.say("want", "skills", SKILLS[skill])) for skill in stated[cut:])
    return {"goals": goals, "wants": wants, "offers": () if writer.blank() else _offers(writer, 1.4)}


def _giving(writer: _Writer) -> dict[str, Any]:
    offers = _offers(writer, 3.2)
    hopes = writer.stated_needs(1)
    focus = writer.drawn(writer.side.competence[writer.row] ** 4, 1)[0]
    return {
        "offers": offers,
        "hopes_to_gain": None if writer.blank() else writer.say("hope", "skills", SKILLS[hopes[0]]),
        "mentoring_focus": None if writer.blank() else writer.say("focus", "skills", SKILLS[focus]),
    }


def _self(writer: _Writer) -> dict[str, Any]:
    side, row, rng = writer.side, writer.row, writer.rng
    liked = writer.drawn(np.exp(1.5 * side.interests[row]), writer.count(3.2, 8))
    picks = np.argsort(-(side.values[row] + 0.5 * rng.standard_normal(len(VALUES))))[: int(rng.integers(3, 6))]
    slides = np.clip(np.round(side.style[row] + 0.5 * rng.standard_normal(len(_SLIDERS))), -2, 2)
    area = int(np.argmax([side.competence[row][[SKILLS.index(s) for s in skills]].mean() for skills in AREAS.values()]))
    fields = (_OCCUPATIONS[tuple(AREAS)[area]],)
    return {
        "interests": tuple(Interest(text=writer.say("interest", "interests", INTERESTS[n])) for n in liked),
        "values": () if writer.blank() else tuple(VALUES[n] for n in picks),
        "style": StyleProfile(**{name: None if writer.blank() else int(slides[n]) for n, name in enumerate(_SLIDERS)}),
        "career_stage": None if writer.blank() else v.CAREER_STAGES[side.stage[row]],
        "experience": () if writer.blank() else (Experience(band=v.EXPERIENCE_BANDS[side.experience[row]]),),
        "fields": () if writer.blank() else fields,
        "comfort_rung": None if writer.blank() else int(rng.integers(0, 4)),
    }


def _practical(writer: _Writer) -> dict[str, Any]:
    side, row, rng = writer.side, writer.row, writer.rng
    spoken = [n for n in range(len(LANGUAGES)) if side.languages[row, n] > 0]
    told = side.free[row] & (rng.random(side.free.shape[1]) >= writer.knobs.free_slots_untold)
    modes = (("video",) if side.video[row] else ()) + (("in_person",) if side.in_person[row] else ())
    cadence = Cadence(every=str(rng.choice(("weekly", "biweekly"), p=(0.6, 0.4))), minutes=60)
    return {
        "languages": tuple(
            LanguageAbility(tag=LANGUAGES[n], level=v.LANGUAGE_LEVELS[side.languages[row, n] - 1]) for n in spoken
        ),
        "availability": slots_of(told if told.any() else side.free[row], 180),
        "cadence": None if writer.blank() else cadence,
        "modes": modes,
        "place": place_of(side.place[row], int(rng.choice((30, 45, 60))) if side.in_person[row] else None),
    }
