"""Watch plugins at work: who was called, with arrays of which shape and type, and how long it took. Never contents.

    with tracing(lambda call: print(call.line())):
        engine.suggest("p-17", kind="mentor")

Hooks, scorers and constraints are watched wherever they run inside the block; embedders and indexes where the engine
was made inside it.
"""

from __future__ import annotations

import inspect
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, fields, is_dataclass
from typing import Any, TypeVar, cast

__all__ = ["Call", "Trace", "describe", "tracing", "watched", "watched_object", "watching"]

_DEPTH = 2
"""How deep a record of arrays is described."""


@dataclass(frozen=True)
class Call:
    """One call of a plugin.

    Attributes
    ----------
    plugin : str
        Name of the plugin; empty where it is not known.
    what : str
        `hook`, or the kind of component: `scorer`, `constraint`, `embedder`, `index`.
    name : str
        Name of the hook or component, with the method where a component has several.
    given, returned : tuple of str
        Type and shape of each argument and of the result, such as `requester_adult float32 (120,)`.
    milliseconds : float
    failed : str
        Class of the exception that ended the call; empty where none did.
    """

    plugin: str
    what: str
    name: str
    given: tuple[str, ...]
    returned: tuple[str, ...]
    milliseconds: float
    failed: str = ""

    def line(self) -> str:
        """Return the call as one line of text."""
        result = f"!! {self.failed}" if self.failed else ", ".join(self.returned)
        where = f"{self.plugin or '?'}: {self.what} {self.name}"
        return f"{where}({', '.join(self.given)}) -> {result}  {self.milliseconds:.2f} ms"


Trace = Callable[[Call], None]
"""What is told of each call, after it. An error that it raises ends the call that was watched."""
Function = TypeVar("Function", bound=Callable[..., Any])
_TRACE: ContextVar[Trace | None] = ContextVar("matchengine_trace", default=None)


@contextmanager
def tracing(trace: Trace) -> Iterator[None]:
    """Tell `trace` of each call of a plugin inside the block; only of those in this thread or task."""
    token = _TRACE.set(trace)
    try:
        yield
    finally:
        _TRACE.reset(token)


@contextmanager
def watching(
    plugin: str, what: str, name: str, labels: Sequence[str], arguments: Sequence[Any]
) -> Iterator[Callable[[Any], None]]:
    """Tell of what runs inside the block as one call; gives a function that takes note of the result.

    Parameters
    ----------
    labels, arguments : sequences of equal length
        Names and values of what the plugin is given.
    """
    trace = _TRACE.get()
    if trace is None:
        yield _unseen
        return
    returned: list[str] = []
    given = tuple(f"{label} {describe(value)}" for label, value in zip(labels, arguments, strict=True))
    failed, started = "", time.perf_counter()
    try:
        yield lambda result: returned.append(describe(result))
    except BaseException as error:
        failed = type(error).__name__
        raise
    finally:
        spent = 1e3 * (time.perf_counter() - started)
        trace(Call(plugin, what, name, given, tuple(returned), spent, failed))


def _unseen(result: Any) -> None:
    """Nobody watches."""


def watched(function: Function, plugin: str, what: str, name: str) -> Function:
    """Return the function itself where nobody watches, else one that does the same and is told of."""
    if _TRACE.get() is None:
        return function
    names = _names_of(function)

    def run(*arguments: Any, **named: Any) -> Any:
        labels = [*names, *["argument"] * len(arguments)][: len(arguments)]
        with watching(plugin, what, name, [*labels, *named], [*arguments, *named.values()]) as seen:
            result = function(*arguments, **named)
            seen(result)
            return result

    return cast(Function, run)


def _names_of(function: Callable[..., Any]) -> list[str]:
    try:
        return list(inspect.signature(function).parameters)
    except (TypeError, ValueError):  # what is not written in Python may have no signature
        return []


def watched_object(thing: Any, plugin: str, what: str, name: str) -> Any:
    """Return an embedder or index itself where nobody watches, else one whose methods are told of."""
    return thing if _TRACE.get() is None else _Watched(thing, plugin, what, name)


class _Watched:
    """Stands in for an object and tells of the calls of its methods."""

    def __init__(self, thing: Any, plugin: str, what: str, name: str) -> None:
        self._thing = thing
        self._called = (plugin, what, name)

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._thing, name)
        plugin, what, own = self._called
        return watched(found, plugin, what, f"{own}.{name}") if callable(found) else found


def describe(value: Any, depth: int = _DEPTH) -> str:
    """Return type and shape of a value, never what it holds: neither a number, nor a text, nor a key."""
    kind = type(value).__name__
    shape, dtype = getattr(value, "shape", None), getattr(value, "dtype", None)
    if isinstance(shape, tuple) and dtype is not None:
        return f"{_element(dtype)} ({', '.join(map(str, shape))}{',' if len(shape) == 1 else ''})"
    names: tuple[str, ...] = ()
    if is_dataclass(value) and not isinstance(value, type):
        names = tuple(field.name for field in fields(value))
    elif isinstance(value, tuple):
        names = getattr(value, "_fields", ())
    if names and depth:
        parts = ((name, getattr(value, name)) for name in names)
        told = ", ".join(f"{name} {describe(part, depth - 1)}" for name, part in parts if _holds_arrays(part))
        return f"{kind}[{told}]" if told else kind
    if isinstance(value, (list, tuple, dict, set, frozenset)):
        return f"{kind} of {len(value)}"
    return kind


def _element(dtype: Any) -> str:
    """Name of an element type; the length of texts and the names of parts stay out."""
    return "str" if dtype.kind in "US" else "record" if dtype.kind == "V" else str(dtype.name)


def _holds_arrays(value: Any) -> bool:
    """Whether a part of a record is worth a word: an array, a record, or evidence by name."""
    return hasattr(value, "dtype") or is_dataclass(value) or (isinstance(value, Mapping) and len(value) > 0)
