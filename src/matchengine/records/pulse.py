"""What follows from what people say back: talks, offers, checks and suggestions, all of them drafts (S2-19, S2-31, S4).

Nothing here holds an answer: coordinators read needs, and members read what follows from their own answers alone.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from matchengine.records import vocabulary as v
from matchengine.records.base import Id, Record
from matchengine.records.journey import HelpCheck
from matchengine.records.result import Fingerprint

__all__ = [
    "AlternativeOffer",
    "HelpChecks",
    "Mismatch",
    "MismatchNeed",
    "MismatchOffer",
    "MismatchStep",
    "Mismatches",
    "OwnPulse",
    "OwnPulseDocument",
    "PulseDocument",
    "ReadyToMentor",
    "Suspension",
    "SuspensionKind",
]

MismatchNeed = Literal["rhythm", "goals", "style", "expectations"]
"""What two people need to talk about: how often they meet, what they work on, how they work, what each expects."""
MismatchStep = Literal["conversation", "offer", "speak_with_each"]
"""A talk of the two; the offer of another match or of a swap; a talk of a person with each of them alone."""
MismatchOffer = Literal["rematch", "swap"]
SuspensionKind = Literal["person", "group", "event", "project"]
Count = Annotated[int, Field(ge=0)]


class Mismatch(Record):
    """One match whose two people seem to expect different things, for who looks after it; nothing is changed by it.

    Attributes
    ----------
    after_days : int
        The latest pulse that was reached: days since the match began.
    step : str
        `conversation` first; `offer` where it lasted over a further pulse, or somebody said that this match is not for
        them; `speak_with_each` where somebody did not feel safe: then nobody is asked to talk with the other.
    needs : tuple of str
        What it is about; neither whose need it is nor what anybody answered.
    offers : tuple of str
        What to offer to each of the two, apart from one another.
    reasons : tuple of str
        In sentences.
    """

    person_id: Id
    other_id: Id
    kind: v.RelationshipKind
    after_days: Annotated[int, Field(ge=1)]
    step: MismatchStep
    needs: tuple[MismatchNeed, ...] = ()
    offers: tuple[MismatchOffer, ...] = ()
    reasons: tuple[str, ...] = ()
    status: Literal["draft"] = "draft"


class Mismatches(Record):
    """All running matches in which expectations seem to differ, and what became of those in which they did.

    Attributes
    ----------
    found : tuple of Mismatch
        What needs a person first, then offers, then talks.
    repaired, ended, open : int
        Matches that had a mismatch at any pulse: those in which a later pulse had none or that were completed, those
        that ended, and those of which nobody can tell yet.
    """

    today: date
    found: tuple[Mismatch, ...] = ()
    repaired: Count = 0
    ended: Count = 0
    open: Count = 0
    fingerprint: Fingerprint | None = None


class OwnPulse(Record):
    """What one person reads about one of their matches at a pulse: nothing in it depends on what the other answered.

    Attributes
    ----------
    prompts : tuple of str
        Sentences for a talk of the two. The first is the same for everybody whose pulse was reached.
    needs : tuple of str
        What the person's own answers and the shared log of meetings are about.
    offers : tuple of str
        What they may ask for; nothing happens unless they do.
    text : str
        All of it in sentences.
    """

    person_id: Id
    other_id: Id
    kind: v.RelationshipKind
    after_days: Annotated[int, Field(ge=1)]
    prompts: tuple[str, ...] = ()
    needs: tuple[MismatchNeed, ...] = ()
    offers: tuple[MismatchOffer, ...] = ()
    text: str


class ReadyToMentor(Record):
    """Somebody whose mentoring was completed and who offers something: a question to them alone (domain.md S2-31).

    Nothing follows from it before their own record holds the role `mentor`. `offers` are their own words.
    """

    person_id: Id
    offers: Annotated[tuple[str, ...], Field(min_length=1)]
    text: str
    status: Literal["draft"] = "draft"


class AlternativeOffer(Record):
    """Somebody whom a gathering did not help: other gatherings to offer, best first (domain.md S4-15)."""

    person_id: Id
    group_id: Id
    alternatives: tuple[Id, ...] = ()
    text: str


class HelpChecks(Record):
    """Who is to be asked whether a gathering helps, and who is to be offered another one.

    Attributes
    ----------
    due : tuple of HelpCheck
        Joins after whose second visit nobody has asked yet, the earliest due first.
    offers : tuple of AlternativeOffer
        Joins that did not help.
    answered : int
        Joins of which the person has said whether they help: they are not asked again.
    """

    today: date
    due: tuple[HelpCheck, ...] = ()
    offers: tuple[AlternativeOffer, ...] = ()
    answered: Count = 0


class Suspension(Record):
    """Somebody or something of which independent people said that it felt unsafe, or like a competition (S4-13).

    Gatherings are out of the suggestions until somebody looked into it (`reviewed_on` of the record); about people a
    person decides. Who said so, when and what is not told.
    """

    about_id: Id
    kind: SuspensionKind
    suspended: bool
    text: str


class PulseDocument(Record):
    """`matchengine pulse --json`: what follows from what people said back, for coordinators."""

    mismatches: Mismatches
    help_checks: HelpChecks
    ready_to_mentor: tuple[ReadyToMentor, ...] = ()
    suspended: tuple[Suspension, ...] = ()


class OwnPulseDocument(Record):
    """`matchengine pulse PERSON --json`: what one person reads about each of their matches."""

    person_id: str
    matches: tuple[OwnPulse, ...] = ()
