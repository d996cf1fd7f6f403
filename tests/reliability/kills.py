"""A process that forks writers over copies of one store, kills each at a random moment and looks at what is left.

`python -m tests.reliability.kills SCENE TEMPLATE COUNT SEED [MECHANISM]` prints one JSON document per repetition. All
children are forked from this process, which has imported everything and opened nothing, so that a repetition takes a
fraction of a second. A writer tells over a pipe of every step before it makes it and after the call returned: what was
told as done must be there, and the step under way as a whole or not at all.

A repetition in which no step was done, or whose writer could not begin, is VOID: it says nothing (part 1.4).
MECHANISM names a protection that a child does without, to see that its loss would be noticed (REL22).
"""

from __future__ import annotations

import fcntl
import importlib
import json
import random
import shutil
import sqlite3
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path
from typing import Any

from matchengine import cached
from matchengine.engine import Engine
from matchengine.errors import StoreBusyError
from matchengine.store.audit import find_break
from matchengine.store.base import Commit
from tests.reliability import programme as p
from tests.reliability.children import Child, tell
from tests.support import over

FILE = "programme.db"
MOST_STEPS, WITHIN_SECONDS = 12, 0.06
"""A writer is killed after so many acknowledged steps, drawn by lot, and so many seconds, at most."""
START_SECONDS, LOOK_SECONDS = 60.0, 120.0
TOO_EARLY = "acknowledged before the commit"
Result = dict[str, Any]


def main(scene: str, template: Path, count: int, seed: int, mechanism: str = "") -> None:
    """Print what came of each repetition."""
    import_all(template)
    for number in range(count):
        with tempfile.TemporaryDirectory(prefix="kill-") as folder:
            shutil.copytree(template, folder, dirs_exist_ok=True)
            found = SCENES[scene](Path(folder) / FILE, seed * 100_000 + number, mechanism)
        print(json.dumps(found), flush=True)  # noqa: T201


def import_all(template: Path) -> None:
    """Import here what opening a store imports, for all the children to come; the store is opened in a child."""

    def names(pipe: int) -> None:
        with tempfile.TemporaryDirectory(prefix="kill-") as folder:
            shutil.copytree(template, folder, dirs_exist_ok=True)
            over(Path(folder) / FILE).close()
        tell(pipe, "imported", names=[name for name in sys.modules if name.startswith(("alembic", "sqlalchemy"))])

    child = Child(names)
    child.listen(START_SECONDS, "over")
    child.kill()
    for name in child.told("imported")[0]["names"]:
        importlib.import_module(name)


# ---------------------------------------------------------------------- REL1: a writer is killed


def killed_writer(place: Path, seed: int, mechanism: str) -> Result:
    """Kill one writer and say what was found: `void`, `done` steps, `problems`, `seconds` to open again."""
    child = Child(lambda pipe: write(place, seed, pipe, mechanism))
    dice = random.Random(seed)
    child.listen(START_SECONDS, "done", dice.randint(1, MOST_STEPS))
    child.listen(dice.uniform(0, WITHIN_SECONDS), "over")
    if mechanism == "halves":
        child.listen(START_SECONDS, "half", 1 + len(child.told("half")))
    child.kill()
    begun = [tuple(line["step"]) for line in child.told("begun")]
    done, failed = len(child.told("done")), [line["where"] for line in child.told("failed")]
    result = {"seed": seed, "done": done, "void": not done or bool(failed), "problems": failed}
    return result if result["void"] else result | looked_at(place, begun, done)


def write(place: Path, seed: int, pipe: int, mechanism: str = "") -> None:
    """Change a programme until somebody kills this process."""
    cached.CHANGES = 3  # so that a kill meets the publication of the cache too
    made = over(place)
    if mechanism == "halves":
        commit_in_halves(made, pipe)
    dice = random.Random(seed + 1)
    for number in range(1, 100_000):
        step = p.step(dice, number, loads=number > 2)
        while mechanism == "halves" and step[0] != "several":
            step = p.step(dice, number)
        tell(pipe, "begun", step=step)
        if mechanism == TOO_EARLY:
            tell(pipe, "done")
        p.make(made, step)
        if mechanism != TOO_EARLY:
            tell(pipe, "done")


def commit_in_halves(made: Engine, pipe: int) -> None:
    """Let every commit become true in two steps."""
    store = made._keeper.store  # type: ignore[union-attr]
    whole = store.write

    def halves(programme: str, commit: Commit) -> Any:
        half = 0 if commit.replace else len(commit.changes) // 2
        if half:
            whole(programme, Commit(changes=commit.changes[:half]))
            tell(pipe, "half")
            time.sleep(0.1)
        return whole(programme, Commit(**{**vars(commit), "changes": commit.changes[half:]}))

    store.write = halves


def looked_at(place: Path, begun: list[p.Step], done: int) -> Result:
    """Open a store in a process of its own and compare it with what was acknowledged."""
    child = Child(lambda pipe: tell(pipe, "looked", **look(place, begun, done)))
    child.listen(LOOK_SECONDS, "over")
    told = child.kill()
    found = child.told("looked") or [{"problems": [f"it cannot be opened: {told}"]}]
    return {key: value for key, value in found[0].items() if key != "what"}


def look(place: Path, begun: list[p.Step], done: int) -> Result:
    """Return what is wrong: a step that was acknowledged and is lost, half a step, damage."""
    start = time.perf_counter()
    with over(place) as made:
        spent = time.perf_counter() - start
        held, problems = p.found(made), []
        before, after = p.expected(begun[:done]), p.expected(begun[: done + 1])
        if held not in (before, after):
            lost, half = p.differing(held, before), p.differing(held, after)
            problems.append(f"neither before nor after {begun[done : done + 1]}: {lost} {half}")
        keeper = made._keeper
        if keeper is None or (broken := find_break(keeper.store.audit(keeper.programme))) is not None:
            problems.append(f"the record is broken: {broken}")
        served = {f"person {who}" for who in made._pool.tables["people"].row_of}
        if served != {key for key in held if key.startswith("person ")}:
            problems.append("others are served than are stored")
    with closing(sqlite3.connect(place)) as connection:
        if connection.execute("PRAGMA integrity_check").fetchall() != [("ok",)]:
            problems.append("the file is damaged")
    return {"problems": problems, "seconds": spent, "last": held == after != before}


# ---------------------------------------------------------------------- REL8: two want to write


def rivals(place: Path, seed: int, mechanism: str) -> Result:
    """Let a second process try to write beside a first one, kill the first, let a third take over."""
    first = Child(lambda pipe: write(place, seed, pipe))
    first.listen(START_SECONDS, "done")
    second = Child(lambda pipe: try_to_write(place, pipe, mechanism))
    second.listen(START_SECONDS, "over")
    first.listen(random.Random(seed).uniform(0, WITHIN_SECONDS), "over")
    second.kill()
    first.kill()
    begun, done = [tuple(line["step"]) for line in first.told("begun")], len(first.told("done"))
    failed = [line["where"] for child in (first, second) for line in child.told("failed")]
    tried = [line["busy"] for line in second.told("tried")]
    result: Result = {"seed": seed, "done": done, "void": not done or not tried or bool(failed), "problems": failed}
    if result["void"]:
        return result
    result |= looked_at(place, begun, done)  # which opens it for writing
    if not all(tried):
        result["problems"].append("a second process could write beside the first")
    return result


def try_to_write(place: Path, pipe: int, mechanism: str) -> None:
    """Ask for the right to write that another process holds."""
    if mechanism == "no lock":
        fcntl.flock = lambda *_arguments: None  # type: ignore[assignment]
    elif mechanism:
        raise ValueError(mechanism)
    for _time in range(3):
        try:
            over(place).close()
            tell(pipe, "tried", busy=False)
        except StoreBusyError:
            tell(pipe, "tried", busy=True)


SCENES = {"killed writer": killed_writer, "rivals": rivals}

if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]), *sys.argv[5:6])
