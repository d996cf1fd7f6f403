"""The files that commands write beside their text: CSV, a workbook, a page; names are joined in the sheets alone."""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from matchengine.cli.locations import note_copies
from matchengine.cli.output import Output, paragraph
from matchengine.errors import DataError
from matchengine.i18n import _, listing
from matchengine.io import ContactSheet, Sheet, read_folder, write_csv, write_xlsx
from matchengine.io.group_sheets import sheets_of_groups
from matchengine.io.json_lines import write_private
from matchengine.io.mixer_sheets import sheets_of_mixer
from matchengine.io.plan_sheets import sheets_of_plan
from matchengine.io.shadow_sheets import sheets_of_shadow
from matchengine.io.skill_circle_sheets import sheets_of_skill_circles
from matchengine.io.swap_sheets import sheets_of_swaps
from matchengine.records import Fingerprint, Record
from matchengine.records.circles import GroupsPlan
from matchengine.records.kpi import KpiReport
from matchengine.records.mixer import MixerSchedule
from matchengine.records.plan import PlanDocument
from matchengine.records.shadow import ShadowPrices
from matchengine.records.swaps import SkillCircles, SwapLedger

__all__ = ["add_files", "contacts_of", "save", "take_away", "write_files", "write_timings"]

_SHEETS: Mapping[type[Record], Callable[[Any, ContactSheet | None], list[Sheet]]] = {
    PlanDocument: sheets_of_plan,
    SwapLedger: sheets_of_swaps,
    SkillCircles: sheets_of_skill_circles,
    GroupsPlan: sheets_of_groups,
    MixerSchedule: sheets_of_mixer,
    ShadowPrices: sheets_of_shadow,
}
"""What makes sheets out of each draft for a whole programme."""
_MAIN = 1
"""Sheet of such a draft that a CSV holds: the one after the summary."""


def add_files(parser: argparse.ArgumentParser) -> None:
    """Declare the options that name files to write."""
    parser.add_argument("--csv", type=Path, metavar="FILE", help=_("also write the main table as CSV, with names"))
    parser.add_argument("--xlsx", type=Path, metavar="FILE", help=_("also write everything as a workbook, with names"))
    parser.add_argument("--html", type=Path, metavar="FILE", help=_("also write a page to print, without names"))
    parser.add_argument(
        "--timings", type=Path, metavar="FILE", help=_("also write how long it took, apart from results")
    )


def write_timings(path: Path, command: str, started: float) -> None:
    """Write how long a command took: never a part of its result, which is the same however long it takes."""
    seconds = round(time.perf_counter() - started, 3)
    write_private(path, json.dumps({"command": command, "seconds": seconds}, indent=1) + "\n")


def contacts_of(data: str | Path) -> ContactSheet | None:
    """Return the contacts that an import kept in a folder; None where there are none."""
    records = Path(data) / "records"
    return read_folder(records).contacts if records.is_dir() else None


def write_files(
    arguments: argparse.Namespace, output: Output, sheets: Sequence[Sheet], table: int, page: Record
) -> None:
    """Write what was asked for and say which; `table` is the number of the sheet that the CSV holds."""
    paths = [path for path in (arguments.csv, arguments.xlsx, arguments.html) if path]
    if not isinstance(page, KpiReport):  # which holds nobody
        note_copies(arguments, *paths)
    if arguments.csv:
        write_csv(arguments.csv, sheets[table])
    if arguments.xlsx:
        write_xlsx(arguments.xlsx, sheets, as_of=_day(page))
    if arguments.html:
        from matchengine.report.page import write_page  # its templates are read only when a page is asked for

        write_page(arguments.html, page)
    if paths:
        _say_written(output, *paths)


def take_away(arguments: argparse.Namespace, output: Output, draft: Record) -> None:
    """Write the files of a draft for a whole programme that were asked for, and say which."""
    if arguments.csv or arguments.xlsx or arguments.html:
        contacts = contacts_of(arguments.data) if arguments.csv or arguments.xlsx else None
        write_files(arguments, output, _SHEETS[type(draft)](draft, contacts), _MAIN, draft)


def save(arguments: argparse.Namespace, output: Output, path: Path, write: Callable[[Path], object]) -> None:
    """Write a file that holds people's data, and say so.

    Raises
    ------
    DataError
        Where it cannot be written.
    """
    note_copies(arguments, path)
    try:
        write(path)
    except OSError as error:
        told = _("{path}: cannot be written ({reason})", path=path, reason=error.strerror)
        raise DataError(told) from error
    _say_written(output, path)


def _say_written(output: Output, *paths: Path) -> None:
    output.note(paragraph(_("Written: {files}.", files=listing([str(path) for path in paths]))))


def _day(document: Record) -> date | None:
    """Return the day that a document states."""
    fingerprint = getattr(document, "fingerprint", None)
    return fingerprint.as_of if isinstance(fingerprint, Fingerprint) else getattr(document, "today", None)
