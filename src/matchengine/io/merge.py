"""Two rows of one person become one: roles and lists unite, gaps fill, and real conflicts are told."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from matchengine.io.words import normalise
from matchengine.records.vocabulary import BARRIER_STRENGTHS

__all__ = ["merge_data", "united"]

_SAFE_FALSE = frozenset({"adult", "guardian_consent"})
"""Attestations for which one no outweighs one yes."""
_KEYS = {"languages": "tag", "barriers": "kind", "wishes": "dimension", "ties": "category"}


def merge_data(
    first: dict[str, Any], second: dict[str, Any], conflict: Callable[[str, object], None], *, keep: str = "first"
) -> None:
    """Merge the fields of `second` into `first`.

    Parameters
    ----------
    first, second : dict
        Fields of a record; `first` is changed.
    conflict : callable
        Told the field (`place.area` for a part of a nested one) and the value that was not kept.
    keep : str
        `first` or `last`: which of two different answers stays. For attestations a no always stays.
    """
    for name, new in second.items():
        if name not in first:
            first[name] = new
        elif isinstance(first[name], list) and isinstance(new, list):
            _unite(name, first[name], new, conflict, keep)
        elif isinstance(first[name], dict) and isinstance(new, dict):
            merge_data(first[name], new, partial(_in_part, conflict, name), keep=keep)
        elif first[name] != new:
            first[name] = _choose(name, first[name], new, conflict, keep)


def united(data: dict[str, Any], name: str, conflict: Callable[[str, object], None], *, keep: str = "first") -> None:
    """Make one entry of those of one list that are about the same thing, since two columns may speak of it."""
    if isinstance(data.get(name), list):
        stated, data[name] = data[name], []
        _unite(name, data[name], stated, conflict, keep)


def _in_part(conflict: Callable[[str, object], None], name: str, part: str, value: object) -> None:
    conflict(f"{name}.{part}", value)


def _choose(name: str, old: Any, new: Any, conflict: Callable[[str, object], None], keep: str) -> Any:
    last = keep == "last"
    if name in _SAFE_FALSE:
        last = new is False
    conflict(name, old if last else new)
    return new if last else old


def _identity(name: str, item: Any) -> object:
    if isinstance(item, dict):
        key = _KEYS.get(name) or ("text" if "text" in item else None)
        return normalise(str(item.get(key))) if key else repr(sorted(item.items(), key=str))
    return normalise(item) if isinstance(item, str) else repr(item)


def _unite(name: str, old: list[Any], new: list[Any], conflict: Callable[[str, object], None], keep: str) -> None:
    known = {_identity(name, item): position for position, item in enumerate(old)}
    for item in new:
        position = known.setdefault(_identity(name, item), len(old))
        if position == len(old):
            old.append(item)
        elif isinstance(item, dict) and item != old[position]:
            old[position] = _one_of(name, old[position], item, conflict, keep)


def _one_of(
    name: str, old: dict[str, Any], new: dict[str, Any], conflict: Callable[[str, object], None], keep: str
) -> dict[str, Any]:
    """Return one entry from two about the same thing: gaps fill, and of two barriers the stronger stays."""
    if name == "barriers":
        return max(old, new, key=lambda item: BARRIER_STRENGTHS.get(str(item.get("strength")), 0.0))
    if name == "languages" and (old.get("wish") == "learn") != (new.get("wish") == "learn"):
        spoken = new if old.get("wish") == "learn" else old  # the level at which it is spoken, and the wish to practise
        return {**spoken, "wish": "learn"}
    if any(old[part] != new[part] for part in old.keys() & new.keys() if part != "text"):
        conflict(name, new if keep == "first" else old)
    return {**new, **old} if keep == "first" else {**old, **new}
