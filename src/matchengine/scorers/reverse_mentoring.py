"""Reverse mentoring: somebody with less experience teaches somebody with more (domain.md C3).

Model: Murphy 2012. The evidence on outcomes is weak: of 54 studies reviewed by Chaudhuri, Park and Johnson (2021) most
are qualitative or conceptual. What the numbers below weigh is an assumption, to be checked by the programme that uses
them.
"""

from __future__ import annotations

from typing import Annotated

import numpy as np
from pydantic import Field

from matchengine.batch import FloatArray, ItemPairs, Scored, segment_max
from matchengine.components import scorer
from matchengine.records.group import Share
from matchengine.scorers.cover import Met, level_doubt, met, of_source, only_source, shares
from matchengine.scorers.exchange import gift_quotes

__all__ = ["Years", "inversion", "reverse_mentoring", "reverse_value"]

Years = Annotated[float, Field(ge=0, le=60)]
_STAGE_YEARS = 4.0
"""Years of experience that one career stage stands for where the years are unknown."""
_LEARNER = 1.0
"""Level of a skill that a learner did not state: a beginner, since they want to learn it."""
_TEACHER = 2.4
"""Level of an offer without one: where `quality` reaches .7, what an unknown level counts everywhere else."""
_TEACH, _BACK = 0.65, 0.35


@scorer(
    "reverse_mentoring",
    block="need",
    title="teaching upwards and what comes back",
    says={
        "for_requester": "you learn: closest to your wish to learn “{need}” is their offer “{offer}”",
        "for_candidate": "you give in return: closest to one of their goals is your offer “{gift}”{aim?}",
    },
    says_to={
        "candidate": {
            "for_requester": "you teach: closest to what they would like to learn is your offer “{offer}”{need?}",
            "for_candidate": "you gain: closest to your goal “{aim}” is their offer “{gift}”",
        },
        "coordinator": {
            "for_requester": (
                "the candidate teaches: closest to the wish to learn “{need}” is the offer “{offer}”",
                "the candidate teaches: closest to what the person who looks wants to learn is the offer “{offer}”",
            ),
            "for_candidate": (
                "the candidate gains: closest to the goal “{aim}” is the offer “{gift}”",
                "the candidate gains: closest to one of their goals is the offer “{gift}”{aim?}",
            ),
        },
    },
    monotone={
        "items_needs_offers": 1,
        "items_offers_needs": 1,
        "requester_experience_years": 1,
        "candidate_experience_years": -1,
        "requester_career_stage": 1,
        "candidate_career_stage": -1,
    },
)
def reverse_mentoring(
    items_needs_offers: ItemPairs,
    items_offers_needs: ItemPairs,
    requester_experience_years: FloatArray,
    candidate_experience_years: FloatArray,
    requester_career_stage: FloatArray,
    candidate_career_stage: FloatArray,
    *,
    least_gap_years: Years = 5.0,
    width_years: Annotated[float, Field(gt=0, le=60)] = 2.0,
    least_teaching: Share = 0.30,
    without_return: Share = 0.25,
) -> Scored:
    """How much a candidate with less experience can teach the requester, and what comes back to them.

    Parameters
    ----------
    items_needs_offers : ItemPairs
        The wants of the requester, who learns, against the candidate's offers. A skill counts by how many levels the
        candidate is ahead: two or more fully, none not at all. Goals are left out.
    items_offers_needs : ItemPairs
        The requester's offers against the goals of the candidate: what comes back.
    requester_experience_years, candidate_experience_years : float arrays (P,)
        Years; 4 years for each career stage where they are unknown.
    requester_career_stage, candidate_career_stage : float arrays (P,)
        0 to 6.
    least_gap_years, width_years
        Years the learner must be ahead for half of the value, and how softly the value rises around them. Since the
        former is never below 0, a pair cannot score above .5 in both directions.
    least_teaching
        Below this much teaching the value is 0.
    without_return
        What counts as coming back where nothing or less is known to.

    Returns
    -------
    Scored
        value (P,) in [0, 1]; NaN where the teaching or the gap is unknown. An unknown level of the learner counts as
        beginner; an unknown level of an offer counts .7 against a beginner, as in `quality`, and takes up to .1 from
        the confidence. The confidence is .65 for the teaching and .35 for what comes back, as far as they are known.
    """
    teach = _teaching(items_needs_offers)
    back = met(items_offers_needs, "right", "goals")
    ahead = _years(requester_experience_years, requester_career_stage)
    ahead = ahead - _years(candidate_experience_years, candidate_career_stage)
    inverted = inversion(ahead, least_gap_years, width_years)
    return Scored(
        reverse_value(inverted, teach.value, back.value, least_teaching, without_return),
        _TEACH * teach.known + _BACK * np.where(np.isnan(back.value), 0, back.known),
        **gift_quotes(items_needs_offers, items_offers_needs, teach, back),
    )


def inversion(ahead: FloatArray, least_gap_years: float, width_years: float) -> FloatArray:
    """Return 1 / (1 + exp(-(ahead - least) / width)): above .5 only where the learner is that far ahead."""
    inverted: FloatArray = 1 / (1 + np.exp(-np.clip((ahead - least_gap_years) / width_years, -60, 60)))
    return inverted


def reverse_value(
    inverted: FloatArray,
    teach: FloatArray,
    back: FloatArray,
    least_teaching: float = 0.30,
    without_return: float = 0.25,
) -> FloatArray:
    """Return inverted · teach^.65 · max(back, without_return)^.35, and 0 below the least teaching (golden GN4).

    All float (P,) in [0, 1]; NaN in `inverted` or `teach` gives NaN, in `back` it counts as nothing coming back.
    """
    value = inverted * teach**_TEACH * np.fmax(back, without_return) ** _BACK
    return np.where(teach < least_teaching, inverted * 0, value)


def _years(experience: FloatArray, stage: FloatArray) -> FloatArray:
    return np.where(np.isnan(experience), stage * _STAGE_YEARS, experience)


def _teaching(items: ItemPairs) -> Met:
    """How far the candidate's offers go beyond what the requester can do already, over the requester's wants."""
    can, knows = items.right.level, items.left.level
    can = np.where(np.isnan(can), np.float32(_TEACHER), can)
    knows = np.where(np.isnan(knows), np.float32(_LEARNER), knows)
    lead = np.clip((can[items.right_of] - knows[items.left_of]) / 2, 0, 1)
    strength = only_source(items, "wants") * lead
    best = segment_max(strength, items.left)
    weights = np.where(of_source(items, "wants"), items.left.priority, 0)
    value, known = shares(best, items.left, items.pairs, weights)
    return Met(value, np.maximum(known - level_doubt(items.right, items.pairs), 0), strength, best)
