"""Read a programme's files, compare them with its folder, load an engine and save it: for `import` and `demo`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from matchengine.cli.documents import ImportDocument
from matchengine.cli.locations import ENGINE, RECORDS
from matchengine.cli.plugin_options import PluginOptions, make_engine
from matchengine.config import EngineConfig
from matchengine.engine import Engine
from matchengine.errors import ConfigError, DataError
from matchengine.i18n import N_, _, listing, ngettext
from matchengine.io import (
    ContactSheet,
    Folder,
    Mapping,
    Problem,
    Report,
    load_mapping,
    read_events,
    read_feedback,
    read_folder,
    read_groups,
    read_organisations,
    read_people,
    read_projects,
    read_relationships,
    read_resources,
    write_folder,
)
from matchengine.io.diff import KINDS, Difference, difference
from matchengine.pool.embed import EmbeddingReport
from matchengine.records import Person, Record, Relationship

__all__ = ["Files", "Imported", "Reading", "import_programme", "read_programme"]

_LISTED = 10
"""Problems named in an error; the others are counted."""


@dataclass(frozen=True)
class Files:
    """The files of one programme; mappings say by themselves what they read."""

    people: Sequence[Path]
    groups: Sequence[Path] = ()
    events: Sequence[Path] = ()
    resources: Sequence[Path] = ()
    projects: Sequence[Path] = ()
    organisations: Sequence[Path] = ()
    relationships: Sequence[Path] = ()
    feedback: Sequence[Path] = ()
    mappings: Sequence[Path] = ()


@dataclass
class Reading:
    """A programme's files as they were read, beside what its folder held; nothing is written yet.

    Attributes
    ----------
    data : Path
        The folder of the programme.
    before, after : Folder
        What it holds, and what it would hold.
    report : Report
        Everything noticed on the way.
    again : bool
        Whether people were imported into this folder before.
    """

    data: Path
    before: Folder = field(repr=False)
    after: Folder = field(repr=False)
    report: Report = field(repr=False)
    again: bool

    @property
    def difference(self) -> Difference | None:
        """What changes in the folder; None at a first import."""
        return difference(self.before, self.after) if self.again else None

    def document(self, embedding: EmbeddingReport | None = None) -> ImportDocument:
        """Return the document of `--json`; without what embedding did it says that nothing was written."""
        return ImportDocument(
            people=len(self.after.people),
            groups=len(self.after.groups),
            relationships=len(self.after.relationships),
            report=self.report.to_dict(),
            texts_encoded=embedding.encoded if embedding else 0,
            texts_from_cache=embedding.from_cache if embedding else 0,
            texts_cut=embedding.truncated if embedding else 0,
            texts_in_other_languages=embedding.other_languages if embedding else 0,
            data=str(self.data),
            difference=self.difference,
            written=embedding is not None,
        )


@dataclass
class Imported:
    """An engine over freshly imported files, and what there is to say about them.

    `lists` counts what the folder holds beside people, groups and relationships.
    """

    engine: Engine
    document: ImportDocument
    report: Report
    contacts: ContactSheet = field(repr=False)
    relationships: Sequence[Relationship] = field(default=(), repr=False)
    lists: dict[str, int] = field(default_factory=dict)

    @property
    def summary(self) -> str:
        """Return the counts as text."""
        d = self.document
        told = [
            _(
                "{people} people, {groups} groups and {relationships} relationships are in {data}.",
                people=d.people,
                groups=d.groups,
                relationships=d.relationships,
                data=d.data,
            )
        ]
        counted = [
            ngettext("{n} event", "{n} events", self.lists.get("events", 0)),
            ngettext("{n} resource", "{n} resources", self.lists.get("resources", 0)),
            ngettext("{n} project", "{n} projects", self.lists.get("projects", 0)),
            ngettext("{n} organisation", "{n} organisations", self.lists.get("organisations", 0)),
            ngettext("{n} answer of feedback", "{n} answers of feedback", self.lists.get("feedback", 0)),
        ]
        if any(self.lists.values()):
            told.append(_("Beside them: {counts}.", counts=listing(counted)))
        if d.texts_cut:
            told.append(_("{n} texts were longer than the model reads and were cut.", n=d.texts_cut))
        if d.texts_in_other_languages:
            told.append(
                _(
                    "{n} texts are in languages the model does not know: they are compared word by word within their"
                    " language; across languages nothing can be said, and confidence falls.",
                    n=d.texts_in_other_languages,
                )
            )
        return " ".join(told)


def read_programme(files: Files, data: Path, *, contacts: ContactSheet | None = None, strict: bool = False) -> Reading:
    """Read a programme's files beside what `data`/records holds, or beside contacts alone; nothing is written.

    People keep the ids that an earlier import into the same folder gave them; groups, relationships and other lists
    stay where no file of theirs is given.

    Raises
    ------
    DataError
        When a file is refused, nobody is read, or `strict` and anything would be lost.
    """
    mappings = _mappings(files.mappings)
    records = data / RECORDS
    if contacts is not None:
        before = Folder(contacts=contacts)
    else:
        before = read_folder(records) if records.is_dir() else Folder()
    people = read_people(list(files.people), mappings.get("people"), contacts=before.contacts)
    contacts = people.contacts
    ties = (
        read_relationships(list(files.relationships), mappings.get("relationships"), contacts=contacts)
        if files.relationships
        else None
    )
    lists = {name: read(files, mappings, contacts) for name, read in _LISTS.items() if getattr(files, name)}
    report = _together([people.report, *(part.report for part in lists.values()), *([ties.report] if ties else [])])
    _refuse_if_lost(report, people.people)
    report.refuse_if(strict)
    relationships = dict.fromkeys([*people.relationships, *(ties.relationships if ties else before.relationships)])
    after = Folder(
        people=people.people,
        relationships=list(relationships),
        consents=people.consents,
        contacts=ties.contacts if ties else contacts,
    )
    for name in _LISTS:
        setattr(after, name, lists[name].records if name in lists else getattr(before, name))
    for name in (*_LISTS, "relationships"):
        if not getattr(files, name) and getattr(before, name):
            _note_what_stays(report, name, len(getattr(before, name)))
    _note_proposals(report, after.relationships)
    return Reading(data, before, after, report, bool(before.people))


def import_programme(
    files: Files,
    config: EngineConfig,
    data: Path,
    options: PluginOptions,
    *,
    strict: bool = False,
    progress: bool = False,
) -> Imported:
    """Read files, load an engine, save it to `data`/engine, and write records to `data`/records.

    Nothing is written before everything is read and loaded.

    Raises
    ------
    DataError
        As `read_programme`, or when the folder cannot be written.
    """
    reading = read_programme(files, data, strict=strict)
    after = reading.after
    engine = make_engine(config, options, progress=progress)
    embedding = engine.load(
        after.people,
        after.groups,
        after.events,
        after.resources,
        after.projects,
        relationships=after.relationships,
        consents=after.consents,
        feedback=after.feedback,
        organisations=after.organisations,
    )
    try:
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        engine.save(data / ENGINE)
    except OSError as error:
        raise DataError(
            _("{data}: cannot be written ({reason}); choose another folder", data=data, reason=error.strerror)
        ) from error
    made: dict[str, Sequence[Record]] = {kind: getattr(after, kind) for kind in (*KINDS, "feedback")}
    write_folder(data / RECORDS, made, contacts=after.contacts, report=reading.report)
    lists = {name: len(getattr(after, name)) for name in _LISTS if name != "groups"}
    document = reading.document(embedding)
    return Imported(engine, document, reading.report, after.contacts, after.relationships, lists)


@dataclass(frozen=True)
class _Read:
    """Records of one list, and the report on them."""

    records: list[Any]
    report: Report


def _read_groups(files: Files, mappings: dict[str, Mapping], contacts: ContactSheet) -> _Read:
    made = read_groups(list(files.groups), mappings.get("groups"), contacts=contacts)
    return _Read(made.groups, made.report)


def _read_events(files: Files, mappings: dict[str, Mapping], contacts: ContactSheet) -> _Read:
    made = read_events(list(files.events), mappings.get("events"), contacts=contacts)
    return _Read(made.records, made.report)


def _read_resources(files: Files, mappings: dict[str, Mapping], contacts: ContactSheet) -> _Read:
    made = read_resources(list(files.resources), mappings.get("resources"))
    return _Read(made.records, made.report)


def _read_projects(files: Files, mappings: dict[str, Mapping], contacts: ContactSheet) -> _Read:
    made = read_projects(list(files.projects), mappings.get("projects"), contacts=contacts)
    return _Read(made.records, made.report)


def _read_organisations(files: Files, mappings: dict[str, Mapping], contacts: ContactSheet) -> _Read:
    made = read_organisations(list(files.organisations), mappings.get("organisations"))
    return _Read(made.records, made.report)


def _read_feedback(files: Files, mappings: dict[str, Mapping], contacts: ContactSheet) -> _Read:
    made = read_feedback(list(files.feedback), mappings.get("feedback"), contacts=contacts)
    return _Read(made.records, made.report)


_LISTS: dict[str, Callable[[Files, dict[str, Mapping], ContactSheet], _Read]] = {
    "groups": _read_groups,
    "events": _read_events,
    "resources": _read_resources,
    "projects": _read_projects,
    "organisations": _read_organisations,
    "feedback": _read_feedback,
}
"""How each list beside people and ties is read; a list of which no file is given stays as it is in the folder."""


def _note_what_stays(report: Report, name: str, n: int) -> None:
    notes = {
        "groups": N_("the {n} groups of the last import were kept; give --groups to replace them"),
        "events": N_("the {n} events of the last import were kept; give --events to replace them"),
        "resources": N_("the {n} resources of the last import were kept; give --resources to replace them"),
        "projects": N_("the {n} projects of the last import were kept; give --projects to replace them"),
        "organisations": N_("the {n} organisations of the last import were kept; give --organisations to replace them"),
        "relationships": N_("the {n} relationships of the last import were kept; give --relationships to replace them"),
        "feedback": N_("the {n} answers of the last import were kept; give --feedback to replace them"),
    }
    report.add(f"{RECORDS}/{name}.jsonl", _(notes[name], n=n), effect="note")


def _note_proposals(report: Report, relationships: Sequence[Relationship]) -> None:
    proposed = sum(tie.status == "proposed" for tie in relationships)
    if proposed:
        note = ngettext(
            "{n} relationship is a proposal; it takes a place, and the pair is not suggested again",
            "{n} relationships are proposals; each takes a place, and the pair is not suggested again",
            proposed,
        )
        report.add(f"{RECORDS}/relationships.jsonl", note, effect="note")


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
        raise DataError(_("{n} file(s) refused; nothing was written", n=len(refused)), _sentences(refused))
    if not people:
        raise DataError(_("no person was read from these files; nothing was written"), _sentences(report.failures))


def _sentences(problems: Sequence[Problem]) -> list[str]:
    """Return problems for an error: without their values, which do not belong into logs."""
    sentences = [problem.sentence(with_value=False) for problem in problems[:_LISTED]]
    return sentences + ([_("and {n} more", n=len(problems) - _LISTED)] if len(problems) > _LISTED else [])


def _mappings(paths: Sequence[Path]) -> dict[str, Mapping]:
    found: dict[str, Mapping] = {}
    for path in paths:
        mapping = load_mapping(path)
        if mapping.reads in found:
            raise ConfigError(
                _("{path}: a second mapping that reads {reads!r}; give one for each", path=path, reads=mapping.reads)
            )
        found[mapping.reads] = mapping
    return found
