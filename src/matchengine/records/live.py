"""What happens while a programme runs: pauses, meetings that were held, requests for a group (domain.md A, S2-19)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Self

from pydantic import Field, model_validator

from matchengine.i18n import _
from matchengine.records import vocabulary as v
from matchengine.records.base import Id, Record, ShortText, Text
from matchengine.records.outcomes import LoggedMeeting

__all__ = ["GroupRequest", "MeetingHeld", "Pause"]


class Pause(Record):
    """A person takes a break: until it ends nobody is pointed to them, and nothing tells a pause from an absence.

    `until` is the last day of the break; None lasts until the same person's pause is sent with `lifted`. A later pause
    replaces the earlier one.
    """

    person_id: Id
    until: date | None = None
    lifted: bool = False


class MeetingHeld(Record):
    """One meeting that took place, as either side, or both, logged it: when, how long, how; never what was said.

    `on_goals` is 1 (not at all) to 5 (only that): how far the meeting was about the goals of the match. `happened`
    False is a meeting that was agreed and fell through.
    """

    person_id: Id
    other_id: Id
    held_on: date
    minutes: Annotated[int, Field(ge=1, le=24 * 60)] | None = None
    mode: v.Mode | None = None
    on_goals: Annotated[int, Field(ge=1, le=5)] | None = None
    happened: bool = True

    @model_validator(mode="after")
    def _two_people(self) -> Self:
        if self.person_id == self.other_id:
            raise ValueError(_("a meeting needs two different ids"))
        return self

    def logged(self) -> LoggedMeeting | None:
        """Return the meeting as a line of the tracking sheet, which key figures read; None where it fell through."""
        if not self.happened:
            return None
        two = {"person_id": self.person_id, "other_id": self.other_id}
        return LoggedMeeting(**two, on=self.held_on, minutes=self.minutes)


class GroupRequest(Record):
    """A wish for a group on a sensitive topic; it never joins the person's profile (domain.md A4).

    It ends at `expires_at`, a few weeks at most after `asked_at`, and is deleted as soon as the person is placed.
    """

    person_id: Id
    topic: Text
    kinds: Annotated[tuple[v.GroupKind, ...], Field(max_length=5)] = ()
    tags: Annotated[tuple[ShortText, ...], Field(max_length=5)] = ()
    asked_at: datetime
    expires_at: datetime

    @model_validator(mode="after")
    def _ends(self) -> Self:
        if (self.asked_at.tzinfo is None) != (self.expires_at.tzinfo is None):
            raise ValueError(_("asked_at and expires_at: give both a time zone, or neither"))
        if not 0 < (self.expires_at - self.asked_at).total_seconds() <= _LONGEST_DAYS * 86_400:
            told = _("expires_at is to be after asked_at, by {days} days at most", days=_LONGEST_DAYS)
            raise ValueError(told)
        return self


_LONGEST_DAYS = 90
