"""Read a programme's files, keep the records, load an engine and save it: what `import` and `demo` share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from matchengine.cli.documents import ImportDocument
from matchengine.config import EngineConfig
from matchengine.engine import Engine
from matchengine.errors import ConfigError, DataError
from matchengine.io import (
    ContactSheet,
    Folder,
    Mapping,
    Problem,
    Report,
    load_mapping,
    read_folder,
    read_groups,
    read_people,
    read_relationships,
    write_folder,
)
from matchengine.records import Person, Record

__all__ = ["RECORDS", "Files", "Imported", "import_programme"]

RECORDS, ENGINE = "records", "engine"
_LISTED = 10
"""Problems named in an error; the others are counted."""


@dataclass(frozen=True)
class Files:
    """The files of one programme; mappings say by themselves what they read."""

    people: Sequence[Path]
    groups: Sequence[Path] = ()
    relationships: Sequence[Path] = ()
    mappings: Sequence[Path] = ()


@dataclass
class Imported:
    """An engine over freshly imported files, and what there is to say about them."""

    engine: Engine
    document: ImportDocument
    report: Report
    contacts: ContactSheet = field(repr=False)

    @property
    def summary(self) -> str:
        """Return the counts as text."""
        d = self.document
        text = f"{d.people} people, {d.groups} groups and {d.relationships} relationships are in {d.data}."
        if d.texts_cut:
            text += f" {d.texts_cut} texts were longer than the model reads and were cut."
        if d.texts_in_other_languages:
            text += (
                f" {d.texts_in_other_languages} texts are in languages the model does not know: they are compared word"
                " by word within their language; across languages nothing can be said, and confidence falls."
            )
        return text


def import_programme(
    files: Files, config: EngineConfig, data: Path, *, strict: bool = False, progress: bool = False
) -> Imported:
    """Read files, load an engine, save it to `data`/engine, and write records to `data`/records.

    People keep the ids that an earlier import into the same folder gave them; groups and relationships stay where no
    file of theirs is given. Nothing is written before everything is read and loaded.

    Raises
    ------
    DataError
        When a file is refused, nobody is read, or `strict` and anything would be lost.
    """
    mappings = _mappings(files.mappings)
    records = data / RECORDS
    before = read_folder(records) if records.is_dir() else Folder()
    people = read_people(list(files.people), mappings.get("people"), contacts=before.contacts)
    groups = read_groups(list(files.groups), mappings.get("groups"), contacts=people.contacts) if files.groups else None
    ties = (
        read_relationships(list(files.relationships), mappings.get("relationships"), contacts=people.contacts)
        if files.relationships
        else None
    )
    report = _together(part.report for part in (people, groups, ties) if part is not None)
    _refuse_if_lost(report, people.people)
    report.refuse_if(strict)
    made_groups = groups.groups if groups else before.groups
    relationships = list(
        dict.fromkeys([*people.relationships, *(ties.relationships if ties else before.relationships)])
    )
    for kind, given, kept in (("groups", groups, before.groups), ("relationships", ties, before.relationships)):
        if given is None and kept:
            note = f"the {len(kept)} {kind} of the last import were kept; give --{kind} to replace them"
            report.add(f"{RECORDS}/{kind}.jsonl", note, effect="note")
    engine = Engine(config, progress=progress)
    embedding = engine.load(people.people, made_groups, relationships=relationships, consents=people.consents)
    try:
        data.mkdir(parents=True, exist_ok=True)
        engine.save(data / ENGINE)
    except OSError as error:
        raise DataError(f"{data}: cannot be written ({error.strerror}); choose another folder") from error
    made: dict[str, Sequence[Record]] = {
        "people": people.people,
        "groups": made_groups,
        "relationships": relationships,
        "consents": people.consents,
    }
    contacts = ties.contacts if ties else people.contacts
    write_folder(records, made, contacts=contacts, report=report)
    document = ImportDocument(
        people=len(people.people),
        groups=len(made_groups),
        relationships=len(relationships),
        report=report.to_dict(),
        texts_encoded=embedding.encoded,
        texts_from_cache=embedding.from_cache,
        texts_cut=embedding.truncated,
        texts_in_other_languages=embedding.other_languages,
        data=str(data),
    )
    return Imported(engine, document, report, contacts)


def _together(reports: Iterable[Report]) -> Report:
    """One report of several files."""
    whole = Report()
    for report in reports:
        whole.problems += report.problems
        whole.counts += report.counts
    return whole


def _refuse_if_lost(report: Report, people: Sequence[Person]) -> None:
    """Refuse an import with a file that was not read, or of nobody: it would overwrite what is there."""
    refused = [problem for problem in report.problems if problem.effect == "file refused"]
    if refused:
        raise DataError(f"{len(refused)} file(s) refused; nothing was written", _sentences(refused))
    if not people:
        raise DataError("no person was read from these files; nothing was written", _sentences(report.failures))


def _sentences(problems: Sequence[Problem]) -> list[str]:
    """Return problems for an error: without their values, which do not belong into logs."""
    sentences = [problem.sentence(with_value=False) for problem in problems[:_LISTED]]
    return sentences + ([f"and {len(problems) - _LISTED} more"] if len(problems) > _LISTED else [])


def _mappings(paths: Sequence[Path]) -> dict[str, Mapping]:
    found: dict[str, Mapping] = {}
    for path in paths:
        mapping = load_mapping(path)
        if mapping.reads in found:
            raise ConfigError(f"{path}: a second mapping that reads {mapping.reads!r}; give one for each")
        found[mapping.reads] = mapping
    return found
