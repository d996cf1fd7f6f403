"""What to arrange for somebody's way into a group, and what to ask its organiser (domain.md C5, S5-11)."""

from __future__ import annotations

from matchengine.i18n import N_, _
from matchengine.journey.asking import organiser_questions
from matchengine.journey.prescriptions import prescription_for
from matchengine.journey.visit import Visit
from matchengine.records.journey import Missing
from matchengine.records.supports import SUPPORT_TITLES

__all__ = ["ask_organiser", "supports_to_arrange"]

_QUESTIONS: dict[Missing, str] = {
    "what_to_expect": N_("How does a first visit go: arriving, signing up, talking, leaving?"),
    "time": N_("When does it take place next?"),
    "contact": N_("Who could meet somebody new and introduce them?"),
    "meeting_point": N_("Where can one meet before it begins?"),
}


def supports_to_arrange(visit: Visit) -> tuple[str, ...]:
    """Return the cheapest supports that make the gathering reachable for the person; empty where it is already.

    What keeps somebody away is theirs: a coordinator reads this only where the person allowed it (domain.md B4).
    """
    if not visit.allows(visit.person_id, "barriers"):
        return ()
    found = prescription_for(visit.scene, visit.row, visit.candidate)
    return () if found is None else tuple(_(SUPPORT_TITLES[kind]) for kind in found.supports)


def ask_organiser(visit: Visit, missing: tuple[Missing, ...]) -> tuple[str, ...]:
    """Return what to ask: what the card of the gathering does not say, then supports that are unknown and matter."""
    asked = [_(_QUESTIONS[name]) for name in _QUESTIONS if name in missing]
    if visit.allows(visit.person_id, "barriers"):
        for one in organiser_questions(visit.scene, visit.row, visit.candidate):
            asked.append(_("{question} Confirm before going.", question=one.question) if one.blocking else one.question)
    return tuple(asked)
