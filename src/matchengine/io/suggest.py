"""Writes a first mapping file from the headers of the programme's files, for a person to confirm."""

from __future__ import annotations

import json
from pathlib import Path

from matchengine.errors import DataError
from matchengine.io.fields import Reads, find_target
from matchengine.io.guess import guess_role, guess_target, nearest_target
from matchengine.io.report import Report
from matchengine.io.sources import Source, open_tables
from matchengine.io.tables import FileOptions, RawTable, is_blank
from matchengine.io.words import normalise

__all__ = ["suggest_mapping"]

_HEAD = """\
# A guess from the headers alone: read every line, and mend or delete it.
# Lines that start with # are not used. The guide lists everything a column can map to.
reads = "{reads}"

[defaults]
# text_language = "en"              # language of the free texts
# time_zone = "Europe/London"       # for people who state none
# date_order = "day-month-year"
guess = false                       # nothing but these lines is used
"""
_CONSENT = """
# Sensitive columns are read only with the column in which each person consented. Fill in and take out the #:
# [[consent]]
# column = {column}
# fields = [{fields}]
# purposes = ["match"]              # match, explain, eligibility, group_balance, fairness_audit, research
# audience = "engine_only"
# text_version = "which text people agreed to"
# language = "en"
# date_column = {date}              # or date = 2024-05-31
"""


def suggest_mapping(paths: Source, *, reads: Reads = "people") -> str:
    """Return the text of a mapping file, guessed from headers; no cell is repeated in it.

    Parameters
    ----------
    paths : path, list of paths, or any source of `read_people`
        The files to look at.
    reads : str
        `people`, `groups` or `relationships`.

    Returns
    -------
    str
        TOML that `load_mapping` accepts as it stands. Unknown headers are comments with the nearest field; sensitive
        ones are comments with the consent lines to fill in.

    Raises
    ------
    DataError
        If no file can be read.
    """
    report = Report()
    source = [paths] if isinstance(paths, (str, Path)) else paths
    tables = open_tables(source, lambda _: FileOptions(), report)
    if not tables:
        raise DataError("no file can be read", [p.sentence(with_value=False) for p in report.failures])
    lines = [_HEAD.format(reads=reads), "[columns]"]
    sensitive: dict[str, str] = {}
    used: dict[str, list[str]] = {}
    beside = [{normalise(header) for header in table.headers} for table in tables]
    headers = {normalise(header): header for table in tables for header in table.headers if header}
    for header in headers.values():
        lines.append(_column_line(header, reads, used, sensitive, beside))
    if sensitive:
        fields = ", ".join(_quoted(name) for name in sensitive.values())
        lines.append(_CONSENT.format(column=_consent_column(headers), fields=fields, date=_date_column(headers)))
    if reads == "people" and "roles" not in used:
        lines += [line for table in tables for line in _role_lines(table)]
    lines += [f"# {problem.sentence(with_value=False)}" for problem in report.failures]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _column_line(
    header: str, reads: Reads, used: dict[str, list[str]], sensitive: dict[str, str], beside: list[set[str]]
) -> str:
    name = guess_target(header, reads)
    target = find_target(name, reads) if name else None
    if name is None or target is None:
        near = nearest_target(header, reads)
        hint = f"nearest field: {near}" if near else "no field is near"
        return f'# {_quoted(header)} = ""    # {hint}; name a field or list the header in ignore'
    if target.sensitive:
        sensitive[header] = name
        return f"# {_quoted(header)} = {_quoted(name)}    # sensitive: needs the [[consent]] below"
    for other in used.get(name, ()):
        if not target.many and any({normalise(header), normalise(other)} <= file for file in beside):
            return f"# {_quoted(header)} = {_quoted(name)}    # {_quoted(other)} gives it already"
    used.setdefault(name, []).append(header)
    return f"{_quoted(header)} = {_quoted(name)}"


def _consent_column(headers: dict[str, str]) -> str:
    found = [header for key, header in headers.items() if {"consent", "agree", "einwilligung"} & set(key.split())]
    return _quoted(found[0] if found else "the consent question")


def _date_column(headers: dict[str, str]) -> str:
    return _quoted(headers.get("timestamp", "the date column"))


def _role_lines(table: RawTable) -> list[str]:
    role = guess_role(table.name)
    if role is None or all(is_blank(cell) for _, cells in table.rows for cell in cells):
        return []
    return ["", f"[files.{_quoted(table.name)}]", f'constants = {{ roles = ["{role}"] }}    # from the file name']
