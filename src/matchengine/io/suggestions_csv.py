"""Suggestions as one CSV file."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from matchengine.io.contacts import ContactSheet
from matchengine.io.sheets import sheets_of_suggestions
from matchengine.io.write_sheets import safe_cell, write_csv
from matchengine.records import Suggestion, SuggestionList

__all__ = ["safe_cell", "write_suggestions_csv"]


def write_suggestions_csv(
    path: str | Path,
    suggestions: Iterable[Suggestion | SuggestionList],
    contacts: ContactSheet | None = None,
) -> None:
    """Write one row per suggestion, as `write_csv` writes a sheet.

    Parameters
    ----------
    path : str or Path
        The file; its folder must exist.
    suggestions : iterable of Suggestion or SuggestionList
        In the order of the rows.
    contacts : ContactSheet, optional
        If given, names and e-mail addresses of both sides are joined from it; unknown ones stay empty.

    Raises
    ------
    DataError
        If an item is no suggestion or the file cannot be written.
    """
    (pairs,) = sheets_of_suggestions(suggestions, contacts)
    write_csv(path, pairs)
