"""What a person wishes to share can be changed three times a week, and taken back always (domain.md C2)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.properties.disclosing import CROSSING, asking, attributes, programme, three_mentors, wishes
from tests.support import WordsPlugin

import matchengine as me
from matchengine.errors import DataError
from matchengine.records import Person, Relationship

START = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


class Clock:
    """A time that tests move."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        """Tell the time."""
        return self.now


def loaded(extra: str = "") -> tuple[me.Engine, Clock]:
    made, clock = programme(asking(), *three_mentors(), extra=extra), Clock()
    made._pool.wish_edits.clock = clock
    return made, clock


def change(made: me.Engine, strength: str = "nice", themes: Any = CROSSING, **more: Any) -> None:
    made.upsert(Person.model_validate(asking(strength=strength) | {"wishes": wishes(strength, *themes)} | more))


def three_changes(made: me.Engine) -> None:
    for strength in ("nice", "very_important", "important"):
        change(made, strength)


def test_the_fourth_change_in_seven_days_is_refused_with_the_time_of_the_next() -> None:
    made, clock = loaded()
    for strength in ("nice", "very_important", "important"):
        clock.now += timedelta(days=1)
        change(made, strength)
    before = made.fingerprint()
    with pytest.raises(DataError) as caught:
        change(made, "nice")
    assert made.fingerprint() == before
    assert "'a'" in str(caught.value)
    assert "2026-03-10 09:30 UTC" in str(caught.value)
    assert not [theme for theme in CROSSING if theme in str(caught.value)]
    clock.now = START + timedelta(days=8)
    change(made, "nice")
    with pytest.raises(DataError, match="2026-03-11 09:30 UTC"):
        change(made, "important")


def test_other_changes_and_other_people_are_free() -> None:
    made, _clock = loaded()
    three_changes(made)
    for n in range(3):
        change(made, "important", interests=[{"text": f"topic {n}"}])
        made.upsert(Person.model_validate(asking("b") | {"wishes": wishes("nice", *CROSSING[:n])}))
    with pytest.raises(DataError, match="was changed 3 times"):
        change(made, "nice")


def test_to_wish_for_less_is_always_possible_but_not_to_wish_again() -> None:
    made, _clock = loaded()
    three_changes(made)
    change(made, "important", CROSSING[:1])
    change(made, themes=())
    with pytest.raises(DataError):
        change(made, "important", CROSSING[:1])


@pytest.mark.parametrize(
    "probe",
    [
        {"joint_wishes": [{"dimensions": CROSSING}]},
        {"lived_experience": [*CROSSING, "a theme of my own"], "wishes": wishes("important", "lived_experience")},
        {"attributes": attributes("faith:one"), "wishes": wishes("important", *CROSSING, "faith")},
    ],
)
def test_probing_by_another_field_is_a_change_all_the_same(probe: dict[str, Any]) -> None:
    made, _clock = loaded()
    three_changes(made)
    with pytest.raises(DataError):
        change(made, "important", **probe)
    assert made._pool.shared.reveals == {}


def test_a_change_that_wishes_for_what_the_person_does_not_hold_is_none() -> None:
    made, _clock = loaded()
    three_changes(made)
    change(made, "important", (*CROSSING, "what others lived through"))


def test_the_count_is_saved(tmp_path: Path) -> None:
    made, clock = loaded()
    three_changes(made)
    made.save(tmp_path / "saved")
    again = me.Engine.open(tmp_path / "saved", plugins=[WordsPlugin()])
    again._pool.wish_edits.clock = clock
    with pytest.raises(DataError):
        change(again, "nice")
    clock.now += timedelta(days=7)
    change(again, "nice")


def test_the_limit_is_the_programmes() -> None:
    made, _clock = loaded("[programme]\nwish_edits_per_week = 1\n")
    change(made, "nice")
    with pytest.raises(DataError, match="was changed 1 time in"):
        change(made, "important")


def test_other_records_are_no_changes() -> None:
    made, _clock = loaded()
    three_changes(made)
    tie = {"person_id": "a", "other_id": "both", "kind": "mentoring"}
    made.upsert(Relationship.model_validate(tie))
    change(made, "important")
