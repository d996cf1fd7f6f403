"""True, hidden state of community groups, and the records that organisers would write about them (domain.md B6)."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date
from typing import Any

import numpy as np

from matchengine.records.group import Group, GroupSafety, GroupSupport, Schedule
from matchengine.records.person import LanguageAbility
from matchengine.records.vocabulary import BARRIER_KINDS
from matchengine.simulation.knobs import Knobs
from matchengine.simulation.noise import FloatArray, generator
from matchengine.simulation.people import DAYPARTS, LANGUAGES, TOKENS, BoolArray, IntArray, Side
from matchengine.simulation.skills import INTERESTS, LANGUAGES_WRITTEN, phrase, text
from matchengine.simulation.whereabouts import place_of, slots_of

__all__ = ["Gatherings", "group_record", "make_gatherings"]

_KINDS = ("hobby", "sport_walk", "neighbours", "cultural", "library", "volunteering", "professional", "parents")
_DELICATE = ("support", "self_help")
_SOURCES = ("organiser", "visited_by_staff", "member_pulse")
_FROM_HOME = 0.4
_TOLD_ON = date(2024, 1, 8)


@dataclass(frozen=True, eq=False)
class Gatherings:
    """All groups, in one order.

    Attributes
    ----------
    ids : tuple of str
    number : (g,) int
        Number at birth, see `Side.number`.
    topics : (g, 2) int
        Interests the group is about, the main one first.
    supports : (g, 14) float
        How well it truly meets each barrier, 0 to 1.
    told : (g, 14) float
        What its organiser says of it; NaN where nobody has said anything.
    members : (g, d) float
        Mean deep-level self of those who are there, not longer than 1.
    shares : (g, 6) float
        Share of members with each experience of `TOKENS`.
    host : (g,) float
        How well newcomers are received: hidden, standard normal.
    hostile : (g,) float
        How easily an unsafe moment arises: hidden, standard normal.
    contact : (g,) bool
        Somebody truly waits for a newcomer.
    risk : (g,) int
        0, 1, 2 for A, B, C.
    video : (g,) bool
        One can take part from home.
    free, place, language, size : arrays
        When (g, 21), where (g, 2), in which of `LANGUAGES` (g,), how many (g,).
    """

    ids: tuple[str, ...]
    number: IntArray
    topics: IntArray
    supports: FloatArray
    told: FloatArray
    members: FloatArray
    shares: FloatArray
    host: FloatArray
    hostile: FloatArray
    contact: BoolArray
    risk: IntArray
    video: BoolArray
    free: BoolArray
    place: FloatArray
    language: IntArray
    size: IntArray

    def __len__(self) -> int:
        return len(self.ids)

    def take(self, index: IntArray, ids: tuple[str, ...] | None = None) -> Gatherings:
        """Return some of the groups in the order of `index`, perhaps under other ids."""
        taken: dict[str, Any] = {f.name: getattr(self, f.name)[index] for f in fields(self) if f.name != "ids"}
        return Gatherings(ids=ids or tuple(self.ids[n] for n in index), **taken)


def make_gatherings(knobs: Knobs, seed: int, people: Side) -> Gatherings:
    """Draw all groups; their members resemble some of the people, which is why a group can feel like one's own."""
    count = knobs.groups
    rng = {name: generator(seed, f"group/{name}") for name in ("topics", "true", "told", "people", "misc", "slots")}
    misc = rng["misc"].random((count, 8))
    true = np.clip(rng["true"].beta(0.9, 0.9, (count, len(BARRIER_KINDS))), 0, 1)
    said = rng["told"].random((count, len(BARRIER_KINDS), 2))
    better = np.where(said[..., 0] < knobs.supports_overstated, np.maximum(true, 0.9), true)
    index = np.floor(rng["people"].random((count, 8)) * len(people)).astype(np.int64)
    radius = knobs.city_radius * 0.8 * np.sqrt(misc[:, 0])
    hidden = generator(seed, "group/hidden").standard_normal((count, 2))
    free = np.zeros((count, 7 * DAYPARTS), np.bool_)
    slots = np.floor(rng["slots"].random((count, 3)) ** 0.7 * 7 * DAYPARTS).astype(np.int64)
    free[np.arange(count)[:, None], slots] = True
    return Gatherings(
        ids=tuple(f"group-{n + 1:03d}" for n in range(count)),
        number=np.arange(count),
        topics=np.argsort(rng["topics"].random((count, len(INTERESTS))), axis=1)[:, :2],
        supports=true,
        told=np.where(said[..., 1] < knobs.supports_unknown, np.nan, np.round(better, 1)),
        members=people.deep[index].mean(axis=1) if len(people) else np.zeros((count, 0)),
        shares=people.tokens[index].mean(axis=1) if len(people) else np.zeros((count, len(TOKENS))),
        host=hidden[:, 0],
        hostile=hidden[:, 1],
        contact=misc[:, 1] < 0.5,
        risk=np.where(misc[:, 2] < knobs.risk_c, 2, np.where(misc[:, 2] < knobs.risk_c + knobs.risk_b, 1, 0)),
        video=misc[:, 7] < _FROM_HOME,
        free=free,
        place=radius[:, None] * np.stack([np.cos(2 * np.pi * misc[:, 3]), np.sin(2 * np.pi * misc[:, 3])], axis=1),
        language=np.where(misc[:, 4] < 0.75, 0, 1 + np.floor(misc[:, 5] * 5)).astype(np.int64),
        size=(4 + 20 * misc[:, 6] ** 2).astype(np.int64),
    )


def group_record(knobs: Knobs, seed: int, groups: Gatherings, row: int) -> Group:
    """Return what the organiser wrote about one group; nothing hidden is in it."""
    rng = generator(seed, "group/record", int(groups.number[row]))
    language = LANGUAGES[groups.language[row]]
    written = language if language in LANGUAGES_WRITTEN else LANGUAGES[0]
    topics = [INTERESTS[n] for n in groups.topics[row]]
    main = phrase(written, "interests", topics[0], rng)
    delicate, told = groups.risk[row] > 0, groups.told[row]
    known = [k for k in range(len(BARRIER_KINDS)) if np.isfinite(told[k])]
    values: dict[str, Any] = {
        "id": groups.ids[row],
        "title": text(written, "group_title", main, rng)[:80],
        "topics": tuple(phrase(written, "interests", topic, rng) for topic in topics),
        "description": text(written, "group_about", main, rng),
        "text_language": written,
        "languages": (LanguageAbility(tag=language, level="native"),),
        "kind": str(rng.choice(_DELICATE if delicate else _KINDS)),
        "topic_risk": "ABC"[groups.risk[row]],
        "schedule": Schedule(slots=slots_of(groups.free[row], 90), predictability=float(np.round(rng.random(), 1))),
        "modes": ("in_person", "video") if groups.video[row] else ("in_person",),
        "place": place_of(groups.place[row], None),
        "size_now": int(groups.size[row]),
        "size_max": int(groups.size[row]) + 8,
        "supports": tuple(
            GroupSupport(
                kind=BARRIER_KINDS[k],
                value=float(told[k]),
                source=str(rng.choice(_SOURCES)),
                on=_TOLD_ON,
            )
            for k in known
        ),
        "exposure_level": int(np.clip(groups.size[row] // 7, 1, 4)),
    }
    for name, chance in (("beginner_friendly", 0.6), ("accompanied", 0.5), ("try_once", 0.6), ("step_free", 0.5)):
        if rng.random() > knobs.supports_unknown:
            values[name] = bool(rng.random() < chance)
    if delicate:
        values["safety"] = GroupSafety(
            items=("moderation", "code_of_conduct", "exit_without_reason"),
            confidential=True,
            rules=(text(written, "focus", phrase(written, "vague", "people", rng), rng),),
            listen_only_ok=True,
            crisis_protocol=True,
            safeguarding_trained=True,
            facilitator_type="professional",
            facilitator_trained=True,
        )
    return Group(**values)
