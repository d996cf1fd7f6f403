"""A server that answers from an engine over a store, in several manners, and says what went wrong with its workers.

`python -m tests.reliability.servers MANNER INDEX COUNT FOLDER` prints one JSON document per repetition.
"""

from __future__ import annotations

import faulthandler
import json
import multiprocessing
import os
import sys
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from matchengine import cached
from matchengine.config import EngineConfig
from matchengine.engine import Engine
from matchengine.errors import StoreBusyError
from matchengine.forking import Gate
from matchengine.records import Person
from matchengine.store.sql import sqlite
from tests.reliability import programme as p
from tests.reliability.children import Child, tell
from tests.support import CONFIG, config, over

SECONDS = 10.0
SEARCHING = "[retrieve]\nshortlist = 10\ndense_up_to = 0\n"


def configuration(index: str) -> EngineConfig:
    """Return a configuration that searches an index whatever the size of the programme."""
    text = CONFIG.replace(
        'enable = ["builtin"]', 'enable = ["builtin", "faiss"]' if index == "faiss" else 'enable = ["builtin"]'
    )
    return config(f'[index]\nuse = "{index}"\n' + SEARCHING, text)


def opened(place: Path, index: str) -> Engine:
    """Return an engine over a new store, which has answered once."""
    place.unlink(missing_ok=True)
    made = over(place, configuration(index))
    made.load(**p.started())
    p.answers(made)
    return made


def main(manner: str, index: str, count: int, folder: Path) -> None:
    """Print what came of each repetition."""
    warnings.simplefilter("ignore", DeprecationWarning)  # that a process with threads forks is what is tried here
    if manner.startswith("faiss"):
        make = faiss_search(index, hook=manner == "faiss")
        for _number in range(count):
            print(json.dumps({"problems": make()}), flush=True)  # noqa: T201
        return
    cached.CHANGES = 5  # so that a fork meets the publication of the cache too
    if manner.endswith(" without the gate"):
        manner, sqlite.BUSY_SECONDS = manner.removesuffix(" without the gate"), 1
        Gate.close, Gate.open = (lambda gate: None,) * 2  # type: ignore[method-assign]
    made = opened(folder / "programme.db", index)
    for number in range(count):
        print(json.dumps({"problems": MANNERS[manner](made, folder, number)}), flush=True)  # noqa: T201
    made.close()


# ---------------------------------------------------------------------- a worker


def worker(made: Engine) -> Callable[[int], None]:
    """What a forked worker does: answer, try to write, and answer again after the server wrote."""
    expected = p.answers(made)

    def work(pipe: int) -> None:
        faulthandler.dump_traceback_later(SECONDS - 1)  # says on stderr where a worker hangs
        tell(pipe, "answered", same=p.answers(made) == expected, people=len(made.members("mentor").candidates))
        try:
            made.upsert(Person.model_validate(p.member(1, 99)))
            tell(pipe, "wrote")
        except StoreBusyError:
            tell(pipe, "refused")
        tell(pipe, "waits")
        end = time.monotonic() + 3 * SECONDS  # what is asked goes on record, and those who write take turns
        while "late" not in made.members("mentor").candidates and time.monotonic() < end:
            time.sleep(0.05)
        tell(pipe, "saw", late="late" in made.members("mentor").candidates)
        made.close()

    return work


def judged(child: Child, *, same: bool = True) -> list[str]:
    """Return what is wrong with a worker that was told to end by now."""
    lines = child.kill()
    problems = [f"{line['error']}: {line['where']}" for line in lines if line["what"] == "failed"]
    if not child.told("over") and not problems:
        problems.append(f"it hangs after {[line['what'] for line in lines]}")
    if same and not all(line["same"] for line in child.told("answered")):
        problems.append("it answers otherwise than the server")
    if child.told("wrote"):
        problems.append("a forked worker believes it may write")
    if not all(line["late"] for line in child.told("saw")):
        problems.append("it does not see what the server wrote")
    return problems


# ---------------------------------------------------------------------- manners


def prefork(made: Engine, folder: Path, number: int) -> list[str]:
    """Fork two workers from a server that has answered; both answer, refuse to write, and follow it."""
    remove_late(made)
    children = [Child(worker(made)) for _worker in range(2)]
    for child in children:
        child.listen(SECONDS, "waits")
    made.upsert(Person.model_validate(p.member(1, number) | {"id": "late"}))
    for child in children:
        child.listen(4 * SECONDS, "over")
    problems = [problem for child in children for problem in judged(child)]
    made.upsert(Person.model_validate(p.member(2, number)))  # a child that ended took nothing with it
    return problems


def busy(made: Engine, folder: Path, number: int) -> list[str]:
    """Fork while two threads read and one writes: locks are held at that moment, and OpenMP has threads."""
    remove_late(made)
    with at_work(made) as wait:
        wait()
        children = [Child(worker(made)) for _worker in range(2)]
        for child in children:
            child.listen(SECONDS, "waits")
        made.upsert(Person.model_validate(p.member(1, number) | {"id": "late"}))
        for child in children:
            child.listen(4 * SECONDS, "over")
    return [problem for child in children for problem in judged(child, same=False)]


@contextmanager
def at_work(made: Engine) -> Iterator[Callable[[], None]]:
    """Keep two readers and a writer busy; gives a function that waits until each has worked a little."""
    done, rounds = threading.Event(), [0, 0, 0]

    def read(place: int) -> None:
        while not done.is_set():
            p.answers(made)
            rounds[place] += 1
            done.wait(0.02)

    def write() -> None:
        while not done.is_set():
            made.upsert(Person.model_validate(p.member(5, rounds[2])))
            rounds[2] += 1
            done.wait(0.02)

    threads = [threading.Thread(target=read, args=(place,)) for place in range(2)] + [threading.Thread(target=write)]
    for thread in threads:
        thread.start()

    def wait() -> None:
        start = list(rounds)
        while not all(now > before for now, before in zip(rounds, start, strict=True)):
            time.sleep(0.001)

    try:
        yield wait
    finally:
        done.set()
        for thread in threads:
            thread.join(60)


def threads(made: Engine, folder: Path, number: int) -> list[str]:
    """Answer from one engine in a pool of threads."""
    expected = p.answers(made)
    with ThreadPoolExecutor(4) as pool:
        started = [pool.submit(p.answers, made) for _each in range(8)]
        found = [each.result(SECONDS) for each in started]
    return [] if all(each == expected for each in found) else ["a thread answers otherwise"]


def spawned(place: str, index: str, pipe: Any) -> None:
    """What a spawned worker does: open the store to read, and follow."""
    with over(place, configuration(index), read_only=True) as made:
        pipe.send(p.answers(made))
        pipe.recv()
        pipe.send("late" in made.members("mentor").candidates)


def spawn(made: Engine, folder: Path, number: int) -> list[str]:
    """Spawn a worker that opens the store to read, as a web server with several processes does."""
    remove_late(made)
    here, there = multiprocessing.Pipe()
    context = multiprocessing.get_context("spawn")
    child = context.Process(target=spawned, args=(str(folder / "programme.db"), "faiss", there))
    child.start()
    problems = []
    try:
        if not here.poll(60):  # it imports everything first
            return ["it hangs"]
        if here.recv() != p.answers(made):
            problems.append("it answers otherwise than the server")
        made.upsert(Person.model_validate(p.member(1, number) | {"id": "late"}))
        here.send("go on")
        if not here.poll(SECONDS) or not here.recv():
            problems.append("it does not see what the server wrote")
    finally:
        child.join(SECONDS)
        if child.is_alive():
            child.kill()
            problems.append("it does not end")
    return problems


def locked(made: Engine, folder: Path, number: int) -> list[str]:
    """Fork while another thread holds the lock of writers, is inside a component that prints and works out a property.

    A `cached_property` has a lock up to Python 3.11.
    """
    from matchengine.batch import PairBatch
    from matchengine.matching.boundary import quiet

    of_property = getattr(vars(PairBatch)["runs"], "lock", None) or threading.Lock()

    held, go_on = threading.Event(), threading.Event()

    def hold() -> None:
        with made._writing, quiet(), of_property:
            held.set()
            go_on.wait(60)

    thread = threading.Thread(target=hold)
    thread.start()
    held.wait(60)
    child = Child(lambda pipe: tell(pipe, "answered", same=bool(p.answers(made)), stdout=str(type(sys.stdout))))
    child.listen(SECONDS, "over")
    go_on.set()
    thread.join(60)
    problems = judged(child)
    if any("Hush" in line["stdout"] for line in child.told("answered")):
        problems.append("its output is kept out for ever")
    return problems


def between(made: Engine, folder: Path, number: int) -> list[str]:
    """Fork while another thread is in the middle of a commit."""
    store, begun = made._keeper.store, threading.Event()  # type: ignore[union-attr]

    def commit() -> None:
        with store._transaction("main", writes=True):  # type: ignore[attr-defined]
            begun.set()
            time.sleep(0.3)

    thread = threading.Thread(target=commit)
    thread.start()
    begun.wait(60)
    child = Child(lambda pipe: tell(pipe, "answered", same=bool(p.answers(made))))
    child.listen(SECONDS, "over")
    thread.join(60)
    return judged(child)


def closing(made: Engine, folder: Path, number: int) -> list[str]:
    """Close the server while its worker goes on: what the worker puts on record stays there."""
    place = folder / "closing.db"
    server = opened(place, "numpy")
    reader, writer = os.pipe()

    def lines() -> int:
        return server._keeper.store.audit_head("main")[0]  # type: ignore[union-attr, attr-defined, no-any-return]

    def work(pipe: int) -> None:
        p.answers(server)
        tell(pipe, "answered", same=True, lines=lines())
        os.read(reader, 1)
        p.answers(server)
        tell(pipe, "saw", late=True, lines=lines())
        server.close()

    child = Child(work)
    child.listen(SECONDS, "answered")
    server.close()
    os.write(writer, b".")
    child.listen(SECONDS, "over")
    for each in (reader, writer):
        os.close(each)
    problems = judged(child)
    with over(place, configuration("numpy"), read_only=True) as again:
        kept = again._keeper.store.audit_head("main")[0]  # type: ignore[union-attr, attr-defined]
    told = [line["lines"] for line in child.told("answered") + child.told("saw")]
    return problems + [f"on record were {told}, kept are {kept}"] * (len(told) < 2 or kept != told[-1])


def remove_late(made: Engine) -> None:
    """Take out whom the repetition before brought."""
    if "late" in made._pool.tables["people"].row_of:
        made.remove("late")


def faiss_search(kind: str, *, hook: bool) -> Callable[[], list[str]]:
    """Return what forks a child that searches an index of FAISS which this process has used with two threads."""
    import faiss

    faiss.omp_set_num_threads(2)
    vectors = np.random.default_rng(1).standard_normal((4_000, 64)).astype(np.float32)
    index = faiss.index_factory(64, kind)
    index.add(vectors)
    index.search(vectors[:500], 5)
    if not hook:
        del sys.modules["faiss"]  # where the hook looks for it

    def search(pipe: int) -> None:
        tell(pipe, "found", count=len(index.search(vectors[:500], 5)[1]))

    def make() -> list[str]:
        child = Child(search)
        child.listen(SECONDS if hook else SECONDS / 2, "over")
        return judged(child)

    return make


MANNERS = {
    "prefork": prefork,
    "busy": busy,
    "threads": threads,
    "spawn": spawn,
    "locked": locked,
    "between": between,
    "closing": closing,
}

if __name__ == "__main__":
    os.environ.setdefault("OMP_NUM_THREADS", "2")
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), Path(sys.argv[4]))
