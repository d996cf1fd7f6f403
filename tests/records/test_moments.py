"""A moment in a record is one of UTC, however it is written."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from matchengine.records.moments import FIRST_MOMENT, LAST_MOMENT, in_utc

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "means"),
    [
        (NOON, NOON),
        (NOON.replace(tzinfo=None), NOON),
        (NOON.astimezone(timezone(timedelta(hours=5, minutes=45))), NOON),
        (datetime.max, LAST_MOMENT),
        (datetime.max.replace(tzinfo=timezone(timedelta(hours=-10))), LAST_MOMENT),
        (datetime.min.replace(tzinfo=timezone(timedelta(hours=10))), FIRST_MOMENT),
    ],
)
def test_a_moment_is_one_of_utc(written: datetime, means: datetime) -> None:
    assert in_utc(written) == means
    assert in_utc(written).tzinfo is UTC
