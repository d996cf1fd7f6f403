"""Other people in what one person may see: by a name that says nothing, the same throughout one document."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from typing import Any

from matchengine.records import Person
from matchengine.store.results import CLOSED

__all__ = ["Names", "parts_of"]

_MOMENT = re.compile(r"^\d{4}-\d{2}-\d{2}(T[\d:.]+(Z|[+-]\d{2}:?\d{2})?)?$")
_ALIAS = re.compile(r"^household-[0-9a-f]{16}$")
"""What a household is called in the place of the id of somebody who was erased (`Keeper.alias`)."""
_NOTHING = object()


class Names:
    """Names for ids: one's own id and those of groups and the like stay, people become `somebody-1`, `somebody-2`.

    Parameters
    ----------
    own : str
    gatherings : container of str
        Ids of groups, events, resources, projects and organisations.
    people : container of str
        Ids that are or were those of people; no name is one of them.
    """

    def __init__(self, own: str, gatherings: Container[str], people: Container[str]) -> None:
        self.own, self.people, self._gatherings = own, people, gatherings
        self._names: dict[str, str] = {}
        self._next = 0

    def __call__(self, external: str) -> str:
        if external == self.own or external in self._gatherings:
            return external
        while external not in self._names:
            self._next += 1
            if (name := f"somebody-{self._next}") not in self.people:
                self._names[external] = name
        return self._names[external]

    def person(self, person: Person) -> Person:
        """Return a person's own record without the ids of others in it."""
        changed: dict[str, Any] = {}
        if person.line_manager is not None:
            changed["line_manager"] = self(person.line_manager)
        if person.household is not None and (person.household in self.people or _ALIAS.match(person.household)):
            changed["household"] = self(person.household)
        changed["boundaries"] = tuple(
            each.model_copy(update={"value": self(each.value)}) if each.kind == "person" else each
            for each in person.boundaries
        )
        return person.model_copy(update=changed)


def parts_of(document: Any, names: Names) -> Iterator[dict[str, Any]]:
    """Yield the innermost tables of a JSON document that hold one's own id, without anything of anybody else."""
    if isinstance(document, list):
        for each in document:
            yield from parts_of(each, names)
    elif isinstance(document, dict):
        if names.own in document and (held := _value("", document[names.own], names, whole=True)) is not _NOTHING:
            yield {"for": names.own, "held": held}
        if _holds(document, names.own):
            yield {key: told for key, each in document.items() if (told := _value(key, each, names)) is not _NOTHING}
            return
        for key, each in document.items():
            if key != names.own:
                yield from parts_of(each, names)


def _holds(table: dict[str, Any], own: str) -> bool:
    """Whether a table says something of its own about an id: as a value, or in a list of values."""
    return any(value == own or (isinstance(value, list) and own in value) for value in table.values())


def _value(key: str, value: Any, names: Names, *, whole: bool = False) -> Any:
    """What of a value may be told: numbers, days, closed words and names; of lists and tables what holds one's id.

    A list in which one's id stands is told as a whole, and so is what is held under it; of others what holds it.
    """
    if isinstance(value, bool | int | float):
        return value
    if isinstance(value, str):
        if value == names.own or key in CLOSED or _MOMENT.match(value):
            return value
        return names(value) if value in names.people or key.endswith("_id") else _NOTHING
    if isinstance(value, list) and (whole or _mentions(value, names.own)):
        among = names.own in value
        told = [_value("_id" if among else "", each, names, whole=whole or among) for each in value]
        return [each for each in told if each is not _NOTHING]
    if isinstance(value, dict) and (whole or _mentions(value, names.own)):
        found = {
            key: _value("" if own else key, each, names, whole=own)
            for key, each in value.items()
            if (own := key == names.own) or key not in names.people
        }
        return {key: each for key, each in found.items() if each is not _NOTHING}
    return _NOTHING


def _mentions(value: Any, own: str) -> bool:
    if isinstance(value, dict):
        return own in value or any(_mentions(each, own) for each in value.values())
    return any(_mentions(each, own) for each in value) if isinstance(value, list) else bool(value == own)
