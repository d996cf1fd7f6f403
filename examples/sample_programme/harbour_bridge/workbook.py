"""Writes a workbook whose bytes depend on its content alone (and on the versions of openpyxl and zlib)."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import datetime

from openpyxl import Workbook

from harbour_bridge import wording
from harbour_bridge.mentees_file import Value

_MADE = datetime(2026, 2, 27, 16, 30)
_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*(</dcterms:modified>)")


def workbook_bytes(table: list[list[Value]]) -> bytes:
    """Return the workbook: the answers on the first sheet, the form's hours and a leftover on two others."""
    book = Workbook()
    book.properties.creator = "Harbour Bridge office"
    book.properties.created = _MADE
    sheet = book.worksheets[0]
    sheet.title = "Form responses 1"
    for row in table:
        sheet.append(row)
    sheet.freeze_panes = "C2"
    hours = book.create_sheet("hours")
    hours.append(["slot", "days", "from", "minutes"])
    for slot in wording.SLOTS.values():
        hours.append(list(slot))
    leftover = book.create_sheet("old pivot")
    leftover.append(["Town", "count of Name"])
    leftover.append(["Bristol", 31])
    leftover.append(["(blank)", None])
    buffer = io.BytesIO()
    book.save(buffer)
    return _without_clock(buffer.getvalue())


def _without_clock(data: bytes) -> bytes:
    """Set every time stamp of the archive and of its core properties to a fixed moment."""
    stamp = f"{_MADE:%Y-%m-%dT%H:%M:%SZ}".encode()
    result = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(result, "w") as target:
        for name in sorted(source.namelist()):
            content = _MODIFIED.sub(rb"\g<1>" + stamp + rb"\g<2>", source.read(name))
            info = zipfile.ZipInfo(name, _MADE.timetuple()[:6])
            info.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(info, content)
    return result.getvalue()
