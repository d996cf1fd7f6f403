"""A person and everything a person may say about themselves (domain.md B2, B3).

No field holds what must never be stored: no birth date, no diagnosis, no income, credit or debt, no residence
status, no address, no rating of a person's qualities.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Self

from pydantic import Field, field_validator, model_validator

from matchengine.i18n import _
from matchengine.records import vocabulary as v
from matchengine.records.base import (
    ConceptUri,
    Country,
    FieldCode,
    Geohash,
    Id,
    LanguageTag,
    Record,
    Region,
    ShortText,
    Text,
    TimeZone,
)

SkillLevel = Annotated[int, Field(ge=0, le=4)]
"""0 none, 1 beginner, 2 working, 3 advanced, 4 expert."""
Slider = Annotated[int, Field(ge=-2, le=2)]


class Goal(Record):
    """What a person wants to reach: one text item, embedded on its own."""

    text: Text
    kind: v.GoalKind | None = None
    horizon: v.Horizon | None = None
    priority: Annotated[int, Field(ge=1, le=3)] = 2
    target_skills: Annotated[tuple[ShortText, ...], Field(max_length=5)] = ()
    baseline: SkillLevel | None = None
    target: SkillLevel | None = None
    obstacles: Annotated[tuple[ShortText, ...], Field(max_length=5)] = ()
    language: LanguageTag | None = None


class SkillOffer(Record):
    """Something a person can give: text, optional concept and level; `can_teach` False means practise only."""

    text: Text
    concept: ConceptUri | None = None
    level: SkillLevel | None = None
    can_teach: bool = True
    language: LanguageTag | None = None


class SkillWant(Record):
    """Something a person would like to learn; `level` is the present level."""

    text: Text
    concept: ConceptUri | None = None
    level: SkillLevel | None = None
    language: LanguageTag | None = None


class Interest(Record):
    """Something a person likes to do or talk about; `tag` is from the programme's own list."""

    text: Text
    tag: ShortText | None = None
    language: LanguageTag | None = None


class StyleProfile(Record):
    """Five sliders from -2 to 2; each may be blank.

    For `directive_questioning` and `challenge_reassure` a mentor states what they offer, a mentee what they wish.
    """

    directive_questioning: Slider | None = None
    structured_spontaneous: Slider | None = None
    task_relationship: Slider | None = None
    written_spoken: Slider | None = None
    challenge_reassure: Slider | None = None


class LanguageAbility(Record):
    """One language with its CEFR level; written and signed languages are languages."""

    tag: LanguageTag
    level: v.LanguageLevel
    modality: v.Modality = "spoken"
    wish: v.LanguageWish | None = None


class Availability(Record):
    """A recurring slot: RFC 5545 rule, local start, duration and IANA zone, so that DST is right.

    `rrule` None means the slot happens once, at `start`. `start` is local wall-clock time without offset.
    """

    start: datetime
    duration_minutes: Annotated[int, Field(ge=15, le=24 * 60)]
    time_zone: TimeZone
    rrule: Annotated[str, Field(max_length=300)] | None = None

    @field_validator("start")
    @classmethod
    def _naive(cls, value: datetime) -> datetime:
        if value.tzinfo is not None:
            raise ValueError(_("start is wall-clock time in time_zone and must carry no UTC offset"))
        return value

    @field_validator("rrule")
    @classmethod
    def _parsable(cls, value: str | None) -> str | None:
        if value is None:
            return None
        text = value.upper().removeprefix("RRULE:")
        parts = dict(part.split("=", 1) for part in text.split(";") if "=" in part)
        if parts.get("FREQ") not in {"DAILY", "WEEKLY", "MONTHLY", "YEARLY"} or "\n" in text:
            raise ValueError(_("expected an RFC 5545 rule such as 'FREQ=WEEKLY;BYDAY=TU,TH'"))
        return text


class Cadence(Record):
    """How often and how long people want to meet."""

    every: v.CadenceEvery
    minutes: Annotated[int, Field(ge=15, le=240)]

    @property
    def minutes_per_week(self) -> float:
        """Minutes a week that the cadence needs."""
        return self.minutes / {"weekly": 1.0, "biweekly": 2.0, "monthly": 52.0 / 12.0}[self.every]


class Place(Record):
    """A coarse area, never an address."""

    country: Country | None = None
    region: Region | None = None
    area: ShortText | None = None
    geohash: Geohash | None = None
    max_travel_minutes: Annotated[int, Field(ge=0, le=600)] | None = None
    transport: Annotated[tuple[v.Transport, ...], Field(max_length=5)] = ()


class Experience(Record):
    """Years of experience in a field, as a band."""

    band: v.ExperienceBandName
    field: FieldCode | None = None


class Attribute(Record):
    """A sensitive, self-declared attribute (domain.md B3); acts only with consent."""

    dimension: ShortText
    value: ShortText


class BarrierNeed(Record):
    """A barrier that keeps a person away, and how strong it is; unstated means none."""

    kind: v.BarrierKind
    strength: v.BarrierStrength


class Preference(Record):
    """A wish that a match shares one of the person's own attributes or experiences (domain.md C2).

    `dimension` names a dimension of `attributes`, `lived_experience` for every theme, or one theme. `must` asks for
    nobody else, which works only on dimensions that the programme lists.
    """

    dimension: ShortText
    strength: v.WishStrength
    must: bool = False


class JointWish(Record):
    """A wish that a match shares several things at once: the crossing matters, not each road (domain.md C2)."""

    dimensions: Annotated[tuple[ShortText, ...], Field(min_length=2, max_length=3)]


class NetworkTies(Record):
    """One part of a person's network: how many contacts, how important more of them are, what the ties are good for."""

    category: v.NetworkCategory
    count: Annotated[int, Field(ge=0, le=500)] = 0
    importance: Annotated[float, Field(ge=0, le=1)] = 0.5
    functions: tuple[v.TieFunction, ...] = ()


class NetworkMap(Record):
    """The person's network as they sketched it, and how far they are with one gap in it (domain.md S5-27, S5-28)."""

    ties: Annotated[tuple[NetworkTies, ...], Field(max_length=6)] = ()
    goal: v.NetworkGoalKind | None = None
    status: v.NetworkStatus = "sketched"

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        if len({tie.category for tie in self.ties}) != len(self.ties):
            raise ValueError(_("network: each category may be stated once"))
        return self


class Boundary(Record):
    """Somebody or something a person does not want; no reason needed, never explained to anybody."""

    kind: v.BoundaryKind
    value: Text


class Vetting(Record):
    """What the programme recorded about vetting; the engine only reads it."""

    status: v.VettingStatus
    on: date | None = None


class Person(Record):
    """One person in any number of roles.

    Caps: 5 goals, 10 offers, 10 wants, 8 interests, 5 values, 30 texts of past work. `text_language` is the language of
    all texts of the person that do not carry their own. `adult` None means nobody attested it; such a person matches
    nobody.
    Sensitive fields (`attributes`, `lived_experience`, `age_band`, `barriers`, `wishes`, `joint_wishes`, `anchors`,
    `pronouns`) do nothing without a `ConsentGrant`; that of `wishes` covers `joint_wishes` too.

    `past_work` is what the person did before, such as projects they mentored or papers they wrote, the latest first,
    without the names of others. `opportunities` are what a protégé aims for, `influence` where a sponsor can open
    doors. `visits` counts visits to groups that felt all right; `time_balance` is the balance of hours in skill
    exchanges. `anchors` are communities in which the person feels at home.
    """

    id: Id
    roles: tuple[v.Role, ...] = ()
    capacity: dict[v.Role, Annotated[int, Field(ge=0, le=20)]] = Field(default={})
    text_language: LanguageTag | None = None
    goals: Annotated[tuple[Goal, ...], Field(max_length=5)] = ()
    offers: Annotated[tuple[SkillOffer, ...], Field(max_length=10)] = ()
    wants: Annotated[tuple[SkillWant, ...], Field(max_length=10)] = ()
    past_work: Annotated[tuple[Text, ...], Field(max_length=30)] = ()
    interests: Annotated[tuple[Interest, ...], Field(max_length=8)] = ()
    values: Annotated[tuple[ShortText, ...], Field(max_length=5)] = ()
    style: StyleProfile | None = None
    mentoring_focus: Text | None = None
    hopes_to_gain: Text | None = None
    career_stage: v.CareerStage | None = None
    returning: bool | None = None
    experience: Annotated[tuple[Experience, ...], Field(max_length=5)] = ()
    fields: Annotated[tuple[FieldCode, ...], Field(max_length=5)] = ()
    languages: Annotated[tuple[LanguageAbility, ...], Field(max_length=12)] = ()
    availability: Annotated[tuple[Availability, ...], Field(max_length=30)] = ()
    cadence: Cadence | None = None
    modes: tuple[v.Mode, ...] = ()
    place: Place | None = None
    support_mode: v.SupportMode | None = None
    framing_preference: v.FramingPreference | None = None
    comfort_rung: Annotated[int, Field(ge=0, le=4)] | None = None
    visits: Annotated[int, Field(ge=0, le=1000)] | None = None
    network: NetworkMap | None = None
    opportunities: Annotated[tuple[Text, ...], Field(max_length=5)] = ()
    influence: Annotated[tuple[Text, ...], Field(max_length=10)] = ()
    sponsoring: v.Sponsoring | None = None
    time_balance: Annotated[float, Field(ge=-5, le=5)] | None = None
    visibility: v.Visibility | None = None
    safety_needs: tuple[v.SafetyItem, ...] = ()
    norm_needs: tuple[v.GroupNorm, ...] = ()
    open_to_learn: bool | None = None
    training_done: Annotated[tuple[ShortText, ...], Field(max_length=10)] = ()
    boundaries: Annotated[tuple[Boundary, ...], Field(max_length=50)] = ()
    adult: bool | None = None
    guardian_consent: bool | None = None
    vetting: Vetting | None = None
    household: Id | None = None
    line_manager: Id | None = None
    max_identity_matches: Annotated[int, Field(ge=0, le=20)] | None = None
    pronouns: Annotated[str, Field(max_length=30)] | None = None
    attributes: Annotated[tuple[Attribute, ...], Field(max_length=20)] = ()
    lived_experience: Annotated[tuple[ShortText, ...], Field(max_length=10)] = ()
    age_band: v.AgeBand | None = None
    barriers: Annotated[tuple[BarrierNeed, ...], Field(max_length=14)] = ()
    wishes: Annotated[tuple[Preference, ...], Field(max_length=10)] = ()
    joint_wishes: Annotated[tuple[JointWish, ...], Field(max_length=3)] = ()
    anchors: Annotated[tuple[ShortText, ...], Field(max_length=5)] = ()

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.barriers and len({b.kind for b in self.barriers}) != len(self.barriers):
            raise ValueError(_("barriers: each kind may be stated once"))
        if len(set(self.roles)) != len(self.roles):
            raise ValueError(_("roles: each role may be stated once"))
        if self.line_manager == self.id:
            raise ValueError(_("line_manager: nobody is their own line manager"))
        return self
