"""CSV and TSV as spreadsheet programs write them: any common encoding, separator and line end."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator
from pathlib import Path

from matchengine.i18n import _
from matchengine.io.limits import Limits
from matchengine.io.report import Report
from matchengine.io.tables import FileOptions, FileRefusedError, RawTable, is_blank, table_from_rows

__all__ = ["read_delimited", "sniff_delimiter"]

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SEPARATORS = (";", "\t", "|", ",")
_SAMPLE_ROWS = 30


def read_delimited(path: Path, name: str, options: FileOptions, limits: Limits, report: Report) -> RawTable:
    """Read a CSV or TSV file.

    Parameters
    ----------
    path : Path
        The file; its size has been checked.
    name : str
        Name for the report.
    options : FileOptions
        Separator and encoding, if the mapping states them.
    limits : Limits
        Bounds of rows, columns and cells.
    report : Report
        Receives notes on the encoding, and rows that are too long.

    Raises
    ------
    FileRefusedError
        If the text cannot be decoded or parsed, or a limit is passed.
    """
    text = _decode(path.read_bytes(), name, options.encoding, report)
    skipped = 0
    first, _, rest = text.partition("\n")
    separator = options.delimiter
    if first.strip().casefold().startswith("sep=") and len(first.strip()) <= 5:  # a line some programs put first
        separator = separator or first.strip("\r\n")[4:5] or None
        text, skipped = rest, 1
    separator = separator or sniff_delimiter(text, prefer="\t" if path.suffix.casefold() in {".tsv", ".tab"} else None)
    return table_from_rows(name, _records(text, separator, skipped, limits), options, limits, report)


def _decode(data: bytes, name: str, encoding: str | None, report: Report) -> str:
    marked = next((codec for mark, codec in _MARKS if data.startswith(mark)), None)
    if b"\x00" in data and not (marked or encoding or "").startswith("utf-"):
        raise FileRefusedError(_("text; the file holds NUL characters. Save it as 'CSV UTF-8'"))
    try:
        return data.decode(marked or encoding or "utf-8")
    except UnicodeDecodeError as error:
        if marked or encoding:
            raise FileRefusedError(
                _(
                    "text in {encoding}; byte {byte} is not. Save as 'CSV UTF-8'",
                    encoding=marked or encoding,
                    byte=error.start,
                )
            ) from error
    except LookupError as error:
        raise FileRefusedError(
            _("a known encoding; the mapping says {encoding!r}. Use 'utf-8' or 'cp1252'", encoding=encoding)
        ) from error
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError as error:
        raise FileRefusedError(_("text in UTF-8, UTF-16 or Windows-1252. Save the file as 'CSV UTF-8'")) from error
    note = _("not UTF-8, so it was read as Windows-1252 (cp1252); check letters with accents, or save as 'CSV UTF-8'")
    report.add(name, note, effect="note")
    return text


def sniff_delimiter(text: str, prefer: str | None = None) -> str:
    """Return the separator that cuts most rows into as many cells as the header has.

    Ties go to `prefer`, then to the separator that makes more columns.
    """
    best, best_score = ",", (0.0, False, 0)
    for separator in _SEPARATORS:
        rows = []
        try:
            for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator):
                if not all(is_blank(cell) for cell in row):
                    rows.append(len(row))
                if len(rows) >= _SAMPLE_ROWS:
                    break
        except csv.Error:
            continue
        if not rows or rows[0] < 2:
            continue
        score = (round(sum(n == rows[0] for n in rows) / len(rows), 1), separator == prefer, rows[0])
        if score > best_score:
            best, best_score = separator, score
    return best


def _records(text: str, separator: str, skipped: int, limits: Limits) -> Iterator[tuple[int, list[str]]]:
    """Yield each record with its number as a spreadsheet program shows it (a quoted line break makes no row)."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    number = skipped
    try:
        for row in reader:
            number += 1
            if len(row) > 2 * limits.columns:
                raise FileRefusedError(
                    _("at most {most} columns; row {row} has {cells}", most=limits.columns, row=number, cells=len(row))
                )
            yield number, [_unescape(cell) for cell in row]
    except csv.Error as error:
        raise FileRefusedError(
            _(
                "rows of {separator!r}-separated cells; row {row} cannot be read ({error})",
                separator=separator,
                row=number + 1,
                error=str(error),
            )
        ) from error


def _unescape(cell: str) -> str:
    """Remove the apostrophe that formula-safe writing puts before = + - @ (SEC14)."""
    return cell[1:] if cell[:1] == "'" and cell[1:2] in {"=", "+", "-", "@"} else cell
