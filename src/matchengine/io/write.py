"""A programme's records as a private folder of JSON Lines, and back."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from matchengine.errors import DataError
from matchengine.i18n import _, ngettext
from matchengine.io.contacts import ContactSheet
from matchengine.io.json_lines import read_json_lines, write_json_lines, write_private
from matchengine.io.limits import DEFAULT_LIMITS
from matchengine.io.report import Report
from matchengine.io.tables import FileRefusedError
from matchengine.records import (
    ConsentGrant,
    Contribution,
    Event,
    Feedback,
    Group,
    Organisation,
    Person,
    Project,
    Relationship,
    Resource,
    as_records,
)
from matchengine.records.base import Record

__all__ = ["CONTACTS_FILE", "REPORT_FILE", "Folder", "read_folder", "write_folder"]

CONTACTS_FILE = "contacts.jsonl"
REPORT_FILE = "import-report.json"
_FILES: dict[str, type[Record]] = {
    "people": Person,
    "groups": Group,
    "relationships": Relationship,
    "consents": ConsentGrant,
    "events": Event,
    "resources": Resource,
    "projects": Project,
    "organisations": Organisation,
    "feedback": Feedback,
    "contributions": Contribution,
}
RecordType = TypeVar("RecordType", bound=Record)


@dataclass(slots=True, repr=False)
class Folder:
    """Everything `read_folder` found; a file that is not there leaves its list empty."""

    people: list[Person] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)
    relationships: list[Relationship] = field(default_factory=list)
    consents: list[ConsentGrant] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    resources: list[Resource] = field(default_factory=list)
    projects: list[Project] = field(default_factory=list)
    organisations: list[Organisation] = field(default_factory=list)
    feedback: list[Feedback] = field(default_factory=list)
    contributions: list[Contribution] = field(default_factory=list)
    contacts: ContactSheet = field(default_factory=ContactSheet)
    report: Report | None = None

    def __repr__(self) -> str:
        """Return sizes alone."""
        sizes = ", ".join(f"{len(getattr(self, name))} {name}" for name in (*_FILES, "contacts"))
        return f"Folder({sizes})"


def write_folder(
    folder: str | Path,
    records: Mapping[str, Iterable[Record]],
    *,
    contacts: ContactSheet | None = None,
    report: Report | None = None,
) -> list[Path]:
    """Write records to a folder, one JSON Lines file a kind, all readable by their owner only.

    Parameters
    ----------
    folder : str or Path
        Made with mode 0700 if it is not there.
    records : mapping of str to iterable of Record
        By kind: people, groups, relationships, consents, events, resources, projects, organisations, feedback,
        contributions. Files of kinds that are not named stay as they are.
    contacts : ContactSheet, optional
        Written to `contacts.jsonl`, mode 0600.
    report : Report, optional
        Written to `import-report.json`.

    Returns
    -------
    list of Path
        The files written.

    Raises
    ------
    DataError
        If a kind is unknown, a record is of another kind, or the folder cannot be written.
    """
    folder = Path(folder)
    lines: dict[str, list[dict[str, object]]] = {}
    for kind, items in records.items():
        if kind not in _FILES:
            raise DataError(_("cannot write {kind!r}; expected one of {kinds}", kind=kind, kinds=", ".join(_FILES)))
        lines[kind] = [_plain(item, _FILES[kind]) for item in items]
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise DataError(
            _("{folder}: cannot be made ({reason}); choose another folder", folder=folder, reason=error.strerror)
        ) from error
    written = []
    for kind, rows in lines.items():
        written.append(folder / f"{kind}.jsonl")
        write_json_lines(written[-1], rows)
    if contacts is not None:
        written.append(folder / CONTACTS_FILE)
        contacts.write(written[-1])
    if report is not None:
        written.append(folder / REPORT_FILE)
        write_private(written[-1], json.dumps(report.to_dict(), ensure_ascii=False, indent=2) + "\n")
    return written


def _plain(item: Record, model: type[Record]) -> dict[str, object]:
    if not isinstance(item, model):
        raise DataError(_("expected {model} records; got {got}", model=model.__name__, got=type(item).__name__))
    return item.model_dump(mode="json", exclude_defaults=True)


def read_folder(folder: str | Path) -> Folder:
    """Read back what `write_folder` wrote; records must be valid as they stand.

    Raises
    ------
    DataError
        If the folder is not there, or listing every invalid record of a file.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise DataError(_("{folder}: expected a folder with files such as people.jsonl; there is none", folder=folder))
    found = Folder()
    for kind, model in _FILES.items():
        setattr(found, kind, _read(folder / f"{kind}.jsonl", model))
    if (folder / CONTACTS_FILE).exists():
        found.contacts = ContactSheet.read(folder / CONTACTS_FILE)
    if (folder / REPORT_FILE).exists():
        try:
            found.report = Report.from_dict(json.loads((folder / REPORT_FILE).read_text(encoding="utf-8")))
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise DataError(
                _("{path}: expected an import report; delete or restore the file", path=folder / REPORT_FILE)
            ) from error
    return found


def _read(path: Path, model: type[RecordType]) -> list[RecordType]:
    if not path.exists():
        return []
    report = Report()
    try:
        rows = [row for _, row in read_json_lines(path, path.name, DEFAULT_LIMITS, report)]
    except (FileRefusedError, OSError) as error:
        raise DataError(
            _("{path}: cannot be read; expected JSON Lines ({error})", path=path, error=type(error).__name__)
        ) from error
    if report.failures:
        raise DataError(
            _("{path}: not valid JSON Lines", path=path), [p.sentence(with_value=False) for p in report.failures]
        )
    try:
        return as_records(rows, model)
    except DataError as error:
        raise DataError(
            ngettext(
                "{path}: {n} problem; nothing was loaded",
                "{path}: {n} problems; nothing was loaded",
                len(error.problems),
                path=path,
            ),
            error.problems,
        ) from error
