"""A person's interests and what a group is about (domain.md C5, affinity of interests and topics)."""

from __future__ import annotations

from matchengine.batch import ItemPairs, Quotes, Scored
from matchengine.components import scorer
from matchengine.records.group import Share
from matchengine.scorers.affinity import affinity
from matchengine.scorers.evidence import strongest_texts

__all__ = ["topic_interest"]


@scorer(
    "topic_interest",
    block="relate",
    title="interests and topics",
    says={
        "for_requester": (
            "what it is about is close to your interest “{interest}”",
            "“{topic}” is close to one of your interests",
        )
    },
    says_to={
        "candidate": {"for_candidate": "your “{topic}” is close to one of their interests"},
        "coordinator": {
            "for_requester": (
                "“{topic}” is close to the interest “{interest}”",
                "“{topic}” is close to one of the interests",
            )
        },
    },
    monotone={"items_interests_topics": 1},
)
def topic_interest(items_interests_topics: ItemPairs, *, beta: Share = 0.6) -> Scored:
    """How much a person's interests and a group's topics have in common; NaN where either is missing or unknown.

    The formula of `interest_affinity`, over the requester's interests and the topics and description of the group.
    """
    shared = affinity(items_interests_topics, beta)
    pairs = items_interests_topics
    mine, topic = strongest_texts(pairs.similarity, pairs, "left", shared.best)
    return Scored(
        shared.value,
        shared.known,
        interest=Quotes("requester", pairs.left_field, mine),
        topic=Quotes("candidate", pairs.right_field, topic),
    )
