"""What a forked child puts right before anything else runs (REL9)."""

from __future__ import annotations

import gc
import os
import threading
import time
from collections.abc import Callable

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


def at_work(gate: Gate, until: threading.Event, then: Callable[[], None] = lambda: None) -> threading.Thread:
    """Return a thread that is inside a gate until it is told to leave."""
    inside = threading.Event()

    def work() -> None:
        with gate.inside():
            inside.set()
            until.wait(10)
            then()

    thread = threading.Thread(target=work)
    thread.start()
    assert inside.wait(10)
    return thread


def test_a_fork_waits_until_nobody_is_inside_and_clears_away_what_is_left() -> None:
    order: list[str] = []
    gate, go_on = Gate(lambda: order.append("cleared")), threading.Event()
    thread = at_work(gate, go_on, lambda: order.append("left"))
    later = threading.Timer(0.2, go_on.set)
    later.start()

    def work(pipe: int) -> None:
        with gate.inside():
            tell(pipe, "inside", spoiled=gate.spoiled)

    child = Child(work)
    order.append("forked")
    assert order == ["left", "cleared", "forked"]
    assert told_by(child) == ["inside", "over"]
    assert child.told("inside")[0]["spoiled"] is False
    with gate.inside():
        thread.join(10)
    later.join(10)


def test_those_inside_a_gate_do_not_wait_for_each_other() -> None:
    gate, go_on = Gate(lambda: None), threading.Event()
    threads = [at_work(gate, go_on) for _each in range(2)]
    go_on.set()
    for thread in threads:
        thread.join(10)


def test_while_a_fork_waits_only_those_inside_come_in_again() -> None:
    gate, go_on, order = Gate(lambda: order.append("cleared")), threading.Event(), list[str]()

    def again() -> None:
        with gate.inside():
            order.append("again")

    def come_later() -> None:
        with gate.inside():
            order.append("later")

    thread = at_work(gate, go_on, again)
    later = threading.Thread(target=come_later)

    def push() -> None:
        while not gate._forks:
            time.sleep(0.001)
        later.start()
        time.sleep(0.1)
        go_on.set()

    pushing = threading.Thread(target=push)
    pushing.start()
    assert told_by(Child(lambda pipe: tell(pipe, "began"))) == ["began", "over"]
    for each in (thread, pushing, later):
        each.join(10)
    assert order == ["again", "cleared", "later"]


def test_a_child_forked_with_somebody_inside_says_so_and_its_parent_is_as_before(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Gate, "WAIT_SECONDS", 0.05)
    cleared: list[str] = []
    gate, go_on = Gate(lambda: cleared.append("cleared")), threading.Event()

    def work(pipe: int) -> None:
        tell(pipe, "began", spoiled=gate.spoiled)
        pid = os.fork()
        if not pid:
            tell(pipe, "grandchild", spoiled=gate.spoiled)
            os._exit(0)
        os.waitpid(pid, 0)

    thread = at_work(gate, go_on)
    child = Child(work)
    assert told_by(child) == ["began", "grandchild", "over"]
    assert [line["spoiled"] for line in child.lines[:2]] == [True, True]
    go_on.set()
    thread.join(10)
    assert (gate.spoiled, cleared) == (False, [])
    child = Child(lambda pipe: tell(pipe, "began", spoiled=gate.spoiled))
    assert told_by(child) == ["began", "over"]
    assert (child.told("began")[0]["spoiled"], cleared) == (False, ["cleared"])
