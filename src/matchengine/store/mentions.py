"""Records of other people without any mention of somebody who is gone."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable
from datetime import datetime
from secrets import randbelow
from typing import Any

from matchengine.records import Feedback, Record

__all__ = ["ERASED_DECIDER", "nameless_flags", "without"]

_ABOUT = ("id", "person_id", "other_id", "about_id")
_MENTIONS = ("anchor_of", "decided_by", "line_manager", "led_by")
ERASED_DECIDER = "erased"
"""Stands for a human who decided on a sponsorship and was erased: it stays one that a human decided on (C7)."""


def without(record: Record, gone: Callable[[str], bool], alias: Callable[[str], str]) -> Record | None:
    """Return a record without the ids of people who are gone; itself where it names none, None where it is of one.

    Parameters
    ----------
    record : Record
        Any of `matchengine.store.documents.KINDS`.
    gone : callable
        Tells whether an id is that of somebody who is gone.
    alias : callable
        Gives another name to a household that is called by such an id, the same to all its members.
    """
    if any(gone(value) for name in _ABOUT if (value := getattr(record, name, None)) is not None):
        return None
    changed: dict[str, Any] = {name: None for name in _MENTIONS if _named(record, name, gone)}
    if "decided_by" in changed and record.kind == "sponsorship" and record.status == "active":  # type: ignore[attr-defined]
        changed["decided_by"] = ERASED_DECIDER
    if _named(record, "household", gone):
        changed["household"] = alias(record.household)  # type: ignore[attr-defined]
    boundaries = getattr(record, "boundaries", ())
    left = tuple(each for each in boundaries if each.kind != "person" or not gone(each.value))
    if left != boundaries:
        changed["boundaries"] = left
    contacts = getattr(record, "contacts", ())
    if (kept := tuple(each for each in contacts if not gone(each.person_id))) != contacts:
        changed["contacts"] = kept
    return record.model_copy(update=changed) if changed else record


def nameless_flags(
    answers: Iterable[tuple[Feedback, datetime]], gatherings: Container[str]
) -> list[tuple[Feedback, datetime]]:
    """Return what remains of the answers of people who are erased: that a gathering was flagged as unsafe (S4-13).

    Of everything that one of them said about one gathering a single flag without name, rating or hour; it protects
    others. No two are alike, so that they stay those of so many people.

    Parameters
    ----------
    answers : iterable of (Feedback, datetime)
        Each with the moment at which it was written down.
    gatherings : container of str
        Ids of groups, events and the like.

    Returns
    -------
    list of (Feedback, datetime)
        Each with the day on which it was written down; one that says no day is of that day.
    """
    flags: dict[tuple[str | None, str], tuple[Feedback, datetime]] = {}
    for answer, written in answers:
        items = answer.items
        if answer.about_id in gatherings and (items.felt_unsafe or items.felt_competitive):
            flags.setdefault((answer.person_id, answer.about_id), (answer, _day(written)))
    return [(_nameless(answer, day), day) for answer, day in flags.values()]


def _day(moment: datetime) -> datetime:
    return moment.replace(hour=0, minute=0, second=0, microsecond=0)


def _nameless(answer: Feedback, written: datetime) -> Feedback:
    flags = {name: getattr(answer.items, name) for name in ("felt_unsafe", "felt_competitive")}
    day = written if answer.given_at is None else _day(answer.given_at)
    items = type(answer.items)(**{name: value for name, value in flags.items() if value})
    return Feedback(
        about_id=answer.about_id,
        wave=answer.wave,
        perspective=answer.perspective,
        items=items,
        anonymous=True,
        given_at=day.replace(microsecond=randbelow(1_000_000)),
    )


def _named(record: Record, name: str, gone: Callable[[str], bool]) -> bool:
    value = getattr(record, name, None)
    return isinstance(value, str) and gone(value)
