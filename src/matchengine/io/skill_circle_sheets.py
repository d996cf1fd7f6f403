"""Circles of people who teach one another, as plain sheets."""

from __future__ import annotations

from matchengine.i18n import _
from matchengine.io.contacts import ContactSheet
from matchengine.io.sheet_parts import (
    Figure,
    Sheet,
    made_by,
    person_keys,
    please_note,
    side_keys,
    summary_sheet,
    who,
    yes,
)
from matchengine.io.swap_sheets import solved
from matchengine.records.swaps import SkillCircles

__all__ = ["sheets_of_skill_circles"]


def sheets_of_skill_circles(found: SkillCircles, contacts: ContactSheet | None = None) -> list[Sheet]:
    """Return the sheets of circles of skill exchange: summary, one row per lesson, and who is in no circle."""
    figures: list[Figure] = [
        (_("Kind of match"), found.kind),
        (_("Want to learn and can teach"), found.asked),
        (_("People in a circle"), found.served),
        (_("People in no circle"), len(found.without)),
        (_("Least that a lesson meets a wish, of 100"), found.least),
        *solved(found),
        *made_by(found.fingerprint),
    ]
    header = (_("circle"), *side_keys("learner", contacts), *side_keys("teacher", contacts))
    rows = tuple(
        (
            *(number, *who(lesson.learner_id, contacts), *who(lesson.teacher_id, contacts)),
            *(lesson.gain, lesson.offer, lesson.text, yes(lesson.learner_id == circle.weakest)),
        )
        for number, circle in enumerate(found.circles, 1)
        for lesson in circle.lessons
    )
    told = (_("gain"), _("what is taught"), _("in words"), _("least in this circle"))
    without = tuple(who(person, contacts) for person in found.without)
    return [
        summary_sheet([*figures, please_note()]),
        Sheet(_("Lessons"), (*header, *told), rows),
        Sheet(_("In no circle"), person_keys(contacts), without),
    ]
