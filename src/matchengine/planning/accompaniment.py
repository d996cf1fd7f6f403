"""Company that fades: one level for a good visit, none for a bad one; so does the comfort rung rise (C5, S5-05)."""

from __future__ import annotations

from collections.abc import Iterable

from matchengine.records import Person
from matchengine.records.journey import ACCOMPANIMENT, Accompaniment, VisitRating

__all__ = ["TOP_RUNG", "accompaniment", "after_visit", "faded", "first_accompaniment", "rung_after"]

TOP_RUNG = 4
_FIRST: tuple[Accompaniment, ...] = ("together", "together", "arrive_together", "alone_with_contact", "alone")
"""Company on the first visit, by comfort rung; an assumption, which the person may change."""


def first_accompaniment(rung: int) -> Accompaniment:
    """Return how somebody of a comfort rung, 0 to 4, goes to a group for the first time."""
    return _FIRST[rung]


def faded(level: Accompaniment, rating: VisitRating | None) -> Accompaniment:
    """Return the level after one visit: one less company if it felt all right, else the same."""
    place = ACCOMPANIMENT.index(level)
    return ACCOMPANIMENT[min(place + 1, len(ACCOMPANIMENT) - 1)] if rating == "okay" else level


def accompaniment(rung: int, ratings: Iterable[VisitRating | None]) -> Accompaniment:
    """Return how somebody goes to a group after visits with these ratings, oldest first; rung 0 to 4."""
    level = first_accompaniment(rung)
    for rating in ratings:
        level = faded(level, rating)
    return level


def rung_after(rung: int, rating: VisitRating | None) -> int:
    """Return the comfort rung after a visit: one more if it felt all right, up to 4, and never less."""
    return min(rung + 1, TOP_RUNG) if rating == "okay" else rung


def after_visit(person: Person, rating: VisitRating | None) -> Person:
    """Return the record of a person after a visit to a group.

    A visit that felt all right raises `comfort_rung`, where the person chose one, and counts as one more of `visits`;
    any other changes nothing.
    """
    if rating != "okay":
        return person
    rung = None if person.comfort_rung is None else rung_after(person.comfort_rung, rating)
    return person.model_copy(update={"comfort_rung": rung, "visits": min((person.visits or 0) + 1, 1000)})
