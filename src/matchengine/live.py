"""What an engine holds at one moment, and how one writer and many readers share it.

A state never changes: a change is made to a fork, which then takes its place. A call that reads keeps the state it
began with to its end, whatever is written meanwhile.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from functools import wraps
from inspect import signature
from typing import Concatenate, ParamSpec, TypeVar

from matchengine.accountable import Accountable
from matchengine.actors import acting_itself
from matchengine.forking import in_child
from matchengine.matching.faults import ScorerFailedError, surviving
from matchengine.pool.pool import Pool
from matchengine.registry import MatchKind

__all__ = ["Live", "State", "answering"]

R = TypeVar("R")
P = ParamSpec("P")


@dataclass(frozen=True)
class State:
    """Everything that an engine holds of one generation of the data.

    Attributes
    ----------
    pool : Pool
    kinds : mapping
        The kinds of match, less the scorers that failed and are left out.
    neutral : mapping
        For each kind the score, 0 to 1, to which a pair shrinks when little is known.
    """

    pool: Pool
    kinds: Mapping[str, MatchKind]
    neutral: Mapping[str, float]


class Live(Accountable):
    """Holds a state that readers share and one writer at a time replaces."""

    _held: State

    def __init__(self) -> None:
        super().__init__()
        self._begun = threading.local()
        self._one_at_a_time, self._changes_under_way = threading.RLock(), 0
        in_child(self._forked)

    def _forked(self) -> None:
        """In a forked child: whoever was writing in another thread is not there to finish."""
        self._one_at_a_time = threading.RLock()
        if self._changes_under_way:
            self._changes_under_way = 0
            self._change_failed()

    @property
    def _writing(self) -> AbstractContextManager[None]:
        """A block in which this thread alone changes the engine; it may begin such a block again inside."""
        return self._changing()

    @contextmanager
    def _changing(self) -> Iterator[None]:
        with self._one_at_a_time:
            self._changes_under_way += 1
            try:
                if self._changes_under_way == 1:
                    self._begin_change()
                yield
            except BaseException:
                if self._changes_under_way == 1:
                    self._change_failed()
                raise
            finally:
                self._changes_under_way -= 1

    def _begin_change(self) -> None:
        """Before a change: an engine over a store makes sure that it holds what the store holds."""

    def _change_failed(self) -> None:
        """After a change that may have ended anywhere: what is held may no longer be what the store holds."""

    @property
    def _state(self) -> State:
        """The state with which the call under way in this thread began; outside of one, the latest."""
        begun: State | None = getattr(self._begun, "state", None)
        return self._held if begun is None else begun

    @property
    def _pool(self) -> Pool:
        return self._state.pool

    @property
    def _kinds(self) -> Mapping[str, MatchKind]:
        return self._state.kinds

    @property
    def _neutral(self) -> Mapping[str, float]:
        return self._state.neutral

    @contextmanager
    def _reading(self) -> Iterator[None]:
        """Keep to the latest state within a block, also in calls inside it."""
        if getattr(self._begun, "state", None) is not None:
            yield
            return
        with acting_itself():
            self._catch_up()
        self._begun.state = self._held
        try:
            yield
        finally:
            self._begun.state = None

    def _catch_up(self) -> None:
        """Before a call reads: an engine withholds what must no longer be used by now."""

    def _hold(self, state: State) -> None:
        """Let a state take the place of the one that is held; a change under way in another thread ends first."""
        with self._one_at_a_time:
            self._held = state

    def _replace_kind(self, name: str, kind: MatchKind, neutral: float) -> None:
        """From now on, and for the call under way, ask for a kind of match in another way."""
        with self._writing:
            begun, now = self._state, self._held
            made = State(begun.pool, {**begun.kinds, name: kind}, {**begun.neutral, name: neutral})
            if now.kinds is begun.kinds:  # else data were loaded meanwhile, or another thread left something out
                self._held = replace(made, pool=now.pool)
                made = replace(self._held, pool=begun.pool)
            self._begun.state = made

    def _leave_out(self, failed: ScorerFailedError) -> None:
        raise failed  # an engine knows how


L = TypeVar("L", bound=Live)


def answering(method: Callable[Concatenate[L, P], R]) -> Callable[Concatenate[L, P], R]:
    """Let a method answer from one state, and start again without a scorer that fails and may be left out.

    The answer goes on record before it is handed out (`Accountable`).
    """
    running, takes = surviving(method), signature(method)

    @wraps(method)
    def answer(host: L, /, *args: P.args, **kwargs: P.kwargs) -> R:
        with host._reading(), host._answering() as first:
            asked = takes.bind(host, *args, **kwargs) if first and host._accounts else None
            if asked is not None:
                host._count(method.__name__, asked)
            result = running(host, *args, **kwargs)
            if asked is not None:
                host._record_answer(method.__name__, asked, result)
            return result

    answer.answers_from_one_state = True  # type: ignore[attr-defined]
    return answer
