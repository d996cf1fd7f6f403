"""Small programmes whose readiness can be worked out by hand."""

from __future__ import annotations

from typing import Any

import matchengine as me
from matchengine.records import Readiness
from tests.support import engine, mentee, mentor

READS_NEEDS = '[programme]\ncoordinator_reads = ["needs"]\n'


def spoken(*abilities: str) -> list[dict[str, str]]:
    """Return languages from words such as `en C1`."""
    return [dict(zip(("tag", "level"), ability.split(), strict=True)) for ability in abilities]


def loaded(people: list[dict[str, Any]], extra: str = "", **more: Any) -> me.Engine:
    """Return an engine over people, with more lines of configuration."""
    made = engine(extra)
    made.load(people, **more)
    return made


def checked(people: list[dict[str, Any]], extra: str = "", kind: str = "mentor", **more: Any) -> Readiness:
    """Return the readiness of a programme."""
    return loaded(people, extra, **more).check(kind)


def needing(person_id: str, *texts: str, **more: Any) -> dict[str, Any]:
    """Return a mentee with these goals and nothing else to compare."""
    told: dict[str, Any] = {"goals": [{"text": text} for text in texts], "offers": [], "interests": []}
    return mentee(person_id, **(told | more))


def offering(person_id: str, *texts: str, **more: Any) -> dict[str, Any]:
    """Return a mentor with these offers and nothing else to compare."""
    told: dict[str, Any] = {"offers": [{"text": text} for text in texts], "interests": [], "hopes_to_gain": None}
    return mentor(person_id, **(told | more))


def three_by_three() -> list[dict[str, Any]]:
    """Three mentees and three mentors.

    `a` can meet `m1`. `b` speaks Spanish at A2, which only `m2` speaks. Nobody attested that `c` is an adult. Nobody
    recorded a vetting of `m3`.
    """
    return [
        mentee("a", languages=spoken("en C1")),
        mentee("b", languages=spoken("es A2")),
        mentee("c", languages=spoken("en C1"), adult=None),
        mentor("m1", languages=spoken("en C1")),
        mentor("m2", languages=spoken("es C1")),
        mentor("m3", languages=spoken("en C1"), vetting=None),
    ]
