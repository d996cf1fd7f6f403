"""A trace tells who was called, with which shapes, and for how long; it never holds what a person said."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pytest

import matchengine as me
from matchengine.batch import FloatArray
from matchengine.components import specs_in
from matchengine.trace import Call, describe, tracing, watched
from tests.support import engine, group, mentee, mentor

CANARY = "quetzal"
"""Stands in everything that somebody confides; it may stand nowhere in a trace."""


@me.scorer("watched_scorer", block="relate")
def watched_scorer(requester_career_stage: FloatArray, *, level: float = 0.5) -> me.Scored:
    """Give everybody the same."""
    return me.Scored(np.full(len(requester_career_stage), level), years=np.full(len(requester_career_stage), 3.0))


@me.constraint("watched_rule", reason="never")
def watched_rule(candidate_adult: FloatArray) -> me.Ruled:
    """Allow everybody."""
    return me.Ruled(np.ones(len(candidate_adult), np.bool_))


class Watched:
    """A plugin with components and an observer."""

    __name__ = "looked-at"

    def matchengine_components(self) -> list[Any]:
        """Offer both."""
        return list(specs_in(watched_scorer, watched_rule))

    def matchengine_run_finished(self, result: Any) -> None:
        """Observe."""


def people() -> list[dict[str, Any]]:
    """Return people who confide a canary wherever they can write."""
    told = [{"text": f"learn about {CANARY} birds"}, {"text": CANARY}]
    extra = {"goals": told, "interests": told, "attributes": [{"dimension": "other", "value": CANARY}]}
    return [mentee(f"{CANARY}-{n}", **extra) for n in range(3)] + [
        mentor(f"{CANARY}-m{n}", offers=told, interests=told, hopes_to_gain=CANARY) for n in range(4)
    ]


def calls() -> list[Call]:
    """Return every call of a load and of two questions."""
    text = '[match.mentor.scorers.mine]\nuse = "watched_scorer"\nwith = { level = 0.123456 }\n'
    found: list[Call] = []
    with tracing(found.append):
        made = engine(text, [Watched()])
        made.load(people(), [group(f"{CANARY}-g", title=CANARY, topics=[CANARY, "hiking"])])
        made.suggest(f"{CANARY}-0", "mentor")
        made.suggest(f"{CANARY}-0", "group")
    return found


def test_hooks_embedders_and_indexes_are_told() -> None:
    found = {(call.plugin, call.what, call.name) for call in calls()}
    assert ("builtin", "hook", "matchengine_components") in found
    assert ("looked-at", "hook", "matchengine_run_finished") in found
    assert ("words-plugin", "embedder", "words.encode") in found
    assert ("builtin", "index", "numpy.search") in found or ("builtin", "index", "numpy.add") in found


def test_scorers_and_constraints_are_told_with_plugin_shapes_and_types() -> None:
    found = calls()
    assert {c.plugin for c in found if (c.what, c.name) == ("scorer", "mine")} == {"looked-at"}
    assert {c.plugin for c in found if (c.what, c.name) == ("scorer", "practical")} == {"builtin"}
    scored = next(c for c in found if c.name == "mine")
    assert scored.given[0].startswith("requester_career_stage float32 (")
    assert scored.returned[0].startswith("Scored[value float64 (")
    assert {c.name for c in found if c.what == "constraint"} >= {"vetting", "boundaries"}
    assert all(c.milliseconds >= 0 for c in found)


def test_a_trace_never_holds_what_somebody_said() -> None:
    found = calls()
    lines = "\n".join(call.line() for call in found) + repr(found)
    assert len(found) > 20
    assert CANARY not in lines
    assert "0.123456" not in lines
    assert "hiking" not in lines


class Point(NamedTuple):
    """A record with a text in it."""

    name: str
    values: Any


@dataclass
class Box:
    """A record in a record."""

    label: str
    point: Point
    flags: Any


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (np.zeros((3, 4), np.float32), "float32 (3, 4)"),
        (np.zeros(5, np.bool_), "bool (5,)"),
        (np.array([CANARY]), "str (1,)"),
        (np.array([CANARY], object), "object (1,)"),
        (np.zeros(2, [(CANARY, "f4")]), "record (2,)"),
        (np.float64(0.25), "float64 ()"),
        (CANARY, "str"),
        (CANARY.encode(), "bytes"),
        (3.25, "float"),
        (None, "NoneType"),
        ([CANARY, CANARY], "list of 2"),
        ({CANARY: CANARY}, "dict of 1"),
        (OrderedDict({CANARY: 1}), "OrderedDict of 1"),
        (frozenset({CANARY}), "frozenset of 1"),
        ((CANARY, 1), "tuple of 2"),
        (Point(CANARY, np.zeros(2)), "Point[values float64 (2,)]"),
        (Box(CANARY, Point(CANARY, np.zeros(2)), np.zeros(1, np.bool_)), "Box[flags bool (1,)]"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_value_is_described_by_type_and_shape_alone(value: Any, told: str) -> None:
    assert describe(value) == told
    assert CANARY not in describe(value)


def test_a_call_that_fails_is_told_with_the_class_of_its_error_alone() -> None:
    def fails(name: str) -> None:
        raise ValueError(name)

    found: list[Call] = []
    with tracing(found.append), pytest.raises(ValueError, match=CANARY):
        watched(fails, "mine", "hook", "fails")(CANARY)
    (call,) = found
    assert (call.failed, call.returned) == ("ValueError", ())
    assert "!! ValueError" in call.line()
    assert CANARY not in call.line()


def test_nobody_watches_outside_the_block() -> None:
    found: list[Call] = []
    with tracing(found.append):
        pass
    assert watched(len, "mine", "hook", "len") is len
    made = engine(plugins=[Watched()])
    made.load([mentee("a"), mentor("m")])
    assert made.suggest("a", "mentor")
    assert found == []


def test_watching_changes_no_result() -> None:
    crowd = [mentee("a"), *(mentor(f"m{n}") for n in range(9))]
    plain, seen = engine(), engine()
    plain.load(crowd)
    with tracing(lambda call: None):
        seen.load(crowd)
        told = seen.suggest("a", "mentor", 9)
        fresh = engine()
        fresh.load(crowd)
        again = fresh.suggest("a", "mentor", 9)
    assert told == again == plain.suggest("a", "mentor", 9)
