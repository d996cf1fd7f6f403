"""A person's needs, and what a group is about and did before, in that direction only (domain.md C1)."""

from __future__ import annotations

import numpy as np

from matchengine.batch import ItemPairs, Quotes, Scored, segment_max
from matchengine.components import scorer
from matchengine.scorers.cover import ItemAggregation, best_of_each, shares
from matchengine.scorers.evidence import WORTH_SAYING, peaks, strongest_texts
from matchengine.scorers.past_work import done, said_and_done

__all__ = ["topic_cover"]


@scorer(
    "topic_cover",
    block="need",
    title="needs and topics",
    says={
        "for_requester": (
            "what it is about speaks to your “{need}”",
            "“{topic}” speaks to one of your needs",
            "what was done there before is close to your “{asked}”",
            "“{work}”, which was done there before, is close to one of your needs",
        )
    },
    says_to={
        "candidate": {
            "for_candidate": (
                "your “{topic}” speaks to what they are looking for",
                "your past work “{work}” is close to what they are looking for",
            )
        },
        "coordinator": {
            "for_requester": (
                "“{topic}” speaks to the need “{need}”",
                "“{topic}” speaks to one of the needs",
                "the past work “{work}” is close to the need “{asked}”",
                "the past work “{work}” is close to one of the needs",
            )
        },
    },
    monotone={"items_needs_topics": 1, "items_needs_past": 1},
)
def topic_cover(
    items_needs_topics: ItemPairs,
    items_needs_past: ItemPairs,
    *,
    items: ItemAggregation = "max",
    past: ItemAggregation = "best_three",
) -> Scored:
    """How well a group's topics and description, and its past work, cover the goals and wants, by their priority.

    Past work counts twice what the group says about itself where both are known. `items` and `past` say how several
    texts serve one need; see `matchengine.scorers.cover.best_of_each`.

    Needs about which nothing is known are dropped; the confidence is the known share of the priorities. NaN where
    nothing is known.
    """
    pairs = items_needs_topics
    best = best_of_each(pairs.similarity, pairs.left, items)
    before = done(items_needs_past, past, WORTH_SAYING)
    said = shares(best, pairs.left, pairs.pairs, pairs.left.priority)
    value, known = said_and_done(said, before.share, recorded=items_needs_past.recorded)
    closest = best if items == "max" else segment_max(pairs.similarity, pairs.left)
    mine, topic = strongest_texts(pairs.similarity, pairs, "left", closest)
    peak = peaks(closest, pairs.left, pairs.pairs)
    told = peak >= before.peak
    return Scored(
        value,
        known,
        need=Quotes("requester", pairs.left_field, np.where(told, mine, -1)),
        topic=Quotes("candidate", pairs.right_field, np.where(told, topic, -1)),
        **before.quotes(items_needs_past, peak),
    )
