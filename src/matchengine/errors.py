"""Every error this package raises on purpose, and the one shape of its sentences.

A message says what is wrong, where, what was expected, what was got and what to do.
Every class derives from `MatchEngineError`, so one `except` catches them all.
"""

from __future__ import annotations

import difflib
import traceback
from collections.abc import Iterable, Sequence

from matchengine.i18n import _

__all__ = [
    "ConfigError",
    "DataError",
    "MatchEngineError",
    "MissingExtraError",
    "PluginError",
    "SnapshotError",
    "StoreBusyError",
    "StoreError",
    "UnknownIdError",
    "blame",
    "did_you_mean",
    "nearest",
]


class MatchEngineError(Exception):
    """Base of all errors of this package.

    Parameters
    ----------
    message : str
        The headline sentence.
    problems : sequence of str
        All problems found, one sentence each; they are appended to the message.
    """

    def __init__(self, message: str, problems: Sequence[str] = ()) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join([message, *(f"  - {problem}" for problem in self.problems)]))


class ConfigError(MatchEngineError):
    """A configuration file or value cannot be used."""


class DataError(MatchEngineError):
    """Records or files break the data model."""


class UnknownIdError(DataError):
    """An id is not known to the engine (absent, erased and blocked look alike)."""


class PluginError(MatchEngineError):
    """A plugin or component cannot be found, loaded or trusted with its result."""


class SnapshotError(MatchEngineError):
    """A saved folder is damaged, of another format or belongs to another model."""


class StoreError(MatchEngineError):
    """A store cannot be opened, read or written; nothing of what was to be written is kept."""


class StoreBusyError(StoreError):
    """Another process, or another engine of this one, holds the right to write to a store."""


class MissingExtraError(MatchEngineError):
    """An optional dependency is not installed; the message is the pip command."""

    def __init__(self, extra: str, needed_for: str) -> None:
        super().__init__(
            _(
                "{what} needs an optional dependency. Run: pip install 'matchengine[{extra}]'",
                what=needed_for,
                extra=extra,
            )
        )


def blame(what: str, error: Exception) -> PluginError:
    """Turn what a plugin raised into an error of ours that names plugin, type and place but repeats no value."""
    kind = type(error).__name__
    if error.__traceback__ is None:
        return PluginError(_("{what} failed with {error}; run its conformance checks", what=what, error=kind))
    frame = traceback.extract_tb(error.__traceback__)[-1]
    file = frame.filename.replace(chr(92), "/").rsplit("/", 1)[-1]
    told = {"what": what, "error": kind, "file": file, "line": frame.lineno}
    return PluginError(_("{what} failed with {error} ({file}, line {line}); run its conformance checks", **told))


def nearest(name: str, known: Iterable[str], cutoff: float = 0.6) -> str | None:
    """Return the known name closest to `name`, or None when nothing is close."""
    found = difflib.get_close_matches(name, list(known), n=1, cutoff=cutoff)
    return found[0] if found else None


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return `did you mean 'x'?` or, when nothing is close, the list of known names."""
    options = sorted(known)
    guess = nearest(name, options)
    if guess is not None:
        return _("did you mean {guess!r}?", guess=guess)
    return _("known: {names}", names=", ".join(options)) if options else _("known: none")
