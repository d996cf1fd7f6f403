"""What the checks of stores share: documents to write, hostile texts, and how a difference is told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any, NoReturn

from matchengine.errors import MatchEngineError, PluginError
from matchengine.store.base import Change, Commit, Entry, Store
from matchengine.testing.store_worlds import NOON, vector_rows

__all__ = ["HOSTILE", "StorePlace", "documents", "equal", "everything", "refused", "told"]

StorePlace = Callable[..., Store]
HOSTILE = (
    "'", '"', "`", "\\", "%", "_", "x' OR '1'='1", "'; DROP TABLE record; --", '") OR 1=1 --', "%(name)s", ":name", "?",
    "$1", "{0}", "ａ", "é", "e\u0301", "🜁", "\u202e", "\ufeff", "\x01", "\n", " ", "NULL", "a" * 300, "*", "a\x00b",
    "\ud800",
)  # fmt: skip
"""Texts that a store must take as they are, or refuse with a sentence (NUL and half a character)."""


def documents(*ids: str) -> Commit:
    return Commit(changes=[Change("person", id, "{}", (id,)) for id in ids])


def told(entries: Any) -> list[tuple[str, int]]:
    return [(entry.id, entry.generation) for entry in entries]


def everything(store: Store, programme: str) -> tuple[object, ...]:
    vectors = store.vectors(programme, "words", vector_rows("words", [1, 2]).keys)
    entries: list[Entry] = [*store.entries(programme, now=NOON - timedelta(1)), *store.entries(programme, since=1)]
    return store.position(programme), entries, [*store.audit(programme)], sorted(v.tobytes() for v in vectors.vectors)


def equal(found: object, expected: object, what: str) -> None:
    if found != expected:
        shown = ascii(found), ascii(expected)
        raise PluginError(f"{what}: expected {shown[1][:300]}, got {shown[0][:300]}")


def refused(action: Callable[[], object], what: str) -> None:
    try:
        action()
    except MatchEngineError:
        return
    except Exception as error:
        unclear(what, error)
    raise PluginError(f"{what} was accepted; expected an error that says what to do")


def unclear(what: str, error: Exception) -> NoReturn:
    raise PluginError(f"{what} gave {type(error).__name__}; expected a MatchEngineError with a sentence") from error
