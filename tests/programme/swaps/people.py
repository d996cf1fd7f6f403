"""Mentees who want to learn what the mentor of somebody else teaches: two and three of them can trade."""

from __future__ import annotations

from datetime import date

from tests.support import engine, mentee, mentor

TODAY = date(2026, 3, 9)
SKILLS = ("sql queries", "welding steel", "public speaking", "grant writing")
SWAPS = """
[swaps.summer]
match = "mentor"
"""
STYLES = ({"directive_questioning": -2, "task_relationship": 0}, {"directive_questioning": 2, "task_relationship": 0})


def asks(name, *skills, **more):
    return mentee(name, goals=[{"text": skill, "priority": 3} for skill in skills], **more)


def teaches(name, skill, style=0, **more):
    told = {"offers": [{"text": skill, "level": 4}], "capacity": {"mentor": 1}, "style": STYLES[style]}
    return mentor(name, **(told | more))


def ring(size=3, **more):
    """Mentee e<n> has mentor m<n>, who teaches skill n; they want skill n and skill n + 1."""
    mentees = [asks(f"e{n}", SKILLS[n], SKILLS[(n + 1) % size], **more) for n in range(size)]
    return [*mentees, *(teaches(f"m{n}", SKILLS[n], style=n % 2) for n in range(size))]


def tie(mentee_id, mentor_id, started="2025-06-01", **more):
    told = {"person_id": mentee_id, "other_id": mentor_id, "kind": "mentoring", "started": started}
    return told | more


def ties(size=3, **more):
    return [tie(f"e{n}", f"m{n}", **more) for n in range(size)]


def wish(mentee_id, mentor_id, **more):
    told = {"person_id": mentee_id, "other_id": mentor_id, "mentee_agrees": True, "mentor_agrees": True}
    return told | {"mentor_any": True, "earliest": "2026-04-06", "latest": "2026-07-26"} | more


def wishes(size=3, **more):
    return [wish(f"e{n}", f"m{n}", **more) for n in range(size)]


def loaded(people, relationships, extra="", **more):
    made = engine(SWAPS + extra, **more)
    made.load(people, relationships=relationships)
    return made
