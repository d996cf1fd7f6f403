"""XLSX workbooks: unpacked only when they cannot be a bomb, and parsed with external entities off."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

from matchengine.errors import MissingExtraError
from matchengine.i18n import _
from matchengine.io.limits import Limits
from matchengine.io.report import Report
from matchengine.io.tables import FileOptions, FileRefusedError, RawTable, is_blank, table_from_rows

__all__ = ["read_workbook"]

_BLANK_TAIL = 10_000
_FORMULA = re.compile(rb"<(?:\w+:)?f[ >]")


def read_workbook(path: Path, name: str, options: FileOptions, limits: Limits, report: Report) -> RawTable:
    """Read one sheet of a workbook; other sheets with content are reported as not read.

    Raises
    ------
    FileRefusedError
        If the file is no workbook, is protected, unpacks to too much, or passes a limit.
    MissingExtraError
        If openpyxl or defusedxml is not installed.
    """
    _check_archive(path, limits)
    openpyxl = _openpyxl()
    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True, keep_links=False)
    except Exception as error:  # openpyxl raises many kinds on damaged files
        raise FileRefusedError(
            _("an Excel workbook; this one cannot be opened ({error})", error=type(error).__name__)
        ) from error
    try:
        sheet = _choose(book, name, options, report)
        table = table_from_rows(name, _rows(sheet, limits), options, limits, report)
        if _has_formula(path, sheet, limits):
            _report_unsaved_formulas(openpyxl, path, sheet.title, table, limits, report)
        return table
    except FileRefusedError:
        raise
    except Exception as error:
        raise FileRefusedError(
            _("an Excel workbook; this one is damaged ({error})", error=type(error).__name__)
        ) from error
    finally:
        book.close()


def _openpyxl() -> Any:
    try:
        import_module("defusedxml")
        openpyxl = import_module("openpyxl")
    except ImportError as error:
        raise MissingExtraError("tables", _("Reading Excel workbooks")) from error
    if not openpyxl.DEFUSEDXML:
        raise MissingExtraError(
            "tables", _("Reading Excel workbooks safely (environment variable OPENPYXL_DEFUSEDXML is off)")
        )
    return openpyxl


def _check_archive(path: Path, limits: Limits) -> None:
    """Look at the table of contents only: what Python unpacks is never more than is declared there."""
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise FileRefusedError(
            _("an .xlsx workbook without a password; save it again as 'Excel workbook (.xlsx)' or as CSV")
        ) from error
    if len(entries) > limits.zip_entries:
        raise FileRefusedError(
            _("at most {most} parts in a workbook; this one has {parts}", most=limits.zip_entries, parts=len(entries))
        )
    unpacked = sum(entry.file_size for entry in entries)
    packed = max(1, min(sum(entry.compress_size for entry in entries), path.stat().st_size))
    if unpacked > limits.unzipped_bytes or (unpacked > limits.ratio_from and unpacked / packed > limits.zip_ratio):
        raise FileRefusedError(
            _(
                "a workbook that unpacks to at most {most} MiB and {most_times} times its size; this one "
                "unpacks to {size} MiB, {times} times. Save it as CSV",
                most=limits.unzipped_bytes >> 20,
                most_times=limits.zip_ratio,
                size=unpacked >> 20,
                times=unpacked // packed,
            )
        )


def _choose(book: Any, name: str, options: FileOptions, report: Report) -> Any:
    sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"] or list(book.worksheets)
    if options.sheet is not None:
        chosen = next((sheet for sheet in book.worksheets if sheet.title.strip() == options.sheet.strip()), None)
        if chosen is None:
            titles = ", ".join(repr(sheet.title) for sheet in book.worksheets)
            raise FileRefusedError(
                _("a sheet called {sheet!r}; the workbook has {titles}", sheet=options.sheet, titles=titles)
            )
        return chosen
    heads = {sheet.title: _first_row(sheet) for sheet in sheets}
    filled = [sheet for sheet in sheets if heads[sheet.title]]
    if not filled:
        raise FileRefusedError(_("a header row and rows below it; the workbook is empty"))
    marked = (sheet for sheet in filled if options.marks and options.marks <= heads[sheet.title])
    chosen = next(marked, filled[0])
    for other in filled:
        if other is chosen:
            continue
        note = _(
            "sheet {title!r} holds cells and was not read; name one with `sheet = …` in the mapping", title=other.title
        )
        report.add(name, note, effect="note")
    hidden = [sheet.title for sheet in book.worksheets if sheet not in sheets]
    if hidden:
        report.add(name, _("hidden sheets were not read: {names}", names=", ".join(map(repr, hidden))), effect="note")
    return chosen


def _first_row(sheet: Any) -> frozenset[str]:
    """The cells of the first row that holds any."""
    sheet.reset_dimensions()
    for number, row in enumerate(sheet.iter_rows(values_only=True)):
        cells = frozenset(str(cell) for cell in row if not is_blank(cell))
        if cells or number > _BLANK_TAIL:
            return cells
    return frozenset()


def _rows(sheet: Any, limits: Limits) -> Iterator[tuple[int, tuple[object, ...]]]:
    sheet.reset_dimensions()  # the stated size of a sheet is often wrong, and may be a lie
    blank = 0
    for number, row in enumerate(sheet.iter_rows(values_only=True, max_col=2 * limits.columns), 1):
        blank = 0 if any(not is_blank(cell) for cell in row) else blank + 1
        if blank > _BLANK_TAIL + limits.rows:
            raise FileRefusedError(
                _("no more than {most} blank rows in a row; delete the empty rows", most=_BLANK_TAIL + limits.rows)
            )
        yield number, row


def _has_formula(path: Path, sheet: Any, limits: Limits) -> bool:
    part = str(getattr(sheet, "_worksheet_path", ""))
    with zipfile.ZipFile(path) as archive:
        if part not in archive.namelist():
            return True
        return _FORMULA.search(archive.read(part)) is not None


def _report_unsaved_formulas(
    openpyxl: Any, path: Path, title: str, table: RawTable, limits: Limits, report: Report
) -> None:
    """Report cells whose formula was never calculated: they look empty, and nothing may vanish silently."""
    book = openpyxl.load_workbook(path, read_only=True, data_only=False, keep_links=False)
    try:
        formulas = dict(_rows(book[title], limits))
    finally:
        book.close()
    for number, cells in table.rows:
        for position, cell in enumerate(cells):
            source = formulas.get(number, ())
            formula = source[position] if position < len(source) else None
            if cell is None and formula is not None:
                text = _("a value; the formula was never calculated. Open and save the file in a spreadsheet program")
                report.add(table.name, text, row=number, column=table.headers[position])
