"""The files that commands write beside their text: CSV, a workbook, a page; names are joined in the sheets alone."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from matchengine.i18n import _
from matchengine.io import ContactSheet, Sheet, read_folder, write_csv, write_xlsx
from matchengine.records import Readiness, Run

__all__ = ["add_files", "contacts_of", "write_files"]


def add_files(parser: argparse.ArgumentParser) -> None:
    """Declare the options that name files to write."""
    parser.add_argument("--csv", type=Path, metavar="FILE", help=_("also write the main table as CSV, with names"))
    parser.add_argument("--xlsx", type=Path, metavar="FILE", help=_("also write everything as a workbook, with names"))
    parser.add_argument("--html", type=Path, metavar="FILE", help=_("also write a page to print, without names"))


def contacts_of(data: str | Path) -> ContactSheet | None:
    """Return the contacts that an import kept in a folder; None where there are none."""
    records = Path(data) / "records"
    return read_folder(records).contacts if records.is_dir() else None


def write_files(arguments: argparse.Namespace, sheets: Sequence[Sheet], table: int, page: Run | Readiness) -> list[str]:
    """Write what was asked for and return the paths; `table` is the number of the sheet that the CSV holds."""
    written = []
    if arguments.csv:
        write_csv(arguments.csv, sheets[table])
        written.append(str(arguments.csv))
    if arguments.xlsx:
        as_of = page.fingerprint.as_of if isinstance(page, Run) else None
        write_xlsx(arguments.xlsx, sheets, as_of=as_of)
        written.append(str(arguments.xlsx))
    if arguments.html:
        from matchengine.report.page import write_page  # its templates are read only when a page is asked for

        write_page(arguments.html, page)
        written.append(str(arguments.html))
    return written
