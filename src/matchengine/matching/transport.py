"""Arrays and records of arrays as bytes between two processes: a JSON heading, then plain numbers; never a pickle."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from matchengine.batch import ItemPairs, JointSets, Quotes, Segments, read_only

__all__ = ["pack", "read_frame", "unpack", "write_frame"]

_RECORDS: Mapping[str, Any] = {record.__name__: record for record in (ItemPairs, JointSets, Quotes, Segments)}
_DTYPE = re.compile(r"^[<>|=][fiub][1248]$")
_LENGTH = 8


def write_frame(stream: IO[bytes], payload: bytes) -> None:
    """Write one message with its length in front."""
    stream.write(len(payload).to_bytes(_LENGTH, "little"))
    stream.write(payload)
    stream.flush()


def read_frame(stream: IO[bytes], most: int | None = None) -> bytes | None:
    """Read one message; None where the other side has ended.

    Raises
    ------
    ValueError
        Where the message is longer than `most` bytes; nothing of it is read then.
    """
    head = stream.read(_LENGTH)
    if len(head) < _LENGTH:
        return None
    length = int.from_bytes(head, "little")
    if most is not None and length > most:
        raise ValueError(f"{length} bytes, expected {most} at most")
    payload = stream.read(length)
    return payload if len(payload) == length else None


def pack(tree: Any) -> bytes:
    """Turn a tree of dicts, lists, plain values, arrays and records of arrays into bytes.

    An array that repeats one row without copying it (stride 0) is sent once and is repeated the same way on arrival.
    """
    parts: list[bytes] = []
    heading = json.dumps(_taken_apart(tree, parts)).encode()
    return b"".join([len(heading).to_bytes(_LENGTH, "little"), heading, *parts])


def unpack(data: bytes) -> Any:
    """Undo `pack`; arrays refuse writes, tuples arrive as lists.

    Raises
    ------
    ValueError, KeyError, TypeError
        Where the bytes are no such tree.
    """
    start = _LENGTH + int.from_bytes(data[:_LENGTH], "little")
    return _put_together(json.loads(data[_LENGTH:start]), _Reader(data, start))


class _Reader:
    """Reads arrays one after the other."""

    def __init__(self, data: bytes, start: int) -> None:
        self.data, self.at = data, start

    def array(self, dtype: str, shape: list[int], repeated: bool) -> NDArray[Any]:
        """Return the next array."""
        if not isinstance(dtype, str) or not _DTYPE.match(dtype):
            raise ValueError("an array of another type than numbers")
        sent = [1, *shape[1:]] if repeated else shape
        count = int(np.prod([int(n) for n in sent], dtype=object)) if sent else 1
        if count < 0:
            raise ValueError("an array of negative size")
        found = np.frombuffer(self.data, dtype, count, self.at).reshape(sent)
        self.at += found.nbytes
        return read_only(np.broadcast_to(found[0], shape)) if repeated else found


def _taken_apart(value: Any, parts: list[bytes]) -> Any:
    if isinstance(value, np.ndarray):
        repeated = value.ndim > 0 and value.strides[0] == 0 and len(value) > 0
        parts.append(np.ascontiguousarray(value[:1] if repeated else value).tobytes())
        return {"array": [value.dtype.str, list(value.shape), repeated]}
    if is_dataclass(value) and type(value).__name__ in _RECORDS:
        told = {field.name: _taken_apart(getattr(value, field.name), parts) for field in fields(value)}
        return {"record": [type(value).__name__, told]}
    if isinstance(value, Mapping):
        return {"dict": {str(key): _taken_apart(part, parts) for key, part in value.items()}}
    if isinstance(value, list | tuple):
        return {"list": [_taken_apart(part, parts) for part in value]}
    if value is None or isinstance(value, bool | int | float | str):
        return {"plain": value}
    raise TypeError(f"{type(value).__name__} cannot be sent")


def _put_together(tree: Any, reader: _Reader) -> Any:
    ((kind, value),) = tree.items()
    if kind == "array":
        return reader.array(*value)
    if kind == "record":
        name, told = value
        made = {key: _put_together(part, reader) for key, part in told.items()}
        return _RECORDS[name](**{key: tuple(part) if isinstance(part, list) else part for key, part in made.items()})
    if kind == "dict":
        return {key: _put_together(part, reader) for key, part in value.items()}
    if kind == "list":
        return [_put_together(part, reader) for part in value]
    if kind == "plain":
        return value
    raise ValueError("an unknown kind of part")
