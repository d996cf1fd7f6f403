"""Rows under external ids, as columns that only grow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import blake2b
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matchengine.errors import DataError
from matchengine.i18n import N_, _, ngettext
from matchengine.pool.arrays import Growable, Strings, forked, pack_strings, unpack_strings
from matchengine.pool.shared import Columns

__all__ = ["Table", "refuse_duplicates"]


class Table:
    """Rows under external ids. Rows are only ever appended or marked as gone, so a row number stays valid."""

    def __init__(self, name: str, seed: int = 0) -> None:
        self.name = name
        self._key = str(seed).encode()
        self._lottery = Growable.empty(np.uint64)
        self.ids = Strings()
        self.row_of: dict[str, int] = {}
        self._alive = Growable.empty(np.bool_)
        self._columns: dict[str, Growable] = {}

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def alive(self) -> NDArray[np.bool_]:
        """Which rows still stand for somebody, shape (N,)."""
        return self._alive.data

    @property
    def lottery(self) -> NDArray[np.uint64]:
        """A number per row from the seed and the id alone: the order in which ties are broken."""
        return self._lottery.data

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the columns."""
        return tuple(self._columns)

    def column(self, name: str) -> NDArray[Any]:
        """One column, first axis N."""
        return self._columns[name].data

    def extend(self, ids: Sequence[str], columns: Columns) -> None:
        """Append rows; an id that is there already moves to its new row."""
        for offset, external in enumerate(ids):
            old = self.row_of.get(external)
            if old is not None:
                self._alive.writable()[old] = False
            self.row_of[external] = len(self.ids) + offset
        self.ids.extend(ids)
        drawn = [int.from_bytes(blake2b(i.encode(), digest_size=8, key=self._key).digest(), "little") for i in ids]
        self._lottery.extend(np.array(drawn, np.uint64))
        self._alive.extend(np.ones(len(ids), np.bool_))
        for name, rows in columns.items():
            if name not in self._columns:
                fill = np.nan if rows.dtype.kind == "f" else 0
                self._columns[name] = Growable.empty(rows.dtype, rows.shape[1:], fill)
            self._columns[name].extend(rows)

    def drop(self, external: str) -> int | None:
        """Mark a row as gone and return it; None where the id is unknown."""
        row = self.row_of.pop(external, None)
        if row is not None:
            self._alive.writable()[row] = False
        return row

    def writable(self, name: str) -> NDArray[Any]:
        """One column, first axis N, into which the caller may write."""
        return self._columns[name].writable()

    def fork(self) -> Table:
        """Return a table with the same rows that changes apart from this one."""
        made = forked(self)
        made._columns = {name: column.fork() for name, column in self._columns.items()}
        return made

    def state(self) -> dict[str, NDArray[Any]]:
        """Return everything as arrays."""
        columns = {f"column.{name}": column.data for name, column in self._columns.items()}
        ids = {f"ids.{name}": array for name, array in pack_strings(self.ids).items()}
        return {"alive": self.alive, "lottery": self.lottery, **columns, **ids}

    @classmethod
    def from_state(cls, name: str, seed: int, state: Mapping[str, NDArray[Any]]) -> Table:
        """Undo `state`."""
        made = cls(name, seed)
        made._lottery = Growable.of(state, "lottery")
        made.ids = Strings(unpack_strings(state, "ids."))
        made._alive = Growable.of(state, "alive")
        alive = state["alive"].tolist()
        made.row_of = {external: row for row, external in enumerate(made.ids) if alive[row]}
        for key, array in state.items():
            if key.startswith("column."):
                fill = np.nan if array.dtype.kind == "f" else 0
                made._columns[key.removeprefix("column.")] = Growable.of(state, key, fill)
        return made


_IDS_OF = (N_("person"), N_("group"), N_("event"), N_("resource"), N_("project"), N_("organisation"))
"""Whose ids `refuse_duplicates` speaks of."""


def refuse_duplicates(ids: Sequence[str], what: str) -> None:
    """Raise where an id is given twice in one load.

    Raises
    ------
    DataError
        Naming every id that occurs more than once.
    """
    if len(set(ids)) < len(ids):
        seen: set[str] = set()
        twice = sorted({i for i in ids if i in seen or seen.add(i)})  # type: ignore[func-returns-value]
        headline = ngettext(
            "{n} {what} id occurs more than once; nothing was loaded",
            "{n} {what} ids occur more than once; nothing was loaded",
            len(twice),
            what=_(what),
        )
        raise DataError(headline, twice)
