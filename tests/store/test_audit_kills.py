"""What was acknowledged is on record after kill -9, and the chain is whole (SEC20)."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from matchengine.store.audit import find_break
from matchengine.store.recording import noted_head, recorded
from matchengine.store.stores import open_store

_CHILD = """
import sys
from matchengine.actors import acting
from matchengine.store.base import Change, Commit, Event
from matchengine.store.recording import recorded
from matchengine.store.stores import open_store

store = recorded(open_store(sys.argv[1], "main"))
number = 0
while True:
    number += 1
    name = f"{sys.argv[2]}-{number}"
    commit = Commit(changes=(Change("setting", name, "{}"),))
    with acting("coordinator:7", name):
        store.write("main", Commit(events=(Event("coordinator:7", "saw", why=name),)) if number % 3 == 0 else commit)
    print(name, flush=True)
"""


def acknowledged_before_a_kill(path: Path, run: int, seconds: float) -> list[str]:
    """Let a child put things on record until it is killed; return what it was told is kept."""
    child = subprocess.Popen(  # noqa: S603
        [sys.executable, "-c", _CHILD, str(path), str(run)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    first = child.stdout.readline()
    timer = threading.Timer(seconds, lambda: child.send_signal(signal.SIGKILL))
    timer.start()
    rest, problems = child.communicate(timeout=60)
    timer.cancel()
    assert first, problems
    lines = (first + rest).splitlines(keepends=True)
    return [line.strip() for line in lines if line.endswith("\n")]


def check_kills(path: Path, count: int) -> None:
    draw, told = random.Random(5), []
    for run in range(count):
        acknowledged = acknowledged_before_a_kill(path, run, draw.uniform(0.0, 0.3))
        assert acknowledged  # a run without one would prove nothing
        told += acknowledged
        store = recorded(open_store(path, "main"))
        lines = list(store.audit("main"))
        assert find_break(lines, noted_head(store, "main")) is None
        whys = {line.event.why for line in lines}
        changed = {entry.id for entry in store.entries("main")}
        assert set(told) <= whys
        assert changed <= whys  # no change without its line
        assert {why for why in whys if int(why.split("-")[1]) % 3} == changed  # and no line without its change
        store.close()


def test_nothing_acknowledged_is_lost_and_the_chain_is_whole(tmp_path: Path) -> None:
    check_kills(tmp_path / "a.db", 3)


@pytest.mark.slow
def test_nothing_acknowledged_is_lost_in_thirty_kills(tmp_path: Path) -> None:
    check_kills(tmp_path / "a.db", 30)
