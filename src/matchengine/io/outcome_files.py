"""Meetings, outcomes, skills, goals, surveys and steps in a programme's folder: one file a kind, JSON Lines or CSV.

The columns of a CSV file are the fields of the record; several skills of a meeting stand in one cell, with semicolons
between them. The log of meetings is the tracking sheet of a programme (domain.md S2-30).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from matchengine.errors import DataError
from matchengine.i18n import _
from matchengine.io.json_lines import write_json_lines
from matchengine.io.record_files import RecordImport, read_records
from matchengine.io.sheet_parts import Sheet
from matchengine.records.base import Record
from matchengine.records.outcomes import (
    GoalScale,
    LoggedMeeting,
    OutcomeEvent,
    PlannedStep,
    ProgrammeStep,
    SkillReading,
    SurveyAnswer,
)

__all__ = ["KINDS", "Outcomes", "read_meetings", "read_outcomes", "sheet_of_meetings", "write_outcomes"]

KINDS: Mapping[str, type[Record]] = {
    "meetings": LoggedMeeting,
    "outcomes": OutcomeEvent,
    "skills": SkillReading,
    "goal_scales": GoalScale,
    "surveys": SurveyAnswer,
    "programme_steps": ProgrammeStep,
    "planned_steps": PlannedStep,
}
"""Name of each file, without its ending, and what it holds."""
_ENDINGS = (".jsonl", ".csv", ".xlsx")
_MEETING = ("person_id", "other_id", "on", "kind", "minutes", "skills", "rating")


@dataclass(slots=True, repr=False)
class Outcomes:
    """What a folder holds of each kind; a file that is not there leaves its list empty."""

    meetings: list[LoggedMeeting] = field(default_factory=list)
    outcomes: list[OutcomeEvent] = field(default_factory=list)
    skills: list[SkillReading] = field(default_factory=list)
    goal_scales: list[GoalScale] = field(default_factory=list)
    surveys: list[SurveyAnswer] = field(default_factory=list)
    programme_steps: list[ProgrammeStep] = field(default_factory=list)
    planned_steps: list[PlannedStep] = field(default_factory=list)

    def __repr__(self) -> str:
        """Return sizes alone."""
        sizes = ", ".join(f"{len(getattr(self, name))} {name}" for name in KINDS)
        return f"Outcomes({sizes})"


def read_outcomes(folder: str | Path) -> Outcomes:
    """Read every file of outcomes in a folder; each must be valid as it stands.

    Raises
    ------
    DataError
        Listing every problem of a file, without values, or where one kind has two files.
    """
    found = Outcomes()
    for kind, model in KINDS.items():
        files = [path for ending in _ENDINGS if (path := Path(folder) / f"{kind}{ending}").is_file()]
        if len(files) > 1:
            names = ", ".join(path.name for path in files)
            raise DataError(
                _("{folder}: expected one file of {kind}; got {names}", folder=folder, kind=kind, names=names)
            )
        if files:
            made: RecordImport[Any] = read_records(files[0], model, strict=True)
            _refuse_unread(made)
            setattr(found, kind, made.records)
    return found


def _refuse_unread(made: RecordImport[Any]) -> None:
    problems = [one.sentence(with_value=False) for one in made.report.problems if one.effect != "note"]
    if problems:
        raise DataError(_("a file of outcomes was not read as it stands; nothing was loaded"), problems)


def read_meetings(source: object) -> RecordImport[LoggedMeeting]:
    """Read a log of meetings; one that is not valid as a whole is left out and reported."""
    return read_records(source, LoggedMeeting)


def write_outcomes(folder: str | Path, outcomes: Outcomes) -> list[Path]:
    """Write the kinds that hold anything as JSON Lines, readable by their owner only, and return the files."""
    written = []
    for kind in KINDS:
        records: Iterable[Record] = getattr(outcomes, kind)
        rows = [record.model_dump(mode="json", exclude_defaults=True) for record in records]
        if rows:
            written.append(Path(folder) / f"{kind}.jsonl")
            write_json_lines(written[-1], rows)
    return written


def sheet_of_meetings(meetings: Iterable[LoggedMeeting]) -> Sheet:
    """Return the tracking sheet: one row a meeting, which `read_meetings` reads back as it was."""
    rows = tuple(
        (m.person_id, m.other_id, m.on.isoformat(), m.kind, m.minutes, "; ".join(m.skills) or None, m.rating)
        for m in meetings
    )
    return Sheet(_("Meetings"), _MEETING, rows)
