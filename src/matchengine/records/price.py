"""What a demand costs the person who makes it (domain.md C2)."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from matchengine.records.base import Id, Record

__all__ = ["PriceOfWishes"]

Count = Annotated[int, Field(ge=0)]


class PriceOfWishes(Record):
    """How many options a person has with and without what they demand of a match; for that person alone.

    Attributes
    ----------
    eligible, eligible_without : int
        Candidates that all rules allow as things are, and those they would allow without the demand.
    text : str
        The same as a sentence to the person.
    """

    requester_id: Id
    kind: str
    eligible: Count
    eligible_without: Count
    text: str
