"""A person and a collaborative project: what they could take on, and what they care about (domain.md C8)."""

from __future__ import annotations

import numpy as np

from matchengine.batch import FloatArray, ItemPairs, Quotes, Scored, segment_max
from matchengine.components import scorer
from matchengine.records.group import Share
from matchengine.scorers.affinity import affinity
from matchengine.scorers.cover import quality
from matchengine.scorers.evidence import peaks, strongest_texts

__all__ = ["enough", "project_fit", "suitability"]


def enough(level: FloatArray, needed: FloatArray) -> FloatArray:
    """How far a skill level is enough for a role: q(level) / q(needed), at most 1 (domain.md C1 for q).

    Parameters
    ----------
    level, needed : float arrays of one shape
        0 none to 4 expert; NaN where unknown. A role that states no level counts the skill as C1 does.

    Returns
    -------
    float32 array of that shape
        In [0, 1]; 1 for a role that needs no skill.
    """
    own, wanted = quality(level), quality(np.where(np.isnan(needed), np.float32(4), needed))
    return np.where(wanted > 0, np.minimum(own / np.where(wanted > 0, wanted, 1), 1), np.float32(1))


def suitability(items_offers_roles: ItemPairs) -> FloatArray:
    """How well each offer suits each role, shape (M,): similarity times how far its level is enough."""
    items = items_offers_roles
    found: FloatArray = items.similarity * enough(items.left.level[items.left_of], items.right.level[items.right_of])
    return found


@scorer(
    "project_fit",
    block="need",
    title="roles and interests",
    says={
        "for_requester": (
            "what it is about is close to your interest “{interest}”",
            "“{topic}” is close to one of your interests",
        ),
        "for_candidate": "your “{offer}” is close to the role “{role}”",
    },
    says_to={
        "candidate": {
            "for_candidate": "their “{offer}” is close to your role “{role}”",
            "for_requester": "your “{topic}” is close to one of their interests",
        },
        "coordinator": {
            "for_requester": (
                "“{topic}” is close to the interest “{interest}”",
                "“{topic}” is close to one of the interests",
            ),
            "for_candidate": "the offer “{offer}” is close to the role “{role}”",
        },
    },
    monotone={"items_offers_roles": 1, "items_interests_topics": 1},
)
def project_fit(
    items_offers_roles: ItemPairs, items_interests_topics: ItemPairs, *, interest: Share = 0.4, beta: Share = 0.6
) -> Scored:
    """The role that suits a person best, and what the project is about: weighted mean of both parts.

    Parameters
    ----------
    items_offers_roles : ItemPairs
        The person's offers against the roles of the project, with the levels of both sides.
    items_interests_topics : ItemPairs
        The person's interests against the topics, by the formula of `interest_affinity`.
    interest
        Weight of the second part; the first has the rest.

    Returns
    -------
    Scored
        value (P,) in [0, 1]; the known part alone where one is unknown, NaN where both are. The confidence is the
        known share of the weights. How a whole team covers all roles is worked out in `planning.teams`.
    """
    roles, topics = items_offers_roles, items_interests_topics
    strength = suitability(roles)
    suited = _best(strength, roles)
    shared = affinity(topics, beta)
    parts = ((suited, 1 - interest), (shared.value, interest))
    total, weight = np.zeros(roles.pairs), np.zeros(roles.pairs)
    for part, share in parts:
        known = ~np.isnan(part)
        total += np.where(known, part, 0) * share
        weight += known * share
    offer, role = strongest_texts(strength, roles, "left")
    mine, topic = strongest_texts(topics.similarity, topics, "left", shared.best)
    return Scored(
        np.where(weight > 0, total / np.where(weight > 0, weight, 1), np.nan),
        np.where(np.isnan(suited), 0, 1 - interest) + interest * shared.known,
        offer=Quotes("requester", roles.left_field, offer),
        role=Quotes("candidate", roles.right_field, role),
        interest=Quotes("requester", topics.left_field, mine),
        topic=Quotes("candidate", topics.right_field, topic),
    )


def _best(strength: FloatArray, items: ItemPairs) -> FloatArray:
    """Largest strength of each pair, float64 (P,); NaN where nothing is known."""
    found = peaks(segment_max(strength, items.left), items.left, items.pairs)
    return np.where(found < 0, np.nan, found)
