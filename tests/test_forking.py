"""What a forked child puts right before anything else runs (REL9)."""

from __future__ import annotations

import gc
import os
import threading
import time

import pytest

from matchengine.forking import _CALLS, Gate, in_child
from tests.reliability.children import Child, tell

pytestmark = [
    pytest.mark.skipif(not hasattr(os, "fork"), reason="this platform has no fork"),
    pytest.mark.filterwarnings("ignore:This process:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


class Holder:
    """Holds a lock, as many things do."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        in_child(self.begin)

    def begin(self) -> None:
        self.lock = threading.Lock()


class Broken(Holder):
    """Cannot put itself right."""

    def begin(self) -> None:
        raise RuntimeError("broken")


def told_by(child: Child) -> list[str]:
    child.listen(10, "over")
    return [line["what"] for line in child.kill()]


def test_a_lock_that_was_held_is_new_in_a_child_even_where_another_one_fails() -> None:
    broken, holder = Broken(), Holder()

    def work(pipe: int) -> None:
        with holder.lock:
            tell(pipe, "free")

    with holder.lock:
        assert told_by(Child(work)) == ["free", "over"]
    assert holder.lock.acquire(blocking=False)
    assert broken is not None


def test_what_is_gone_is_forgotten() -> None:
    gc.collect()
    before = len(_CALLS)
    holder = Holder()
    assert len(_CALLS) == before + 1
    del holder
    gc.collect()
    assert len(_CALLS) == before


def test_a_fork_waits_for_a_call_that_is_under_way_and_the_child_begins_with_nobody_inside() -> None:
    gate, inside, go_on = Gate(), threading.Event(), threading.Event()
    order: list[str] = []

    def call() -> None:
        with gate:
            inside.set()
            go_on.wait(10)
            order.append("call ended")

    thread = threading.Thread(target=call)
    thread.start()
    assert inside.wait(10)
    later = threading.Timer(0.2, go_on.set)
    later.start()

    def work(pipe: int) -> None:
        with gate:
            tell(pipe, "inside")

    start = time.monotonic()
    child = Child(work)
    order.append("forked")
    assert time.monotonic() - start >= 0.15
    assert order == ["call ended", "forked"]
    assert told_by(child) == ["inside", "over"]
    with gate:
        thread.join(10)
    later.join(10)


def test_calls_inside_a_gate_do_not_wait_for_each_other() -> None:
    gate = Gate()
    with gate:
        thread = threading.Thread(target=lambda: gate.__enter__() or gate.__exit__())  # type: ignore[func-returns-value]
        thread.start()
        thread.join(10)
    assert not thread.is_alive()
