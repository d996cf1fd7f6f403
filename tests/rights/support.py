"""A programme over a store, and everything that an engine tells about it."""

from __future__ import annotations

from typing import Any

from matchengine.config import EngineConfig
from matchengine.engine import Engine
from matchengine.store.memory import MemoryStore
from tests.support import WordsPlugin, config, consent, group, mentee, mentor

BY = {"why": "asked for it", "by": "coordinator:7"}


def opened(location: Any, configuration: EngineConfig | None = None, **options: Any) -> Engine:
    """Return an engine over a store; without a configuration, with the one kept there."""
    return Engine.open(location, configuration, plugins=[WordsPlugin()], **options)


def programme(location: Any = None, extra: str = "", **more: Any) -> Engine:
    """Return an engine over a store with three mentees, four mentors and a group."""
    made = opened(MemoryStore() if location is None else location, config(extra))
    people = [mentee("a0"), mentee("a1"), mentee("a2"), *(mentor(f"m{n}") for n in range(4))]
    given = {"groups": [group("g")]} | more
    made.load(given.pop("people", people), **given)
    return made


def grants(person_id: str, *fields: str, purposes: tuple[str, ...] = ("match",), **more: Any) -> list[dict[str, Any]]:
    """Return a consent for each field and purpose."""
    return [consent(person_id, field, purpose, **more) for field in fields for purpose in purposes]


def answers(made: Engine) -> str:
    """Return what every question tells members and coordinators, as one text."""
    told: list[str] = []
    for kind in ("mentor", "group"):
        members = made.members(kind)
        told.append(repr([sorted(members.requesters), sorted(members.candidates), sorted(members.places.items())]))
        for person in sorted(members.requesters):
            for viewer in ("requester", "coordinator"):
                told += [each.model_dump_json() for each in made.suggest(person, kind, 9, viewer)]
                for other in sorted(members.candidates):
                    told.append(made.explain(person, other, kind, viewer).model_dump_json())
            told += [repr(made.excluded(person, kind)), repr(made.eligible(person, kind))]
        told.append(made.check(kind).model_dump_json())
    return "\n".join(told)
