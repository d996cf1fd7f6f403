"""Who gets a place at an event with fewer places than applicants, and how the others wait (domain.md S1-10)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from matchengine.records.base import Id, Record

__all__ = ["Applicant", "Draw", "Lottery", "PriorityClass"]

PriorityClass = Literal["never_attended", "previously_waitlisted"]
"""What gives priority in a lottery for places."""


class Applicant(Record):
    """Somebody who applies for a place; None means that nobody knows, which gives no priority."""

    person_id: Id
    never_attended: bool | None = None
    previously_waitlisted: bool | None = None


class Draw(Record):
    """One applicant's place in the order.

    Attributes
    ----------
    place : int
        From 1: among those who got a place, or on the waiting list.
    priorities : tuple of str
        What gave priority.
    number : str
        The number drawn, 64 hexadecimal digits: SHA-256 of "seed event person", a line feed between the three. Smaller
        numbers come first among applicants with the same priorities.
    """

    place: Annotated[int, Field(ge=1)]
    person_id: Id
    priorities: tuple[PriorityClass, ...] = ()
    number: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class Lottery(Record):
    """The draw for one event; the same seed and applicants give the same draw, whatever their order.

    Attributes
    ----------
    places : int or None
        Free places; None where no capacity is stated, and then everybody is admitted.
    priority : tuple of str
        What gave priority, the strongest first.
    admitted, waitlist : tuples of Draw
        In order.
    status : str
        Always `draft`: people have the last word.
    """

    event_id: Id
    seed: int
    places: Annotated[int, Field(ge=0)] | None
    priority: tuple[PriorityClass, ...]
    admitted: tuple[Draw, ...]
    waitlist: tuple[Draw, ...]
    status: Literal["draft"] = "draft"
