"""Ties between people, feedback about them, and consent (domain.md B4, B8)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Self

from pydantic import Field, model_validator

from matchengine.i18n import _
from matchengine.records import vocabulary as v
from matchengine.records.base import Id, LanguageTag, Record, ShortText, Text
from matchengine.records.moments import in_utc
from matchengine.records.person import Cadence

Rating = Annotated[int, Field(ge=1, le=5)]


class Relationship(Record):
    """A tie from `person_id` to `other_id`.

    For `mentoring` the person is the mentee and the other the mentor; for `line_management` the person reports
    to the other; for `membership` the other is a group. `must_not` forbids the pair, silently and both ways. For
    `sponsorship` the person is the protégé; it is `active` only once `decided_by` and `decided_on` say which human
    decided that (domain.md C7).
    """

    person_id: Id
    other_id: Id
    kind: v.RelationshipKind
    status: v.RelationshipStatus = "active"
    started: date | None = None
    ends: date | None = None
    cadence: Cadence | None = None
    goals: Annotated[tuple[Text, ...], Field(max_length=5)] = ()
    anchor_of: Id | None = None
    do_not_rematch: bool = False
    decided_by: Id | None = None
    decided_on: date | None = None

    @model_validator(mode="after")
    def _two_people(self) -> Self:
        if self.person_id == self.other_id:
            raise ValueError(_("a relationship needs two different ids"))
        if self.started is not None and self.ends is not None and self.ends < self.started:
            raise ValueError(_("ends is before started"))
        undecided = self.decided_by is None or self.decided_on is None
        if self.kind == "sponsorship" and self.status == "active" and undecided:
            raise ValueError(
                _("a sponsorship is active only after a person decided: give decided_by and decided_on, or 'proposed'")
            )
        return self


class FeedbackItems(Record):
    """Ratings from 1 to 5; None means not answered and is never imputed."""

    satisfaction: Rating | None = None
    helpfulness: Rating | None = None
    trust: Rating | None = None
    goal_progress: Rating | None = None
    felt_safe: Rating | None = None
    not_for_me: bool | None = None
    felt_unsafe: bool | None = None
    felt_competitive: bool | None = None


class Feedback(Record):
    """One answer of one person about one match or group; anonymous feedback carries no `person_id`."""

    about_id: Id
    wave: v.FeedbackWave
    perspective: v.FeedbackPerspective
    items: FeedbackItems
    person_id: Id | None = None
    anonymous: bool = False
    instrument: ShortText | None = None
    licence_note: Text | None = None
    given_at: datetime | None = None

    @model_validator(mode="after")
    def _anonymous_means_anonymous(self) -> Self:
        if self.anonymous == (self.person_id is not None):
            raise ValueError(_("give a person_id, or mark the feedback anonymous; never both, never neither"))
        return self


class ConsentGrant(Record):
    """One person's consent for one field, one purpose and one audience (domain.md B4).

    `field` is a field of `Person`, or `attributes.<dimension>` for one attribute dimension. A grant is in force
    from `granted_at` until `expires_at` or `withdrawn_at`.
    """

    person_id: Id
    field: ShortText
    purpose: v.ConsentPurpose
    audience: v.ConsentAudience = "engine_only"
    text_version: ShortText
    language: LanguageTag
    granted_at: datetime
    expires_at: datetime | None = None
    withdrawn_at: datetime | None = None
    source: v.ConsentSource = "self"

    def in_force(self, at: datetime) -> bool:
        """Return whether the grant holds at the given moment (a naive time counts as UTC)."""
        moment = in_utc(at)
        ends = [in_utc(t) for t in (self.expires_at, self.withdrawn_at) if t is not None]
        return in_utc(self.granted_at) <= moment and all(moment < end for end in ends)
