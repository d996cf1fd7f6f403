"""What a programme chooses about a whole programme: assignment, exposure, swaps, groups (domain.md D to G)."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from matchengine.config_base import ConfigTable, Name
from matchengine.i18n import _

__all__ = ["AssignConfig", "ExposureConfig", "GroupsConfig", "SwapsConfig"]

Percent = Annotated[float, Field(ge=0, le=100)]
Share = Annotated[float, Field(ge=0, le=1)]


class AssignConfig(ConfigTable):
    """How a kind of match is decided for everybody at once (domain.md E).

    `method` is an assigner by name, `with` holds its settings. Pairs below `floor` points are not assigned. Each
    requester gets at least `each_least` (where somebody is eligible) and at most `each_most` candidates. A candidate
    who stated no free places takes at most `places`. Up to `dense_up_to` pairs everybody is compared with everybody;
    beyond, `shortlist` candidates of each, widened for those left over. Scores nearer than `tie_width` are alike to
    people who rank: the lottery decides. `repeat` allows pairs that were matched before.
    """

    method: Name = "leximin"
    settings: dict[str, Any] = Field(default={}, alias="with")
    floor: Percent = 0.0
    each_least: Annotated[int, Field(ge=0, le=20)] = 0
    each_most: Annotated[int, Field(ge=1, le=20)] = 1
    places: Annotated[int, Field(ge=1, le=100)] = 1
    dense_up_to: Annotated[int, Field(ge=0)] = 1_000_000
    shortlist: Annotated[int, Field(ge=5, le=1_000)] = 50
    tie_width: Annotated[float, Field(ge=0, le=0.05)] = 0.02
    repeat: bool = False

    @model_validator(mode="after")
    def _least_within_most(self) -> AssignConfig:
        if self.each_least > self.each_most:
            raise ValueError(_("each_least is above each_most; give the smaller number first"))
        return self


class ExposureConfig(ConfigTable):
    """How lists for everybody share attention among candidates (domain.md G4, G5).

    `method`: `priced` raises a price on whoever is asked for more than they have room, `matching` ranks by how likely
    a stable market would match the pair, `plain` ranks by score alone. `mmr` weighs the score against likeness within
    a list, 1 for the score alone; `calibration` does the same for the mix of goals or kinds.
    """

    method: Literal["priced", "matching", "plain"] = "priced"
    temperature: Annotated[float, Field(gt=0, le=1)] = 0.05
    mmr: Share = 1.0
    calibration: Share = 1.0


class SwapsConfig(ConfigTable):
    """A round of swaps: for a time, mentees work with each other's mentors (domain.md D)."""

    match: Name
    objective: Literal["max_weight", "max_people_then_weight", "leximin_gain"] = "max_weight"
    longest_cycle: Annotated[int, Field(ge=2, le=4)] = 3
    longest_chain: Annotated[int, Field(ge=0, le=4)] = 3
    decline: Annotated[float, Field(ge=0, lt=1)] = 0.10
    least_gain: Share = 0.05
    least_fit: Share = 0.45
    mentor_floor: Share = 0.35
    least_weeks: Annotated[int, Field(ge=1, le=52)] = 6
    least_months: Annotated[int, Field(ge=0, le=24)] = 3


class GroupsConfig(ConfigTable):
    """A kind of group to form out of people: circles, support groups (domain.md F)."""

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
