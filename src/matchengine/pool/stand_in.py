"""Somebody in the place of whoever is not there, so that an absence takes as long to answer as a boundary (SEC6)."""

from __future__ import annotations

from matchengine.batch import BoolArray
from matchengine.pool.tables import Table

__all__ = ["stand_in"]


def stand_in(table: Table, external: str, taking_part: BoolArray) -> tuple[int, bool]:
    """Return the row of somebody who takes part, else that of the first who does (-1: nobody), and which of the two.

    The steps are the same whoever is asked for, known or not.
    """
    if not taking_part.any():
        return -1, False
    instead = int(taking_part.argmax())  # always the same: no id takes another time than another
    row = table.row_of.get(external, instead)
    there = bool(taking_part[row]) & (external in table.row_of)
    return (instead, row)[there], there
