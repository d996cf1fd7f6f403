"""What becomes of people in a programme: meetings with a log, outcomes, skills, goals, surveys (domain.md S2, H9).

All of it is for figures over a whole programme. None of these records is loaded into an engine, and none changes a
suggestion.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from matchengine.i18n import _
from matchengine.records import vocabulary as v
from matchengine.records.base import Id, Record, ShortText, Text
from matchengine.records.journey import Meeting
from matchengine.records.person import SkillLevel

__all__ = [
    "GoalScale",
    "LoggedMeeting",
    "OutcomeEvent",
    "OutcomeKind",
    "PlannedStep",
    "ProgrammeStep",
    "ProgrammeStepName",
    "SkillReading",
    "SurveyAnswer",
    "SurveyConstruct",
]

OutcomeKind = Literal["job", "internship", "promotion", "enrolment", "business_start"]
SurveyConstruct = Literal[
    "confidence", "self_efficacy", "belonging", "loneliness", "relationship_quality", "burden", "other"
]
ProgrammeStepName = Literal["invited", "registered", "follow_up_agreed", "became_mentor", "left"]


class LoggedMeeting(Meeting):
    """One line of the tracking sheet: who met whom (or which group), for how long, on which skills (domain.md S2-30).

    `minutes` None means that nobody wrote it down.
    """

    minutes: Annotated[int, Field(ge=1, le=24 * 60)] | None = None
    skills: Annotated[tuple[ShortText, ...], Field(max_length=10)] = ()


class OutcomeEvent(Record):
    """Something that a person reached in work or education and told the programme, with its day (domain.md S2-10)."""

    person_id: Id
    kind: OutcomeKind
    on: date


class SkillReading(Record):
    """The level of one skill of a person on one day, 0 none to 4 expert (domain.md S2-09).

    `target` says that the person named the skill as something to learn on that day. Only skills named by the day on
    which their mentoring began are counted.
    """

    person_id: Id
    skill: ShortText
    on: date
    level: SkillLevel
    target: bool = False


class GoalScale(Record):
    """One goal of a person on a goal attainment scale (Kiresuk & Sherman 1968).

    `attained` is 0 as agreed, -2 and -1 less, 1 and 2 more; None until it was scored on `scored_on`.
    """

    person_id: Id
    goal: ShortText
    agreed_on: date
    weight: Annotated[float, Field(gt=0, le=100, allow_inf_nan=False)] = 1.0
    attained: Annotated[int, Field(ge=-2, le=2)] | None = None
    scored_on: date | None = None

    @model_validator(mode="after")
    def _scored_later(self) -> Self:
        if (self.attained is None) != (self.scored_on is None):
            raise ValueError(_("give attained and scored_on together, or neither"))
        if self.scored_on is not None and self.scored_on < self.agreed_on:
            raise ValueError(_("scored_on is before agreed_on"))
        return self


class SurveyAnswer(Record):
    """The score of one person on one instrument in one wave (domain.md B8, S2-26).

    The programme brings the instrument; its items are never stored here, only its name, the score and a note on the
    licence under which it may be used. `side` is `requester` for a mentee and `candidate` for a mentor.
    """

    person_id: Id
    instrument: ShortText
    licence_note: Text
    measures: SurveyConstruct
    wave: v.FeedbackWave
    on: date
    score: Annotated[float, Field(ge=-10_000, le=10_000, allow_inf_nan=False)]
    higher_is_better: bool = True
    side: v.FeedbackPerspective = "requester"


class ProgrammeStep(Record):
    """A day on the way of a person through the programme.

    `follow_up_agreed`: may be asked after the end of their mentoring. `became_mentor`: offered to mentor. `left`: is
    not to be asked again.
    """

    person_id: Id
    step: ProgrammeStepName
    on: date


class PlannedStep(Record):
    """A step towards a gap in one's network that a person planned, and when they did it; None means not told."""

    person_id: Id
    planned_on: date
    done_on: date | None = None

    @model_validator(mode="after")
    def _done_later(self) -> Self:
        if self.done_on is not None and self.done_on < self.planned_on:
            raise ValueError(_("done_on is before planned_on"))
        return self
