"""Small programmes with known figures."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from matchengine.learning.kpi.inputs import ProgrammeRecords, Window
from matchengine.records import Feedback, Person, Relationship
from matchengine.records.kpi import KpiMeasure, KpiTable
from matchengine.records.outcomes import LoggedMeeting, OutcomeEvent, ProgrammeStep, SkillReading, SurveyAnswer

TODAY = date(2026, 6, 30)
START = date(2025, 1, 6)


def day(days: int) -> date:
    """Return a day after the start."""
    return START + timedelta(days=days)


def tie(
    n: int, lasts: int | None = None, status: str = "active", mentor: str | None = None, **more: Any
) -> Relationship:
    """Return the match of mentee `p{n}` that began at the start, with an own mentor unless one is named."""
    told = {"person_id": f"p{n}", "other_id": mentor or f"m{n}", "kind": "mentoring", "status": status}
    over = {} if lasts is None else {"ends": day(lasts)}
    return Relationship.model_validate({**told, "started": START, **over, **more})


def answer(n: int, wave: str, rating: int, side: str = "requester", **more: Any) -> Feedback:
    """Return the rating of a mentee about their mentor, or the other way round."""
    one, other = (f"p{n}", f"m{n}") if side == "requester" else (f"m{n}", f"p{n}")
    told = {"person_id": one, "about_id": other, "wave": wave, "perspective": side, "items": {"satisfaction": rating}}
    return Feedback.model_validate({**told, **more})


def person(who: str, **more: Any) -> Person:
    """Return a person."""
    return Person.model_validate({"id": who, **more})


def met(n: int, days: int, **more: Any) -> LoggedMeeting:
    """Return a meeting of a pair."""
    return LoggedMeeting.model_validate(
        {"person_id": f"p{n}", "other_id": f"m{n}", "on": day(days), "kind": "meet", **more}
    )


def step(who: str, name: str, days: int) -> ProgrammeStep:
    """Return a step of a person."""
    return ProgrammeStep.model_validate({"person_id": who, "step": name, "on": day(days)})


def event(n: int, days: int, kind: str = "job") -> OutcomeEvent:
    """Return something a mentee reached."""
    return OutcomeEvent.model_validate({"person_id": f"p{n}", "kind": kind, "on": day(days)})


def reading(n: int, days: int, level: int, *, target: bool = False, skill: str = "planning") -> SkillReading:
    """Return the level of a skill of a mentee."""
    return SkillReading(person_id=f"p{n}", skill=skill, on=day(days), level=level, target=target)


def scored(n: int, wave: str, days: int, score: float, **more: Any) -> SurveyAnswer:
    """Return a score of a mentee on an invented instrument."""
    told = {"person_id": f"p{n}", "instrument": "ours", "licence_note": "our own", "measures": "confidence"}
    return SurveyAnswer.model_validate({**told, "wave": wave, "on": day(days), "score": score, **more})


def window(today: date = TODAY, least: int = 5, **records: Any) -> Window:
    """Return records as estimators see them."""
    return Window(ProgrammeRecords(**records), today, least)


def row(table: KpiTable, key: str) -> KpiMeasure:
    """Return the figure of a key."""
    return {each.key: each for each in table.rows}[key]
