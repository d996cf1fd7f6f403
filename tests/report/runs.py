"""Runs to draw pages of: an invented programme, one without anything, and one with other texts in it."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date
from typing import Any

from pydantic import BaseModel

from matchengine.records import (
    Balance,
    Change,
    Draft,
    Obstacle,
    Readiness,
    Reason,
    RuleEffect,
    Run,
    Stuck,
    Suggestion,
    Thin,
)
from matchengine.records.result import Fingerprint

ORIGIN = Fingerprint(
    config="3f9a1c0b7e52", plugins={"builtin": "0.5.0"}, model="words-a", generation=4, as_of=date(2026, 3, 9)
)
TOPICS = (
    "nursing leadership", "first steps in data work", "starting a small workshop", "writing grant applications",
    "returning after parental leave", "speaking up in meetings", "planning a career change", "forestry careers",
    "negotiating pay", "leading a volunteer team", "public speaking", "municipal housing law", "teaching adults",
    "film editing", "accessible web design", "running a community garden", "bookkeeping for charities",
    "finding a first job in a new country, with all the papers that the authorities want to see beforehand",
    "قيادة فريق صغير", "地域コミュニティでのリーダーシップと若い世代への知識の継承を学びたい", "Führung in Teilzeit",
)  # fmt: skip
PARTS = (("night", "night"), ("morning", "morning"), ("afternoon", "afternoon"), ("evening", "evening"))
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
ADJUST = "Nothing can be said about ways of working."


def reasons(chance: random.Random, total: float) -> tuple[Reason, ...]:
    """Return reasons whose contributions add up to a total."""
    noise = [chance.gauss(0, 4) for _ in range(5)]
    values = [
        total * weight + wave - sum(noise) / 5 for weight, wave in zip((0.4, 0.2, 0.15, 0.15, 0.1), noise, strict=True)
    ]
    need, offer = chance.sample(TOPICS[:17], 2)
    told = (
        ("goals", "needs and offers", f"They need “{need}”; the candidate offers “{offer}”.", ("leading", "team")),
        ("interests", "interests", "Both like long walks and old maps.", ("walks",)),
        ("values", "values", "Values that both chose: 2.", ()),
        ("style", "ways of working", "", ()),
        ("practical", "time, language and distance", "Both sides are free 3.5 h a week.", ()),
    )
    made = [
        Reason(
            scorer=scorer,
            title=title,
            contribution=round(value, 2),
            direction="for" if value > 0 else "against",
            text=text,
            words=words,
        )
        for (scorer, title, text, words), value in zip(told, values, strict=True)
    ]
    return tuple(sorted(made, key=lambda r: -abs(r.contribution or 0)))


def suggestion(chance: random.Random, requester: str, candidate: str, rank: int) -> Suggestion:
    """Return one suggestion; later ranks score lower."""
    known = round(min(1.0, max(0.2, chance.gauss(0.72, 0.18))), 4)
    score = round(min(97.0, max(22.0, chance.gauss(71 - 6 * rank, 9))), 2)
    fit = "too_little_known" if known < 0.35 else "good" if score >= 65 else "fair" if score >= 50 else "poor"
    return Suggestion(
        rank=rank,
        requester_id=requester,
        candidate_id=candidate,
        kind="mentor",
        score=score,
        confidence=known,
        fit=fit,
        neutral=48.5,
        blocks={"need": score},
        reasons=reasons(chance, score - 48.5),
        to_confirm=("Neither side has said how often they want to meet.",) if chance.random() < 0.4 else (),
        limits=("The score does not know how well they get on.", *((ADJUST,) if chance.random() < 0.3 else ())),
    )


def balances(chance: random.Random, names: tuple[str, ...], most: int) -> tuple[Balance, ...]:
    """Return demand and supply of each name, largest gap first."""
    made = [
        Balance(
            key=f"k{number}",
            label=name,
            demand=chance.randrange(most),
            supply=(supply := chance.randrange(most // 2)),
            places=None if chance.random() < 0.2 else supply + chance.randrange(4),
        )
        for number, name in enumerate(names)
    ]
    return tuple(sorted(made, key=lambda b: (b.supply - b.demand, b.key)))


def slots(chance: random.Random) -> tuple[Balance, ...]:
    """Return every day and part of the day."""
    busy = {"night": 0.02, "morning": 0.2, "afternoon": 0.3, "evening": 0.8}
    return tuple(
        Balance(
            key=f"{day[:3].lower()}-{part}",
            label=f"{day} {word}",
            demand=sum(chance.random() < busy[part] for _ in range(40)),
            supply=sum(chance.random() < busy[part] * 0.8 for _ in range(25)),
        )
        for day in DAYS
        for part, word in PARTS
    )


def readiness(seed: int = 5, people: int = 42, givers: int = 25) -> Readiness:
    """Return a check that found something of every kind."""
    chance = random.Random(seed)
    return Readiness(
        kind="mentor",
        requesters=people,
        candidates=givers,
        places=31,
        servable=29,
        needs=balances(chance, TOPICS, 18),
        fields=balances(chance, ("Health", "Information technology", "Education", "Crafts", "Law"), 14),
        languages=balances(chance, ("English", "German", "Arabic", "Türkçe"), 30),
        slots=slots(chance),
        thin=tuple(
            Thin(person_id=person, roles=roles, missing=missing)
            for person, roles, missing in (
                ("r-007", ("mentee",), ("goals and wants", "free times")),
                ("r-019", ("mentee",), ("languages",)),
                ("m-04", ("mentor",), ("offers", "free times", "ways of meeting")),
            )
        ),
        rules=(
            RuleEffect(
                rule="language_floor",
                reason="They share no language well enough.",
                pairs=214,
                alone=96,
                starved=3,
                changes=(
                    Change(about=("language_floor",), text="A floor of A2 instead of B1 frees 3 people.", frees=3),
                ),
            ),
            RuleEffect(
                rule="common_time",
                reason="They are never free at the same time.",
                pairs=180,
                alone=71,
                starved=2,
                changes=(
                    Change(about=("common_time",), text="30 minutes instead of 45 would be enough.", frees=2),
                    Change(about=("common_time",), text="Ask those who named one evening for a second one."),
                ),
            ),
            RuleEffect(rule="personal_boundary", reason="A personal boundary.", pairs=9, alone=8, starved=0),
        ),
        stuck=(stuck("r-012"), stuck("r-031"), stuck("r-040")),
        texts=310,
        unread_texts=14,
        summary=(
            "3 people have nobody: a lower language floor would give each of them somebody.",
            "Fewer places than people: at most 29 can be served at once.",
            "12 people compete for 7 places of 5 mentors.",
            "6 people look for nursing leadership and nobody offers it.",
        ),
    )


def stuck(person_id: str) -> Stuck:
    """Return somebody without any eligible candidate."""
    return Stuck(
        person_id=person_id,
        why=(
            Obstacle(rule="language_floor", text="They share no language well enough with 21 of 25."),
            Obstacle(rule="common_time", text="They are never free at the same time as the other 4."),
        ),
        changes=(Change(about=("language_floor",), text="A floor of A2 would open up candidates.", frees=6),),
    )


def run(people: int = 42, givers: int = 25, each: int = 3, seed: int = 5) -> Run:
    """Return a run of an invented programme; three of its people have no suggestion."""
    chance = random.Random(seed)
    requesters = tuple(f"r-{n:03}" for n in range(1, people + 1))
    candidates = tuple(f"m-{n:02}" for n in range(1, givers + 1))
    without = {"r-012", "r-031", "r-040"}
    liked = [1 / (1 + place) ** 0.6 for place in range(givers - 3)]
    drafts = []
    for requester in requesters:
        chosen: dict[str, None] = {}
        while requester not in without and len(chosen) < each:
            chosen[chance.choices(candidates[:-3], liked)[0]] = None
        drafts += [Draft(suggestion=suggestion(chance, requester, c, n)) for n, c in enumerate(chosen, 1)]
    return Run(
        kind="mentor",
        requester="mentee",
        candidate="mentor",
        requester_ids=requesters,
        candidate_ids=candidates,
        places={c: chance.randrange(4) for c in candidates if chance.random() < 0.8},
        drafts=tuple(drafts),
        unserved=tuple(stuck(person) for person in sorted(without)),
        readiness=readiness(seed, people, givers),
        fingerprint=ORIGIN,
    )


def empty() -> Run:
    """Return a run of a programme that nobody has joined."""
    return Run(
        kind="mentor", requester="mentee", candidate="mentor", requester_ids=(), candidate_ids=(), fingerprint=ORIGIN
    )


def reworded(document: Any, say: Callable[[str], str], keep: frozenset[str] = frozenset({"language"})) -> Any:
    """Return a document with every text in it replaced, except closed vocabularies and the fields to keep.

    Validation is left out on purpose: a page must stand whatever a record holds.
    """
    closed = {"fit", "direction", "strength", "status"} | keep
    if isinstance(document, BaseModel):
        changed = {
            name: getattr(document, name) if name in closed else reworded(getattr(document, name), say, keep)
            for name in type(document).model_fields
        }
        return type(document).model_construct(**changed)
    if isinstance(document, str):
        return say(document)
    if isinstance(document, dict):
        return {say(key): reworded(value, say, keep) for key, value in document.items()}
    if isinstance(document, tuple):
        return tuple(reworded(value, say, keep) for value in document)
    return document
