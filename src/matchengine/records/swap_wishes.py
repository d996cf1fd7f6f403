"""Who was asked whether they would work with another mentor for a time, and what they answered (domain.md D1)."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Self

from pydantic import Field, model_validator

from matchengine.i18n import _
from matchengine.records.base import Id, LanguageTag, Record, Text

__all__ = ["SwapPlace", "SwapWish"]

Share = Annotated[float, Field(ge=0, le=1)]


class _Dated(Record):
    """A period within which a swap could lie; None on either side leaves it open."""

    earliest: date | None = None
    latest: date | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.earliest is not None and self.latest is not None and self.latest < self.earliest:
            raise ValueError(_("latest is before earliest"))
        return self


class SwapWish(_Dated):
    """One running mentoring relationship whose people were asked whether they would swap for a time.

    Attributes
    ----------
    person_id, other_id : str
        The mentee and the mentor.
    mentee_agrees, mentor_agrees : bool
        Nobody is swapped who did not agree.
    mentor_any : bool
        The mentor takes anybody whom the rules allow, whatever they would gain themselves.
    mentor_pauses : bool
        The mentor takes nobody for the period: then the mentee can only be the first of a chain.
    earliest, latest : date or None
        The period within which they would swap.
    floor : float
        The mentee's own least gain, 0 to 1.
    perspective : str or None
        What other perspective the mentee wishes for, in their own words; compared, and quoted to nobody else.
    perspective_language : str or None
        Language of these words; None for that of the programme.
    for_mentor : str or None
        What the mentee wrote for the other mentor to read; coordinators hand it over.
    ranking : tuple of str
        Mentors the mentee would like to work with, the most wished for first; read only by top trading cycles.
    fragile : bool
        A coordinator's mark: not this time. It is told to nobody.
    waited : int
        Earlier rounds in which they were left without a swap.
    """

    person_id: Id
    other_id: Id
    mentee_agrees: bool = False
    mentor_agrees: bool = False
    mentor_any: bool = False
    mentor_pauses: bool = False
    floor: Share = 0.0
    perspective: Text | None = None
    perspective_language: LanguageTag | None = None
    for_mentor: Text | None = None
    ranking: Annotated[tuple[Id, ...], Field(max_length=50)] = ()
    fragile: bool = False
    waited: Annotated[int, Field(ge=0, le=100)] = 0

    @model_validator(mode="after")
    def _sound(self) -> Self:
        if self.person_id == self.other_id:
            raise ValueError(_("a swap wish needs two different ids"))
        if len(set(self.ranking)) < len(self.ranking):
            raise ValueError(_("a mentor is ranked twice"))
        return self


class SwapPlace(_Dated):
    """A mentor with a free place who would take a mentee for the period, without giving one away: a chain starts here.

    `mentor_any` is as in `SwapWish`.
    """

    mentor_id: Id
    mentor_agrees: bool = False
    mentor_any: bool = False
    places: Annotated[int, Field(ge=1, le=20)] = 1
