"""What somebody did for others, so that it can be recognised; no scorer ever reads it (domain.md S1-16, S2-23)."""

from __future__ import annotations

from datetime import date
from typing import Literal

from matchengine.records.base import Id, Record, Text

__all__ = ["Contribution", "ContributionKind"]

ContributionKind = Literal[
    "mentoring", "welcoming", "organising", "teaching", "hosting", "translating", "speaking", "other"
]


class Contribution(Record):
    """Something a person did for others, and whether anybody has thanked them for it.

    Contributions are not loaded into an engine: they change no suggestion, and nobody is compared by them.
    """

    person_id: Id
    kind: ContributionKind
    on: date
    text: Text | None = None
    acknowledged: bool = False
