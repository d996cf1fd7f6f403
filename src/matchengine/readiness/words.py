"""Words of the readiness report: slots, fields of a record, and who gives."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from matchengine.i18n import N_, _, ngettext
from matchengine.io.language_names import language_names
from matchengine.records.field_names import FIELD_NAMES

__all__ = [
    "KNOWN_AS",
    "PARTS",
    "SLOTS",
    "WEEKDAYS",
    "english_names",
    "field_label",
    "givers",
    "language_label",
    "people",
    "places",
    "records",
    "slot_label",
]

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
PARTS = ("night", "morning", "afternoon", "evening")
"""Parts of the day of six hours each, from midnight."""
SLOTS: tuple[tuple[str, ...], ...] = (
    (N_("Monday night"), N_("Monday morning"), N_("Monday afternoon"), N_("Monday evening")),
    (N_("Tuesday night"), N_("Tuesday morning"), N_("Tuesday afternoon"), N_("Tuesday evening")),
    (N_("Wednesday night"), N_("Wednesday morning"), N_("Wednesday afternoon"), N_("Wednesday evening")),
    (N_("Thursday night"), N_("Thursday morning"), N_("Thursday afternoon"), N_("Thursday evening")),
    (N_("Friday night"), N_("Friday morning"), N_("Friday afternoon"), N_("Friday evening")),
    (N_("Saturday night"), N_("Saturday morning"), N_("Saturday afternoon"), N_("Saturday evening")),
    (N_("Sunday night"), N_("Sunday morning"), N_("Sunday afternoon"), N_("Sunday evening")),
)
"""By weekday and part of the day; a night is the six hours after midnight of its day."""
KNOWN_AS: dict[str, str] = {
    "needs": N_("goals and wants"),
    "offers": N_("offers"),
    "aims": N_("what they hope to gain"),
    "interests": N_("interests"),
    "topics": N_("topics and description"),
    "availability": N_("free times"),
    "languages": N_("languages"),
    "place": N_("place"),
    "modes": N_("ways of meeting"),
    "values": N_("values"),
    "style": N_("ways of working"),
    "fields": N_("fields of work"),
    "career_stage": N_("career stage"),
    "experience_years": N_("years of experience"),
    "comfort_rung": N_("size of group that feels comfortable"),
    "support_mode": N_("kind of support"),
    "exposure_level": N_("how open the group is"),
    "beginner_friendly": N_("whether beginners are welcome"),
    "cost": N_("cost"),
    "kind": N_("kind of group"),
    "venue_type": N_("kind of venue"),
    "norms": N_("norms"),
}
"""What a report calls the fields whose absence it may mention; a field that is not here is never mentioned."""
_DETAILED = re.compile(r"(isco:[0-9]{2})[0-9]{1,2}\Z")
"""An ISCO code of a minor or unit group; its sub-major group is the first place."""


def people(n: int) -> str:
    """Return a number of people in words."""
    return ngettext("{n} person", "{n} people", n)


def places(n: int) -> str:
    """Return a number of free places in words."""
    return ngettext("{n} free place", "{n} free places", n)


def records(n: int) -> str:
    """Return a number of records in words."""
    return ngettext("{n} record", "{n} records", n)


def givers(candidate: str, n: int) -> str:
    """Return a number of those who give in words; `candidate` as a kind of match names them."""
    said = {
        "mentor": ngettext("{n} mentor", "{n} mentors", n),
        "group": ngettext("{n} group", "{n} groups", n),
        "event": ngettext("{n} event", "{n} events", n),
        "resource": ngettext("{n} resource", "{n} resources", n),
        "organisation": ngettext("{n} organisation", "{n} organisations", n),
    }
    return said.get(candidate, ngettext("{n} candidate", "{n} candidates", n))


@cache
def english_names() -> Mapping[str, str]:
    """Return the English name of every language known by name, by tag; a reader is told it through the catalogue."""
    names: dict[str, str] = {}
    for name, tag in language_names().items():
        names.setdefault(tag, name.title())
    return names


def language_label(tag: str) -> str:
    """Return the name of a language in the reader's; its tag where the name is not known."""
    name = english_names().get(tag)
    return tag if name is None else _(name)


def field_label(code: str) -> str:
    """Return a field code as a reader knows it.

    A standard code is said by its name, an ISCO code of three or four digits by the name of its two-digit group with
    the code in brackets, one of the programme's own as words. Others stay as they are.
    """
    scheme, found, word = code.partition(":")
    if found and scheme == "local":
        return word.replace("_", " ")
    known = code.casefold()
    if known in FIELD_NAMES:
        return _(FIELD_NAMES[known])
    group = _DETAILED.match(known)
    if group is not None and group[1] in FIELD_NAMES:
        return _("{name} ({code})", name=_(FIELD_NAMES[group[1]]), code=code)
    return code


def slot_label(day: int, part: int) -> str:
    """Return a slot in words."""
    return _(SLOTS[day][part])
