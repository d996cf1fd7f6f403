"""What a coordinator asks of groups: together, apart, locked; and errors where that cannot be (domain.md F2.8)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from matchengine.batch import IntArray
from matchengine.errors import DataError, UnknownIdError
from matchengine.i18n import N_, _, listing

__all__ = ["Asked", "Pair", "positions", "refuse_circles"]

Pair = tuple[str, str]


@dataclass(frozen=True)
class Asked:
    """Wishes about people, by id; `locks` are numbers of groups, from 1."""

    together: tuple[Pair, ...] = ()
    apart: tuple[Pair, ...] = ()
    locks: Mapping[str, int] | None = None

    @property
    def people(self) -> tuple[str, ...]:
        """Everybody named."""
        named = [person for pair in (*self.together, *self.apart) for person in pair]
        return tuple(dict.fromkeys([*named, *(self.locks or {})]))


def positions(pairs: Sequence[Pair], place: Mapping[str, int]) -> IntArray:
    """Pairs of ids as pairs of positions, int64 (K, 2).

    Raises
    ------
    UnknownIdError, DataError
        Where somebody does not take part, or a pair is one person twice.
    """
    for one, other in pairs:
        for person in (one, other):
            if person not in place:
                told = N_("{id!r} is named among those who are to be together or apart, but does not take part")
                raise UnknownIdError(_(told, id=person))
        if one == other:
            raise DataError(_("{id!r} is named together with themselves; name two people", id=one))
    return np.array([(place[one], place[other]) for one, other in pairs], np.int64).reshape(-1, 2)


def refuse_circles(pairs: Sequence[Pair]) -> None:
    """Refuse wishes to be together that run in a circle: one of them says what the others say already.

    Raises
    ------
    DataError
        Naming everybody on the circle.
    """
    beside: dict[str, list[str]] = {}
    for one, other in pairs:
        path = _path(beside, one, other)
        if path:
            told = N_(
                "the wishes to be together run in a circle: {people}; each of them is tied already, leave one out"
            )
            raise DataError(_(told, people=listing(path)))
        beside.setdefault(one, []).append(other)
        beside.setdefault(other, []).append(one)


def _path(beside: Mapping[str, Sequence[str]], one: str, other: str) -> list[str]:
    """How one person is tied to another already, both included; empty where they are not."""
    came: dict[str, str] = {one: one}
    waiting = [one]
    while waiting and other not in came:
        here = waiting.pop(0)
        for there in beside.get(here, ()):
            if there not in came:
                came[there] = here
                waiting.append(there)
    if other not in came:
        return []
    path = [other]
    while path[-1] != one:
        path.append(came[path[-1]])
    return path[::-1]
