"""The last step to a record: invalid optional parts are taken out one by one, never the row for their sake."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Generic, TypeVar

from pydantic import ValidationError

from matchengine.io.fields import TABLES, Reads
from matchengine.records import describe_validation
from matchengine.records.base import Record

__all__ = ["Built", "build", "cap_lists"]

RecordType = TypeVar("RecordType", bound=Record)
_ROUNDS = 6


@dataclass(frozen=True, slots=True)
class Built(Generic[RecordType]):
    """A record, or None, and what had to go: (field, what was expected) for each part taken out."""

    record: RecordType | None
    removed: tuple[tuple[str, str], ...]


def build(model: type[RecordType], data: dict[str, Any]) -> Built[RecordType]:
    """Make a record from plain data, taking out what is invalid.

    Parameters
    ----------
    model : type
        The record class.
    data : dict
        Its fields; changed in place where parts have to go.

    Returns
    -------
    Built
        Without a record if a required field is missing or invalid.
    """
    removed: list[tuple[str, str]] = []
    for _ in range(_ROUNDS):
        try:
            return Built(model.model_validate(data), tuple(removed))
        except ValidationError as error:
            found = error.errors(include_url=False, include_input=False)
            sentences = describe_validation(error, model)
            removed += [
                (str(p["loc"][0]) if p["loc"] else "", s.partition(": ")[2])
                for p, s in zip(found, sentences, strict=True)
            ]
            places = sorted({_cut(data, p["loc"]) for p in found}, key=_last_first)
            if not all(_remove(data, place, model) for place in places):
                break
    return Built(None, tuple(removed))


def _last_first(place: tuple[int | str, ...]) -> tuple[int, ...]:
    return tuple(-key for key in place if isinstance(key, int))


def _cut(data: dict[str, Any], loc: Sequence[int | str]) -> tuple[int | str, ...]:
    """Return the smallest part that can go: an entry of a list, a key of a nested record, or the field."""
    if len(loc) >= 2 and isinstance(loc[1], int):
        return tuple(loc[:2])
    if len(loc) >= 2 and isinstance(data.get(str(loc[0])), dict) and loc[1] in data[str(loc[0])]:
        if len(loc) >= 3 and isinstance(loc[2], int):
            return tuple(loc[:3])
        return tuple(loc[:2])
    return tuple(loc[:1])


def _remove(data: dict[str, Any], place: tuple[int | str, ...], model: type[Record]) -> bool:
    if not place or (
        len(place) == 1 and place[0] in model.model_fields and model.model_fields[str(place[0])].is_required()
    ):
        return False
    inner: Any = data
    for key in place[:-1]:
        inner = inner[key]
    last = place[-1]
    if isinstance(inner, tuple):
        return False
    if isinstance(inner, list) and isinstance(last, int):
        del inner[last]
        return True
    return isinstance(inner, dict) and inner.pop(last, None) is not None


@cache
def _caps(reads: Reads) -> tuple[tuple[tuple[str, ...], int], ...]:
    """Return the caps of lists by where they stand in the record; all kinds of boundary share one list."""
    caps = {}
    for target in TABLES[reads].values():
        if target.cap:
            caps[target.path[:1] if target.path[0] == "boundaries" else target.path] = target.cap
    return tuple(caps.items())


def cap_lists(data: dict[str, Any], reads: Reads) -> list[tuple[str, int, int]]:
    """Keep the first entries of lists that are too long.

    Returns
    -------
    list of (field, cap, dropped)
        One for each list that was cut.
    """
    cut = []
    for path, cap in _caps(reads):
        place: Any = data
        for key in path[:-1]:
            place = place.get(key) if isinstance(place, dict) else None
        items = place.get(path[-1]) if isinstance(place, dict) else None
        if isinstance(items, list) and len(items) > cap:
            cut.append((path[0], cap, len(items) - cap))
            del items[cap:]
    return cut
