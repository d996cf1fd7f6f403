"""Interests in common (domain.md C1, interest affinity)."""

from __future__ import annotations

from matchengine.batch import ItemPairs, Quotes, Scored
from matchengine.components import scorer
from matchengine.records.group import Share
from matchengine.scorers.affinity import affinity
from matchengine.scorers.evidence import strongest_texts

__all__ = ["interest_affinity"]


@scorer(
    "interest_affinity",
    block="relate",
    title="interests",
    says={
        "both": (
            "your interest “{interest}” is close to one of theirs",
            "one of your interests is close to one of theirs{interest?}",
        )
    },
    says_to={
        "candidate": {
            "both": (
                "your interest “{theirs}” is close to one of theirs",
                "one of your interests is close to one of theirs{theirs?}",
            )
        },
        "coordinator": {
            "both": (
                "the interests “{interest}” and “{theirs}” are close",
                "they have interests close to each other{interest?}",
            )
        },
    },
    symmetric=True,
    monotone={"items_interests_interests": 1},
)
def interest_affinity(items_interests_interests: ItemPairs, *, beta: Share = 0.6) -> Scored:
    """How much the interests of two people have in common; NaN where either named none or nothing is known.

    Every interest with a counterpart raises the value, strongly for the first ones and less for each further one;
    one shared interest in both directions gives `beta`. The confidence is the share of interests about which
    something is known. Symmetric.
    """
    shared = affinity(items_interests_interests, beta)
    pairs = items_interests_interests
    mine, theirs = strongest_texts(pairs.similarity, pairs, "left", shared.best)
    return Scored(
        shared.value,
        shared.known,
        interest=Quotes("requester", pairs.left_field, mine),
        theirs=Quotes("candidate", pairs.right_field, theirs),
    )
