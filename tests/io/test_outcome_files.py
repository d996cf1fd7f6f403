"""Files of meetings and outcomes: read as they stand or refused, and the tracking sheet goes there and back."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from matchengine.errors import DataError
from matchengine.io import write_csv, write_xlsx
from matchengine.io.outcome_files import (
    KINDS,
    Outcomes,
    read_meetings,
    read_outcomes,
    sheet_of_meetings,
    write_outcomes,
)
from matchengine.records.outcomes import LoggedMeeting, OutcomeEvent, SkillReading

MEETINGS = [
    LoggedMeeting(person_id="p1", other_id="m1", on=date(2026, 1, 5), kind="meet", minutes=45, skills=("a", "b c")),
    LoggedMeeting(person_id="p1", other_id="G-1", on=date(2026, 1, 6), rating="okay"),
    LoggedMeeting(person_id="-p2", other_id="=m", on=date(2026, 2, 6), kind="meet", skills=("=1+1",)),
]


def test_every_kind_is_written_and_read_back(tmp_path: Path) -> None:
    given = Outcomes(meetings=MEETINGS, outcomes=[OutcomeEvent(person_id="p1", kind="job", on=date(2026, 3, 1))])
    written = write_outcomes(tmp_path, given)
    assert [path.name for path in written] == ["meetings.jsonl", "outcomes.jsonl"]
    assert all(path.stat().st_mode & 0o777 == 0o600 for path in written)
    assert read_outcomes(tmp_path) == given


def test_an_empty_folder_holds_nothing(tmp_path: Path) -> None:
    assert read_outcomes(tmp_path) == Outcomes()
    assert "0 meetings" in repr(Outcomes())


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_the_tracking_sheet_goes_there_and_back(tmp_path: Path, ending: str) -> None:
    path, sheet = tmp_path / f"meetings.{ending}", sheet_of_meetings(MEETINGS)
    if ending == "csv":
        write_csv(path, sheet)
    else:
        write_xlsx(path, [sheet])
    assert read_meetings(path).records == MEETINGS
    assert read_outcomes(tmp_path).meetings == MEETINGS


def test_a_file_of_a_coordinator_is_read(tmp_path: Path) -> None:
    text = "person_id;skill;on;level;target\np1;planning;2026-01-05;2;yes\np2;planning;2026-01-05;0;\n"
    (tmp_path / "skills.csv").write_text(text, "utf-8")
    assert read_outcomes(tmp_path).skills == [
        SkillReading(person_id="p1", skill="planning", on=date(2026, 1, 5), level=2, target=True),
        SkillReading(person_id="p2", skill="planning", on=date(2026, 1, 5), level=0),
    ]


def test_a_file_with_a_mistake_is_refused_without_its_values(tmp_path: Path) -> None:
    (tmp_path / "outcomes.csv").write_text("person_id,kind,on\np1,secret words,2026-01-05\n", "utf-8")
    with pytest.raises(DataError) as refused:
        read_outcomes(tmp_path)
    assert "kind" in str(refused.value)
    assert "secret" not in str(refused.value)


def test_a_column_that_is_no_field_is_refused(tmp_path: Path) -> None:
    (tmp_path / "outcomes.csv").write_text("person_id,kind,on,where\np1,job,2026-01-05,here\n", "utf-8")
    with pytest.raises(DataError, match="where"):
        read_outcomes(tmp_path)


def test_two_files_of_one_kind_are_refused(tmp_path: Path) -> None:
    write_outcomes(tmp_path, Outcomes(meetings=MEETINGS))
    write_csv(tmp_path / "meetings.csv", sheet_of_meetings(MEETINGS))
    with pytest.raises(DataError, match=r"meetings\.jsonl, meetings\.csv"):
        read_outcomes(tmp_path)


def test_every_kind_is_a_list_of_the_folder() -> None:
    assert set(KINDS) == set(Outcomes.__dataclass_fields__)
