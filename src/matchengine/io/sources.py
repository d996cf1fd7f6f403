"""From whatever a caller holds (paths, dicts, records, DataFrames) to raw tables."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from matchengine.errors import DataError, MissingExtraError
from matchengine.i18n import _
from matchengine.io.delimited import read_delimited
from matchengine.io.json_lines import read_json_lines
from matchengine.io.limits import DEFAULT_LIMITS, Limits
from matchengine.io.load import is_frame
from matchengine.io.report import Report
from matchengine.io.tables import FileOptions, FileRefusedError, RawTable, is_blank
from matchengine.io.workbook import read_workbook
from matchengine.records.base import Record

__all__ = ["Source", "frame_rows", "open_tables"]

Source = Any
"""A path, a DataFrame, an iterable of dicts or records, or a list of paths or DataFrames."""
_TEXT = frozenset({".csv", ".tsv", ".tab", ".txt"})
_BOOKS = frozenset({".xlsx", ".xlsm"})
_JSON = frozenset({".jsonl", ".ndjson", ".json"})


def open_tables(
    source: Source, options: Callable[[str], FileOptions], report: Report, limits: Limits = DEFAULT_LIMITS
) -> list[RawTable]:
    """Open every table of a source; a file that must be refused is reported and left out.

    Parameters
    ----------
    source : path, DataFrame, iterable of dicts or records, or list of paths or DataFrames
        What to read.
    options : callable
        Gives, for a file name, how the mapping says to open it.
    report : Report
        Receives refused files and left-out rows.
    limits : Limits
        Bounds of every file.

    Raises
    ------
    DataError
        If the source is of no known kind.
    """
    if isinstance(source, (str, Path)):
        return _files([Path(source)], options, report, limits)
    if is_frame(source):
        return [_from_frame(source, _("table"))]
    if isinstance(source, Mapping):
        raise DataError(_("expected a path, a list of dicts or a DataFrame; got one mapping. Put it into a list"))
    if not isinstance(source, Iterable):
        raise DataError(_("expected a path, a list of dicts or a DataFrame; got {type}", type=type(source).__name__))
    items = list(source)
    if items and all(isinstance(item, (str, Path)) for item in items):
        return _files([Path(item) for item in items], options, report, limits)
    if items and all(is_frame(item) for item in items):
        return [_from_frame(item, _("table {number}", number=number)) for number, item in enumerate(items, 1)]
    return [_from_dicts(((n, item) for n, item in enumerate(items, 1)), _("table"), report)]


def _files(paths: list[Path], options: Callable[[str], FileOptions], report: Report, limits: Limits) -> list[RawTable]:
    tables = []
    names = [path.name for path in paths]
    for path in paths:
        name = path.name if names.count(path.name) == 1 else f"{path.parent.name}/{path.name}"
        try:
            tables.append(_open(path, name, options(path.name), report, limits))
            report.counts["files read"] += 1
        except FileRefusedError as error:
            report.add(name, str(error), effect="file refused")
            report.counts["files refused"] += 1
    return tables


def _open(path: Path, name: str, options: FileOptions, report: Report, limits: Limits) -> RawTable:
    try:
        size = path.stat().st_size
        if not path.is_file():
            raise FileRefusedError(_("a file; this is a folder or a device"))
        if size > limits.file_bytes:
            raise FileRefusedError(
                _("at most {most} MiB; the file has {n} MiB. Split it", most=limits.file_bytes >> 20, n=size >> 20)
            )
        suffix = path.suffix.casefold()
        if suffix in _BOOKS:
            return read_workbook(path, name, options, limits, report)
        if suffix in _TEXT:
            return read_delimited(path, name, options, limits, report)
        if suffix in _JSON:
            return _from_dicts(read_json_lines(path, name, limits, report), name, report)
    except FileNotFoundError as error:
        raise FileRefusedError(_("an existing file; there is none of this name")) from error
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else type(error).__name__
        raise FileRefusedError(_("a file that can be read ({reason})", reason=reason)) from error
    raise FileRefusedError(
        _(
            "a name ending in .csv, .tsv, .xlsx, .jsonl or .json, not {suffix!r}. Save it as .xlsx or .csv",
            suffix=suffix,
        )
    )


def _from_dicts(items: Iterable[tuple[int, object]], name: str, report: Report) -> RawTable:
    rows: list[tuple[int, dict[str, object]]] = []
    headers: dict[str, None] = {}
    for number, item in items:
        if isinstance(item, Record):
            item = item.model_dump(exclude_defaults=True)
        if not isinstance(item, Mapping):
            raise DataError(
                _(
                    "{name}, item {number}: expected a dict or a record; got {type}",
                    name=name,
                    number=number,
                    type=type(item).__name__,
                )
            )
        values = {str(key).strip(): _plain(value) for key, value in item.items()}
        if all(is_blank(value) for value in values.values()):
            report.counts["blank rows"] += 1
            continue
        headers.update(dict.fromkeys(values))
        rows.append((number, values))
    names = list(headers)
    return RawTable(name, names, [(n, [values.get(header) for header in names]) for n, values in rows], typed=True)


def frame_rows(frame: object) -> list[dict[str, object]]:
    """Return the rows of a DataFrame as dicts without the missing values; blank rows are left out."""
    table = _from_frame(frame, _("table"))
    return [
        {header: cell for header, cell in zip(table.headers, cells, strict=True) if cell is not None}
        for _, cells in table.rows
    ]


def _from_frame(frame: Any, name: str) -> RawTable:
    try:
        import narwhals
    except ImportError as error:
        raise MissingExtraError("tables", _("Reading a DataFrame")) from error
    try:
        eager = narwhals.from_native(frame)
    except (TypeError, ValueError) as error:
        raise DataError(_("expected a DataFrame that narwhals knows; got {type}", type=type(frame).__name__)) from error
    if isinstance(eager, narwhals.LazyFrame):
        eager = eager.collect()
    headers = [str(column).strip() for column in eager.columns]
    rows: list[tuple[int, list[object]]] = []
    for number, row in enumerate(eager.iter_rows(), 1):
        cells = [_plain(cell) for cell in row]
        if not all(is_blank(cell) for cell in cells):
            rows.append((number, cells))
    return RawTable(name, headers, rows, typed=True)


def _plain(value: object) -> object:
    """Return a cell as a plain Python value; every kind of missing becomes None."""
    if value is None or isinstance(value, (str, bool, int)):
        return value
    if isinstance(value, float):
        return None if math.isnan(value) else value
    if type(value).__name__ in {"NAType", "NaTType"}:
        return None
    if hasattr(value, "tolist"):
        return _plain(value.tolist())
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_plain(item) for item in value]
    return value
