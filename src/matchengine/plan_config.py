"""What a programme chooses about a whole programme: assignment, exposure, swaps, groups (domain.md D to G)."""

from __future__ import annotations

from typing import Annotated, Any, Literal, get_args

from pydantic import Field, model_validator

from matchengine.config_base import ConfigTable, Name
from matchengine.errors import did_you_mean
from matchengine.i18n import N_, _
from matchengine.records.vocabulary import CadenceEvery, CareerStage, LanguageLevel, Mode, Role, TopicRisk

__all__ = ["QUOTA_FIELDS", "AssignConfig", "ExposureConfig", "GroupsConfig", "QuotaConfig", "SwapsConfig"]

Percent = Annotated[float, Field(ge=0, le=100)]
Share = Annotated[float, Field(ge=0, le=1)]
ExposureMethod = Literal["priced", "matching", "plain"]
QUOTA_FIELDS: dict[str, tuple[str, ...]] = {
    "returning": (),
    "open_to_learn": (),
    "career_stage": get_args(CareerStage),
    "modes": get_args(Mode),
}
"""Fields of people that a quota may count, with their words; yes or no where there are none. None is sensitive."""


class QuotaConfig(ConfigTable):
    """How many of somebody's pairs are with people of a kind: at least one returner for each mentor.

    Counted are pairs whose requester (or candidate, with `of = "candidate"`) has `value` in `field`; for yes-or-no
    fields `value` stays empty and yes counts. Each person on the other side gets at least `least` such pairs, as far
    as so many are eligible, and at most `most`.
    """

    field: str
    value: str | None = None
    of: Literal["requester", "candidate"] = "requester"
    least: Annotated[int, Field(ge=0, le=20)] = 0
    most: Annotated[int, Field(ge=0, le=100)] | None = None

    @model_validator(mode="after")
    def _counts_what_may_be_counted(self) -> QuotaConfig:
        if self.field not in QUOTA_FIELDS:
            told = N_("field: quotas count nothing sensitive and nothing that people wrote; {hint}")
            raise ValueError(_(told, hint=did_you_mean(self.field, QUOTA_FIELDS)))
        words = QUOTA_FIELDS[self.field]
        if words and self.value not in words:
            hint = did_you_mean(self.value or "", words)
            raise ValueError(_("value: no word of {field!r}; {hint}", field=self.field, hint=hint))
        if not words and self.value is not None:
            raise ValueError(_("value: {field!r} is yes or no; leave value out", field=self.field))
        if self.least == 0 and self.most is None:
            raise ValueError(_("give least, most, or both"))
        if self.most is not None and self.least > self.most:
            raise ValueError(_("least is above most; give the smaller number first"))
        return self


class AssignConfig(ConfigTable):
    """How a kind of match is decided for everybody at once (domain.md E).

    `method` is an assigner by name, `with` holds its settings. Pairs below `floor` points are not assigned. Each
    requester gets at least `each_least` (where somebody is eligible) and at most `each_most` candidates. A candidate
    who stated no free places takes at most `places`, and each gets at least `places_least` (where somebody is
    eligible). Who is on both sides has at most `both_roles_most` pairs in both roles together, where that is given.
    Up to `dense_up_to` pairs everybody is compared with everybody; beyond, `shortlist` candidates of each, widened for
    those left over. Scores nearer than `tie_width` are alike to people who rank: the lottery decides. `repeat` allows
    pairs that were matched before. `quotas` count pairs with people of a kind (`QuotaConfig`).
    """

    method: Name = "leximin"
    settings: dict[str, Any] = Field(default={}, alias="with")
    floor: Percent = 0.0
    each_least: Annotated[int, Field(ge=0, le=20)] = 0
    each_most: Annotated[int, Field(ge=1, le=20)] = 1
    places: Annotated[int, Field(ge=1, le=100)] = 1
    places_least: Annotated[int, Field(ge=0, le=20)] = 0
    both_roles_most: Annotated[int, Field(ge=1, le=100)] | None = None
    dense_up_to: Annotated[int, Field(ge=0)] = 1_000_000
    shortlist: Annotated[int, Field(ge=5, le=1_000)] = 50
    tie_width: Annotated[float, Field(ge=0, le=0.05)] = 0.02
    repeat: bool = False
    quotas: dict[Name, QuotaConfig] = Field(default={})

    @model_validator(mode="after")
    def _least_within_most(self) -> AssignConfig:
        if self.each_least > self.each_most:
            raise ValueError(_("each_least is above each_most; give the smaller number first"))
        return self


class ExposureConfig(ConfigTable):
    """How lists for everybody share attention among candidates (domain.md G4, G5).

    `method`: `priced` raises a price on whoever is asked for more than they have room (`temperature`: how sharply
    people are taken to prefer the better score; .06 spreads attention more evenly than .05 on the sample programme and
    on random ones, for next to no score), `matching` ranks by how likely a market at rest would match the pair (`beta`:
    how much chance there is in it), `plain` ranks by score alone. Where a method shares attention, everybody
    with free places is shown at least `least` times, if so many people are eligible, and nobody more than `most` times
    for each free place (no such bound by default; with one, lists may hold fewer than asked for). `mmr` weighs the
    score against likeness within a list, 1 for the score alone; `calibration` does the same for the mix of goals that
    a list serves. One of the two may be below 1.
    """

    method: ExposureMethod = "priced"
    temperature: Annotated[float, Field(gt=0, le=1)] = 0.06
    beta: Annotated[float, Field(ge=0.005, le=1)] = 0.05
    least: Annotated[int, Field(ge=0, le=100)] = 1
    most: Annotated[float, Field(gt=0, le=1_000)] | None = None
    mmr: Share = 1.0
    calibration: Share = 1.0

    @model_validator(mode="after")
    def _one_of_both(self) -> ExposureConfig:
        if self.mmr < 1 and self.calibration < 1:
            raise ValueError(_("mmr and calibration are both below 1; choose one of them and leave the other at 1"))
        return self


class SwapsConfig(ConfigTable):
    """A round of swaps: for a time, mentees work with each other's mentors (domain.md D).

    `match` names the kind of match whose rules hold for every swap. `objective`: `max_weight` for the greatest gain,
    `max_people_then_weight` for the most people, `leximin_gain` to raise the lowest gain first, `ttc` (top trading
    cycles) where mentees rank the mentors. A cycle has at most `longest_cycle` members, a chain `longest_chain` swaps
    (top trading cycles know no such bound). `decline` is the chance that somebody says no.

    Nobody gains less than `least_gain`, no pair fits less than `least_fit`, no mentor's side less than `mentor_floor`
    (0 to 1 each). Periods overlap by `least_weeks`; a swap lasts `weeks` where both have the time. Relationships
    younger than `least_months` are left alone. A swap costs `disruption` of the gain, `disruption_young` where the
    relationship is younger than `young_months`. People have `accept_days` to say yes. With a former mentor nobody
    works again for `apart_months`. Each earlier round without a swap raises what a gain counts by `waited`.

    `forbid_blocking` refuses plans beside which some people would all gain more from another circle, as far as that can
    be proven (up to some hundred relationships); otherwise such circles are reported. `time_limit`, in seconds, stops a
    long search by the clock: the same round may then be planned otherwise another time, and the ledger says so.
    """

    match: Name
    objective: Literal["max_weight", "max_people_then_weight", "leximin_gain", "ttc"] = "max_weight"
    longest_cycle: Annotated[int, Field(ge=2, le=4)] = 3
    longest_chain: Annotated[int, Field(ge=0, le=4)] = 3
    decline: Annotated[float, Field(ge=0, lt=1)] = 0.10
    least_gain: Share = 0.05
    least_fit: Share = 0.45
    mentor_floor: Share = 0.35
    least_weeks: Annotated[int, Field(ge=1, le=52)] = 6
    weeks: Annotated[int, Field(ge=1, le=52)] = 8
    least_months: Annotated[int, Field(ge=0, le=24)] = 3
    young_months: Annotated[int, Field(ge=0, le=36)] = 6
    apart_months: Annotated[int, Field(ge=0, le=60)] = 12
    disruption: Share = 0.05
    disruption_young: Share = 0.15
    waited: Share = 0.0
    forbid_blocking: bool = False
    time_limit: Annotated[float, Field(gt=0, le=86_400)] | None = None
    accept_days: Annotated[int, Field(ge=1, le=60)] = 7

    @model_validator(mode="after")
    def _long_enough(self) -> SwapsConfig:
        if self.weeks < self.least_weeks:
            raise ValueError(_("weeks is below least_weeks; give a swap at least the least time"))
        return self


class GroupsConfig(ConfigTable):
    """A kind of group to form out of people: circles, support groups, mentoring groups (domain.md F).

    `match` is a kind of match among the people themselves, the same role on both sides: its rules keep pairs apart, and
    its scores without lifts and without the part about time and place say who is alike. Groups have `smallest` to
    `largest` members and best `target`. `alpha` weighs likeness against difference in what `differ` names, `teaching`
    what members can teach each other, `faultline` a split into two camps, `worst` the weakest group.

    Everybody in a group is free for `slot_minutes` at the same time `every` week, second week or month, in one of the
    `modes`, and speaks one language at `language_floor` or better; neither is ever given up. A group has never exactly
    one newcomer (no visits yet), and somebody experienced: `experienced_visits` visits, or a career stage from
    `experienced_stage` on.

    `balance` names the dimensions in which nobody should be the only one of their kind in a group: dimensions of
    attributes, `lived_experience` or `age_band`. Counted are only those who granted `group_balance` for it; whoever
    does not mind leaves that box empty. `min_share` asks for a share of the group beside that.

    `leaders` is the role of those who lead a group; without one groups need nobody. Whoever holds it leads and is no
    member in the same round. `lead_match` is a kind of match in which members look and leaders are suggested: its rules
    hold too, and each member has a goal that an offer of the leader covers by `covered` or more.

    `friends` keeps people apart who are matched already, unless they wish to come together; `free` lets them mix.
    `topic_risk` A, B or C is that of domain.md C10: B needs leaders, C is placed by people, never by a draft. Up to
    `compare_up_to` people everybody is compared with everybody; beyond, by the mean of their texts. `restarts`
    and `steps` (40 for each group where it is not given) limit the search.
    """

    match: Name
    smallest: Annotated[int, Field(ge=2, le=50)] = 4
    largest: Annotated[int, Field(ge=2, le=50)] = 8
    target: Annotated[int, Field(ge=2, le=50)] = 6
    alpha: Share = 0.6
    teaching: Annotated[float, Field(ge=0, le=5)] = 0.5
    faultline: Annotated[float, Field(ge=0, le=5)] = 0.3
    worst: Annotated[float, Field(ge=0, le=20)] = 2.0
    balance: tuple[str, ...] = ()
    min_share: Share = 0.0
    slot_minutes: Annotated[int, Field(ge=15, le=480)] = 60
    every: CadenceEvery = "weekly"
    modes: Annotated[tuple[Mode, ...], Field(min_length=1)] = ("video",)
    language_floor: LanguageLevel = "B1"
    experienced_visits: Annotated[int, Field(ge=1, le=1000)] = 3
    experienced_stage: CareerStage | None = None
    differ: tuple[Literal["fields", "career_stage", "place", "experience_years"], ...] = (
        "fields",
        "career_stage",
        "place",
        "experience_years",
    )
    leaders: Role | None = None
    lead_match: Name | None = None
    covered: Share = 0.0
    friends: Literal["apart", "free"] = "apart"
    topic_risk: TopicRisk = "A"
    compare_up_to: Annotated[int, Field(ge=0, le=20_000)] = 1_500
    restarts: Annotated[int, Field(ge=1, le=1_000)] = 20
    steps: Annotated[int, Field(ge=0)] | None = None

    @model_validator(mode="after")
    def _sizes_in_order(self) -> GroupsConfig:
        if not self.smallest <= self.target <= self.largest:
            told = N_("smallest {least}, target {target}, largest {most}: expected each at least the one before")
            raise ValueError(_(told, least=self.smallest, target=self.target, most=self.largest))
        return self

    @model_validator(mode="after")
    def _leaders_in_order(self) -> GroupsConfig:
        if self.lead_match is not None and self.leaders is None:
            raise ValueError(_("lead_match needs leaders: name the role of those who lead"))
        if self.covered and self.lead_match is None:
            raise ValueError(_("covered needs lead_match: a kind of match that suggests those who lead"))
        if self.topic_risk != "A" and self.leaders is None:
            told = N_("topic_risk {risk} needs leaders: name the role of those who lead")
            raise ValueError(_(told, risk=self.topic_risk))
        return self
