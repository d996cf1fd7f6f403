"""A programme under a mixed load that measures itself: `python -m tests.reliability.soak SECONDS FOLDER`.

Two threads ask and one changes, at most fifty calls a second: people come, are described anew, go, and from time to
time everything is loaded again. Words and people come from a closed set, so that nothing has a reason to grow.
"""

from __future__ import annotations

import gc
import json
import os
import random
import sys
import threading
import time
import traceback
from collections.abc import Callable
from pathlib import Path

import numpy as np

from matchengine.engine import Engine
from matchengine.records import Person
from tests.reliability import programme as p

PAUSE_SECONDS = 0.06
"""Between two calls of a thread: three threads then make fifty calls a second at most."""
WARM_SHARE = 0.3
ROUND = 60
"""Changes after which everything is loaded again."""


def main(seconds: int, folder: Path) -> None:
    """Run and print what was measured."""
    made = p.programme(folder / "programme.db")
    until, calls, failed = threading.Event(), [0, 0, 0], []

    def run(place: int, work: Callable[[Engine, random.Random, int], None]) -> None:
        try:
            dice = random.Random(place)
            while not until.is_set():
                work(made, dice, calls[place])
                calls[place] += 1
                until.wait(PAUSE_SECONDS)
        except BaseException as error:
            failed.append("".join(traceback.format_exception(error)))
            until.set()

    jobs = (ask, ask, change)
    threads = [threading.Thread(target=run, args=(place, job)) for place, job in enumerate(jobs)]
    for thread in threads:
        thread.start()
    told = measure(seconds, until)
    until.set()
    for thread in threads:
        thread.join(60)
    made.close()
    if failed:
        raise SystemExit("\n".join(failed))
    print(json.dumps(told | {"calls": sum(calls)}))  # noqa: T201


def ask(made: Engine, dice: random.Random, number: int) -> None:
    """Ask one of several questions for somebody who is there now."""
    who, question = f"p{3 * dice.randrange(p.PEOPLE // 3)}", dice.choice(["mentor", "group"])
    with made._reading():
        if who in made.members("mentor").requesters:
            made.suggest(who, question, 5)
    made.check(question)


def change(made: Engine, dice: random.Random, number: int) -> None:
    """Make one change; every so often load everything again."""
    if number % ROUND == ROUND - 1:
        made.load(**p.started())
    else:
        p.make(made, p.step(dice, number % 97))
        made.upsert(Person.model_validate(p.member(number % p.PEOPLE, number % 89)))


def measure(seconds: int, until: threading.Event) -> dict[str, object]:
    """Read memory, open files and threads once a second; memory as a slope after the start."""
    until.wait(seconds * WARM_SHARE)
    rows = []
    begin = time.monotonic()
    while time.monotonic() < begin + seconds * (1 - WARM_SHARE) and not until.is_set():
        gc.collect()
        rows.append((time.monotonic() - begin, _resident(), len(os.listdir("/proc/self/fd")), threading.active_count()))
        until.wait(1)
    if not rows:
        return {}  # a thread failed before anything could be measured
    at, megabytes, files, threads = (np.array(column) for column in zip(*rows, strict=True))
    slope = 60 * float(np.polyfit(at, megabytes, 1)[0]) if len(rows) > 2 else 0.0
    third = max(1, len(rows) // 3)
    return {
        "megabytes a minute": round(slope, 3),
        "megabytes": [round(float(megabytes[0]), 1), round(float(megabytes[-1]), 1)],
        "files": [int(files[:third].max()), int(files[-third:].min())],
        "threads": [int(threads[:third].max()), int(threads[-third:].min())],
    }


def _resident() -> float:
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS:"))


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
