"""What would open a gathering to people: supports to arrange, and what to ask its organiser (domain.md C5, I1)."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated

from pydantic import Field

from matchengine.i18n import N_
from matchengine.records.base import Id, Record
from matchengine.records.group import Share
from matchengine.records.result import Fingerprint
from matchengine.records.vocabulary import BarrierKind
from matchengine.records.welcome import Welcome

__all__ = [
    "SUPPORT_COSTS",
    "SUPPORT_EFFECTS",
    "SUPPORT_QUESTIONS",
    "SUPPORT_TITLES",
    "GatheringSupports",
    "OrganiserQuestion",
    "Prescription",
    "SupportFix",
    "SupportReport",
]

SUPPORT_TITLES: Mapping[str, str] = MappingProxyType(
    {
        "language": N_("a bilingual buddy or translated flyers"),
        "confidence": N_("somebody who comes along and practises a few first sentences"),
        "time": N_("another time of day, or a shorter visit"),
        "place": N_("a place nearer by, with clear directions"),
        "cost": N_("a free place or a pass"),
        "childcare": N_("childcare during the meeting"),
        "transport": N_("a day pass or a lift"),
        "exclusion": N_("a one-to-one link, and an advocate if needed"),
        "physical_access": N_("step-free access"),
        "sensory_access": N_("a quiet corner, captions or large print"),
        "digital": N_("a device and help with it"),
        "norms": N_("food, times and rooms that fit different norms"),
        "unspoken_rules": N_("a card that says what to expect"),
        "safety": N_("a safe way there and rules that everybody knows"),
    }
)
"""What is arranged against each barrier, in words."""
SUPPORT_QUESTIONS: Mapping[str, str] = MappingProxyType(
    {
        "language": N_("Is there somebody who speaks the newcomer's language, or something in it to read?"),
        "confidence": N_("Can somebody come along, or greet a newcomer by name?"),
        "time": N_("May one come later, leave earlier, or come at another time?"),
        "place": N_("How does one find the place, and is there one nearer by?"),
        "cost": N_("Is there a free place, or a pass?"),
        "childcare": N_("Is there childcare during the meeting?"),
        "transport": N_("Is there a day pass or a lift to the meeting?"),
        "exclusion": N_("Who looks after newcomers, and who speaks up if somebody is left out?"),
        "physical_access": N_("Can one come in, take part and use the toilet without steps?"),
        "sensory_access": N_("Is there a quiet corner, and are there captions or large print?"),
        "digital": N_("Can one take part without a device of one's own, or get help with it?"),
        "norms": N_("Do food, times and rooms fit different norms?"),
        "unspoken_rules": N_("Is there a card that says what to expect, and how to sign up?"),
        "safety": N_("Is the way there safe, and which rules do all keep?"),
    }
)
"""What to ask an organiser about each support; it names no person and no need of theirs."""
SUPPORT_COSTS: Mapping[str, float] = MappingProxyType(
    {
        **{"language": 2.0, "confidence": 1.0, "time": 3.0, "place": 3.0, "cost": 2.0, "childcare": 3.0},
        **{"transport": 1.0, "exclusion": 2.0, "physical_access": 4.0, "sensory_access": 2.0, "digital": 2.0},
        **{"norms": 2.0, "unspoken_rules": 1.0, "safety": 3.0},
    }
)
"""Effort of arranging each support, in points.

An assumption without direct evidence: only the order between them is meant. Give what things cost where you are.
"""
SUPPORT_EFFECTS: Mapping[str, float] = MappingProxyType(
    {
        **{"language": 0.8, "confidence": 0.8, "time": 0.9, "place": 0.9, "cost": 1.0, "childcare": 0.9},
        **{"transport": 0.9, "exclusion": 0.7, "physical_access": 0.9, "sensory_access": 0.8, "digital": 0.8},
        **{"norms": 0.8, "unspoken_rules": 0.9, "safety": 0.7},
    }
)
"""How far each support takes its barrier away once it is arranged, 0 to 1.

An assumption without direct evidence, and cautious where people and not things decide. Give what you see.
"""
Count = Annotated[int, Field(ge=0)]


class Prescription(Record):
    """The cheapest supports that make one gathering reachable for one person.

    Attributes
    ----------
    supports : tuple of str
        Kinds of barrier whose support is to be arranged; none where the target is reached already.
    cost : float
        Of all of them together.
    reach_now, reach_then : float
        0 to 1, without and with them.
    ask_first : tuple of str
        Those of them about which the organiser has said nothing: they may be there already.
    text : str
        The same in words. It names needs of the person: it is for them, and for a coordinator who may see needs.
    """

    requester_id: Id
    candidate_id: Id
    supports: tuple[BarrierKind, ...] = ()
    cost: Annotated[float, Field(ge=0)] = 0.0
    reach_now: Share
    reach_then: Share
    ask_first: tuple[BarrierKind, ...] = ()
    text: str = ""

    @property
    def advocate(self) -> bool:
        """Whether a coordinator should think of an advocate: exclusion or bias is in the way (domain.md S5-18)."""
        return "exclusion" in self.supports


class OrganiserQuestion(Record):
    """Something that an organiser has not said and that matters to somebody, with what a yes would change.

    Attributes
    ----------
    support : str
        Kind of barrier.
    question : str
        Names nobody and no need.
    blocking : bool
        Whether the person cannot come without it: confirm before going.
    place_now, place_if_yes : int
        Place among all eligible candidates of the person, by points without lifts.
    text : str
        What a yes would change, in words.
    """

    support: BarrierKind
    question: str
    blocking: bool
    place_now: Annotated[int, Field(ge=1)]
    place_if_yes: Annotated[int, Field(ge=1)]
    text: str

    @property
    def gain(self) -> int:
        """Places that the candidate would move up if the answer were yes: the value of asking."""
        return self.place_now - self.place_if_yes


class SupportFix(Record):
    """Supports that, arranged together, would open a gathering to people.

    Attributes
    ----------
    supports : tuple of str
        Kinds of barrier.
    cost : float
    opens : int or None
        People to whom it would become reachable; None for fewer than the report's `least`.
    ask_first : tuple of str
        Those about which the organiser has said nothing: they may be there already.
    text : str
        The same in words.
    """

    supports: Annotated[tuple[BarrierKind, ...], Field(min_length=1)]
    cost: Annotated[float, Field(ge=0)]
    opens: Count | None = None
    ask_first: tuple[BarrierKind, ...] = ()
    text: str


class GatheringSupports(Record):
    """What would open one gathering, and to how many people.

    Attributes
    ----------
    waiting : int or None
        People whom no other rule keeps away and who do not reach the target; None where this number, or what a fix
        leaves of it, would tell of fewer than `least`.
    fixes : tuple of SupportFix
        Most people first, then cheapest.
    """

    candidate_id: Id
    title: str
    waiting: Count | None = None
    fixes: tuple[SupportFix, ...] = ()


class SupportReport(Record):
    """What supports would open which gatherings (`matchengine supports`); no person is in it.

    Attributes
    ----------
    target : float
        Reach from which a gathering counts as reachable, 0 to 1.
    least : int
        Fewest people who are counted; fewer are told as "fewer than".
    gatherings : tuple of GatheringSupports
        Those that people wait for, most people first.
    welcome : Welcome or None
        How the gathering welcomes newcomers, where one alone was asked about.
    """

    kind: str
    target: Share
    least: Annotated[int, Field(ge=1)]
    gatherings: tuple[GatheringSupports, ...] = ()
    welcome: Welcome | None = None
    fingerprint: Fingerprint | None = None
