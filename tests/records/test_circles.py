"""A draft of groups as a record: it survives a file, refuses what it does not know, and is always a draft."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from pydantic import ValidationError

from matchengine.records.circles import Circle, CircleOption, GroupsFigures, GroupsPlan, MeetingSlot, UnplacedPerson

SLOT = MeetingSlot(
    text="Tuesdays at 18:00 (UTC), by video, every week",
    mode="video",
    weekday=1,
    time="18:00",
    time_zone="UTC",
    minutes=60,
    every="weekly",
    first=datetime(2026, 3, 10, 18, tzinfo=UTC),
)
PLAN = GroupsPlan(
    name="circle",
    kind="peer",
    groups=(Circle(number=1, members=("a", "b"), slot=SLOT, language="en", quality=0.4, relaxations=("target_size",)),),
    unplaced=(
        UnplacedPerson(
            person_id="c",
            reason="no_time",
            text="No time.",
            nearest=(CircleOption(number=1, obstacles=("slot",), text="Group 1: no time."),),
        ),
    ),
    relaxations=("target_size",),
    figures=GroupsFigures(people=3, placed=2, groups=1),
    locks={"a": 1},
)


def test_a_draft_survives_a_file() -> None:
    assert GroupsPlan.model_validate_json(PLAN.model_dump_json()) == PLAN


@pytest.mark.parametrize(
    "change",
    [{"status": "agreed"}, {"relaxations": ("language",)}, {"locks": {"a": 0}}, {"nickname": "x"}, {"seed": -1}],
)
def test_what_a_draft_cannot_be_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        GroupsPlan.model_validate(PLAN.model_dump() | change)
