"""Which needs of a programme are met by whom, and which by nobody: where a partner is missing (domain.md S5-20)."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from matchengine.records.base import Record

__all__ = ["NeedCoverage", "UnmetNeeds"]

Count = Annotated[int, Field(ge=0)]


class NeedCoverage(Record):
    """What is there for the people with one kind of main goal.

    Attributes
    ----------
    goal : str
        Kind of goal, or `unstated`.
    people : int
        People with this main goal.
    reached : dict of str to int
        How many of them somebody or something of each type suits at least fairly: roles of people (`mentor`), kinds of
        groups and events (`library`, `workshop`), types of resources (`course`). Types that reach nobody have a 0.
    unmet : int
        People whom nothing at all suits at least fairly.
    """

    goal: str
    people: Count
    reached: dict[str, Count]
    unmet: Count


class UnmetNeeds(Record):
    """Coverage of all kinds of goals, the most unmet first.

    Attributes
    ----------
    needs : tuple of NeedCoverage
        Kinds of goals of at least five people.
    too_few : int
        People whose kind of goal fewer than five share; nothing more is told of them.
    summary : tuple of str
        The gaps in sentences.
    """

    needs: tuple[NeedCoverage, ...] = ()
    too_few: Count = 0
    summary: tuple[str, ...] = ()
