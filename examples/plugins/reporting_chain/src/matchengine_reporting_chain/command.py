"""`reporting-chain HR.csv TIES.jsonl`: write the ties for `matchengine suggest --relationships`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from matchengine.errors import MatchEngineError
from matchengine_reporting_chain.chain import reporting_chains

__all__ = ["main"]


def main(arguments: list[str] | None = None) -> int:
    """Read the HR file and write one record a line; return the exit status."""
    parser = argparse.ArgumentParser(description="Turn an HR file into ties for matchengine.")
    parser.add_argument("hr_file", type=Path, help="CSV with the columns employee and manager")
    parser.add_argument("ties", type=Path, help="where to write the ties, a .jsonl file")
    parser.add_argument("--employee", default="employee", help="heading of the employees' ids")
    parser.add_argument("--manager", default="manager", help="heading of the managers' ids")
    parser.add_argument("--levels", type=int, default=20, help="how far up a chain counts")
    given = parser.parse_args(arguments)
    try:
        ties = reporting_chains(given.hr_file, employee=given.employee, manager=given.manager, levels=given.levels)
    except MatchEngineError as error:
        print(error, file=sys.stderr)
        return 1
    lines = [tie.model_dump_json(exclude_none=True, exclude_defaults=True) for tie in ties]
    given.ties.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    print(f"{len(ties)} ties written to {given.ties}")
    return 0
