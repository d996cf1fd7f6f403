"""What a person may be asked for, and in which words; nothing here is a field of domain.md B3."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from matchengine.i18n import N_
from matchengine.journey.hypothetical import Part

__all__ = ["ASKABLE", "Askable"]


@dataclass(frozen=True)
class Askable:
    """A part of the record that may be asked for: the `question`, and `what` as it stands after "if you told us"."""

    part: Part
    question: str
    what: str


ASKABLE: Mapping[str, Askable] = {
    "needs": Askable(
        Part(("needs",), ("goal_kind",)),
        N_("What would you like to reach or to learn?"),
        N_("what you would like to reach or to learn"),
    ),
    "offers": Askable(
        Part(("offers",)), N_("What could you show or teach somebody?"), N_("what you could show somebody")
    ),
    "past": Askable(
        Part(("past",)),
        N_("What have you worked on before? Please leave out the names of others."),
        N_("what you have worked on before"),
    ),
    "aims": Askable(Part(("aims",)), N_("What do you hope to gain from this?"), N_("what you hope to gain")),
    "interests": Askable(Part(("interests",)), N_("What do you like to do?"), N_("what you like to do")),
    "opportunities": Askable(
        Part(("opportunities",)),
        N_("Which doors would you like somebody to open for you?"),
        N_("which doors you would like somebody to open"),
    ),
    "influence": Askable(
        Part(("influence",)), N_("Where could you open doors for somebody?"), N_("where you could open doors")
    ),
    "values": Askable(Part((), ("values",)), N_("What matters to you most?"), N_("what matters to you most")),
    "style": Askable(
        Part((), ("style",)), N_("How do you like to work together?"), N_("how you like to work together")
    ),
    "languages": Askable(
        Part((), ("languages", "languages_preferred", "languages_to_learn")),
        N_("Which languages do you speak, and how well?"),
        N_("which languages you speak"),
    ),
    "availability": Askable(
        Part((), ("availability",), ("common_minutes",)), N_("When are you free?"), N_("when you are free")
    ),
    "modes": Askable(Part((), ("modes",)), N_("How would you like to meet?"), N_("how you would like to meet")),
    "cadence": Askable(
        Part((), ("cadence_minutes",)),
        N_("How often and for how long would you like to meet?"),
        N_("how often you would like to meet"),
    ),
    "place": Askable(
        Part((), ("place", "max_travel_minutes"), ("distance_km", "distance_error_km")),
        N_("Roughly where do you live, and how far would you travel?"),
        N_("roughly where you live"),
    ),
    "career_stage": Askable(
        Part((), ("career_stage",)), N_("Where are you in your working life?"), N_("where you are in your working life")
    ),
    "experience": Askable(
        Part((), ("experience_years",)),
        N_("How many years have you worked in your field?"),
        N_("how many years you have worked in your field"),
    ),
    "open_to_learn": Askable(
        Part((), ("open_to_learn",)),
        N_("Would you like to learn from somebody with less experience?"),
        N_("whether you would like to learn from somebody with less experience"),
    ),
    "comfort_rung": Askable(
        Part((), ("comfort_rung",)),
        N_("What is the biggest step that feels all right, from meeting one person to a big event?"),
        N_("how big a step feels all right"),
    ),
    "network": Askable(
        Part((), ("network_counts", "network_importance")),
        N_("Whom do you know already, and where would you like to know more people?"),
        N_("whom you know already"),
    ),
    "adult": Askable(Part((), ("adult",)), N_("Are you 18 or older?"), N_("whether you are 18 or older")),
}
"""What may be asked, by name; everything here is the person's own to say, and nothing of it is sensitive (B3)."""
