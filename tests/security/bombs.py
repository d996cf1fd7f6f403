"""Workbooks for the tests: ordinary ones, ones with a changed part, and archives that unpack to gigabytes."""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path

import openpyxl

MEBIBYTE = 1 << 20


def workbook(path: Path, rows: Sequence[Sequence[object]] = (("id", "Goals"), ("p1", "learn sql"))) -> Path:
    """Write a workbook of one sheet."""
    path.parent.mkdir(parents=True, exist_ok=True)
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(list(row))
    book.save(path)
    parts = zipfile.ZipFile(path).namelist()
    assert "xl/worksheets/sheet1.xml" in parts
    return path


def with_part(path: Path, name: str, change: Callable[[bytes], bytes]) -> Path:
    """Change one part of a workbook."""
    with zipfile.ZipFile(path) as archive:
        parts = {each: archive.read(each) for each in archive.namelist()}
    parts[name] = change(parts[name])
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for each, data in parts.items():
            archive.writestr(each, data)
    return path


def stream(size: int) -> bytes:
    """Return a deflate stream of zeros of a size in mebibytes: the same packed mebibyte over and over."""
    pack = zlib.compressobj(9, zlib.DEFLATED, -15)
    pack.compress(b"")
    one = pack.compress(b"\0" * MEBIBYTE) + pack.flush(zlib.Z_FULL_FLUSH)
    return one * size + pack.flush()


def bomb(path: Path, size: int, told: int | None = None, name: bytes = b"xl/worksheets/sheet1.xml") -> Path:
    """Write an archive of one part that unpacks to `size` mebibytes and says that it has `told` bytes."""
    data, says = stream(size), size * MEBIBYTE if told is None else told
    wide = struct.pack("<HHQQ", 1, 16, says, len(data))
    most = 0xFFFFFFFF
    local = struct.pack("<IHHHHHIIIHH", 0x04034B50, 45, 0, 8, 0, 33, 0, most, most, len(name), len(wide)) + name + wide
    central = struct.pack(
        "<IHHHHHHIIIHHHHHII", 0x02014B50, 45, 45, 0, 8, 0, 33, 0, most, most, len(name), len(wide), 0, 0, 0, 0, 0
    )
    central += name + wide
    end = struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, 1, 1, len(central), len(local) + len(data), 0)
    path.write_bytes(local + data + central + end)
    return path
