"""Several who write to one record at once, in one process and in several engines: one chain, no gap (SEC20)."""

from __future__ import annotations

import threading
from pathlib import Path

from matchengine.actors import acting
from matchengine.store.audit import find_break
from matchengine.store.base import Change, Commit, Event
from matchengine.store.recording import noted_head, recorded
from matchengine.store.stores import open_store

EACH, READERS = 25, 3


def test_lines_of_writer_and_readers_make_one_chain(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    stores = [recorded(open_store(path, "main"))]
    stores += [recorded(open_store(path, "main", read_only=True)) for _each in range(READERS)]
    failed: list[BaseException] = []
    begin = threading.Barrier(len(stores))

    def write(number: int) -> None:
        try:
            begin.wait(30)
            with acting(f"actor:{number}"):
                for n in range(EACH):
                    changes = () if number else (Change("setting", f"s{n}", "{}"),)
                    events = (Event(f"actor:{number}", "saw"),) if number else ()
                    stores[number].write("main", Commit(changes=changes, events=events))
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(len(stores))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert not failed, failed
    lines = list(stores[0].audit("main"))
    assert find_break(lines, noted_head(stores[0], "main")) is None
    counts = {actor: sum(line.event.actor == actor for line in lines) for actor in {line.event.actor for line in lines}}
    assert counts == {f"actor:{number}": EACH for number in range(len(stores))}
    for store in stores:
        store.close()
