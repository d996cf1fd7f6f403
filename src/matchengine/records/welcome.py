"""How a gathering welcomes newcomers: what is in place, and what its organiser could add (domain.md S5-22)."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated

from pydantic import Field

from matchengine.i18n import N_
from matchengine.records.base import Id, Record

__all__ = ["WELCOMING_PRACTICES", "WELCOMING_WORDS", "Welcome", "WelcomingPractice"]

WELCOMING_PRACTICES: Mapping[str, str] = MappingProxyType(
    {
        "greeters": N_("somebody greets newcomers"),
        "bilingual_signs": N_("signs in the languages of those who come"),
        "simple_logistics": N_("simple logistics: no sign-up, a clear way, a fixed time"),
        "visible_inclusion": N_("inclusion that can be seen"),
        "newcomers_welcome": N_("newcomers are invited in so many words"),
        "named_contact": N_("a contact with a name"),
        "what_to_expect": N_("a text that says what to expect"),
        "come_along": N_("somebody comes along or meets newcomers outside"),
        "try_once": N_("one may come once to try"),
    }
)
"""Practices that make newcomers welcome, in words. The first four stand in the checklist, fields tell the rest."""
WELCOMING_WORDS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "greeters": ("greeter", "greeters", "welcome person", "welcomers", "door greeter"),
        "bilingual_signs": ("bilingual signs", "signs in two languages", "translated signs", "multilingual signs"),
        "simple_logistics": ("simple logistics", "no sign up", "clear directions", "fixed time"),
        "visible_inclusion": ("visible inclusion", "welcome sign", "inclusive sign", "rainbow flag", "pronoun badges"),
    }
)
"""Words for them in checklists, in small letters and without hyphens; a checklist may also say the key itself."""


class WelcomingPractice(Record):
    """One practice: its key, what it is in words, and whether the organiser has said that it is not there."""

    key: str
    text: str
    absent: bool = False


class Welcome(Record):
    """The welcome of one gathering.

    Attributes
    ----------
    score : float or None
        Share of the practices about which something is known that are there, 0 to 1; None where nothing is known.
    known : int
        Practices about which something is known.
    present, missing : tuples of WelcomingPractice
        What is there, and what is not or nobody has said: material for the organiser, not for a ranking of groups.
    other : tuple of str
        Entries of the checklist beyond the list of practices; they do not count.
    """

    candidate_id: Id
    title: str
    score: Annotated[float, Field(ge=0, le=1)] | None = None
    known: Annotated[int, Field(ge=0)] = 0
    present: tuple[WelcomingPractice, ...] = ()
    missing: tuple[WelcomingPractice, ...] = ()
    other: tuple[str, ...] = ()
