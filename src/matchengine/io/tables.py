"""The one shape every source is brought into: headers and numbered rows of raw cells."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from matchengine.errors import DataError
from matchengine.i18n import _, ngettext
from matchengine.io.limits import Limits
from matchengine.io.report import Report

__all__ = ["FileOptions", "FileRefusedError", "RawTable", "is_blank", "table_from_rows"]

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


class FileRefusedError(DataError):
    """A file cannot be read at all; the message is the `expected` of its problem."""


@dataclass(frozen=True, slots=True)
class FileOptions:
    """How a mapping says that a file is to be opened; None means find out.

    Without a `sheet`, the first one whose header row holds all of `marks` is read, else the first that is filled.
    """

    sheet: str | None = None
    header_row: int | None = None
    delimiter: str | None = None
    encoding: str | None = None
    marks: frozenset[str] = frozenset()


@dataclass(slots=True)
class RawTable:
    """A source as rows of raw cells.

    Attributes
    ----------
    name : str
        File name, or `table` for data from memory.
    headers : list of str
        As written, outer white space removed; empty for a column without a header.
    rows : list of (int, list)
        Row number as the owner sees it, and one cell per header.
    width : int
        Cells of the header row, empty ones at its end included: columns that nobody gave a header.
    typed : bool
        Whether cells may hold lists and records (JSON Lines, dicts, DataFrames) and not only text.
    """

    name: str
    headers: list[str]
    rows: list[tuple[int, list[object]]] = field(default_factory=list)
    typed: bool = False
    width: int = 0


def is_blank(cell: object) -> bool:
    """Return whether a cell holds nothing at all."""
    return cell is None or (isinstance(cell, str) and not cell.strip("\ufeff\u200b\xa0 \t\r\n\x00"))


def table_from_rows(
    name: str, rows: Iterable[tuple[int, Sequence[object]]], options: FileOptions, limits: Limits, report: Report
) -> RawTable:
    """Find the header row, drop blank rows (counted) and rows that are too long (reported).

    Raises
    ------
    FileRefusedError
        If there is no header, a person's data stand where headers should, or a limit is passed.
    """
    table: RawTable | None = None
    for number, cells in rows:
        if options.header_row is not None and number < options.header_row:
            continue
        if all(is_blank(cell) for cell in cells):
            report.counts["blank rows"] += table is not None
            continue
        if table is None:
            table = RawTable(name, _headers(cells, limits), width=len(cells))
        else:
            _append(table, number, cells, limits, report)
    if table is None:
        raise FileRefusedError(_("a header row and rows below it; the file is empty"))
    return table


def _headers(cells: Sequence[object], limits: Limits) -> list[str]:
    headers = ["" if is_blank(cell) else " ".join(str(cell).replace("\ufeff", "").split()) for cell in cells]
    while headers and not headers[-1]:
        headers.pop()
    if len(headers) > limits.columns:
        raise FileRefusedError(
            _("at most {most} columns; this file has {columns}", most=limits.columns, columns=len(headers))
        )
    if any(_EMAIL.fullmatch(header) for header in headers):
        raise FileRefusedError(
            _("a header row; the first row holds an e-mail address, so it looks like a person's answers")
        )
    return headers


def _append(table: RawTable, number: int, cells: Sequence[object], limits: Limits, report: Report) -> None:
    width = len(table.headers)
    row = list(cells[:width]) + [None] * (width - len(cells))
    unnamed = [cell for cell in cells[width : table.width] if not is_blank(cell)]
    if unnamed:
        text = _("a header above every answer; an answer in a column without header was not read")
        report.add(table.name, text, row=number, value=ngettext("{n} answer", "{n} answers", len(unnamed)))
    if any(not is_blank(cell) for cell in cells[max(width, table.width) :]):
        text = _(
            "at most {most} cells, one per header; an unquoted separator may have moved the later answers", most=width
        )
        report.add(
            table.name, text, row=number, value=ngettext("{n} cell", "{n} cells", len(cells)), effect="row left out"
        )
        report.counts["rows left out"] += 1
        return
    for position, cell in enumerate(row):
        if isinstance(cell, str) and len(cell) > limits.cell_characters:
            text = _("at most {most} characters in a cell", most=limits.cell_characters)
            report.add(
                table.name,
                text,
                row=number,
                column=table.headers[position],
                value=ngettext("{n} character", "{n} characters", len(cell)),
            )
            row[position] = None
    if len(table.rows) >= limits.rows:
        raise FileRefusedError(_("at most {most} rows; split the file", most=limits.rows))
    table.rows.append((number, row))
