"""A person's needs and what a group is about, in that direction only (domain.md C1)."""

from __future__ import annotations

from matchengine.batch import ItemPairs, Quotes, Scored
from matchengine.components import scorer
from matchengine.scorers.cover import ItemAggregation, best_of_each, shares
from matchengine.scorers.evidence import strongest_texts

__all__ = ["topic_cover"]


@scorer(
    "topic_cover",
    block="need",
    title="needs and topics",
    says={"for_requester": ("what it is about speaks to your “{need}”", "“{topic}” speaks to one of your needs")},
    says_to={
        "candidate": {"for_candidate": "your “{topic}” speaks to what they are looking for"},
        "coordinator": {
            "for_requester": ("“{topic}” speaks to the need “{need}”", "“{topic}” speaks to one of the needs")
        },
    },
    monotone={"items_needs_topics": 1},
)
def topic_cover(items_needs_topics: ItemPairs, *, items: ItemAggregation = "max") -> Scored:
    """How well a group's topics and description cover the requester's goals and wants, by their priority.

    Needs about which nothing is known are dropped; the confidence is the known share of the priorities. NaN where
    nothing is known.
    """
    pairs = items_needs_topics
    best = best_of_each(pairs.similarity, pairs.left, items)
    value, known = shares(best, pairs.left, pairs.pairs, pairs.left.priority)
    mine, topic = strongest_texts(pairs.similarity, pairs, "left", best if items == "max" else None)
    return Scored(
        value,
        known,
        need=Quotes("requester", pairs.left_field, mine),
        topic=Quotes("candidate", pairs.right_field, topic),
    )
