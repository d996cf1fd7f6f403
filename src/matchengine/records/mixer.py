"""A mixer: rounds of short meetings in which no two people meet twice (domain.md I9, S2-14)."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import Field

from matchengine.records.base import Id, Record

__all__ = ["MixerAlone", "MixerCard", "MixerMeeting", "MixerRound", "MixerSchedule", "MixerTable"]

Number = Annotated[int, Field(ge=1)]
Count = Annotated[int, Field(ge=0)]


class MixerTable(Record):
    """Who sits at one table in one round; tables are numbered from 1."""

    table: Number
    person_ids: tuple[Id, ...]


class MixerRound(Record):
    """One round: when it starts, who sits where, and who sits out; `starts` is None where no start was given."""

    round: Number
    starts: datetime | None = None
    tables: tuple[MixerTable, ...]
    sits_out: tuple[Id, ...] = ()


class MixerMeeting(Record):
    """One line of a person's card."""

    round: Number
    starts: datetime | None = None
    table: Number
    with_ids: tuple[Id, ...]


class MixerCard(Record):
    """What one person needs to know: where they sit, with whom, and in which rounds they sit out."""

    person_id: Id
    meetings: tuple[MixerMeeting, ...]
    sits_out: tuple[Number, ...] = ()


class MixerAlone(Record):
    """Somebody for whom there is nobody to meet; the reason never says more, whatever rule stands in the way."""

    person_id: Id
    reason: str


class MixerSchedule(Record):
    """A proposed schedule of short meetings; nothing is settled before the people in it agree.

    Attributes
    ----------
    kind : str
    minutes, pause : int
        Length of a meeting, and between two rounds.
    rounds : tuple of MixerRound
    cards : tuple of MixerCard
        One for each person who meets somebody, by id.
    fewest, most : int
        Rounds at a table, of the person with the fewest and of the one with the most.
    alone : tuple of MixerAlone
        Who can meet nobody here; they are in no round.
    """

    kind: str
    minutes: Number
    pause: Count
    rounds: tuple[MixerRound, ...]
    cards: tuple[MixerCard, ...]
    fewest: Count
    most: Count
    alone: tuple[MixerAlone, ...] = ()
