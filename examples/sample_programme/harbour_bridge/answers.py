"""What the generator draws by chance for one form of one person, and the cells that both forms share."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime, timedelta

from harbour_bridge import wording
from harbour_bridge.identity import Identity
from harbour_bridge.persona import Persona
from harbour_bridge.places import Spot, spot

FORM_OPENED = datetime(2026, 1, 12, 8, 0)
FORM_DAYS = 40
CONSENT_VERSION = "2026-01"

_MODES_USUAL = (
    "in_person,video",
    "in_person,video",
    "in_person,video,phone",
    "video",
    "video,chat",
    "video,phone,async",
)
_CADENCE_USUAL = ("biweekly", "biweekly", "biweekly45", "monthly", "weekly45")
_TRANSPORT = ("bus and train", "bus and train", "bicycle", "on foot; bus and train", "car", "on foot")


@dataclass(frozen=True)
class Answer:
    """One filled-in form: the person, how they are named, and what chance added."""

    persona: Persona
    identity: Identity
    spot: Spot | None
    submitted: datetime
    options: dict[str, str]
    values: list[str]
    style: list[int | None]
    cadence: str
    modes: list[str]
    travel: str
    transport: str
    consents: dict[str, str]
    shows_gender: bool
    shows_pronouns: bool
    map_square: str
    draw: float


def draw_answer(persona: Persona, identity: Identity, form: str, seed: int) -> Answer:
    """Fill in one form. The same person, form and seed give the same answer, whoever else takes part."""
    rng = random.Random(f"{seed}:{form}:{persona.key}")
    options = persona.mentee_options if form == "mentee" else persona.options
    place = spot(persona.place) if persona.place else None
    submitted = FORM_OPENED + timedelta(days=rng.randrange(FORM_DAYS), seconds=rng.randrange(15 * 3600))
    modes = options.get("modes", rng.choice(_MODES_USUAL)).split(",")
    in_person = "in_person" in modes
    return Answer(
        persona=persona,
        identity=identity,
        spot=place,
        submitted=submitted,
        options=options,
        values=rng.sample(wording.VALUES, rng.randint(1, 4)) if rng.random() < 0.8 else [],
        style=[rng.choice((-2, -1, -1, 0, 0, 1, 1, 2)) if rng.random() < 0.7 else None for _ in range(5)],
        cadence=wording.CADENCES[options.get("cad", rng.choice(_CADENCE_USUAL))],
        modes=[wording.MODES[mode] for mode in modes],
        travel=options.get("travel", str(rng.choice((20, 30, 30, 45, 60)))) if in_person else "",
        transport=rng.choice(_TRANSPORT) if in_person else "",
        consents={name: rng.choice(("Yes", "Yes", "Yes", "No")) for name in CONSENT_NAMES},
        shows_gender=rng.random() < 0.85,
        shows_pronouns=rng.random() < 0.4,
        map_square=_map_square(place, rng),
        draw=rng.random(),
    )


CONSENT_NAMES = (
    "gender match", "gender explain", "lived match", "lived explain", "age match", "barriers match",
    "barriers explain", "wishes match", "pronouns explain",
)  # fmt: skip


def _map_square(place: Spot | None, rng: random.Random) -> str:
    cell = place.geohash if place else ""
    chance = rng.random()
    return "" if chance < 0.1 else cell[:4] if chance < 0.2 else cell


def joined(items: list[str]) -> str:
    """Return items as a multi-value cell."""
    return "; ".join(items)


def languages(pairs: list[tuple[str, str]]) -> str:
    """Return languages as the forms show them: `English (B2); Spanish (native)`."""
    return joined([f"{wording.LANGUAGES[tag]} ({level})" for tag, level in pairs])


def hours(persona: Persona) -> list[str]:
    """Return the slots a person ticked, in the words of the forms."""
    return [wording.SLOTS[slot][0] for slot in persona.hours]


def filled(text: str, identity: Identity) -> str:
    """Put the writer's own first name or address where a text contains it, as some answers do."""
    return text.replace("{me}", identity.first).replace("{mail}", identity.email)


def gender(answer: Answer) -> str:
    """Return the answer to the question about gender identity; blank where it was skipped."""
    return wording.GENDERS.get(answer.persona.gender, "") if answer.shows_gender else ""


def consent(answer: Answer, name: str, asked: str) -> str:
    """Return a consent answer; who left the question itself blank left its consent blank too."""
    return answer.consents[name] if asked else ""


def field_name(short: str) -> str:
    """Return the answer for a field of work."""
    return wording.FIELDS[short][0] if short else ""


def country(answer: Answer) -> str:
    """Return the country in words."""
    return wording.COUNTRIES[answer.spot.country] if answer.spot else ""
