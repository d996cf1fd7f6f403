"""`Engine.load` takes records, dicts and data frames of any make."""

from __future__ import annotations

import pandas
import polars
import pytest

from matchengine.errors import DataError
from matchengine.records import Person
from tests.support import engine, group, mentee, mentor

ROWS = {
    "id": ["a", "m"],
    "roles": ["mentee", "mentor"],
    "adult": ["yes", "yes"],
    "vetting status": ["vetted", "vetted"],
    "goals": ["learn sql for data work; speak up", None],
    "offers": [None, "sql and data work (advanced); welding"],
    "languages": ["English (C1)", "English (native)"],
    "modes": ["video", "video; phone"],
}


@pytest.mark.parametrize("frame", [pandas.DataFrame, polars.DataFrame])
def test_people_as_a_data_frame(frame: type) -> None:
    made = engine()
    made.load(frame(ROWS))
    (only,) = made.suggest("a", "mentor")
    assert only.candidate_id == "m"
    assert "sql and data work" in only.reasons[-1].text + only.reasons[0].text


@pytest.mark.parametrize("frame", [pandas.DataFrame, polars.DataFrame])
def test_groups_and_relationships_as_data_frames(frame: type) -> None:
    made = engine()
    groups = frame({"id": ["g"], "title": ["Walkers"], "kind": ["sport_walk"], "topics": ["hiking; walking"]})
    ties = frame({"person_id": ["a"], "other_id": ["m"], "kind": ["must_not"]})
    made.load([mentee("a"), mentor("m")], groups=groups, relationships=ties)
    assert [s.candidate_id for s in made.suggest("a", "group")] == ["g"]
    assert made.suggest("a", "mentor") == []


def test_records_and_dicts_mix() -> None:
    made = engine()
    made.load([Person.model_validate(mentee("a")), mentor("m")], groups=[group("g")])
    assert [s.candidate_id for s in made.suggest("a", "mentor")] == ["m"]


def test_a_data_frame_that_would_lose_something_is_refused_as_a_whole() -> None:
    made = engine()
    with pytest.raises(DataError, match="languages"):
        made.load(pandas.DataFrame(ROWS | {"languages": ["Klingonish (C1)", "English (native)"]}))
