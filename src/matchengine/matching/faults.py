"""What happens when a scorer fails: it is named, and as the configuration says it ends the call or is left out.

A scorer that is left out leaves no trace in a result: the call starts again from the beginning as if the configuration
did not name it, and every suggestion says so (architecture.md section 4, REL10).
"""

from __future__ import annotations

import threading
import warnings
import weakref
from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

from matchengine.errors import PluginError, blame
from matchengine.forking import in_child
from matchengine.i18n import _, listing
from matchengine.registry import ActiveScorer, MatchKind

__all__ = [
    "PluginWarning",
    "ScorerFailedError",
    "left_out_sentence",
    "notice",
    "settled",
    "surviving",
    "without",
]


class PluginWarning(UserWarning):
    """Something about a plugin that people should know although the result stands; it repeats no value."""


class ScorerFailedError(PluginError):
    """A scorer broke its promise.

    Attributes
    ----------
    scorer : ActiveScorer
    kind : str
        The kind of match in which it ran; empty until `score` knows it.
    """

    def __init__(self, scorer: ActiveScorer, problem: str, *, whole: bool = False) -> None:
        self.scorer, self.kind = scorer, ""
        super().__init__(problem if whole else f"{_named(scorer)}: {problem}")

    @classmethod
    def raised(cls, scorer: ActiveScorer, error: Exception) -> ScorerFailedError:
        """Turn what a scorer raised into an error that names plugin, type and place but repeats no value."""
        return cls(scorer, str(blame(_named(scorer), error)), whole=True)


def _named(scorer: ActiveScorer) -> str:
    named = _("scorer {name!r} ({component})", name=scorer.name, component=scorer.spec.name)
    return _("{scorer} of plugin {plugin!r}", scorer=named, plugin=scorer.plugin) if scorer.plugin else named


class _Told:
    """Of which topics people were warned, by scorer instance."""

    def __init__(self) -> None:
        self._topics: dict[int, set[str]] = {}
        self._lock = threading.Lock()
        in_child(self._forked)

    def first(self, scorer: ActiveScorer, topic: str) -> bool:
        """Whether nobody asked before, in any thread, about this instance and topic."""
        with self._lock:
            topics = self._topics.get(id(scorer))
            new = topics is None
            if topics is None:
                topics = self._topics[id(scorer)] = set()
            first = topic not in topics
            topics.add(topic)
        if new:
            weakref.finalize(scorer, self._topics.pop, id(scorer), None)
        return first

    def _forked(self) -> None:
        self._lock = threading.Lock()


_TOLD = _Told()


def notice(scorer: ActiveScorer, topic: str, sentence: str) -> None:
    """Warn about a scorer, once per instance and topic."""
    if _TOLD.first(scorer, topic):
        warnings.warn(f"{_named(scorer)}: {sentence}", PluginWarning, stacklevel=2)


def without(kind: MatchKind, failed: ScorerFailedError) -> MatchKind:
    """Return a kind as if the configuration did not name the scorer that failed; the kind remembers it.

    Raises
    ------
    ScorerFailedError
        The same, where no core scorer would be left.
    """
    left = tuple(scorer for scorer in kind.scorers if scorer.name != failed.scorer.name)
    if not any(scorer.block is not None for scorer in left):
        raise failed
    if len(left) == len(kind.scorers):
        return kind
    told = _("it is left out of every result until data are loaded again, because it failed ({error})", error=failed)
    notice(failed.scorer, "left out", told)
    return replace(kind, scorers=left, left_out=(*kind.left_out, failed.scorer))


def left_out_sentence(kind: MatchKind) -> str:
    """Tell which parts of the comparison are missing from a result; empty where none is. Lifts stay unnamed."""
    if not kind.left_out:
        return ""
    titles = [_(scorer.spec.title) for scorer in kind.left_out if scorer.block is not None]
    if len(titles) < len(kind.left_out):
        titles.append(_("a part that is not shown"))
    return _("Left out of every comparison, because the program failed there: {titles}.", titles=listing(titles))


class Host(Protocol):
    """Whose calls survive a fault: an engine."""

    def _leave_out(self, failed: ScorerFailedError) -> None: ...


H = TypeVar("H", bound=Host)
P = ParamSpec("P")
R = TypeVar("R")


def surviving(method: Callable[Concatenate[H, P], R]) -> Callable[Concatenate[H, P], R]:
    """Start a call of an engine again, from the beginning, without a scorer that failed and may be left out."""

    @wraps(method)
    def run(host: H, /, *args: P.args, **kwargs: P.kwargs) -> R:
        failed: ScorerFailedError | None = None
        while True:
            try:
                if failed is not None:
                    host._leave_out(failed)
                return method(host, *args, **kwargs)
            except ScorerFailedError as now:
                again = failed is not None and failed.scorer is now.scorer
                if again or now.scorer.on_fault != "drop":
                    raise
                failed = now

    return run


def settled(kind: MatchKind, measure: Callable[[MatchKind], Any]) -> tuple[MatchKind, Any]:
    """Return a kind without the scorers that fail while it is measured and may be left out, and what `measure` gives.

    Raises
    ------
    ScorerFailedError
        Where one that must not be left out fails, or none would be left.
    """
    while True:
        try:
            return kind, measure(kind)
        except ScorerFailedError as failed:
            if failed.scorer.on_fault != "drop":
                raise
            kind = without(kind, failed)
