"""Populations for the property and privacy tests: small ones drawn by Hypothesis, larger ones from a seed."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import matchengine as me
from matchengine.components import specs_in
from tests.support import EVENING, mentee, mentor

WORDS = [
    "sql", "data", "welding", "pottery", "tax", "law", "garden", "music", "theory", "python", "speaking", "baking",
    "hiking", "care", "video", "editing", "shop", "budget", "radio", "sewing", "history", "physics", "nursing",
    "cycling", "chess", "poetry", "cooking", "forest", "sailing", "drums",
]  # fmt: skip
VALUES = ("care", "learning", "impact", "fairness", "autonomy")
DAYS = ("MO", "TU", "WE")

quick = settings(
    max_examples=20, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)
"""Same examples on every run, so that a strict xfail is a fact and not a chance."""


def holds_for(*strategies: Any, few: int = 6, many: int = 20, **named: Any) -> Callable[[Callable[..., None]], Any]:
    """Check a property as `given` does: on a few drawn examples every day, on `many` in the slow suite."""

    def of(check: Callable[..., None]) -> Any:
        @pytest.mark.parametrize("examples", [few, pytest.param(many, marks=pytest.mark.slow)])
        def test(examples: int) -> None:
            settings(quick, max_examples=examples)(given(*strategies, **named)(check))()

        test.__name__, test.__qualname__ = check.__name__, check.__qualname__
        test.__module__, test.__doc__ = check.__module__, check.__doc__
        return test

    return of


class Offers:
    """A plugin handed over in code that offers the given decorated objects."""

    def __init__(self, *things: object, name: str = "outside") -> None:
        self.things = things
        self.__name__ = name

    @me.hookimpl
    def matchengine_components(self) -> list[Any]:
        """Offer them."""
        return list(specs_in(*self.things))


def dumped(suggestions: Iterable[me.Suggestion]) -> str:
    """Return everything that a requester reads, as text."""
    return "\n".join(s.model_dump_json() for s in suggestions)


def answers(engine: me.Engine, requesters: Sequence[str], kind: str = "mentor", k: int = 200) -> dict[str, str]:
    """Return all that each requester reads."""
    return {who: dumped(got) for who, got in engine.suggest_many(requesters, kind, k).items()}


def slot(day: str) -> dict[str, Any]:
    """Return a weekly evening."""
    return EVENING | {"rrule": f"FREQ=WEEKLY;BYDAY={day}"}


texts = st.lists(st.sampled_from(WORDS), min_size=1, max_size=4).map(" ".join)


@st.composite
def person(draw: st.DrawFn, number: int, count: int) -> dict[str, Any]:
    """Draw one person `p<number>` of a population of `count`, with gaps everywhere."""
    roles = draw(st.sampled_from((["mentee"], ["mentor"], ["mentee", "mentor"])))
    some = st.integers(0, count - 1).map(lambda n: f"p{n}").filter(lambda other: other != f"p{number}")
    levels = st.sampled_from(("A2", "B1", "C1", "native"))
    return {
        "id": f"p{number}",
        "roles": roles,
        "adult": draw(st.sampled_from((True, True, True, True, False, None))),
        "vetting": draw(st.sampled_from(({"status": "vetted"},) * 4 + ({"status": "refused"}, None))),
        "capacity": draw(st.sampled_from(({}, {"mentor": 0}, {"mentor": 1}, {"mentor": 3}))),
        "goals": [{"text": text, "priority": draw(st.integers(1, 3))} for text in draw(st.lists(texts, max_size=3))],
        "offers": [
            {"text": text, "level": draw(st.sampled_from((None, 1, 2, 3, 4)))}
            for text in draw(st.lists(texts, max_size=3))
        ],
        "hopes_to_gain": draw(st.none() | texts),
        "interests": [{"text": text} for text in draw(st.lists(texts, max_size=3))],
        "values": draw(st.lists(st.sampled_from(VALUES), max_size=3, unique=True)),
        "style": {
            "directive_questioning": draw(st.none() | st.integers(-2, 2)),
            "task_relationship": draw(st.none() | st.integers(-2, 2)),
            "written_spoken": draw(st.none() | st.integers(-2, 2)),
        },
        "languages": [
            {"tag": tag, "level": draw(levels)}
            for tag in draw(st.lists(st.sampled_from(("en", "es")), max_size=2, unique=True))
        ],
        "modes": draw(st.sampled_from(([], ["video"], ["video", "in_person"], ["in_person"]))),
        "boundaries": [{"kind": "person", "value": other} for other in draw(st.lists(some, max_size=1)) if count > 1],
        "household": draw(st.sampled_from((None, None, None, "h1", "h2"))),
        "line_manager": draw(st.none() | some) if count > 1 and draw(st.booleans()) else None,
    }


@st.composite
def populations(draw: st.DrawFn, least: int = 2, most: int = 6) -> list[dict[str, Any]]:
    """Draw a population of `least` to `most` people."""
    count = draw(st.integers(least, most))
    return [draw(person(number, count)) for number in range(count)]


@st.composite
def relationships(draw: st.DrawFn, count: int) -> list[dict[str, Any]]:
    """Draw ties among people `p0` to `p<count - 1>`, one at most of each pair and kind."""
    if count < 2:
        return []
    kinds = ("mentoring", "must_not", "household", "line_management")
    pairs = st.tuples(st.integers(0, count - 1), st.integers(0, count - 1)).filter(lambda p: p[0] != p[1])
    drawn = draw(st.lists(st.tuples(pairs, st.sampled_from(kinds)), max_size=3, unique=True))
    return [
        {
            "person_id": f"p{one}",
            "other_id": f"p{other}",
            "kind": kind,
            "status": draw(st.sampled_from(("active", "ended"))),
            "do_not_rematch": kind == "mentoring" and draw(st.booleans()),
        }
        for (one, other), kind in drawn
    ]


def requesters(people: Iterable[dict[str, Any]]) -> list[str]:
    """Return the ids of those who may ask for a mentor."""
    return [p["id"] for p in people if "mentee" in p["roles"]]


def programme(mentees: int, mentors: int, seed: int = 0) -> list[dict[str, Any]]:
    """Return a seeded population of complete people: mentees `a0`, `a1`, …, mentors `m0`, `m1`, …"""
    chance = random.Random(seed)

    def words(count: int) -> str:
        return " ".join(chance.sample(WORDS, count))

    def common() -> dict[str, Any]:
        return {
            "interests": [{"text": words(2)} for _ in range(chance.randint(1, 3))],
            "values": chance.sample(VALUES, 2),
            "availability": [slot(day) for day in chance.sample(DAYS, 2)],
            "style": {"directive_questioning": chance.randint(-2, 2), "task_relationship": chance.randint(-2, 2)},
        }

    asking = [
        mentee(
            f"a{n}",
            goals=[{"text": words(3), "priority": chance.randint(1, 3)} for _ in range(2)],
            offers=[{"text": words(2), "level": chance.randint(1, 4)}],
            **common(),
        )
        for n in range(mentees)
    ]
    giving = [
        mentor(
            f"m{n}",
            offers=[{"text": words(3), "level": chance.randint(1, 4)} for _ in range(2)],
            hopes_to_gain=words(3),
            **common(),
        )
        for n in range(mentors)
    ]
    return [*asking, *giving]
