"""What one more place, mentor, group, skill, language or hour would bring to a programme (domain.md E, I2)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from matchengine.records.base import Id, Record

__all__ = ["NewcomerPrice", "SeatPrice", "ShadowPrices"]

Count = Annotated[int, Field(ge=0)]


class SeatPrice(Record):
    """What one more place with a candidate would bring.

    Attributes
    ----------
    served : int
        More people with somebody, compared with the draft; may be negative for a method that does not serve as many as
        possible.
    points : float
        Rise of the most points that all pairs of any draft could have together; never negative.
    """

    candidate_id: Id
    served: int
    points: float


class NewcomerPrice(Record):
    """What one more candidate with one place would bring, if it had one property, or several together.

    Attributes
    ----------
    skill, language, slot : str or None
        What it helps with, as far as a coordinator may read that, tag of its language, and when it is free, such as
        `tue-evening`; None where nothing was assumed, so that it stands in nobody's way.
    text : str
        The same in words.
    served, points
        As for a seat.
    """

    skill: str | None = None
    language: str | None = None
    slot: str | None = None
    text: str
    served: int
    points: float


class ShadowPrices(Record):
    """What would help a programme most (`matchengine shadow`); nobody who looks is named.

    Attributes
    ----------
    kind, method : str
        Kind of match, and the method by which every variant was decided anew.
    requesters, served : int
        People who look, and those whom the draft gives somebody.
    seats : tuple of SeatPrice
        Of candidates whose places are all taken; most helpful first. Those that would change nothing are left out.
    newcomers : tuple of NewcomerPrice
        By one property alone: the most helpful skills, then languages, then hours.
    together : tuple of NewcomerPrice
        The most helpful properties combined.
    summary : tuple of str
    by : "served" or "points"
        What the order goes by: points where everybody is served already.
    """

    kind: str
    method: str
    requesters: Count
    served: Count
    seats: tuple[SeatPrice, ...] = ()
    newcomers: tuple[NewcomerPrice, ...] = ()
    together: tuple[NewcomerPrice, ...] = ()
    summary: tuple[str, ...] = ()
    by: Literal["served", "points"] = "served"
