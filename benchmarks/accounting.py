"""Counting what a pool holds without looking at the system's memory: arrays, strings, containers, once each."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

import numpy as np

__all__ = ["arrays_and_strings"]

_LEAVES = (str, bytes, int, float, bool, type(None), complex)
_PARTS = ("tables", "fields", "indexes", "lexicon", "ties", "shared", "consents", "recent")


def arrays_and_strings(pool: Any) -> tuple[int, dict[str, int]]:
    """Return the bytes of everything reachable from a pool, and per part of it; what parts share counts once."""
    seen: set[int] = set()
    parts = {name: _size(getattr(pool, name), seen) for name in _PARTS if hasattr(pool, name)}
    fields = {f"fields.{name}": size for name, size in _of_fields(pool).items()}
    return sum(parts.values()), {**parts, **fields}


def _of_fields(pool: Any) -> dict[str, int]:
    """Bytes per attribute of the text fields, summed over fields; strings are counted where they are met first."""
    sizes: dict[str, int] = {}
    for field in pool.fields.values():
        seen: set[int] = {id(field.tags), id(field.concepts)}
        for name, value in vars(field).items():
            sizes[name.lstrip("_")] = sizes.get(name.lstrip("_"), 0) + _size(value, seen)
    return sizes


def _size(root: Any, seen: set[int]) -> int:
    total = 0
    waiting = [root]
    while waiting:
        thing = waiting.pop()
        if id(thing) in seen or isinstance(thing, type) or callable(thing):
            continue
        seen.add(id(thing))
        if isinstance(thing, np.ndarray):
            total += sys.getsizeof(thing) if thing.base is None else 0
            if thing.base is not None:
                waiting.append(thing.base)
            continue
        total += sys.getsizeof(thing)
        if not isinstance(thing, _LEAVES):
            waiting.extend(_inside(thing))
    return total


def _inside(thing: Any) -> Iterator[Any]:
    if isinstance(thing, dict):
        yield from thing.keys()
        yield from thing.values()
    elif isinstance(thing, (list, tuple, set, frozenset)):
        yield from thing
    else:
        yield from getattr(thing, "__dict__", {}).values()
        yield from (getattr(thing, name) for name in getattr(type(thing), "__slots__", ()) if hasattr(thing, name))
