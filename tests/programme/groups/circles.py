"""People, a configuration and a short way to form groups, for the tests of groups."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import matchengine as me
from matchengine.programme.groups import form_groups
from matchengine.records.circles import GroupsPlan
from tests.support import CONFIG, EVENING, WordsPlugin, config, mentee

PEER = """
[match.peer]
requester = "mentee"
candidate = "mentee"
[match.peer.scorers.challenge]
use = "peer"
[match.peer.scorers.interests]
use = "interest_affinity"
[match.peer.scorers.values]
use = "values_overlap"
[match.peer.constraints]
use = ["existing_match", "line_manager", "mode_overlap", "language_floor", "common_time"]
[match.peer.blocks]
need = 0.6
relate = 0.4
"""
CIRCLE = """
[groups.circle]
match = "peer"
smallest = 3
target = 4
largest = 5
restarts = 2
"""
SAMPLE = {"circle": CIRCLE}
THEMES = ("sql for data work", "welding thin steel", "speaking in meetings", "a small bakery")


def day(word: str, hour: int = 18, minutes: int = 120, zone: str = "Europe/London") -> dict[str, Any]:
    """Return a weekly stretch of time."""
    rule = f"FREQ=WEEKLY;BYDAY={word}"
    start = f"2026-01-06T{hour:02}:00:00"
    return EVENING | {"start": start, "rrule": rule, "duration_minutes": minutes, "time_zone": zone}


def member(number: int, days: Sequence[str] = ("TU", "WE"), **more: Any) -> dict[str, Any]:
    """Return one of many mentees: themes, days and stages take turns."""
    theme, other = THEMES[number % 4], THEMES[(number + 1) % 4]
    told = {
        "goals": [{"text": f"learn {theme}", "priority": 3}],
        "offers": [{"text": other, "level": 3}],
        "availability": [day(one) for one in days],
        "career_stage": ("entry", "early", "mid")[number % 3],
        "fields": [("isco:25", "isco:72", "isco:51")[number % 3]],
    }
    return mentee(f"p{number:02}", **(told | more))


def engine(people: Sequence[dict[str, Any]], groups: str = CIRCLE, extra: str = "", **more: Any) -> me.Engine:
    """Return an engine of these people that forms groups."""
    made = me.Engine(config(PEER + groups + extra, CONFIG), plugins=[WordsPlugin()])
    made.load(people, **more)
    return made


def formed(made: me.Engine, name: str = "circle", **asked: Any) -> GroupsPlan:
    """Form groups as the engine does."""
    return form_groups(made._scene, made.config, name, **asked)


def of(plan: GroupsPlan) -> set[frozenset[str]]:
    """Return who is together."""
    return {frozenset(group.members) for group in plan.groups}


def group_of(plan: GroupsPlan, person: str) -> frozenset[str]:
    """Return the members of somebody's group; nobody where they have none."""
    return next((frozenset(group.members) for group in plan.groups if person in group.members), frozenset())


def balanced(dimension: str = "heritage") -> str:
    """Return the circle with a balanced dimension."""
    return CIRCLE + f'balance = ["{dimension}"]\n'
