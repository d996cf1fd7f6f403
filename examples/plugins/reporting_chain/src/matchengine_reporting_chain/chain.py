"""Turn an HR file into ties that the engine understands: for each employee everybody above them."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from matchengine.errors import DataError
from matchengine.records import Relationship

__all__ = ["reporting_chains"]


def reporting_chains(
    path: str | Path, *, employee: str = "employee", manager: str = "manager", levels: int = 20, on: date | None = None
) -> list[Relationship]:
    """Read an HR file and return a tie of kind `line_management` from each employee to everybody above them.

    Parameters
    ----------
    path
        A CSV file in UTF-8 with a heading line; one line for each employee, ids as in the programme's records.
    employee, manager
        Headings of the two columns. An empty manager: nobody is above.
    levels
        How far up a chain counts: 1 only the own manager, 2 also the manager's manager, and so on.
    on
        The day the file speaks of; it becomes the start of every tie.

    Raises
    ------
    DataError
        With the line numbers of everything that is wrong; ids are not repeated.
    """
    if levels < 1:
        raise DataError(f"levels is {levels}; expected 1 or more")
    above = _managers(Path(path), employee, manager)
    return [
        Relationship(person_id=person, other_id=boss, kind="line_management", started=on)
        for person in above
        for boss in _chain(above, person, levels)
    ]


def _managers(path: Path, employee: str, manager: str) -> dict[str, str]:
    """Return each employee's manager; the empty text where there is none."""
    above: dict[str, str] = {}
    lines: dict[str, int] = {}
    problems: list[str] = []
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            missing = [name for name in (employee, manager) if name not in (reader.fieldnames or ())]
            if missing:
                raise DataError(f"{path.name}: no column {' and no column '.join(missing)} in the heading line")
            for row in reader:
                person, boss = (row[employee] or "").strip(), (row[manager] or "").strip()
                if not person:
                    problems.append(f"line {reader.line_num}: no employee")
                elif person == boss:
                    problems.append(f"line {reader.line_num}: somebody is their own manager")
                elif above.get(person, boss) != boss:
                    problems.append(f"line {reader.line_num}: another manager than in line {lines[person]}")
                else:
                    above[person] = boss
                    lines.setdefault(person, reader.line_num)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise DataError(f"{path.name}: cannot be read as a CSV file in UTF-8 ({type(error).__name__})") from None
    problems += [f"line {lines[person]}: this chain of managers goes round in a circle" for person in _circles(above)]
    if problems:
        raise DataError(f"{path.name}: the reporting lines cannot be used", problems)
    return above


def _chain(above: dict[str, str], person: str, levels: int) -> Iterator[str]:
    boss = above.get(person, "")
    while boss and levels:
        yield boss
        boss, levels = above.get(boss, ""), levels - 1


def _circles(above: dict[str, str]) -> list[str]:
    """Return one employee of each circle."""
    done: set[str] = set()
    found = []
    for start in above:
        path: list[str] = []
        person = start
        while person and person not in done:
            done.add(person)
            path.append(person)
            person = above.get(person, "")
        if person in path:
            found.append(person)
    return found
