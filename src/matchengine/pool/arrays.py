"""Arrays that grow at the end, lists of strings as arrays, and long loads without a pause for the collector."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from copy import copy
from itertools import islice, pairwise
from typing import Any, TypeVar, overload

import numpy as np
from numpy.typing import DTypeLike, NDArray

from matchengine.forking import in_child

__all__ = ["Codes", "Growable", "Stored", "Strings", "collection_paused", "forked", "pack_strings", "unpack_strings"]
T = TypeVar("T")


class _Turn:
    """What threads share here: who grows next, and how many keep the collector from its work."""

    def __init__(self) -> None:
        self.lock, self.pauses = threading.Lock(), 0

    def forked(self) -> None:
        """In a forked child: the other threads are not there to go on."""
        if self.pauses > 0:
            gc.enable()
        self.lock, self.pauses = threading.Lock(), 0


_TURN = _Turn()
in_child(_TURN.forked)


class Stored(dict[str, NDArray[Any]]):
    """Arrays by name, as they were read back from disk.

    Attributes
    ----------
    whole : dict of str to array
        The same arrays with the spare rows behind theirs, so that whoever takes one over can append without a copy.
    """

    def __init__(self, arrays: Mapping[str, NDArray[Any]], whole: Mapping[str, NDArray[Any]]) -> None:
        super().__init__(arrays)
        self.whole = dict(whole)

    def part(self, prefix: str) -> Stored:
        """Return the arrays whose names begin with a prefix, under the rest of their names."""
        start = len(prefix)
        return Stored(
            {name[start:]: array for name, array in self.items() if name.startswith(prefix)},
            {name[start:]: array for name, array in self.whole.items() if name.startswith(prefix)},
        )


class Growable:
    """An array whose first axis grows in amortised constant time.

    Rows once written stay where they are, so a view taken earlier keeps its rows. Later axes may widen: the
    new cells get `fill`. A fork shares the rows: whichever of the two grows first goes on in place, the other one, and
    whoever writes into rows that are there, takes a copy first.
    """

    __slots__ = ("_alone", "_buffer", "_length", "_written", "fill")

    def __init__(self, data: NDArray[Any], fill: float = 0) -> None:
        self._buffer = data
        self._length = len(data)
        self._written = [len(data)]
        self._alone = True
        self.fill = fill

    @classmethod
    def of(cls, state: Mapping[str, NDArray[Any]], name: str, fill: float = 0) -> Growable:
        """Return one over an array of a state; where there are spare rows behind it, it grows into them."""
        rows, whole = state[name], getattr(state, "whole", {}).get(name)
        made = cls(rows if whole is None else whole, fill)
        made._length, made._written = len(rows), [len(rows)]
        return made

    def fork(self) -> Growable:
        """Return one with the same rows that grows and changes apart from this one."""
        made = Growable.__new__(Growable)
        made._buffer, made._length, made._written, made.fill = self._buffer, self._length, self._written, self.fill
        self._alone = made._alone = False
        return made

    def writable(self) -> NDArray[Any]:
        """View of the rows, shape (n, ...), into which the caller may write."""
        if not self._alone:
            self._own(len(self._buffer))
        return self.data

    def _own(self, capacity: int) -> None:
        grown = np.empty((capacity, *self._buffer.shape[1:]), self._buffer.dtype)
        grown[: self._length] = self.data
        self._buffer, self._written, self._alone = grown, [self._length], True

    @classmethod
    def empty(cls, dtype: DTypeLike, shape: tuple[int, ...] = (), fill: float = 0) -> Growable:
        """Return one without rows; `shape` is the shape of a row."""
        return cls(np.empty((0, *shape), dtype), fill)

    def __len__(self) -> int:
        return self._length

    @property
    def data(self) -> NDArray[Any]:
        """View of the rows, shape (n, ...)."""
        return self._buffer[: self._length]

    def extend(self, rows: NDArray[Any]) -> None:
        """Append rows of shape (m, ...); narrower and wider rows are both accepted."""
        if rows.shape[1:] != self._buffer.shape[1:]:
            rows = self._fit(rows)
        needed = self._length + len(rows)
        with _TURN.lock:  # another thread may want the same rows behind these for a fork of its own
            free = needed <= len(self._buffer) and self._written[0] == self._length
            if free:
                self._written[0] = needed
        if not free:
            self._own(max(needed, 2 * self._length, 16))
            self._written[0] = needed
        self._buffer[self._length : needed] = rows
        self._length = needed

    def _fit(self, rows: NDArray[Any]) -> NDArray[Any]:
        width = max(rows.shape[1], self._buffer.shape[1])
        if width > self._buffer.shape[1]:
            wider = np.full((len(self._buffer), width), self.fill, self._buffer.dtype)
            wider[: self._length, : self._buffer.shape[1]] = self.data
            self._buffer, self._written, self._alone = wider, [self._length], True
        fitted = np.full((len(rows), width), self.fill, self._buffer.dtype)
        fitted[:, : rows.shape[1]] = rows
        return fitted


class Strings(Sequence[str]):
    """Strings that only become more; a fork shares them, and whichever of two grows second takes a copy first."""

    __slots__ = ("_all", "_length")

    def __init__(self, strings: Iterable[str] = ()) -> None:
        self._all = list(strings)
        self._length = len(self._all)

    def __len__(self) -> int:
        return self._length

    def __iter__(self) -> Iterator[str]:
        return islice(self._all, self._length)

    @overload
    def __getitem__(self, at: int) -> str: ...
    @overload
    def __getitem__(self, at: slice) -> list[str]: ...
    def __getitem__(self, at: int | slice) -> str | list[str]:
        if isinstance(at, slice):
            return self._all[slice(*at.indices(self._length))]
        if not -self._length <= at < self._length:
            raise IndexError(at)
        return self._all[at if at >= 0 else at + self._length]

    @property
    def at_end(self) -> bool:
        """Whether nobody who shares the strings has added more."""
        return len(self._all) == self._length

    def fork(self) -> Strings:
        """Return the same strings, to grow apart from these."""
        made = Strings.__new__(Strings)
        made._all, made._length = self._all, self._length
        return made

    def extend(self, strings: Iterable[str]) -> None:
        """Append strings."""
        new = list(strings)
        with _TURN.lock:
            if not self.at_end:
                self._all = self._all[: self._length]
            self._all.extend(new)
            self._length += len(new)


class Codes(dict[str, int]):
    """Numbers for strings, given out in order of first sight."""

    def __missing__(self, key: str) -> int:
        number = self[key] = len(self)
        return number


def forked(part: T) -> T:
    """Return a copy of an object that holds lists, dictionaries, sets and growing arrays, each of them its own.

    What these hold is shared, and so are `Codes`, which belong to a whole pool: replace it, never change it in place.
    """
    made = copy(part)
    for name, value in vars(part).items():
        if isinstance(value, Growable | Strings):
            setattr(made, name, value.fork())
        elif isinstance(value, dict | list | set) and not isinstance(value, Codes):
            setattr(made, name, copy(value))
    return made


def pack_strings(strings: Sequence[str]) -> dict[str, NDArray[Any]]:
    """Store strings as UTF-8 bytes (uint8) and offsets (int64, one more than strings)."""
    encoded = [s.encode() for s in strings]
    offsets = np.zeros(len(encoded) + 1, np.int64)
    np.cumsum([len(e) for e in encoded], out=offsets[1:])
    return {"bytes": np.frombuffer(b"".join(encoded), np.uint8), "offsets": offsets}


def unpack_strings(state: Mapping[str, NDArray[Any]], prefix: str = "") -> list[str]:
    """Undo `pack_strings`; the arrays lie in the state under a prefix."""
    data = state[f"{prefix}bytes"].tobytes()
    offsets = state[f"{prefix}offsets"].tolist()
    return [data[a:b].decode() for a, b in pairwise(offsets)]


@contextmanager
def collection_paused() -> Iterator[None]:
    """Pause the search for reference cycles: a load makes millions of objects and no cycle."""
    was = gc.isenabled()
    gc.disable()
    _TURN.pauses += was
    try:
        yield
    finally:
        if was:
            gc.enable()
            _TURN.pauses -= 1
