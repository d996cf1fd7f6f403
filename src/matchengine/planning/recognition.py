"""What people did for others and nobody has thanked them for yet (domain.md S1-16, S2-23).

A feed in the order of time. It counts nothing, so that nobody stands above anybody: contributions never alter how a
person is suggested, and they are never loaded into an engine.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from matchengine.records.contribution import Contribution

__all__ = ["RECENT_DAYS", "recognitions_due"]

RECENT_DAYS = 90
"""Days after which a contribution leaves the feed; a late thank-you is still welcome, a list without end is not."""


def recognitions_due(contributions: Iterable[Contribution], today: date) -> tuple[Contribution, ...]:
    """Return the contributions of the last 90 days that nobody has acknowledged, the earliest first.

    Those of one day are in the order of the ids of people; nobody is ranked, and how much somebody did changes nothing.
    """
    earliest = today - timedelta(days=RECENT_DAYS)
    waiting = [each for each in contributions if not each.acknowledged and earliest <= each.on <= today]
    return tuple(sorted(waiting, key=lambda each: (each.on, each.person_id, each.kind, each.text or "")))
