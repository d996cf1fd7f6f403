"""What `--data` names: every command that reads a folder reads a store as well."""

from __future__ import annotations

import argparse
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from matchengine.cli import main
from matchengine.cli.kpi import programme_records
from matchengine.cli.locations import folder_of, outcomes_of, shown
from matchengine.records import GoalScale, MeetingHeld, Relationship
from tests.support import engine as engine_of
from tests.support import mentee, mentor, over


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """Return a store with a match, a meeting and what became of a goal."""
    location = tmp_path / "programme.db"
    since = date(2025, 1, 7)
    with over(location, engine_of().config) as made:
        made.load([mentee("a"), mentor("m")])
        made.apply([
            Relationship(person_id="a", other_id="m", kind="mentoring", status="active", started=since),
            MeetingHeld(person_id="a", other_id="m", held_on=date(2025, 1, 14), minutes=60),
            GoalScale(person_id="a", goal="sql", agreed_on=since),
        ])  # fmt: skip
    return location


def told(capsys: pytest.CaptureFixture[str], *arguments: object) -> Any:
    capsys.readouterr()
    assert main([str(each) for each in (*arguments, "--json", "--quiet")]) == 0
    return json.loads(capsys.readouterr().out)


def test_key_figures_and_reminders_read_a_store(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    figures = told(capsys, "kpi", store, "--as-of", "2025-02-20")
    assert figures["today"] == "2025-02-20"
    assert len(figures["tables"]) > 10
    there = argparse.Namespace(data=store, programme="main")
    found = programme_records(folder_of(there), outcomes_of(there))
    kept = (found.people, found.relationships, found.meetings, found.goal_scales)
    assert [len(each) for each in kept] == [2, 1, 1, 1]
    due = told(capsys, "reminders", "--data", store, "--config", "lexical", "--today", "2025-02-10")
    assert {(each["person_id"], each["about_id"]) for each in due["reminders"]["due"]} == {("a", "m"), ("m", "a")}


def test_no_password_of_a_location_is_printed() -> None:
    assert shown("postgresql://ines:secret@host/database") == "postgresql://host/database"
    assert shown("folder/x@y") == "folder/x@y"
