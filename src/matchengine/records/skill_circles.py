"""Circles of people who teach one another: the records that stand beside those of swaps (domain.md C8, S1-05)."""

from __future__ import annotations

from matchengine.records.swaps import Lesson, SkillCircle, SkillCircles

__all__ = ["Lesson", "SkillCircle", "SkillCircles"]
