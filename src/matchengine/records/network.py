"""What changed in a person's network map since an earlier one (domain.md S2-32)."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from matchengine.records import vocabulary as v
from matchengine.records.base import Record

__all__ = ["NetworkChange"]

Difference = Annotated[float, Field(ge=-1, le=1)]
Categories = Annotated[int, Field(ge=0, le=6)]


class NetworkChange(Record):
    """What changed between two maps of one person.

    Attributes
    ----------
    closed : dict
        By category that both maps state, how much its gap became smaller at the importance of the earlier map; negative
        where it grew.
    reachable_before, reachable_after : int
        Categories with at least one contact.
    gained, lost : tuples of str
        Functions that the ties serve only now, and only before.
    """

    closed: dict[v.NetworkCategory, Difference]
    reachable_before: Categories
    reachable_after: Categories
    gained: tuple[v.TieFunction, ...] = ()
    lost: tuple[v.TieFunction, ...] = ()
