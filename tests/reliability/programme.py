"""What the reliability tests do to a programme, and an independent account of what must then be there."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from matchengine.engine import Engine
from matchengine.records import ConsentGrant, Feedback, Group, Pause, Person, Relationship
from matchengine.store.documents import Gone
from tests.support import EVENING, engine, group, mentee, mentor, over

Step = tuple[Any, ...]
"""One change, as plain values: what it does and to whom. It stands for itself in a log of acknowledgements."""
Held = dict[str, str]
"""What is there: for each kind and id what tells one version from another."""
WORDS = ("sql", "pottery", "law", "garden", "music", "python", "baking", "video", "radio", "chess", "poetry", "forest")
PEOPLE, GROUPS = 24, 4
LEAVING = 8
"""Further people, who are there at the start and are only ever erased; nobody with their id comes again."""
_GRANTED = datetime(2025, 1, 1, tzinfo=UTC)


def member(number: int, version: int) -> dict[str, Any]:
    """Return a person as a dict: every third asks, the others give; what they offer tells the version."""
    make = mentee if number % 3 == 0 else mentor
    words = [WORDS[(number + version * step) % len(WORDS)] for step in (1, 3)]
    offers = [{"text": f"version {version}", "level": 1 + version % 4}, {"text": " ".join(words), "level": 3}]
    told = {"interests": [{"text": words[0]}], "attributes": [{"dimension": "gender", "value": "woman"}]}
    return make(f"p{number}", offers=offers, availability=[EVENING], **told)


def grant(number: int, *, withdrawn: bool = False) -> ConsentGrant:
    """Return the consent of a person to be matched by what they declared, or its withdrawal."""
    return ConsentGrant(
        person_id=f"p{number}",
        field="attributes",
        purpose="match",
        text_version="1",
        language="en",
        granted_at=_GRANTED,
        withdrawn_at=_GRANTED if withdrawn else None,
    )


def started(people: int = PEOPLE) -> dict[str, Any]:
    """Return what a programme begins with, as arguments of `load`: every second person gave consent."""
    return {
        "people": [member(number, 0) for number in (*range(people), *leaving(people))],
        "groups": [group(f"g{number}", title="version 0") for number in range(GROUPS)],
        "consents": [grant(number) for number in range(0, people, 2)],
    }


def leaving(people: int = PEOPLE) -> range:
    """Return the numbers of those who will be erased."""
    return range(100, 100 + LEAVING) if people == PEOPLE else range(0)


def programme(location: Any) -> Engine:
    """Return an engine over a new store with everything that a programme begins with."""
    made = over(location, engine().config)
    made.load(**started())
    return made


def step(dice: random.Random, number: int, *, loads: bool = False) -> Step:
    """Draw the change with this number."""
    kind = dice.choices(
        ("person", "several", "group", "remove", "pause", "tie", "said", "consent", "withdraw", "erase", "load"),
        (8, 6, 2, 3, 2, 2, 2, 2, 3, 1, 1 if loads else 0),
    )[0]
    who = dice.randrange(PEOPLE)
    if kind == "several":
        return (kind, number, *dice.sample(range(PEOPLE), 4))
    if kind == "group":
        return kind, number, dice.randrange(GROUPS)
    return kind, number, 100 + who % LEAVING if kind == "erase" else who


def make(made: Engine, told: Step) -> None:
    """Make a change."""
    kind, number, who, *others = told
    if kind == "load":
        made.load([member(n, number) for n in range(0, PEOPLE, 2)], groups=[group("g0", title=f"version {number}")])
    elif kind == "remove":
        if _known(made, who):
            made.remove(f"p{who}")
    elif kind == "erase":
        if _known(made, who):
            made.erase(f"p{who}", why="asked for it", by="coordinator:1")
    elif kind == "several":
        new = [Person.model_validate(member(n, number)) for n in (who, *others[1:])]
        gone = [Gone(f"p{others[0]}")] if _known(made, others[0]) else []
        made.apply([*new, *gone, Group.model_validate(group("g1", title=f"version {number}"))])
    else:
        made.upsert(_record(kind, number, who))


def _known(made: Engine, who: int) -> bool:
    return f"p{who}" in made._pool.tables["people"].row_of


def _record(kind: str, number: int, who: int) -> Any:
    if kind == "person":
        return Person.model_validate(member(who, number))
    if kind == "group":
        return Group.model_validate(group(f"g{who}", title=f"version {number}"))
    if kind == "pause":
        return Pause(person_id=f"p{who}", lifted=number % 2 == 0)
    if kind == "tie":
        status = "active" if number % 2 else "ended"
        return Relationship(person_id=f"p{who}", other_id=f"p{(who + 1) % PEOPLE}", kind="mentoring", status=status)
    if kind == "said":
        items = {"satisfaction": 1 + number % 5}
        return Feedback.model_validate(
            {
                "person_id": f"p{who}", "about_id": f"p{(who + 2) % PEOPLE}", "wave": "30_days",
                "perspective": "requester", "given_at": _GRANTED, "items": items,
            }
        )  # fmt: skip
    return grant(who, withdrawn=kind == "withdraw")


# ---------------------------------------------------------------------- what must be there, worked out apart


def expected(steps: Iterable[Step]) -> Held:
    """Work out from the changes alone what must be there; no code of the package has a part in it."""
    held: Held = {}
    _load(held, (*range(PEOPLE), *leaving()), 0, GROUPS, set(range(0, PEOPLE, 2)))
    for told in steps:
        _apply(held, told)
    return held


def _load(held: Held, people: Iterable[int], version: int, groups: int, consenting: set[int]) -> None:
    pauses = {key: value for key, value in held.items() if key.startswith("pause ")}
    held.clear()
    held.update(pauses)
    held.update({f"group g{n}": f"version {version}" for n in range(groups)})
    held.update({f"consent p{n}": "given" for n in consenting})
    for number in people:
        held[f"person p{number}"] = _person(held, number, version)


def _person(held: Held, number: int, version: int) -> str:
    told = "told" if held.get(f"consent p{number}") == "given" else "silent"
    return f"version {version} {told}"


def _apply(held: Held, told: Step) -> None:
    kind, number, who, *others = told
    if kind == "load":
        _load(held, range(0, PEOPLE, 2), number, 1, set())
    elif kind == "person":
        held[f"person p{who}"] = _person(held, who, number)
    elif kind == "several":
        for each in (who, *others[1:]):
            held[f"person p{each}"] = _person(held, each, number)
        held.pop(f"person p{others[0]}", None)
        held["group g1"] = f"version {number}"
    elif kind in ("remove", "erase"):
        held.pop(f"person p{who}", None)
    elif kind in ("consent", "withdraw"):
        held[f"consent p{who}"] = "given" if kind == "consent" else "withdrawn"
        if kind == "withdraw" and f"person p{who}" in held:
            held[f"person p{who}"] = held[f"person p{who}"].replace("told", "silent")
    elif kind == "group":
        held[f"group g{who}"] = f"version {number}"
    elif kind == "pause":
        held[f"pause p{who}"] = "over" if number % 2 == 0 else "resting"
    elif kind == "tie":
        held[f"relationship p{who}"] = "active" if number % 2 else "ended"
    else:
        held[f"feedback p{who} {1 + number % 5}"] = "said"


def found(made: Engine) -> Held:
    """Return what an engine's store holds, in the words of `expected`."""
    keeper = made._keeper
    assert keeper is not None
    everything = keeper.everything()[1]
    held = {f"group {g.id}": g.title for g in everything["group"]}
    held |= {f"consent {c.person_id}": "withdrawn" if c.withdrawn_at else "given" for c in everything["consent"]}
    held |= {f"pause {p.person_id}": "over" if p.lifted else "resting" for p in everything["pause"]}
    held |= {f"relationship {r.person_id}": str(r.status) for r in everything["relationship"]}
    held |= {f"feedback {f.person_id} {f.items.satisfaction}": "said" for f in everything["feedback"]}
    for person in everything["person"]:
        told = "told" if person.attributes else "silent"
        held[f"person {person.id}"] = f"{person.offers[0].text} {told}"
    return held


def differing(one: Held, other: Held) -> list[str]:
    """Name what differs, a few of it."""
    keys = [key for key in sorted({*one, *other}) if one.get(key) != other.get(key)]
    return [f"{key}: {one.get(key)} / {other.get(key)}" for key in keys[:6]]


def answers(made: Engine, asking: Sequence[int] = range(0, PEOPLE, 3)) -> list[Any]:
    """Return what people are told now."""
    known = [f"p{n}" for n in asking if f"p{n}" in made.members("mentor").requesters]
    told = made.suggest_many(known, "mentor", 9)
    return [(s.requester_id, s.candidate_id, s.score) for of in told.values() for s in of]
