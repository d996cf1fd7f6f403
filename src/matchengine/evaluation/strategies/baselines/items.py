"""Texts of people item by item: the best of all items of a pair, in blocks of bounded memory."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from matchengine.batch import FloatArray, IntArray
from matchengine.comparison import Asked

__all__ = ["Items", "best_of_items"]

_CELLS = 1 << 23
"""Cells of a block of likenesses."""


@dataclass(frozen=True)
class Items:
    """Distinct texts of one side, and which each person has: `text` int64 (I,), `starts` int64 (N + 1,)."""

    distinct: list[str]
    text: IntArray
    starts: IntArray

    @classmethod
    def of(cls, texts: Sequence[Sequence[str]], people: int) -> Items:
        """Take texts apart; blank ones count as none."""
        held = [[item for item in own if item.strip()] for own in texts] or [[] for _person in range(people)]
        distinct = sorted({item for own in held for item in own})
        number = {item: n for n, item in enumerate(distinct)}
        text = np.array([number[item] for own in held for item in own], np.int64)
        return cls(distinct, text, np.cumsum([0, *(len(own) for own in held)]))


def best_of_items(asked: Asked, sides: tuple[Items, Items], likeness: Callable[[IntArray], FloatArray]) -> FloatArray:
    """Score each pair by the greatest likeness of any item of one to any item of the other.

    Parameters
    ----------
    sides : two Items
        Of requesters and of candidates.
    likeness : callable
        Distinct texts of requesters (a,) -> likeness (a, all distinct texts of candidates).

    Returns
    -------
    float64 array (P,)
        0 where either has no text.
    """
    own, theirs = sides
    out = np.zeros(len(asked))
    if not len(own.text) or not len(theirs.text):
        return out
    holding = np.flatnonzero(np.diff(theirs.starts))
    first = theirs.starts[holding]
    step = max(_CELLS // max(len(theirs.text), 1), 1)
    best = np.zeros(asked.candidates)
    person = 0
    while person < asked.requesters:
        until = max(int(np.searchsorted(own.starts, own.starts[person] + step, "right")) - 1, person + 1)
        part = own.text[own.starts[person] : own.starts[until]]
        texts, place = np.unique(part, return_inverse=True)
        of_text = np.maximum.reduceat(likeness(texts)[:, theirs.text], first, axis=1) if len(texts) else None
        for one in range(person, until):
            mine = place[own.starts[one] - own.starts[person] : own.starts[one + 1] - own.starts[person]]
            pairs = slice(asked.starts[one], asked.starts[one + 1])
            if len(mine) and of_text is not None:
                best[holding] = of_text[mine].max(axis=0)
                out[pairs] = best[asked.candidate[pairs]]
        person = until
    return out
