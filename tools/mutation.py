"""Write `benchmarks/results/mutation.md` from the folder `mutants/` that mutmut leaves: see `make mutation`.

    python tools/mutation.py            write the table, fail where a module is below 80 %

A mutant is killed where a test fails or never ends with it, survives where all pass, and is not tested where no test
reaches its function. Only killed ones count for the score. Look at one with `mutmut show NAME`, names come from
`mutmut results` (both in `.venv/mutation/bin`).
"""

from __future__ import annotations

import argparse
import json
import platform
import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
MUTANTS, TABLE = ROOT / "mutants", ROOT / "benchmarks" / "results" / "mutation.md"
GOAL = 0.8
_SURVIVED, _UNTESTED, _TIMEOUT, _NOT_RUN = {0}, {5, 33}, {-24, 24, 36, 152, 255}, {None, 2, 34}
"""Exit codes of the tests under a mutant, as mutmut 3 keeps them; every other one is a test that failed."""
HEAD = """\
# Mutation score

Written by `make mutation`: mutmut changes one thing at a time in a module, and the tests beside it must notice (goal
REL21: at least {goal:.0f} % of the changes). Many of those that survive change nothing that can be seen, such as the
type of numbers that are whole anyway.

{when}, mutmut {mutmut}, Python {python}.

| module | mutants | killed | of them by time | survived | not tested | score |
|---|---|---|---|---|---|---|
"""


class Score(NamedTuple):
    """What became of the mutants of one module."""

    module: str
    mutants: int
    killed: int
    by_time: int
    survived: int
    untested: int

    @property
    def share(self) -> float:
        """Share of the mutants that were killed."""
        return self.killed / self.mutants

    @property
    def percent(self) -> int:
        """The same in whole per cent, never rounded up."""
        return 100 * self.killed // self.mutants


def score_of(module: str, codes: Mapping[str, int | None]) -> Score:
    """Count the mutants of a module by exit code.

    Raises
    ------
    ValueError
        Where a mutant was not run, so that the run did not end.
    """
    counts = Counter(codes.values())
    if not_run := sum(counts[code] for code in _NOT_RUN):
        raise ValueError(f"{module}: {not_run} of {len(codes)} mutants were not run; run mutmut to its end")
    survived, untested, by_time = (sum(counts[n] for n in kind) for kind in (_SURVIVED, _UNTESTED, _TIMEOUT))
    return Score(module, len(codes), len(codes) - survived - untested, by_time, survived, untested)


def scores(folder: Path) -> list[Score]:
    """Return the score of each module that was mutated, sorted by name.

    Raises
    ------
    ValueError
        Where nothing was mutated, or a mutant was not run.
    """
    found = []
    for path in sorted(folder.rglob("*.py.meta")):
        if codes := json.loads(path.read_text(encoding="utf-8"))["exit_code_by_key"]:
            found.append(score_of(path.relative_to(folder).as_posix().removesuffix(".meta"), codes))
    if not found:
        raise ValueError(f"no mutants under {folder}; run `make mutation`")
    return found


def table(found: Iterable[Score]) -> str:
    """Return the table in Markdown."""
    rows = [
        f"| `{s.module}` | {s.mutants} | {s.killed} | {s.by_time} | {s.survived} | {s.untested} | {s.percent} % |"
        for s in found
    ]
    try:
        mutmut = version("mutmut")
    except PackageNotFoundError:
        mutmut = "of another environment"
    when = datetime.now(UTC).date().isoformat()
    return (
        HEAD.format(goal=100 * GOAL, when=when, mutmut=mutmut, python=platform.python_version())
        + "\n".join(rows)
        + "\n"
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the table; 1 where a module is below the goal."""
    parser = argparse.ArgumentParser(prog="python tools/mutation.py", description="Write the table of mutation scores.")
    parser.add_argument("--mutants", type=Path, default=MUTANTS, help="folder that mutmut left")
    parser.add_argument("--table", type=Path, default=TABLE, help="file to write")
    parsed = parser.parse_args(arguments)
    try:
        found = scores(parsed.mutants)
    except ValueError as error:
        parser.error(str(error))
    text = table(found)
    parsed.table.write_text(text, encoding="utf-8")
    low = [score.module for score in found if score.share < GOAL]
    sys.stdout.write(text[text.index("| module") :])
    sys.stdout.writelines(f"{module}: below {100 * GOAL:.0f} %\n" for module in low)
    return 1 if low else 0


if __name__ == "__main__":
    raise SystemExit(main())
