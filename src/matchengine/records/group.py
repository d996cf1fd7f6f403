"""Groups, events and resources (domain.md B6)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Self

from pydantic import Field, model_validator

from matchengine.i18n import _
from matchengine.records import vocabulary as v
from matchengine.records.base import Country, Id, LanguageTag, LongText, Record, ShortText, Text
from matchengine.records.person import Availability, LanguageAbility, Place

Share = Annotated[float, Field(ge=0, le=1)]


class GroupSupport(Record):
    """How well a group meets one barrier, 0 to 1, with where that is known from and since when."""

    kind: v.BarrierKind
    value: Share
    source: v.SupportSource
    on: date | None = None


class GroupSafety(Record):
    """The safety profile of a group; None means nobody has said."""

    items: tuple[v.SafetyItem, ...] = ()
    confidential: bool | None = None
    rules: Annotated[tuple[Text, ...], Field(max_length=20)] = ()
    listen_only_ok: bool | None = None
    crisis_protocol: bool | None = None
    safeguarding_trained: bool | None = None
    helplines: Annotated[tuple[Id, ...], Field(max_length=10)] = ()
    facilitator_type: v.FacilitatorType | None = None
    facilitator_trained: bool | None = None


class GroupContact(Record):
    """A member who agreed to greet newcomers, by id; names stay with the contacts sheet."""

    person_id: Id
    consented: bool = False


class Schedule(Record):
    """When a group meets, and how predictable that is (0 to 1)."""

    slots: Annotated[tuple[Availability, ...], Field(max_length=10)] = ()
    predictability: Share | None = None


class _Gathering(Record):
    """What groups, events and projects share.

    `from_elsewhere` is the share of members who belong to none of the group's own `anchors`; `accompanied` says that
    somebody can come along or meet newcomers outside, at `meeting_point`. `reviewed_on` is the last day on which a
    person looked into what members said about safety, which ends a suspension by flags until then. `talk_share` is the
    share of the time that is free talk. `past_work` is what was done there before, the latest first, without anybody's
    name.
    """

    id: Id
    title: ShortText
    topics: Annotated[tuple[Text, ...], Field(max_length=12)] = ()
    description: LongText | None = None
    past_work: Annotated[tuple[Text, ...], Field(max_length=30)] = ()
    text_language: LanguageTag | None = None
    languages: Annotated[tuple[LanguageAbility, ...], Field(max_length=12)] = ()
    schedule: Schedule | None = None
    modes: tuple[v.Mode, ...] = ()
    place: Place | None = None
    venue_type: v.VenueType | None = None
    step_free: bool | None = None
    cost: v.CostLevel | None = None
    childcare: bool | None = None
    family_friendly: bool | None = None
    transport_help: bool | None = None
    norms: tuple[v.GroupNorm, ...] = ()
    intended_for: Annotated[tuple[ShortText, ...], Field(max_length=10)] = ()
    supports: Annotated[tuple[GroupSupport, ...], Field(max_length=14)] = ()
    safety: GroupSafety | None = None
    topic_risk: v.TopicRisk = "A"
    contacts: Annotated[tuple[GroupContact, ...], Field(max_length=10)] = ()
    how_it_works: LongText | None = None
    framing: v.GroupFraming | None = None
    style: Annotated[tuple[ShortText, ...], Field(max_length=10)] = ()
    welcome: Annotated[tuple[ShortText, ...], Field(max_length=15)] = ()
    anchors: Annotated[tuple[ShortText, ...], Field(max_length=10)] = ()
    exposure_level: Annotated[int, Field(ge=0, le=4)] | None = None
    beginner_friendly: bool | None = None
    activity_first: bool | None = None
    newcomers_share: Share | None = None
    from_elsewhere: Share | None = None
    accompanied: bool | None = None
    try_once: bool | None = None
    meeting_point: Text | None = None
    talk_share: Share | None = None
    suspended: bool = False
    reviewed_on: date | None = None

    @model_validator(mode="after")
    def _one_support_each(self) -> Self:
        if self.supports and len({s.kind for s in self.supports}) != len(self.supports):
            raise ValueError(_("supports: each kind may be stated once"))
        return self


class Group(_Gathering):
    """A community group, circle or support group. `topics` and `description` are shown to members."""

    kind: v.GroupKind
    admission: v.Admission = "open"
    size_now: Annotated[int, Field(ge=0, le=100_000)] | None = None
    size_min: Annotated[int, Field(ge=1, le=100_000)] | None = None
    size_max: Annotated[int, Field(ge=1, le=100_000)] | None = None
    regular: bool | None = None

    @model_validator(mode="after")
    def _sizes(self) -> Self:
        if self.size_min is not None and self.size_max is not None and self.size_min > self.size_max:
            raise ValueError(_("size_min is above size_max"))
        return self


class Event(_Gathering):
    """A dated occasion with the fields of a group."""

    kind: v.EventKind
    start: datetime | None = None
    duration_minutes: Annotated[int, Field(ge=5, le=14 * 24 * 60)] | None = None
    capacity: Annotated[int, Field(ge=0, le=100_000)] | None = None
    size_now: Annotated[int, Field(ge=0, le=100_000)] | None = None
    pair_invitation: bool = False


class ProjectRole(Record):
    """Something a project needs somebody for: text, weight 1 to 3, and the skill level it takes."""

    text: Text
    importance: Annotated[int, Field(ge=1, le=3)] = 2
    level: Annotated[int, Field(ge=0, le=4)] | None = None


class Project(_Gathering):
    """A collaborative project that looks for a team (domain.md S1-07)."""

    roles: Annotated[tuple[ProjectRole, ...], Field(max_length=12)] = ()
    phase: v.ProjectPhase = "open"
    starts: date | None = None
    ends: date | None = None
    size_min: Annotated[int, Field(ge=1, le=100)] | None = None
    size_max: Annotated[int, Field(ge=1, le=100)] | None = None
    led_by: Id | None = None


class Resource(Record):
    """Material, training, funding or advice to which the engine can point."""

    id: Id
    type: v.ResourceType
    title: ShortText
    topics: Annotated[tuple[Text, ...], Field(max_length=12)] = ()
    description: LongText | None = None
    text_language: LanguageTag | None = None
    languages: Annotated[tuple[LanguageAbility, ...], Field(max_length=12)] = ()
    country: Country | None = None
    cost: v.CostLevel | None = None
    level: Annotated[int, Field(ge=0, le=4)] | None = None
    fresh_on: date | None = None


__all__ = [
    "Event",
    "Group",
    "GroupContact",
    "GroupSafety",
    "GroupSupport",
    "Project",
    "ProjectRole",
    "Resource",
    "Schedule",
]
