"""Sheets as files that open anywhere, run nothing and that only their owner reads (SEC14)."""

from __future__ import annotations

import csv
import io
import os
import re
import tempfile
import zipfile
from collections.abc import Sequence
from datetime import date, datetime, time
from importlib import import_module
from pathlib import Path
from typing import Any

from matchengine.errors import DataError, MissingExtraError
from matchengine.i18n import _
from matchengine.io.json_lines import write_private
from matchengine.io.sheets import Cell, Sheet

__all__ = ["plain_cell", "safe_cell", "write_csv", "write_xlsx"]

_HOLLOW = r"[\s\x00\xad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]*"
_ACTIVE = re.compile(rf"'*(?:[\t\n\r\x00]|{_HOLLOW}(?:[=+\-@\uff1d\uff0b\uff0d\uff20]|_x[0-9A-Fa-f]{{4}}_))")
"""Starts that a spreadsheet program may take for a formula, and those behind apostrophes, so that one can be undone."""
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_NO_TITLE = re.compile(r"[\[\]:*?/\\\x00-\x1f\ud800-\udfff\ufffe\uffff]")
_TITLE_CHARACTERS, _CELL_CHARACTERS = 31, 32_767
_ROWS, _COLUMNS = 1_048_576, 16_384
_NARROW, _WIDE = 8, 60
_FIRST_DAY = date(1980, 1, 1)  # the first that a ZIP archive knows


def safe_cell(value: object) -> object:
    """Return a cell that no spreadsheet program takes for a formula; numbers stay numbers, None is empty.

    A text gets a leading apostrophe if it starts with `=`, `+`, `-`, `@` (or their full-width forms, or an escape such
    as `_x003D_`), also behind white space and invisible characters, or with TAB, line feed, CR or NUL. One that starts
    with apostrophes and then any of these gets one more, so that `plain_cell` gives back every text as it was.
    """
    if value is None:
        return ""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return value
    text = str(value)
    return "'" + text if _ACTIVE.match(text) else text


def plain_cell(value: object) -> object:
    """Return a cell without the apostrophe that `safe_cell` has put before it; every other cell as it is."""
    return value[1:] if isinstance(value, str) and value[:1] == "'" and _ACTIVE.match(value) else value


def write_csv(path: str | Path, sheet: Sheet) -> None:
    """Write a sheet as UTF-8 CSV with a mark that spreadsheet programs understand, mode 0600.

    Texts are quoted and guarded (`safe_cell`), numbers are not; dates are ISO 8601.

    Raises
    ------
    DataError
        If the file cannot be written.
    """
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
    writer.writerows([safe_cell(cell) for cell in row] for row in (sheet.header, *sheet.rows))
    text = buffer.getvalue().encode("utf-8", "ignore").decode()  # half a surrogate pair is no text
    write_private(Path(path), "\ufeff" + text)


def write_xlsx(path: str | Path, sheets: Sequence[Sheet], *, as_of: date | None = None) -> None:
    """Write sheets as one Excel workbook, mode 0600; equal sheets and dates give equal bytes.

    Titles are made legal and unique. Every text is a text cell and guarded (`safe_cell`); numbers and dates are typed;
    a text longer than a cell can hold is cut and ends with an ellipsis.

    Parameters
    ----------
    path : str or Path
        The file; its folder must exist.
    sheets : sequence of Sheet
        At least one.
    as_of : date, optional
        What the file tells as its own date, such as `run.fingerprint.as_of`; never the clock.

    Raises
    ------
    DataError
        If there is no sheet, one is larger than a workbook can hold, or the file cannot be written.
    MissingExtraError
        If openpyxl is not installed.
    """
    if not sheets:
        raise DataError(_("expected at least one sheet for a workbook; got none"))
    for sheet in sheets:
        if len(sheet.rows) >= _ROWS or len(sheet.header) > _COLUMNS:
            message = _(
                "a sheet of a workbook holds at most {rows} rows and {columns} columns; got {n} rows and {m} columns."
                " Write it as CSV",
                rows=_ROWS - 1,
                columns=_COLUMNS,
                n=len(sheet.rows),
                m=len(sheet.header),
            )
            raise DataError(message)
    try:
        openpyxl = import_module("openpyxl")
    except ImportError as error:
        raise MissingExtraError("tables", _("Writing Excel workbooks")) from error
    moment = datetime.combine(max(as_of or _FIRST_DAY, _FIRST_DAY), time())
    book = openpyxl.Workbook(write_only=True)
    book.properties.creator = "matchengine"
    book.properties.created = book.properties.modified = moment
    for title, sheet in zip(_titles(sheets), sheets, strict=True):
        _fill(openpyxl, book.create_sheet(title), sheet)
    _write_bytes(Path(path), _packed(book, moment))


def _titles(sheets: Sequence[Sheet]) -> list[str]:
    """Return a title for each sheet that every spreadsheet program accepts, all different whatever their case."""
    taken = {"history"}  # a name that Excel keeps for itself
    titles: list[str] = []
    for number, sheet in enumerate(sheets, 1):
        wanted = " ".join(_NO_TITLE.sub(" ", sheet.title).split()).strip("' ") or _("Sheet {n}", n=number)
        title, copies = _shortened(wanted), 1
        while title.casefold() in taken:
            copies += 1
            title = _shortened(wanted, f" ({copies})")
        taken.add(title.casefold())
        titles.append(title)
    return titles


def _shortened(wanted: str, suffix: str = "") -> str:
    return _cut(wanted, _TITLE_CHARACTERS - len(suffix)).rstrip("' ") + suffix


def _cut(text: str, most: int) -> str:
    """Return the text, cut with an ellipsis to `most` UTF-16 units, which is how spreadsheet programs count."""
    units = text.encode("utf-16-le")
    return text if len(units) <= 2 * most else units[: 2 * (most - 1)].decode("utf-16-le", "ignore") + "…"


def _text(value: str) -> str:
    return _NO_XML.sub("", value).replace("\r\n", "\n").replace("\r", "\n")


def _value(cell: Cell) -> object:
    """Return what a workbook cell holds: a number, a date, a safe text that fits, or None for an empty one."""
    if isinstance(cell, str):
        return _cut(str(safe_cell(_text(cell))), _CELL_CHARACTERS) or None
    return cell


def _fill(openpyxl: Any, target: Any, sheet: Sheet) -> None:
    styles, columns = openpyxl.styles, openpyxl.utils.get_column_letter
    header, wrapped = styles.Font(bold=True), styles.Alignment(wrap_text=True, vertical="top")
    plain, new_cell = styles.Alignment(vertical="top"), openpyxl.cell.WriteOnlyCell
    rows = [[_value(cell) for cell in row] for row in (sheet.header, *sheet.rows)]
    widths = [_width(column) for column in zip(*rows, strict=True)]
    for number, width in enumerate(widths, 1):
        target.column_dimensions[columns(number)].width = width
    target.freeze_panes = "A2"
    if sheet.listing and sheet.header:
        target.auto_filter.ref = f"A1:{columns(len(sheet.header))}{len(rows)}"
    for number, row in enumerate(rows):
        cells: list[object] = []
        for value, width in zip(row, widths, strict=True):
            if value is None:
                cells.append(None)
                continue
            cell = new_cell(target, value=value)
            if isinstance(value, str):
                cell.data_type = "s"  # whatever the text looks like
            elif isinstance(value, date):
                cell.number_format = "yyyy-mm-dd"
            cell.alignment = wrapped if isinstance(value, str) and ("\n" in value or len(value) > width) else plain
            if number == 0:
                cell.font = header
            cells.append(cell)
        target.append(cells)


def _width(column: Sequence[object]) -> int:
    texts = [str(value) for value in column if value is not None]
    longest = max((len(line) for text in texts for line in text.split("\n")), default=0)
    return min(max(longest + 2, _NARROW), _WIDE)


def _packed(book: Any, moment: datetime) -> bytes:
    """Return the workbook as an archive in which nothing tells when it was packed."""
    excel_writer = import_module("openpyxl.writer.excel").ExcelWriter
    raw, packed = io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(raw, "w") as archive:
        excel_writer(book, archive).write_data()
    stamp = (moment.year, moment.month, moment.day, 0, 0, 0)
    with zipfile.ZipFile(raw) as source, zipfile.ZipFile(packed, "w") as target:
        for name in source.namelist():
            entry = zipfile.ZipInfo(name, stamp)
            entry.create_system, entry.external_attr = 3, 0o600 << 16
            target.writestr(entry, source.read(name), compress_type=zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def _write_bytes(path: Path, data: bytes) -> None:
    """Write a file that only its owner can read; it appears complete or not at all."""
    temporary = None
    try:
        handle, temporary = tempfile.mkstemp(prefix=".writing-", dir=path.parent)  # mode 0600
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except OSError as error:
        if temporary:
            Path(temporary).unlink(missing_ok=True)
        raise DataError(_("{path}: cannot be written ({reason})", path=path, reason=error.strerror)) from error
