"""In which slot of a matrix the vector of an id lies."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["SLOTS", "SlotOf"]

SLOTS = NDArray[np.int64]


class SlotOf:
    """Slot of each id: a table for small ids, a dictionary for the others; -1 where an id is not stored."""

    def __init__(self) -> None:
        self._near = np.full(1024, -1, dtype=np.int64)
        self._far: dict[int, int] = {}

    def set(self, ids: SLOTS, slots: SLOTS, stored: int) -> None:
        """Give ids (n,) their slots (n,); `stored` is how many there are then."""
        limit = max(1 << 16, 8 * stored)
        near = (ids >= 0) & (ids < limit)
        largest = int(ids[near].max(initial=-1))
        if largest >= len(self._near):
            grown = np.full(min(limit, 2 * largest + 1), -1, dtype=np.int64)
            grown[: len(self._near)] = self._near
            self._near = grown
        self._near[ids[near]] = slots[near]
        self._far.update(zip(ids[~near].tolist(), slots[~near].tolist(), strict=True))

    def get(self, ids: SLOTS) -> SLOTS:
        """Return the slots (n,) of ids (n,)."""
        table = self._near
        near = (ids >= 0) & (ids < len(table))
        slots = np.full(len(ids), -1, dtype=np.int64)
        slots[near] = table[ids[near]]
        if self._far:
            missing = np.flatnonzero(slots < 0)
            slots[missing] = [self._far.get(i, -1) for i in ids[missing].tolist()]
        return slots

    def fork(self) -> SlotOf:
        """Return the same slots, to change apart from these."""
        made = SlotOf()
        made._near, made._far = self._near.copy(), dict(self._far)
        return made

    def forget(self, ids: SLOTS) -> None:
        """Let ids (n,) have no slot any more."""
        near = (ids >= 0) & (ids < len(self._near))
        self._near[ids[near]] = -1
        for i in ids.tolist() if self._far else ():
            self._far.pop(i, None)
