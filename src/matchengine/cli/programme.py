"""Read a programme's files, keep the records, load an engine and save it: what `import` and `demo` share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from matchengine.cli.documents import ImportDocument
from matchengine.config import EngineConfig
from matchengine.engine import Engine
from matchengine.errors import ConfigError
from matchengine.io import (
    ContactSheet,
    Mapping,
    Report,
    load_mapping,
    read_folder,
    read_groups,
    read_people,
    read_relationships,
    write_folder,
)
from matchengine.records import Record

__all__ = ["Files", "Imported", "import_programme"]

RECORDS, ENGINE = "records", "engine"


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
                f" {d.texts_in_other_languages} texts are in languages the model does not know: they are compared"
                " word by word, and confidence is lower."
            )
        return text


def import_programme(
    files: Files, config: EngineConfig, data: Path, *, strict: bool = False, progress: bool = False
) -> Imported:
    """Read files, write records to `data`/records, load an engine and save it to `data`/engine.

    People keep the ids that an earlier import into the same folder gave them.

    Raises
    ------
    DataError
        When `strict` and anything would be lost, or no file can be read.
    """
    mappings = _mappings(files.mappings)
    records = data / RECORDS
    known = read_folder(records).contacts if records.is_dir() else None
    people = read_people(list(files.people), mappings.get("people"), contacts=known)
    groups = read_groups(list(files.groups), mappings.get("groups"), contacts=people.contacts) if files.groups else None
    ties = (
        read_relationships(list(files.relationships), mappings.get("relationships"), contacts=people.contacts)
        if files.relationships
        else None
    )
    report = Report()
    for part in (people.report, groups.report if groups else None, ties.report if ties else None):
        if part is not None:
            report.problems += part.problems
            report.counts += part.counts
    report.refuse_if(strict)
    relationships = [*people.relationships, *(ties.relationships if ties else ())]
    made_groups = groups.groups if groups else []
    engine = Engine(config, progress=progress)
    embedding = engine.load(people.people, made_groups, relationships=relationships, consents=people.consents)
    kept: dict[str, Sequence[Record]] = {
        "people": people.people,
        "groups": made_groups,
        "relationships": relationships,
        "consents": people.consents,
    }
    write_folder(records, kept, contacts=people.contacts, report=report)
    engine.save(data / ENGINE)
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
    return Imported(engine, document, report, people.contacts)


def _mappings(paths: Sequence[Path]) -> dict[str, Mapping]:
    found: dict[str, Mapping] = {}
    for path in paths:
        mapping = load_mapping(path)
        if mapping.reads in found:
            raise ConfigError(f"{path}: a second mapping that reads {mapping.reads!r}; give one for each")
        found[mapping.reads] = mapping
    return found
