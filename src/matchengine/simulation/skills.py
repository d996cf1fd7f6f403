"""Hidden graph of skills, and banks of paraphrases in English, German and Spanish (`texts/*.toml`).

Who needs a skill and who has it is hidden; what both write are phrases from the banks, drawn apart from one another. A
phrase can name the skill, a near one or the area alone, so that likeness of texts tells something and not all.
"""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

import numpy as np

from matchengine.simulation.noise import FloatArray

__all__ = ["AREAS", "INTERESTS", "LANGUAGES_WRITTEN", "SKILLS", "VALUES", "area_of", "phrase", "skill_graph", "text"]

AREAS: dict[str, tuple[str, ...]] = {
    "digital": ("computer_basics", "spreadsheets", "statistics", "databases", "programming", "web_pages"),
    "money": ("household_budget", "bookkeeping", "starting_business", "selling", "tax_forms", "fundraising"),
    "people": ("leading_team", "feedback", "conflict", "public_speaking", "negotiation", "networking"),
    "work": ("job_applications", "interviews", "career_change", "returning_to_work"),
    "writing": ("office_writing", "language_practice", "academic_writing", "storytelling", "translation"),
    "health": ("nursing", "elder_care", "first_aid", "nutrition", "stress"),
    "craft": ("bicycle_repair", "sewing", "woodwork", "electrics", "gardening", "cooking"),
    "education": ("maths_tutoring", "university", "study_skills", "child_care", "library_research"),
    "community": ("tenant_rights", "offices_forms", "advocacy", "events"),
    "media": ("photography", "video_editing", "graphic_design", "music"),
}
"""Skills by area; within an area, neighbours in the list are nearest."""
SKILLS: tuple[str, ...] = tuple(skill for skills in AREAS.values() for skill in skills)
INTERESTS: tuple[str, ...] = (
    "hiking", "football", "running", "swimming", "yoga", "cycling", "chess", "reading", "cinema", "theatre", "painting",
    "choir", "dancing", "baking", "world_food", "plants", "birds", "history", "politics", "climate", "gaming",
    "knitting", "travel", "faith_talks",
)  # fmt: skip
VALUES = ("autonomy", "care", "fairness", "creativity", "security", "tradition", "learning", "impact")
"""Cards that people pick from (domain.md B2)."""
LANGUAGES_WRITTEN = ("en", "de", "es")
_BRIDGES = (
    ("statistics", "maths_tutoring"),
    ("household_budget", "tax_forms"),
    ("bookkeeping", "spreadsheets"),
    ("web_pages", "graphic_design"),
    ("selling", "negotiation"),
    ("networking", "job_applications"),
    ("public_speaking", "interviews"),
    ("fundraising", "events"),
    ("office_writing", "job_applications"),
    ("academic_writing", "university"),
    ("academic_writing", "library_research"),
    ("storytelling", "video_editing"),
    ("nutrition", "cooking"),
    ("elder_care", "child_care"),
    ("language_practice", "offices_forms"),
    ("starting_business", "career_change"),
    ("conflict", "feedback"),
    ("stress", "returning_to_work"),
)
_NEXT, _SAME_AREA, _BRIDGE = 0.5, 0.3, 0.35
_Bank = dict[str, dict[str, list[str]]]


@cache
def area_of(skill: int) -> str:
    """Return the area of a skill, by its position in `SKILLS`."""
    return next(area for area, skills in AREAS.items() if SKILLS[skill] in skills)


@cache
def skill_graph() -> FloatArray:
    """Return how far knowing one skill (row) helps with another (column), shape (skills, skills), symmetric, 0 to 1."""
    near = np.eye(len(SKILLS))
    for skills in AREAS.values():
        places = [SKILLS.index(skill) for skill in skills]
        for one in places:
            for other in places:
                if one != other:
                    near[one, other] = _NEXT if abs(one - other) == 1 else _SAME_AREA
    for first, second in _BRIDGES:
        a, b = SKILLS.index(first), SKILLS.index(second)
        near[a, b] = near[b, a] = max(near[a, b], _BRIDGE)
    near.setflags(write=False)
    return near


@cache
def _bank(language: str) -> _Bank:
    path = Path(__file__).parent / "texts" / f"{language}.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


def phrase(language: str, part: str, name: str, rng: np.random.Generator) -> str:
    """Draw one paraphrase of a skill (`part` "skills"), an interest ("interests") or an area ("vague")."""
    options = _bank(language)[part][name]
    return options[int(rng.integers(len(options)))]


def text(language: str, use: str, said: str, rng: np.random.Generator, fillers: int = 0) -> str:
    """Put a phrase into a sentence for one use, followed by `fillers` sentences that say nothing.

    Parameters
    ----------
    language : str
        One of `LANGUAGES_WRITTEN`.
    use : str
        `goal`, `want`, `offer`, `hope`, `focus`, `interest`, `group_title` or `group_about`.
    said : str
        The phrase, from `phrase`.
    """
    templates = _bank(language)["templates"]
    words = templates[use][int(rng.integers(len(templates[use])))].format(x=said)
    chosen = rng.permutation(len(templates["filler"]))[:fillers]
    sentence = " ".join([words, *(templates["filler"][int(n)] for n in chosen)])
    return sentence[:1].upper() + sentence[1:]
