"""JSON Lines in and out: one record a line; files are private and replaced in one step."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NoReturn

from matchengine.errors import DataError
from matchengine.i18n import _
from matchengine.io.limits import Limits
from matchengine.io.report import Report
from matchengine.io.tables import FileRefusedError

__all__ = ["read_json_lines", "write_json_lines", "write_private"]


def read_json_lines(path: Path, name: str, limits: Limits, report: Report) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield each object of a JSON Lines file (or of one JSON array) with its line or position.

    A line that is no JSON object is reported as a row left out.

    Raises
    ------
    FileRefusedError
        If the file is not UTF-8 or has too many rows.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FileRefusedError(_("JSON Lines in UTF-8; byte {byte} is not", byte=error.start)) from error
    count = 0
    for number, value in _values(text):
        if isinstance(value, dict):
            count += 1
            if count > limits.rows:
                raise FileRefusedError(_("at most {most} rows; split the file", most=limits.rows))
            yield number, value
        else:
            wanted = value if isinstance(value, str) else _("one JSON object in each line")
            report.add(name, wanted, row=number, effect="row left out")
            report.counts["rows left out"] += 1


def _values(text: str) -> Iterator[tuple[int, object]]:
    if text.lstrip().startswith("["):
        whole = _parse(text)
        if not isinstance(whole, list):
            raise FileRefusedError(_("a JSON array of objects: {problem}", problem=whole))
        yield from enumerate(whole, 1)
        return
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            yield number, _parse(line)


def _parse(text: str) -> object:
    """Return the parsed value, or a sentence (str) on what was expected."""
    try:
        value: object = json.loads(text, object_pairs_hook=_no_duplicates, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        return _("valid JSON; {problem} at character {position}", problem=error.msg, position=error.pos + 1)
    except (ValueError, RecursionError) as error:
        return _(
            "JSON with plain values and each key once; {problem}",
            problem=_("it is nested too deeply") if isinstance(error, RecursionError) else str(error),
        )
    return value if isinstance(value, (dict, list)) else _("one JSON object in each line")


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError(_("a key stands twice in one object"))
    return found


def _no_constant(name: str) -> NoReturn:
    raise ValueError(_("{name} is not JSON; use null", name=name))


def write_json_lines(path: Path, rows: Iterable[Mapping[str, Any]]) -> None:
    """Write one JSON object a line, UTF-8, mode 0600, replacing the file in one step."""
    lines = [json.dumps(row, ensure_ascii=False, separators=(", ", ": ")) for row in rows]
    write_private(path, "".join(line + "\n" for line in lines))


def write_private(path: Path, text: str) -> None:
    """Write text as UTF-8 to a file that only its owner can read (mode 0600).

    The file appears complete or not at all; a symbolic link of that name is replaced and not followed.

    Raises
    ------
    DataError
        If the folder cannot be written.
    """
    try:
        handle, temporary = tempfile.mkstemp(prefix=".writing-", dir=path.parent)
    except OSError as error:
        raise DataError(
            _(
                "{path}: cannot be written ({reason}); create the folder or choose another",
                path=path,
                reason=error.strerror,
            )
        ) from error
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(0o600)
        Path(temporary).replace(path)
    except OSError as error:
        Path(temporary).unlink(missing_ok=True)
        raise DataError(_("{path}: cannot be written ({reason})", path=path, reason=error.strerror)) from error
