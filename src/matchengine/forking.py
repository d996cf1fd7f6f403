"""What a forked child must not take over from its parent: locks, connections, the right to write, threads of FAISS.

`os.fork` copies the memory of a process and one of its threads. A lock that another thread held stays locked in the
child for ever, a connection would be shared by two processes, and the search of FAISS waits for threads that are gone.
Whoever holds such a thing says here how a child is to put it right; that runs in every forked child before anything
else of this package does.
"""

from __future__ import annotations

import gc
import itertools
import os
import sys
import threading
import weakref
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property, partial
from typing import Any

__all__ = ["Gate", "in_child"]

_Call = Callable[[], None]
_CALLS: dict[int, tuple[weakref.ref[object] | None, Callable[..., None]]] = {}
"""What to call, and with which object where it is a method of one."""
_NUMBERS = itertools.count()


def in_child(call: _Call) -> None:
    """Have a function called in every child that is forked from now on, in the order in which they were given.

    Parameters
    ----------
    call : callable
        Takes no argument. A bound method does not keep its object alive and is forgotten with it. It must not take a
        lock that another thread may have held, only make a new one.
    """
    number, owner = next(_NUMBERS), getattr(call, "__self__", None)
    if owner is None:
        _CALLS[number] = None, call
    else:  # the callback takes what it needs with it: it may come when this module is being taken apart
        held = weakref.ref(owner, partial(_forget, _CALLS, number))
        _CALLS[number] = held, call.__func__  # type: ignore[attr-defined]  # it is a bound method


def _forget(calls: dict[int, tuple[Any, Callable[..., None]]], number: int, _gone: object) -> None:
    calls.pop(number, None)


class Gate:
    """What must not be under way when a process forks, and what is put away before: the connections of a library.

    A library that keeps locks and files of its own cannot be told that it woke up in a child. So a fork waits until
    nobody is inside, `WAIT_SECONDS` at most, then `clear` lets go of everything, and nobody comes in until the fork is
    over. Threads may be inside together; one that is inside already may always come in again.

    Parameters
    ----------
    clear : callable
        Called before a fork, with nobody inside.

    Attributes
    ----------
    spoiled : bool
        Whether this process was forked with somebody inside: the library cannot be used in it.
    """

    WAIT_SECONDS = 30.0

    def __init__(self, clear: _Call) -> None:
        self._clear, self.spoiled, self._late = clear, False, False
        self._begin()
        in_child(self._begin)
        _GATES.append(weakref.ref(self))

    def _begin(self) -> None:
        self._turn, self._inside, self._forks = threading.Condition(), Counter[int](), 0
        self.spoiled |= self._late

    @contextmanager
    def inside(self) -> Iterator[None]:
        """Be inside for a block; it may end in another thread than it began in, or in no child of this process."""
        turn, thread = self._turn, threading.get_ident()
        with turn:
            turn.wait_for(lambda: not self._forks or thread in self._inside)
            self._inside[thread] += 1
        try:
            yield
        finally:
            if turn is self._turn:
                with turn:
                    self._inside -= Counter((thread,))
                    turn.notify_all()

    def close(self) -> None:
        """Before a fork."""
        self._turn.acquire()
        self._forks += 1
        own = {threading.get_ident()}
        self._turn.wait_for(lambda: not self._inside.keys() - own, self.WAIT_SECONDS)
        self._late = bool(self._inside)
        if not self._late:
            self._clear()

    def open(self) -> None:
        """After a fork, in the parent."""
        self._forks -= 1
        self._turn.notify_all()
        self._turn.release()


_GATES: list[weakref.ref[Gate]] = []


def _renew_property_locks() -> None:
    """Before Python 3.12 a `cached_property` has one lock for all objects, which another thread may have held."""
    if sys.version_info < (3, 12):
        for each in gc.get_objects():
            if type(each) is cached_property:
                each.lock = threading.RLock()  # type: ignore[attr-defined]


def _before() -> None:
    for gate in filter(None, (held() for held in _GATES)):
        gate.close()


def _in_parent() -> None:
    for gate in filter(None, (held() for held in _GATES)):
        gate.open()


def _forked() -> None:
    """Put everything right in a child; what fails is reported after the rest was done."""
    failed: Exception | None = None
    for held, call in list(_CALLS.values()):
        owner = None if held is None else held()
        try:
            if held is None:
                call()
            elif owner is not None:
                call(owner)
        except Exception as error:
            failed = error
    _renew_property_locks()
    single_thread = getattr(sys.modules.get("faiss"), "omp_set_num_threads", None)
    if single_thread is not None:
        single_thread(1)
    if failed is not None:
        raise failed


if hasattr(os, "register_at_fork"):  # not on Windows
    os.register_at_fork(before=_before, after_in_parent=_in_parent, after_in_child=_forked)
