"""Sponsorship: who could open the doors a protégé aims for (domain.md C7; Ayyala et al. 2019).

A suggestion to the protégé only. Nothing here, and nothing in the package, ranks protégés for a sponsor: a sponsor sees
requests in the order of arrival or of a lottery (`matchengine.planning.requests`).
"""

from __future__ import annotations

import numpy as np

from matchengine.batch import FloatArray, ItemPairs, Quotes, Scored
from matchengine.components import scorer
from matchengine.records.group import Share
from matchengine.scorers.cover import cover
from matchengine.scorers.evidence import strongest_texts

__all__ = ["seniority", "sponsorship"]

_ACTIVE, _INTRODUCES = 1.0, 0.5


@scorer(
    "sponsorship",
    block="need",
    title="opportunities and influence",
    says={
        "for_requester": "of where they can open doors, “{influence}” is closest to your aim “{aim}”",
        "both": (
            "they are willing to speak up for others{active?}",
            "they are willing to introduce others{introduces?}",
        ),
    },
    says_to={
        "candidate": {
            "for_requester": "of where you can open doors, “{influence}” is closest to one of their aims{aim?}",
            "both": (
                "you said that you would speak up for others{active?}",
                "you said that you would introduce others{introduces?}",
            ),
        },
        "coordinator": {
            "for_requester": (
                "of where the sponsor can open doors, “{influence}” is closest to the aim “{aim}”",
                "of where the sponsor can open doors, “{influence}” is closest to one of the aims",
            ),
            "both": (
                "the sponsor is willing to speak up for others{active?}",
                "the sponsor is willing to introduce others{introduces?}",
            ),
        },
    },
    monotone={
        "items_opportunities_influence": 1,
        "candidate_sponsoring": 1,
        "candidate_career_stage": 1,
        "requester_career_stage": -1,
    },
)
def sponsorship(
    items_opportunities_influence: ItemPairs,
    requester_career_stage: FloatArray,
    candidate_career_stage: FloatArray,
    candidate_sponsoring: FloatArray,
    *,
    access: Share = 0.6,
    stage: Share = 0.2,
    willingness: Share = 0.2,
) -> Scored:
    """Weighted geometric mean of access to what the protégé aims for, stages ahead, and willingness.

    Parameters
    ----------
    items_opportunities_influence : ItemPairs
        What the requester, a protégé, aims for against where the candidate can open doors.
    requester_career_stage, candidate_career_stage : float arrays (P,)
        0 to 6; see `seniority`.
    candidate_sponsoring : float array (P,)
        0 would not sponsor, .5 introductions, 1 active advocacy.
    access, stage, willingness
        Exponents of the parts.

    Returns
    -------
    Scored
        value (P,) in [0, 1]; NaN where the access is unknown. Other unknown parts are dropped and the exponents
        renormalised; the confidence is the known share of the exponents. Nothing about the protégé counts but what they
        aim for and their stage.
    """
    pairs = items_opportunities_influence
    opened = cover(pairs.similarity, pairs.left, pairs.pairs)
    product, weight = opened.value**access, np.full(pairs.pairs, access)
    known = opened.known * access
    for value, exponent in (
        (seniority(requester_career_stage, candidate_career_stage), stage),
        (candidate_sponsoring, willingness),
    ):
        unknown = np.isnan(value)
        product *= np.where(unknown, 1, value) ** exponent
        weight += np.where(unknown, 0, exponent)
        known += np.where(unknown, 0, exponent)
    aim, influence = strongest_texts(pairs.similarity, pairs, "left", least=0)
    return Scored(
        product ** (1 / np.maximum(weight, 1e-9)),
        known / max(access + stage + willingness, 1e-9),
        aim=Quotes("requester", pairs.left_field, aim),
        influence=Quotes("candidate", pairs.right_field, influence),
        active=np.where(candidate_sponsoring == _ACTIVE, 1.0, np.nan),
        introduces=np.where(candidate_sponsoring == _INTRODUCES, 1.0, np.nan),
    )


def seniority(stage: FloatArray, sponsor_stage: FloatArray) -> FloatArray:
    """Return 1 where the sponsor is two or more career stages ahead, .5 where one, else 0; NaN where unknown, (P,)."""
    ahead = np.asarray(sponsor_stage, np.float64) - stage
    return np.where(np.isnan(ahead), np.nan, np.where(ahead >= 2, 1.0, np.where(ahead >= 1, 0.5, 0.0)))
