"""What follows joins, talks and wishes: check-ins, proposals, small groups, questions to confirm (S2, S4, S5)."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from matchengine.records.base import Id, LanguageTag, Record, ShortText, Text
from matchengine.records.vocabulary import BarrierKind, NetworkCategory, NetworkStatus, TieFunction

__all__ = [
    "BarrierQuestion",
    "CheckIns",
    "NetworkProgress",
    "Proposal",
    "ProposalField",
    "SharedItem",
    "SmallGroup",
    "SmallGroupInvitation",
    "ThemeChoice",
]

ProposalField = Literal["goals", "interests"]


class CheckIns(Record):
    """How a pair keeps to its rhythm, and when both could meet next (domain.md S2-16).

    Attributes
    ----------
    missed : int
        Days on which a meeting was due since the last one and have passed; `drifting` from two on.
    dates : tuple of datetime
        Suggested next meetings, one for each period, when both are free; in the programme's time zone.
    text : str
        A sentence for the two, or for who looks after them.
    """

    person_id: Id
    other_id: Id
    missed: Annotated[int, Field(ge=0)]
    drifting: bool
    dates: tuple[datetime, ...] = ()
    text: str = ""


class Proposal(Record):
    """A goal or interest that somebody proposes for a person; it counts once the person accepted it (S5-04).

    `author_id` may be the person: who wrote a line is always told.
    """

    person_id: Id
    author_id: Id
    field: ProposalField
    text: Text
    language: LanguageTag | None = None
    accepted: bool | None = None


class SharedItem(Record):
    """One line of the list that two people keep together, with everybody who proposed it, first author first."""

    field: ProposalField
    text: Text
    language: LanguageTag | None = None
    authors: Annotated[tuple[Id, ...], Field(min_length=1)]
    accepted: bool | None = None


class ThemeChoice(Record):
    """A theme that somebody chose for a small group; `opted_in` says that they may be asked (domain.md S4-03)."""

    person_id: Id
    theme: ShortText
    opted_in: bool = False


class SmallGroup(Record):
    """Three or more people near each other who chose the same theme; for the engine and the programme alone."""

    theme: ShortText
    people: Annotated[tuple[Id, ...], Field(min_length=3)]


class SmallGroupInvitation(Record):
    """What one of them reads: nobody else's id before everybody said yes."""

    person_id: Id
    theme: ShortText
    people: tuple[Id, ...] = ()
    text: str


class BarrierQuestion(Record):
    """A barrier that an obstacle of a goal may stand for: a question to the person, never an answer (S2-18).

    `goal` and `obstacle` are positions in the person's goals and in the obstacles of that goal.
    """

    kind: BarrierKind
    goal: Annotated[int, Field(ge=0)]
    obstacle: Annotated[int, Field(ge=0)]
    question: str


class NetworkProgress(Record):
    """Where a person is with their network map (domain.md S5-28, S5-34).

    Attributes
    ----------
    status : str or None
        The last point of the checklist that is done; None where no map was sketched.
    done, points : int
        Points of the checklist that are done, and how many there are.
    largest_gap : str or None
        Category with the largest gap; None where nothing is missing or nothing is known.
    covered, open : tuples of str
        Functions that at least one tie of the person has, and those that none has.
    """

    status: NetworkStatus | None
    done: int
    points: int
    largest_gap: NetworkCategory | None
    covered: tuple[TieFunction, ...] = ()
    open: tuple[TieFunction, ...] = ()
