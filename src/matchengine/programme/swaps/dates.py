"""When an exchange lies: one period for everybody in it, with the dates that follow from it (domain.md D4)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from matchengine.plan_config import SwapsConfig
from matchengine.programme.swaps.wishes import Slot

__all__ = ["Dates", "dates_of"]

_ANCHOR_DAYS = 90
"""Days after the return at which somebody asks whether the first mentoring goes on (domain.md H4)."""


class Dates(NamedTuple):
    """The days of an exchange, as in `PlannedSwap`."""

    starts: date
    ends: date
    returns_on: date
    accept_by: date
    mid_check: date
    feedback_on: date
    anchor_check: date


def dates_of(members: Sequence[Slot], config: SwapsConfig, today: date) -> Dates | None:
    """Return the dates of an exchange, whole weeks; None where its members have too short a period in common.

    Periods that overlap two by two by the least number of weeks have such a period in common all together (Helly's
    theorem on the line). So this can only fail where not every two members are neighbours: from four members on.
    """
    starts = max(slot.earliest for slot in members)
    days = min(slot.latest for slot in members).toordinal() - starts.toordinal() + 1
    weeks = min(days // 7, config.weeks)
    if weeks < config.least_weeks:
        return None
    returns_on = starts + timedelta(days=7 * weeks)
    return Dates(
        starts=starts,
        ends=returns_on - timedelta(days=1),
        returns_on=returns_on,
        accept_by=today + timedelta(days=config.accept_days),
        mid_check=starts + timedelta(days=7 * weeks // 2),
        feedback_on=returns_on - timedelta(days=1),
        anchor_check=returns_on + timedelta(days=_ANCHOR_DAYS),
    )
