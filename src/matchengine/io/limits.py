"""How much a file may ask of us before it is refused (reliability-and-privacy.md SEC15)."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["DEFAULT_LIMITS", "Limits"]

MEBIBYTE = 1 << 20


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one file.

    Attributes
    ----------
    file_bytes : int
        Size on disk.
    rows, columns : int
        Rows that are not blank, and cells in a row.
    cell_characters : int
        Longest text of one cell; a longer one is dropped and reported.
    unzipped_bytes : int
        What all parts of a workbook may unpack to.
    zip_ratio : int
        Unpacked over packed size, looked at once a workbook unpacks to more than `ratio_from` bytes.
    """

    file_bytes: int = 50 * MEBIBYTE
    rows: int = 100_000
    columns: int = 1_000
    cell_characters: int = 20_000
    unzipped_bytes: int = 100 * MEBIBYTE
    zip_ratio: int = 150
    ratio_from: int = 10 * MEBIBYTE
    zip_entries: int = 2_000


DEFAULT_LIMITS = Limits()
