"""Peers: the same challenge at a similar stage, something to teach each other (domain.md C6; Kram & Isabella 1985)."""

from __future__ import annotations

import numpy as np

from matchengine.batch import FloatArray, ItemPairs, Quotes, Scored
from matchengine.components import scorer
from matchengine.records.group import Share
from matchengine.scorers.affinity import affinity
from matchengine.scorers.evidence import strongest_texts
from matchengine.scorers.exchange import exchange, gift_quotes

__all__ = ["peer", "stage_fit"]


@scorer(
    "peer",
    block="need",
    title="the same challenge at a similar stage",
    says={
        "both": "of what you are working on, “{challenge}” is closest to what they are working on",
        "for_requester": "of what they could teach you, “{offer}” is closest to your “{need}”",
        "for_candidate": "of what you could teach them, “{gift}” is closest to one of their needs{aim?}",
    },
    says_to={
        "candidate": {
            "both": "of what you are working on, “{same}” is closest to what they are working on",
            "for_requester": "of what you could teach them, “{offer}” is closest to one of their needs{need?}",
            "for_candidate": "of what they could teach you, “{gift}” is closest to your “{aim}”",
        },
        "coordinator": {
            "both": (
                "of what they are working on, “{challenge}” and “{same}” are closest",
                "both are working on something alike{alike?}",
            ),
            "for_requester": "of what the candidate could teach, “{offer}” is closest to one of the needs{need?}",
            "for_candidate": "of what the person who looks could teach, “{gift}” is closest to one of the needs{aim?}",
        },
    },
    symmetric=True,
    monotone={"items_needs_needs": 1, "items_needs_offers": 1, "items_offers_needs": 1},
)
def peer(
    items_needs_needs: ItemPairs,
    items_needs_offers: ItemPairs,
    items_offers_needs: ItemPairs,
    requester_career_stage: FloatArray,
    candidate_career_stage: FloatArray,
    *,
    challenge: Share = 0.5,
    stage: Share = 0.2,
    exchanges: Share = 0.3,
    beta: Share = 0.6,
) -> Scored:
    """Weighted geometric mean of shared challenges, nearness of career stage and mutual teaching.

    Parameters
    ----------
    items_needs_needs : ItemPairs
        Goals and wants of both, compared by the formula of `interest_affinity` with `beta`.
    items_needs_offers, items_offers_needs : ItemPairs
        What each could teach the other; the geometric mean of both covers.
    requester_career_stage, candidate_career_stage : float arrays (P,)
        0 to 6; exp(-gap²/2), so the value never rises with the gap.
    challenge, stage, exchanges
        Exponents of the three parts.

    Returns
    -------
    Scored
        value (P,) in [0, 1], symmetric. Unknown parts are dropped and the exponents renormalised; NaN where neither a
        shared challenge nor an exchange can be told: a similar stage alone is no reason to meet. The confidence is the
        known share of the exponents.
    """
    shared = affinity(items_needs_needs, beta)
    both = exchange(items_needs_offers, items_offers_needs)
    near = stage_fit(requester_career_stage, candidate_career_stage)
    parts = (
        (shared.value, shared.known, challenge),
        (near, np.ones(len(near)), stage),
        (both.value, both.known, exchanges),
    )
    product, weight, known = np.ones(len(near)), np.zeros(len(near)), np.zeros(len(near))
    for value, sure, exponent in parts:
        unknown = np.isnan(value)
        product *= np.where(unknown, 1, value) ** exponent
        weight += np.where(unknown, 0, exponent)
        known += np.where(unknown, 0, sure) * exponent
    spoken = ~(np.isnan(shared.value) & np.isnan(both.value)) & (weight > 0)
    mine, theirs = strongest_texts(items_needs_needs.similarity, items_needs_needs, "left", shared.best, least=0)
    return Scored(
        np.where(spoken, product ** (1 / np.where(weight > 0, weight, 1)), np.nan),
        known / max(challenge + stage + exchanges, 1e-9),
        challenge=Quotes("requester", items_needs_needs.left_field, mine),
        same=Quotes("candidate", items_needs_needs.right_field, theirs),
        alike=np.where(shared.value >= beta / 2, shared.value, np.nan),
        **gift_quotes(items_needs_offers, items_offers_needs, both.gets, both.gives),
    )


def stage_fit(stage: FloatArray, other_stage: FloatArray) -> FloatArray:
    """Return exp(-gap²/2) of two career stages, float64 (P,); 1 at the same stage, NaN where either is unknown."""
    gap = np.asarray(stage, np.float64) - other_stage
    fit: FloatArray = np.exp(-(gap**2) / 2)
    return fit
