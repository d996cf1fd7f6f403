"""Suggestions as a spreadsheet that opens anywhere and runs nothing (reliability-and-privacy.md SEC14)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from pathlib import Path

from matchengine.errors import DataError
from matchengine.io.contacts import ContactSheet
from matchengine.io.json_lines import write_private
from matchengine.records import Suggestion, SuggestionList

__all__ = ["safe_cell", "write_suggestions_csv"]

_ACTIVE = ("=", "+", "-", "@", "\t", "\r", "\x00", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def safe_cell(value: object) -> object:
    """Return a cell that no spreadsheet program takes for a formula; numbers stay numbers, None is empty.

    A text that starts with `=`, `+`, `-`, `@`, TAB, CR or NUL (or their full-width forms) gets a leading apostrophe.
    """
    if value is None:
        return ""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return value
    text = str(value)
    return "'" + text if text.startswith(_ACTIVE) else text


def write_suggestions_csv(
    path: str | Path,
    suggestions: Iterable[Suggestion | SuggestionList],
    contacts: ContactSheet | None = None,
) -> None:
    """Write one row per suggestion, as UTF-8 CSV with a mark that spreadsheet programs understand, mode 0600.

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
    joined = ["name", "email"] if contacts is not None else []
    header = ["requester_id", *(f"requester_{name}" for name in joined)]
    header += ["candidate_id", *(f"candidate_{name}" for name in joined)]
    header += ["kind", "rank", "score", "confidence", "fit", "reasons", "to_confirm", "valid_until", "status"]
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
    writer.writerow(header)
    for item in suggestions:
        if not isinstance(item, (Suggestion, SuggestionList)):
            raise DataError(f"expected Suggestion records; got {type(item).__name__}")
        for suggestion in item.suggestions if isinstance(item, SuggestionList) else (item,):
            writer.writerow([safe_cell(cell) for cell in _cells(suggestion, contacts)])
    write_private(Path(path), "\ufeff" + buffer.getvalue())


def _cells(suggestion: Suggestion, contacts: ContactSheet | None) -> list[object]:
    cells: list[object] = []
    for person_id in (suggestion.requester_id, suggestion.candidate_id):
        cells.append(person_id)
        if contacts is not None:
            contact = contacts.get(person_id)
            cells += [contact.full_name if contact else None, contact.email if contact else None]
    reasons = "; ".join(reason.text for reason in suggestion.reasons if reason.text)
    cells += [suggestion.kind, suggestion.rank, suggestion.score, suggestion.confidence, suggestion.fit, reasons]
    return [*cells, "; ".join(suggestion.to_confirm), suggestion.valid_until, suggestion.status]
