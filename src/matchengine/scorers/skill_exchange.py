"""Skill exchange: each teaches what the other would like to learn (domain.md C8; Abbassi, Lakshmanan and Xie 2013)."""

from __future__ import annotations

import numpy as np

from matchengine.batch import ItemPairs, Scored
from matchengine.components import scorer
from matchengine.scorers.aggregate import harmonic
from matchengine.scorers.exchange import exchange, gift_quotes

__all__ = ["skill_exchange"]


@scorer(
    "skill_exchange",
    block="need",
    title="skills to exchange",
    says={
        "for_requester": "of what they teach, “{offer}” is closest to your wish to learn “{need}”",
        "for_candidate": "of what you teach, “{gift}” is closest to what they would like to learn{aim?}",
    },
    says_to={
        "candidate": {
            "for_requester": "of what you teach, “{offer}” is closest to what they would like to learn{need?}",
            "for_candidate": "of what they teach, “{gift}” is closest to your wish to learn “{aim}”",
        },
        "coordinator": {
            "for_requester": (
                "of what the candidate teaches, “{offer}” is closest to the wish to learn “{need}”",
                "of what the candidate teaches, “{offer}” is closest to what the person who looks wants to learn",
            ),
            "for_candidate": (
                "of what the person who looks teaches, “{gift}” is closest to the wish to learn “{aim}”",
                "of what the person who looks teaches, “{gift}” is closest to what the candidate wants to learn",
            ),
        },
    },
    symmetric=True,
    monotone={"items_needs_offers": 1, "items_offers_needs": 1},
)
def skill_exchange(items_needs_offers: ItemPairs, items_offers_needs: ItemPairs) -> Scored:
    """Harmonic mean of how well each one's offers cover what the other would like to learn; 0 where one gets nothing.

    Parameters
    ----------
    items_needs_offers, items_offers_needs : ItemPairs
        Only wants count on the side of the needs; goals are left out. An offer counts by its level.

    Returns
    -------
    Scored
        value (P,) in [0, 1], symmetric; NaN where either direction is unknown, because one direction is no exchange.
        The confidence is the mean of what is known of both, less up to .1 for unknown levels.
    """
    both = exchange(items_needs_offers, items_offers_needs, "wants")
    return Scored(
        harmonic(both.gets.value, both.gives.value),
        np.asarray(both.known),
        **gift_quotes(items_needs_offers, items_offers_needs, both.gets, both.gives),
    )
