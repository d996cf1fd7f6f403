"""Circles of people who teach one another, as a coordinator is proposed them (domain.md C8, S1-05)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from matchengine.records.base import Id, Record, Text
from matchengine.records.result import Fingerprint, Score
from matchengine.records.swaps import Count, Share, SwapObjective

__all__ = ["Lesson", "SkillCircle", "SkillCircles"]


class Lesson(Record):
    """Who teaches whom in a circle.

    `gain` 0 to 100: how well what the teacher offers meets what the learner wants to learn. `offer` is the offer that
    meets a want best, which any member may read; None where none stands out.
    """

    learner_id: Id
    teacher_id: Id
    gain: Score
    offer: Text | None = None
    text: str


class SkillCircle(Record):
    """People who teach one another round a circle: each learns from the next, the last from the first."""

    lessons: Annotated[tuple[Lesson, ...], Field(min_length=2)]
    completion: Share
    weight: float
    weakest: Id


class SkillCircles(Record):
    """A draft of circles of skill exchange; `without` are those who want something and are in none.

    `least` is the smallest gain, 0 to 100, that any lesson may have; the rest is as in `SwapLedger` of `records.swaps`.
    """

    kind: str
    circles: tuple[SkillCircle, ...] = ()
    without: tuple[Id, ...] = ()
    asked: Count = 0
    served: Count = 0
    least: Score
    objective: SwapObjective
    value: float = 0.0
    bound: float | None = None
    gap: Annotated[float, Field(ge=0)] | None = None
    proven: bool = False
    reproducible: bool = True
    fingerprint: Fingerprint | None = None
    status: Literal["draft"] = "draft"
