"""Files of whom people were shown, and of whom they want: CSV with a column for each rank, or JSON."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from pydantic import ValidationError

from matchengine.errors import ConfigError, DataError
from matchengine.i18n import N_, _
from matchengine.records import Run
from matchengine.records.base import as_records
from matchengine.records.plan import Ranking

__all__ = ["read_rankings_file", "read_shortlists_file"]

_RANK = re.compile(r"(?:rank|choice)?[ _]*([0-9]+)\Z", re.IGNORECASE)
_VETO = re.compile(r"veto", re.IGNORECASE)
_MOST_BYTES = 1 << 24


def read_rankings_file(path: Path) -> list[Ranking]:
    """Read what people said.

    A CSV has one row a person: a column `person`, columns `rank 1`, `rank 2`, … and columns `veto 1`, …; ids in all of
    them, empty where somebody said nothing. JSON is a list of objects with `person_id`, `ranked` and `vetoed`.

    Raises
    ------
    ConfigError
        Where the file cannot be read.
    DataError
        With every problem in it.
    """
    text = _text(path)
    if text.lstrip().startswith(("[", "{")):
        try:
            told_by = json.loads(text)
        except ValueError as error:
            raise DataError(_("{path}: no valid JSON", path=path)) from error
        return as_records(told_by if isinstance(told_by, list) else [told_by], Ranking)
    return as_records(list(_rows(text, path)), Ranking)


def read_shortlists_file(path: Path) -> dict[str, list[str]]:
    """Read whom everybody was shown: the document that `suggest --everyone --json` prints.

    Raises
    ------
    ConfigError
        Where the file cannot be read.
    DataError
        Where it is another document.
    """
    try:
        run = Run.model_validate_json(_text(path))
    except ValidationError as error:
        told = N_("{path}: not a run of suggestions; write one with suggest --everyone --json > FILE")
        raise DataError(_(told, path=path)) from error
    lists: dict[str, list[str]] = {who: [] for who in run.requester_ids}
    for draft in run.drafts:
        lists[draft.suggestion.requester_id].append(draft.suggestion.candidate_id)
    return lists


def _text(path: Path) -> str:
    try:
        data = path.read_bytes()
        if len(data) > _MOST_BYTES:
            raise ConfigError(_("{path}: larger than {most} bytes", path=path, most=_MOST_BYTES))
        return data.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        told = N_("{path}: cannot be read ({reason}); give a CSV or JSON file in UTF-8")
        raise ConfigError(_(told, path=path, reason=type(error).__name__)) from error


def _rows(text: str, path: Path) -> Iterator[dict[str, object]]:
    lines = text.splitlines()
    delimiter = max(",;\t", key=lines[0].count) if lines else ","
    table = list(csv.reader(io.StringIO(text), delimiter=delimiter))
    header = [cell.strip() for cell in table[0]] if table else []
    ranks = sorted((int(found[1]), at) for at, cell in enumerate(header) if (found := _RANK.match(cell)))
    vetoes = [at for at, cell in enumerate(header) if _VETO.match(cell)]
    if not header or header[0].casefold() not in ("person", "person_id", "id") or not (ranks or vetoes):
        told = N_("{path}: the header is not 'person', 'rank 1', 'rank 2', … and 'veto 1', …")
        raise DataError(_(told, path=path))
    for row in table[1:]:
        if any(cell.strip() for cell in row):
            ranked, vetoed = _cells(row, [at for _rank, at in ranks]), _cells(row, vetoes)
            yield {"person_id": row[0].strip(), "ranked": ranked, "vetoed": vetoed}


def _cells(row: Sequence[str], columns: Sequence[int]) -> list[str]:
    return [row[at].strip() for at in columns if at < len(row) and row[at].strip()]
