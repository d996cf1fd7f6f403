"""Obstacles of goals as questions about barriers; only the person's own answer makes a barrier (domain.md S2-18).

The words are a closed English list; obstacles in other languages raise no question. A question goes to the person
alone, and what they confirm still needs their consent for `barriers` before anything reads it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from matchengine.i18n import N_, _
from matchengine.records import BarrierNeed, Person
from matchengine.records.follow_up import BarrierQuestion
from matchengine.records.vocabulary import BarrierKind, BarrierStrength

__all__ = ["WORDS", "barrier_questions", "with_barrier"]

WORDS: Mapping[BarrierKind, frozenset[str]] = {
    "language": frozenset({"language", "languages", "interpreter", "translation", "accent"}),
    "confidence": frozenset({"confidence", "shy", "shyness", "nervous", "nerves", "stage fright", "courage"}),
    "time": frozenset({"time", "busy", "shift", "shifts", "working hours", "evenings", "schedule"}),
    "place": frozenset({"far", "far away", "distance", "remote", "nothing nearby"}),
    "cost": frozenset({"money", "cost", "costs", "expensive", "fee", "fees", "price", "afford"}),
    "childcare": frozenset({"childcare", "child care", "babysitter", "nursery", "looking after children"}),
    "transport": frozenset({"transport", "bus", "buses", "train", "trains", "car", "no lift", "driving licence"}),
    "exclusion": frozenset({"excluded", "exclusion", "unwelcome", "left out", "discrimination", "racism", "bullying"}),
    "physical_access": frozenset({"stairs", "steps", "wheelchair", "step-free", "accessible", "ramp"}),
    "sensory_access": frozenset({"noise", "noisy", "loud", "bright lights", "crowded", "crowds"}),
    "digital": frozenset({"computer", "laptop", "internet", "wifi", "smartphone", "online"}),
    "norms": frozenset({"alcohol", "prayer", "prayers", "dress code", "food rules"}),
    "unspoken_rules": frozenset({"unwritten rules", "unspoken rules", "etiquette", "how things work"}),
    "safety": frozenset({"unsafe", "safety", "not safe", "in the dark"}),
}
"""Words and phrases that raise the question about each barrier."""
_QUESTIONS: Mapping[BarrierKind, str] = {
    "language": N_("Does the language keep you away from groups or meetings?"),
    "confidence": N_("Does going among people you do not know keep you away?"),
    "time": N_("Does the time at which things happen keep you away?"),
    "place": N_("Does the place, or how far it is, keep you away?"),
    "cost": N_("Does what it costs keep you away?"),
    "childcare": N_("Does having nobody to look after children keep you away?"),
    "transport": N_("Does the way there and back keep you away?"),
    "exclusion": N_("Does not feeling welcome keep you away?"),
    "physical_access": N_("Does getting into and around places keep you away?"),
    "sensory_access": N_("Do noise, light or crowds keep you away?"),
    "digital": N_("Does what it takes to be online keep you away?"),
    "norms": N_("Do the customs of a place, such as food, drink or dress, keep you away?"),
    "unspoken_rules": N_("Does not knowing how things work there keep you away?"),
    "safety": N_("Does not feeling safe there keep you away?"),
}
_PATTERNS = {
    kind: re.compile(r"(?<!\w)(" + "|".join(sorted(map(re.escape, words))) + r")(?!\w)")
    for kind, words in WORDS.items()
}


def barrier_questions(person: Person, default_language: str = "en") -> tuple[BarrierQuestion, ...]:
    """Return the questions that a person's obstacles raise: each barrier once, none that the person stated already.

    Nothing is stored and nobody but the person is asked. Goals in another language than English raise none.
    """
    asked: set[BarrierKind] = {barrier.kind for barrier in person.barriers}
    found = []
    for number, goal in enumerate(person.goals):
        tag = goal.language or person.text_language or default_language
        if tag.split("-")[0].lower() != "en":
            continue
        for place, obstacle in enumerate(goal.obstacles):
            for kind, pattern in _PATTERNS.items():
                if kind not in asked and pattern.search(obstacle.lower()):
                    asked.add(kind)
                    text = _(_QUESTIONS[kind])
                    found.append(BarrierQuestion(kind=kind, goal=number, obstacle=place, question=text))
    return tuple(found)


def with_barrier(person: Person, kind: BarrierKind, strength: BarrierStrength | None) -> Person:
    """Return the record after the person answered a question; None, "it does not keep me away", changes nothing."""
    if strength is None:
        return person
    others = tuple(barrier for barrier in person.barriers if barrier.kind != kind)
    return person.model_copy(update={"barriers": (*others, BarrierNeed(kind=kind, strength=strength))})
