"""Records of what becomes of people, and of key figures."""

from __future__ import annotations

from datetime import date

import pytest
from pydantic import ValidationError

from matchengine.records.kpi import FieldAlert, KpiReport, Objective
from matchengine.records.outcomes import (
    GoalScale,
    LoggedMeeting,
    OutcomeEvent,
    PlannedStep,
    ProgrammeStep,
    SkillReading,
    SurveyAnswer,
)

DAY = date(2026, 1, 5)
SURVEY = {"person_id": "a", "instrument": "ours", "measures": "belonging", "wave": "start", "on": DAY, "score": 3}


def test_a_survey_answer_needs_a_licence_note_and_has_no_room_for_items() -> None:
    with pytest.raises(ValidationError, match="licence_note"):
        SurveyAnswer.model_validate(SURVEY)
    with pytest.raises(ValidationError, match="items"):
        SurveyAnswer.model_validate(SURVEY | {"licence_note": "ours", "items": ["How often do you feel alone?"]})
    assert SurveyAnswer.model_validate(SURVEY | {"licence_note": "ours"}).side == "requester"


@pytest.mark.parametrize("score", [float("nan"), float("inf"), 1e9])
def test_a_score_is_a_number(score: float) -> None:
    with pytest.raises(ValidationError):
        SurveyAnswer.model_validate(SURVEY | {"licence_note": "ours", "score": score})


def test_a_goal_is_scored_with_its_day_or_not_at_all() -> None:
    told = {"person_id": "a", "goal": "a talk", "agreed_on": DAY}
    assert GoalScale.model_validate(told).attained is None
    for wrong in ({"attained": 1}, {"scored_on": DAY}, {"attained": 1, "scored_on": date(2025, 1, 1)}, {"weight": 0}):
        with pytest.raises(ValidationError):
            GoalScale.model_validate(told | wrong)


def test_a_step_is_not_done_before_it_is_planned() -> None:
    with pytest.raises(ValidationError, match="done_on is before planned_on"):
        PlannedStep(person_id="a", planned_on=DAY, done_on=date(2026, 1, 4))


@pytest.mark.parametrize(
    ("model", "wrong"),
    [
        (LoggedMeeting, {"person_id": "a", "other_id": "b", "on": DAY, "minutes": 0}),
        (OutcomeEvent, {"person_id": "a", "kind": "salary", "on": DAY}),
        (SkillReading, {"person_id": "a", "skill": "x", "on": DAY, "level": 5}),
        (ProgrammeStep, {"person_id": "a", "step": "expelled", "on": DAY}),
        (FieldAlert, {"field": "x", "mentors": 3}),
        (KpiReport, {"today": DAY, "min_cell": 4}),
        (Objective, {"id": "a", "says": "b", "metric": "two words", "declared_on": DAY}),
    ],
)
def test_what_is_outside_the_vocabulary_is_refused(model: type, wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        model.model_validate(wrong)
