"""Many arrays in one file, one behind the other, each with spare rows; what lies where is told beside the file.

Nothing in it can run code or make an object: it is numbers of eleven kinds, and every place is checked against the
length of the file before an array is made.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from matchengine.pool.arrays import Stored

__all__ = ["ArrayFileError", "Place", "arrays_in", "layout", "pieces"]

ALIGNED = 64
ROOM, LEAST_ROOM = 16, 64
"""An array of n rows gets n / 16 spare rows, at least 64: so many more can come before it has to be copied."""
MOST_ARRAYS, MOST_AXES = 100_000, 3
_KINDS = frozenset({"|b1", "|i1", "|u1", "<i2", "<u2", "<i4", "<u4", "<i8", "<u8", "<f4", "<f8"})


class ArrayFileError(ValueError):
    """What is told of an array file cannot be true."""


class Place(NamedTuple):
    """Where an array lies: `shape` without the spare rows, `rows` with them, `start` in bytes."""

    name: str
    kind: str
    shape: tuple[int, ...]
    rows: int
    start: int

    @property
    def length(self) -> int:
        """Bytes, spare rows included."""
        return self.rows * math.prod(self.shape[1:]) * np.dtype(self.kind).itemsize


def layout(arrays: Mapping[str, NDArray[Any]]) -> list[Place]:
    """Give each array its place, in the order of the mapping.

    Raises
    ------
    ArrayFileError
        Where an array is of a kind that no such file holds.
    """
    places, start = [], 0
    for name, array in arrays.items():
        kind = array.dtype.newbyteorder("<").str
        if kind not in _KINDS or not 1 <= array.ndim <= MOST_AXES:
            raise ArrayFileError(f"{name}: arrays of {array.dtype} with {array.ndim} axes are not kept")
        place = Place(name, kind, array.shape, len(array) + max(LEAST_ROOM, len(array) // ROOM), start)
        places.append(place)
        start = _aligned(start + place.length)
    return places


def pieces(arrays: Mapping[str, NDArray[Any]], places: list[Place]) -> Iterator[memoryview | int]:
    """Yield what an array file holds: bytes, and numbers of zeros."""
    for place, following in zip(places, [*places[1:], None], strict=True):
        array = np.ascontiguousarray(arrays[place.name], dtype=place.kind)
        if array.nbytes:
            yield array.reshape(-1).view(np.uint8).data
        end = place.start + place.length if following is None else following.start
        if end > place.start + array.nbytes:
            yield end - place.start - array.nbytes


def arrays_in(data: NDArray[np.uint8], told: Any) -> Stored:
    """Return the arrays of a file, over its own memory.

    Parameters
    ----------
    data : uint8 array
        The whole file.
    told : list
        Its places, as `layout` gave them and JSON keeps them.

    Raises
    ------
    ArrayFileError
        Where the places do not fill the file exactly, or one of them is none.
    """
    if not isinstance(told, list) or len(told) > MOST_ARRAYS:
        raise ArrayFileError("expected a list of arrays")
    found: dict[str, NDArray[Any]] = {}
    whole: dict[str, NDArray[Any]] = {}
    end = 0
    for each in told:
        place = _place(each)
        if place.start != _aligned(end) or place.name in found:
            raise ArrayFileError(f"{place.name}: lies where no array can lie")
        end = place.start + place.length
        if end > len(data):
            raise ArrayFileError(f"{place.name}: is longer than its file")
        shape = (place.rows, *place.shape[1:])
        whole[place.name] = data[place.start : end].view(place.kind).reshape(shape)
        found[place.name] = whole[place.name][: place.shape[0]]
    if end != len(data):
        raise ArrayFileError("the file is longer than its arrays")
    return Stored(found, whole)


def _place(told: Any) -> Place:
    try:
        name, kind, shape, rows, start = told
    except (TypeError, ValueError):
        raise ArrayFileError("expected name, kind, shape, rows and start of each array") from None
    numbers = [*shape, rows, start] if isinstance(shape, list) else [None]
    if not isinstance(name, str) or kind not in _KINDS or not 1 <= len(numbers) - 2 <= MOST_AXES:
        raise ArrayFileError("an array has no name, another kind of numbers, or another number of axes")
    if not all(type(n) is int and 0 <= n < 1 << 48 for n in numbers) or rows < shape[0]:
        raise ArrayFileError(f"{name}: shape, rows or start are no sizes")
    return Place(name, kind, tuple(shape), rows, start)


def _aligned(length: int) -> int:
    return -(-length // ALIGNED) * ALIGNED
