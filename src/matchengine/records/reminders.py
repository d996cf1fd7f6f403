"""Who is to be asked how a match goes (domain.md S2-28)."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field

from matchengine.records import vocabulary as v
from matchengine.records.base import Id, Record

__all__ = ["Reminder", "Reminders"]

Count = Annotated[int, Field(ge=0)]


class Reminder(Record):
    """One person to be asked about one match or gathering.

    `after_days` is the pulse: days since the match began. `due` is the day it was reached.
    """

    person_id: Id
    about_id: Id
    kind: v.RelationshipKind
    after_days: Annotated[int, Field(ge=1)]
    due: date


class Reminders(Record):
    """Who is to be asked today; for coordinators. Answering is voluntary, and a reminder says nothing about anybody.

    Attributes
    ----------
    today : date
    due, overdue : tuple of Reminder
        The earliest due first; overdue is what has waited longer than the days of grace.
    came_due, answered : int
        Pulses of all open matches that were reached by today, and how many of them have an answer with a name.
    undated : int
        Open matches without a first day: nobody can be reminded of them.
    """

    today: date
    due: tuple[Reminder, ...] = ()
    overdue: tuple[Reminder, ...] = ()
    came_due: Count = 0
    answered: Count = 0
    undated: Count = 0
